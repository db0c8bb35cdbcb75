"""A process of a bench: a program of this folder that is told words and answers in lines of JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

from app.boot.bench import FOLDER

ROOT = FOLDER.parents[1]
END_S = 30.0


class Child:
    """Runs `tests/bench/<program>` with one JSON argument; leaving the `with` ends it, whatever happened."""

    def __init__(self, program: str, asked: object, log: Path, **environment: str) -> None:
        self._log = log.open("w+", encoding="utf-8")
        path = os.pathsep.join((str(ROOT), str(FOLDER)))  # a safe path leaves a program's own folder out
        self._process = subprocess.Popen(
            [sys.executable, str(FOLDER / program), json.dumps(asked)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path, **environment},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.seek(0)
        sys.stderr.write(self._log.read()[-2000:])
        self._log.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def read(self) -> Any:
        """Take the next line.

        Raises:
            RuntimeError: the child ended; its last words.
        """
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            self._log.seek(0)
            code = self._process.wait(END_S)
            raise RuntimeError(f"the child of the bench ended with {code}: {self._log.read()[-3000:]}")
        return json.loads(line)

    def expect(self, word: str) -> None:
        """Wait for a word.

        Raises:
            RuntimeError: the child ended or said another.
        """
        said = self.read()
        if said != word:
            raise RuntimeError(f"expected {word}, the child said {said!r}")

    def tell(self, word: str) -> None:
        if self._process.stdin:
            self._process.stdin.write(word + "\n")
            self._process.stdin.flush()
