"""Cut the street out of a written address, and judge whether a courier can find the door."""

from __future__ import annotations

import re

from app.domain.address_key import half_width
from app.domain.locate import SEPARATORS
from app.domain.reading import DOUBTFUL, KEPT, Part
from app.domain.regions import Regions, is_separable
from app.text import N_, Text

EDGES = "".join(SEPARATORS - set("()（）[]【】<>《》\"'“”"))
PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
DETAIL = re.compile(
    r"\d|[一二三四五六七八九十]+[号组队社栋幢楼]"
    r"|大厦|广场|小区|花园|公寓|学校|大学|学院|中学|小学|医院|酒店|宾馆|工业[园区]|产业园|科技园|市场|商场|商城|中心"
    r"|公司|工厂|[厂店苑村城府院站局所楼座园庄里组]"
)
ENOUGH = 8
HOUSE_ENDS = (
    *("号楼", "幢", "栋", "单元", "#楼"),
    *("小区", "花园", "公寓", "家园", "新村", "名苑", "嘉园", "佳苑"),
)
ROOM_OPEN = re.compile(
    r"(?:\d|[一二三四五六七八九十甲乙丙丁a-zA-Z])(?:号楼|幢|栋|单元|#楼)$|(?:小区|花园|公寓|家园|新村|名苑|嘉园|佳苑)$"
)
"""A house of many doors, and none of them told."""
MISSING = Text(N_("Missing."))
NO_STREET = Part("street", "", "", DOUBTFUL, MISSING)


def cut_street(written: str, start: int, regions: Regions) -> str:
    """Give the text from `start` without the names that the regions tell; all else stays, in order."""
    cuts = regions.cuts
    if cuts and regions.loose and not is_separable(written[cuts[-1][1] :]):
        cuts = cuts[:-1]
    if len(cuts) == 1 and cuts[0][0] <= start:
        return written[max(start, cuts[0][1]) :].strip(EDGES)
    pieces, position = [], start
    for begin, end in cuts:
        pieces.append(written[position:begin])
        position = end
    pieces.append(written[position:])
    return "".join(pieces).strip(EDGES)


def judge_street(street: str) -> Part:
    """Judge a street: it must exist, hold a number, a building or enough words, and no phone number.

    A masked street is not judged: only its regions are known.

    Source: capabilities.md section 2, verdicts and edge cases.
    """
    if not street:
        return NO_STREET
    if "*" in street:
        return Part("street", street, street, KEPT)
    folded = half_width(street)
    if PHONE.search(folded):
        reason = Text(N_("A phone number stands in the address."))
    elif not (DETAIL.search(folded) or len(folded) >= ENOUGH):
        reason = Text(N_("No house number and no building."))
    else:
        return Part("street", street, street, KEPT)
    return Part("street", street, street, DOUBTFUL, reason)


def lacks_room(street: str) -> bool:
    """Tell whether a street ends at a house of many doors."""
    street = street.rstrip(EDGES)
    return street.endswith(HOUSE_ENDS) and ROOM_OPEN.search(street) is not None


def phone_in(street: str) -> str:
    """Give the phone number that stands in a street, as written, or nothing."""
    phone = PHONE.search(half_width(street))
    return street[phone.start() : phone.end()] if phone else ""
