"""Every lesson of the course, played to its end by keys in the real window of practice, in both languages."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from child import Child
from databases import fresh_database
from lesson_hands import PLAYS
from meters import load_average, rounded

from app.boot.bench import Measured
from app.training.course import ORDER

LANGUAGES = ("zh_CN", "en")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--lesson", action="append", choices=ORDER, help="only this one; may be given again")
    parser.add_argument("--language", action="append", choices=LANGUAGES, help="only this one")
    parser.add_argument("--pictures", type=Path, help="a folder for a picture of what was in the way")


def measure(asked: argparse.Namespace) -> Measured:
    return run(asked.lesson or ORDER, asked.language or LANGUAGES, asked.pictures)


def run(lessons: Sequence[str], languages: Sequence[str], pictures: Path | None = None) -> Measured:
    """Play these lessons in these languages, each in a round of its own."""
    assert set(lessons) <= set(PLAYS)
    began_s = time.monotonic()
    figures: dict[str, float | int | bool | str] = {"passed": 0, "not_passed": 0, "laid_max_s": 0.0}
    with fresh_database("sqlite") as place:
        folder = str((pictures or place.folder / "pictures").resolve())
        wanted = {"lessons": list(lessons), "languages": list(languages), "pictures": folder}
        log = place.folder / "window.log"
        with Child("lessons_window.py", wanted, log, QT_QPA_PLATFORM="offscreen") as child:
            for _ in range(len(lessons) * len(languages)):
                found = _next(child)
                name = f"{found['lesson']}_{found['language']}"
                if "why_not" in found:
                    figures[name] = f"not passed: {found['why_not']}"
                    figures["not_passed"] = int(figures["not_passed"]) + 1
                    continue
                figures["passed"] = int(figures["passed"]) + 1
                figures["laid_max_s"] = max(float(figures["laid_max_s"]), found["laid_s"])
                figures[f"{name}_s"] = found["s"]
    figures["took_s"] = rounded(time.monotonic() - began_s)
    figures["load_average_after"] = load_average()
    return Measured(name="lessons", budget="lessons", figures=figures)


def _next(child: Child) -> dict[str, Any]:
    """Return how the next lesson went; what practice says to a live desk meanwhile is left out."""
    while True:
        found: dict[str, Any] = child.read()
        if "type" not in found:
            return found
