"""Build towns.json.gz from a published package; run by hand after build_regions.py, never at run time.

Usage: build_towns.py FOLDER, where FOLDER holds the archive named in NOTICE.md.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

from app.domain.gazetteer import Division, Gazetteer

HERE = Path(__file__).parent
DIVISION = "china-division-2.7.0"
KINDS = re.compile(r".{1,12}(?:街道|镇|乡|苏木|[农林牧]场|团|地区)")
"""Towns people write. Left out: prisons, companies and administrations, which are statistics, not places."""
UNDER_PROVINCE = ("省直辖", "自治区直辖")


def _rows(archive: tarfile.TarFile, name: str) -> Iterator[dict[str, str]]:
    file = archive.extractfile(f"package/dist/{name}.csv")
    data = file.read() if file is not None else b""
    return csv.DictReader(io.StringIO(data.decode("utf-8"), newline=""))


def _division(gazetteer: Gazetteer, province: str, city: str, area: str) -> Division | None:
    """Find a town's district; what is no division (a development zone) counts as its city."""
    if city.startswith(UNDER_PROVINCE):
        return gazetteer.find(province, area)
    if city in ("市辖区", "县"):
        city = province
    return gazetteer.find(province, city, area) or gazetteer.find(province, city)


def main(folder: Path) -> None:
    gazetteer = Gazetteer.from_bytes((HERE / "regions.json.gz").read_bytes())
    towns: dict[str, dict[str, None]] = {}
    with tarfile.open(folder / f"{DIVISION}.tgz") as archive:
        provinces, cities, areas = (
            {row["code"]: row["name"] for row in _rows(archive, name)}
            for name in ("provinces", "cities", "areas")
        )
        for row in _rows(archive, "streets"):
            above = provinces[row["provinceCode"]], cities[row["cityCode"]], areas[row["areaCode"]]
            place, name = _division(gazetteer, *above), row["name"].removesuffix("办事处")
            if place is not None and KINDS.fullmatch(name):
                towns.setdefault(place.code, {})[name] = None
    table = {code: "|".join(names) for code, names in sorted(towns.items())}
    text = json.dumps({"inputs": [DIVISION], "towns": table}, ensure_ascii=False, separators=(",", ":"))
    (HERE / "towns.json.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    sys.stdout.write(f"{sum(map(len, towns.values()))} towns of {len(table)} divisions\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
