"""How well real addresses are read, and how fast: hand-labelled ones for accuracy, typed ones for speed.

A level is right when the label and the answer begin alike, or when the answer is what became of the label: an
abolished district may be answered as it was written or as it is called today. Levels are those of the labels'
own guide: a city is prefecture-level, so 诸暨市 labelled as a city is judged as the county it is. Wrong in
silence is what was accepted, to be shipped as it stands, with a level wrong.
"""

from __future__ import annotations

import argparse
import csv
import gc
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from meters import load_average, percentile, rounded

import resources
from app.boot.address import YOUNG_OBJECTS
from app.boot.bench import Measured
from app.boot.divisions import load_gazetteer
from app.domain.address import ACCEPT, CONFIRM_ADD
from app.domain.gazetteer import CITY, DISTRICT, PROVINCE, Gazetteer
from app.domain.pasted import read_pasted
from app.domain.reading import Reading

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
GOLD, TYPED = "cn_address_gold/dev.csv", "cn_address_dirty/company_addresses_18k.csv"
LEVELS = {"prov": PROVINCE, "city": CITY, "district": DISTRICT}
NAMES = {PROVINCE: "province", CITY: "city", DISTRICT: "county"}
STARTS = 5
FIRST_ANSWER = """
import json, sys, time
begun = time.process_time()
from app.boot.divisions import load_gazetteer
from app.domain.pasted import read_pasted
reading, _ = read_pasted("杭州市西湖区文三路259号", load_gazetteer())
assert reading.verdict == "accept", reading
print(json.dumps([1000 * time.process_time(), sorted({"pandas", "jieba"} & set(sys.modules))]))
"""


class Row(NamedTuple):
    """A hand-labelled address: what stands in it, by level."""

    text: str
    labels: dict[int, str]


class Wrong(NamedTuple):
    """A level that was read otherwise than it was labelled."""

    text: str
    level: str
    label: str
    answer: str
    verdict: str


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--gold", type=Path, default=DATA / GOLD, help="labelled: text, prov, city, district")
    parser.add_argument("--typed", type=Path, default=DATA / TYPED, help="for speed: the first column")
    parser.add_argument("--passes", type=int, default=5, help="the best one counts: other work is no cost")
    parser.add_argument("--wrong", type=Path, help="write what was read wrong as CSV")


def measure(asked: argparse.Namespace) -> Measured:
    for file in (asked.gold, asked.typed):
        if not file.is_file():
            raise SystemExit(f"{file} is not there: name it with --gold or --typed.")
    return run(labelled(asked.gold), texts(asked.typed), asked.passes, asked.wrong)


def run(
    gold: Sequence[Row],
    typed: Sequence[str],
    passes: int = 1,
    wrong_to: Path | None = None,
    starts: int = STARTS,
) -> Measured:
    gazetteer = load_gazetteer()
    readings = [read_pasted(row.text, gazetteer)[0] for row in gold]
    judged, wrong = judge(gold, readings, gazetteer)
    silent = {one.text for one in wrong if one.verdict in (ACCEPT, CONFIRM_ADD)}
    if wrong_to is not None:
        with wrong_to.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([Wrong._fields, *wrong])
    everything = [*(row.text for row in gold), *typed]
    costs = min((_costs(everything) for _ in range(passes)), key=sum)
    started = [_start_ms() for _ in range(starts)]
    figures: dict[str, float | int | bool | str] = {
        f"{name}_accuracy": rounded(1 - _count(wrong, name) / max(1, judged[level]), 4)
        for level, name in NAMES.items()
    }
    verdicts = [reading.verdict for reading in readings]
    accepted = verdicts.count(ACCEPT) + verdicts.count(CONFIRM_ADD)
    figures |= {
        "silent_wrong_rate": rounded(len(silent) / max(1, len(gold)), 4),
        "silent_wrong_of_accepted": rounded(len(silent) / max(1, accepted), 4),
        "accepted_share": rounded(accepted / max(1, len(gold)), 3),
        "addresses": len(everything),
        "addresses_per_s": rounded(len(costs) / (sum(costs) / 1e9)),
        "address_ms_p50": rounded(percentile(costs, 0.5) / 1e6, 3),
        "address_ms_p99": rounded(percentile(costs, 0.99) / 1e6, 3),
        "start_ms": rounded(min(started)) if started else -1.0,
        "table_kb": rounded(
            sum(len(resources.read("geo", name)) for name in ("regions.json.gz", "towns.json.gz")) / 1024
        ),
        "load_average": load_average(),
    }
    return Measured("address", "address", figures, {"python_ns_per_step": rounded(_step_ns())})


def labelled(file: Path) -> list[Row]:
    with file.open(encoding="utf-8-sig", newline="") as source:
        return [
            Row(row["text"], {level: row[name] for name, level in LEVELS.items() if row[name]})
            for row in csv.DictReader(source)
        ]


def texts(file: Path) -> list[str]:
    with file.open(encoding="utf-8-sig", newline="") as source:
        return [row[0] for row in list(csv.reader(source))[1:] if row]


def judge(
    gold: Sequence[Row], readings: Sequence[Reading], gazetteer: Gazetteer
) -> tuple[dict[int, int], list[Wrong]]:
    """Count what was judged, level by level, and list what was read otherwise."""
    judged, wrong = dict.fromkeys(NAMES, 0), []
    for row, reading in zip(gold, readings, strict=True):
        for level, label in row.labels.items():
            placed = _level(level, label, gazetteer)
            judged[placed] += 1
            answers = answered(reading, placed)
            if not any(alike(label, answer) for answer in answers) and not _became(
                label, placed, answers, gazetteer
            ):
                wrong.append(Wrong(row.text, NAMES[placed], label, "/".join(answers), reading.verdict))
    return judged, wrong


def answered(reading: Reading, level: int) -> tuple[str, ...]:
    """Give a level as it is answered and as it was written; a county-level city under a province is both."""
    part = reading.parts[level - 1]
    answers = [part.after, part.before]
    if level == DISTRICT and not part.after:
        answers += [reading.parts[CITY - 1].after, reading.parts[CITY - 1].before]
    return tuple(filter(None, answers))


def alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _level(level: int, label: str, gazetteer: Gazetteer) -> int:
    """Put a county-level city that is labelled as a city where it belongs."""
    levels = {gazetteer.level[name.place] for name in gazetteer.meaning(label)}
    return DISTRICT if level == CITY and levels and CITY not in levels and PROVINCE not in levels else level


def _became(label: str, level: int, answers: Sequence[str], gazetteer: Gazetteer) -> bool:
    """Tell whether what a label names is called like the answer today."""
    for name in gazetteer.meaning(label):
        for heir in gazetteer.heirs[name.place]:
            if gazetteer.path(heir)[level - 1] in answers:
                return True
    return False


def _count(wrong: Sequence[Wrong], level: str) -> int:
    return sum(one.level == level for one in wrong)


def _costs(everything: Sequence[str]) -> list[int]:
    """Read every address once with a table that has seen none; nanoseconds of CPU each."""
    gazetteer, clock, costs = load_gazetteer(), time.thread_time_ns, []
    gc.set_threshold(YOUNG_OBJECTS)
    begun = clock()
    for text in everything:
        read_pasted(text, gazetteer)
        now = clock()
        costs.append(now - begun)
        begun = now
    return costs


def _start_ms() -> float:
    """CPU time of a fresh Python from its first instruction to its first answer."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST_ANSWER], cwd=ROOT, capture_output=True, text=True, check=True
    )
    spent, heavy = json.loads(done.stdout)
    assert not heavy, heavy
    return float(spent)


def _step_ns() -> float:
    """Tell how fast Python is here: an empty step, about 30 ns on an idle desk PC."""
    begun, total = time.thread_time_ns(), 0
    for number in range(1_000_000):
        total += number & 3
    return (time.thread_time_ns() - begun) / 1_000_000
