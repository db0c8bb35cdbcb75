"""`screen` learns from anybody's table, in the order of time, and says so in one JSON object."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path

import pytest

from app.boot.screen import main
from app.screening.model import decoded


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Orders of 400 hours; those of one way to pay end badly, and the newest stand first."""
    dice, path = random.Random(3), tmp_path / "orders.csv"  # noqa: S311 - dice
    with path.open("w", encoding="utf-8", newline="") as out:
        sheet = csv.writer(out)
        sheet.writerow(("when", "way", "amount", "state", "sent"))
        for hour in reversed(range(400)):
            way = dice.choice(("card", "late"))
            is_bad = dice.random() < (0.5 if way == "late" else 0.05)
            when = f"2026-05-{1 + hour // 24:02d} {hour % 24:02d}:00"
            state = "FRAUD" if is_bad else "DONE"
            sheet.writerow((when, way, f"{dice.uniform(1, 9):.2f}", state, "no" if is_bad else "yes"))
    return path


def test_a_table_is_learned_from_and_tried_on_what_came_later(file: Path, tmp_path: Path, capsys):
    model = tmp_path / "model.json"
    asked = [
        "--label",
        "state",
        "--bad",
        "FRAUD",
        "--time",
        "when",
        "--leave-out",
        "sent",
        "--out",
        str(model),
    ]

    code = main([str(file), *asked, "--json"])

    said = json.loads(capsys.readouterr().out)
    assert (code, said["rows"], said["learned_rows"]) == (0, 120, 280)
    assert said["roc_auc"] > 0.7
    assert said["columns"][-1] == "way"
    assert said["likeliest"][0]["reasons"][0]["column"] == "way"
    assert 2 <= said["likeliest"][0]["row"] <= 121, "what came last stands first in the file"
    learned = decoded(model.read_bytes())
    assert learned is not None
    assert learned.score({"way": "late"}).probability > 2 * learned.score({"way": "card"}).probability


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (["--label", "status"], "no column status"),
        (["--label", "state", "--bad", "LOST"], "0 of 280 rows"),
        (["--label", "state", "--bad", "FRAUD", "--time", "way"], "no time in way"),
        (["--label", "state", "--bad", "FRAUD", "--later", "99"], "from 5 to 80"),
    ],
)
def test_what_cannot_be_learned_is_said_in_a_sentence(file: Path, capsys, asked: list[str], why: str):
    code = main([str(file), *asked, "--lang", "en"])

    assert code == 2
    assert why in capsys.readouterr().err
