"""Build points.json.gz from published packages; run by hand, never imported at run time.

Usage: build_points.py FOLDER, where FOLDER holds the wheel of cpca named in NOTICE.md. Reads regions.json.gz,
which has to be built before.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CPCA = "cpca-0.5.5"
LAST_YEAR = 2024
SCALE = 1_000  # thousandths of a degree are 100 m
Point = tuple[float, float]


def _listed(folder: Path) -> Iterator[tuple[str, str, Point]]:
    """Yield code, name and coordinates of what the package knows."""
    wheel = zipfile.ZipFile(next(folder.glob(f"{CPCA}-*.whl")))
    with io.TextIOWrapper(wheel.open("cpca/resources/adcodes.csv"), encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["longitude"] and row["latitude"]:
                yield row["adcode"][:6], row["name"], (float(row["longitude"]), float(row["latitude"]))


def _middle(points: Iterable[Point]) -> Point | None:
    many = list(points)
    if not many:
        return None
    return sum(point[0] for point in many) / len(many), sum(point[1] for point in many) / len(many)


def _found(folder: Path, rows: list[list[Any]]) -> dict[int, Point]:
    """Give each row its point: of its code and name, else of the only one called so in the province."""
    by_code, by_name = {}, defaultdict(list)
    for code, name, point in _listed(folder):
        by_code[code] = (name, point)
        by_name[code[:2], name].append(point)
    found: dict[int, Point] = {}
    for place, (code, name, *_rest) in enumerate(rows):
        known, alike = by_code.get(code), by_name[code[:2], name]
        if known is not None and known[0] == name:
            found[place] = known[1]
        elif len(alike) == 1:
            found[place] = alike[0]
    return found


def _fill(found: dict[int, Point], rows: list[list[Any]]) -> None:
    """Put what was made of others in their middle, and what has no point in the middle of what lies in it."""
    heirs_of, below = defaultdict(list), defaultdict(list)
    for place, row in enumerate(rows):
        below[row[3]].append(place)
        for heir in row[7]:
            heirs_of[heir].append(place)
    for place in sorted(_today(rows), key=lambda place: -rows[place][2]):
        for parts in (heirs_of[place], below[place]):
            middle = _middle(found[part] for part in parts if part in found)
            if place not in found and middle is not None:
                found[place] = middle


def _today(rows: list[list[Any]]) -> list[int]:
    return [place for place, row in enumerate(rows) if row[4] == LAST_YEAR]


def _path(place: int, rows: list[list[Any]]) -> str:
    names: list[str] = []
    while place >= 0:
        names.insert(0, rows[place][1])
        place = rows[place][3]
    return "|".join(names)


def main(folder: Path) -> None:
    rows = json.loads(gzip.decompress((HERE / "regions.json.gz").read_bytes()))["rows"]
    found = _found(folder, rows)
    _fill(found, rows)
    today = _today(rows)
    points = {
        _path(place, rows): [round(part * SCALE) for part in found[place]]
        for place in today
        if place in found
    }
    body = json.dumps(
        {"inputs": [CPCA], "points": points}, ensure_ascii=False, separators=(",", ":")
    ).encode()
    (HERE / "points.json.gz").write_bytes(gzip.compress(body, 9, mtime=0))
    lost = " ".join(_path(place, rows) for place in today if place not in found)
    sys.stdout.write(f"{len(points)} points, {len(body)} bytes, without one: {lost}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
