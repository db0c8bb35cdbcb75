"""What a witness beside a desk wrote down: every promise after it was made, every answer before it counts."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROMISED, ANSWERS = "promised.jsonl", "answers.jsonl"


@dataclass
class Papers:
    """The papers of one desk. `notes` are things that must never happen, seen while they happened."""

    promises: list[dict[str, Any]] = field(default_factory=list)
    answers: list[dict[str, Any]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def promised(self, replica: str, n: int, id: str, name: str) -> None:
        """Write down that the screen said Saved here."""
        self.promises.append({"replica": replica, "n": n, "id": id, "name": name})

    def answered(self, replica: str, n: int, status: str, seq: int, life: str = "") -> None:
        """Write down what the hub said."""
        self.answers.append({"replica": replica, "n": n, "status": status, "seq": seq, "life": life})

    def cut_off(self, life: str, head: int) -> None:
        """Strike out what a life of the hub said about numbers that a restore took away."""
        self.answers = [one for one in self.answers if one["life"] != life or one["seq"] <= head]

    def set_back(self) -> None:
        """Note that the file these promises stood in is an older one now."""
        self.promises = [{**one, "is_set_back": True} for one in self.promises]

    def note(self, invariant: str, what: str) -> None:
        """Write down a breach."""
        self.notes.append((invariant, what))


def papers_in(home: Path) -> Papers:
    """Read what the process of a desk wrote; a line cut off by a kill promises nothing."""
    return Papers(_lines(home / PROMISED), _lines(home / ANSWERS))


def _lines(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line.endswith("}")]
