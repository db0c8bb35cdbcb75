"""Cut the street out of a written address, and judge whether a courier can find the door."""

from __future__ import annotations

import itertools
import re

from app.domain.characters import half_width
from app.domain.locate import EDGES, SEPARATORS, is_separable
from app.domain.reading import DOUBTFUL, KEPT, Part
from app.domain.region_parts import Regions
from app.text import N_, Text

PHONE = re.compile(r"1\d{10}(?!\d)(?<!\d{12})")
"""Eleven digits and no more; what stands before is asked last, so that most texts are passed at once."""
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
DOOR = re.compile(r"(?:[路街道巷弄村镇乡区园厦苑城场])[^;；]{0,8}?\d|\d+(?:号|弄|幢|栋|楼|室)")
STREET = re.compile(r"\d{2,}|\d[-号弄幢栋楼室#]|[路街巷弄村镇乡]")
HOUSE = re.compile(r"[\u3400-\u9fff]{1,4}?[路街巷弄道村]\d+[号弄]")
LEAST_HOUSE = 3
MAY_PART = re.compile(r"[;；\n或另省市县区]")
PARTED = re.compile(r"[;；\n]|或|另外|另一个|[省市县]|(?<![小社园业发校厂景新山地])区")
PARTING = (";", "/", "和", "或", "或者", "及", "以及")
PLACE_LIKE = re.compile(r"[\u3400-\u9fff]{1,7}[省市州盟区县旗]")
UNKNOWN_LEAD = Text(N_("What stands before the place is unknown."))
MISSING = Text(N_("Missing."))
TWO_IN_ONE = Text(N_("Two addresses stand in one; choose one."))
NO_STREET = Part("street", "", "", DOUBTFUL, MISSING)


def cut_street(written: str, start: int, regions: Regions) -> str:
    """Give the text from `start` without the names that the regions tell; all else stays, in order."""
    cuts = regions.cuts
    if cuts and regions.loose:
        rest = written[cuts[-1][1] :]
        stands_alone = not rest or rest[0] in SEPARATORS
        if not (stands_alone if regions.is_again else is_separable(rest)):
            cuts = cuts[:-1]
    if len(cuts) == 1 and cuts[0][0] <= start:
        return written[max(start, cuts[0][1]) :].strip(EDGES)
    pieces, position = [], start
    for begin, end in cuts:
        pieces.append(written[position:begin])
        position = end
    pieces.append(written[position:])
    return "".join(pieces).strip(EDGES)


def doubt_of_lead(plain: str, start: int, cuts: tuple[tuple[int, int], ...]) -> Text | None:
    """Doubt what stands before or between the names of an address: another door, or an unknown place."""
    for (_, end), (begin, _) in itertools.pairwise(cuts):
        if begin - end > LEAST_HOUSE and HOUSE.search(plain, end, begin) and HOUSE.search(plain, cuts[-1][1]):
            return TWO_IN_ONE
    if cuts[0][0] <= start:
        return None
    lead = plain[start : cuts[0][0]].strip(EDGES)
    if len(lead) > LEAST_HOUSE and plain[start : cuts[0][0]].rstrip().endswith(PARTING):
        return TWO_IN_ONE
    if STREET.search(lead) and DOOR.search(plain, cuts[-1][1]):
        return TWO_IN_ONE
    return UNKNOWN_LEAD if PLACE_LIKE.fullmatch(lead) else None


def judge_street(street: str, plain: str, doubt: Text | None = None) -> Part:
    """Judge a street: it must exist, hold a number, a building or enough words, and no phone number.

    `plain` is the street folded.

    A masked street is not judged: only its regions are known.

    Source: capabilities.md section 2, verdicts and edge cases.
    """
    if not street:
        return NO_STREET
    if "*" in street:
        return Part("street", street, street, KEPT)
    if PHONE.search(plain):
        reason = Text(N_("A phone number stands in the address."))
    elif doubt is not None:
        reason = doubt
    elif ("号" in plain or "弄" in plain) and MAY_PART.search(plain) and _has_two_doors(plain):
        reason = TWO_IN_ONE
    elif not (len(plain) >= ENOUGH or DETAIL.search(plain)):
        reason = Text(N_("No house number and no building."))
    else:
        return Part("street", street, street, KEPT)
    return Part("street", street, street, DOUBTFUL, reason)


def _has_two_doors(street: str) -> bool:
    """Tell whether a street goes on with another house behind a place or a word that parts them."""
    for house in HOUSE.finditer(street):
        parted = [found.end() for found in PARTED.finditer(street, 0, house.end() - 1)]
        if not parted:
            continue
        head, road = street[: parted[-1] - 1], street[max(house.start(), parted[-1]) : house.end()]
        if DOOR.search(head) and road not in head:
            return True
    return False


def lacks_room(street: str) -> bool:
    """Tell whether a street, folded, ends at a house of many doors."""
    return street.endswith(HOUSE_ENDS) and ROOM_OPEN.search(street) is not None


def phone_in(street: str) -> str:
    """Give the phone number that stands in a street, as written, or nothing."""
    phone = PHONE.search(half_width(street))
    return street[phone.start() : phone.end()] if phone else ""
