"""Cut the street out of a written address, and judge whether a courier can find the door."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.address_key import half_width
from app.domain.gazetteer import Gazetteer, Mention
from app.domain.locate import SEPARATORS, Located
from app.domain.reading import DOUBTFUL, KEPT, Part
from app.text import N_, Text

COUNTRY = "中国"
EDGES = "".join(SEPARATORS - set("()（）[]【】<>《》\"'“”"))
PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
DETAIL = re.compile(r"\d|[一二三四五六七八九十]+[号组队社栋幢楼]")
BUILDING = re.compile(
    r"大厦|广场|小区|花园|公寓|学校|大学|学院|中学|小学|医院|酒店|宾馆|工业[园区]|产业园|科技园|市场|商场|商城|中心"
    r"|公司|工厂|[厂店苑村城府院站局所楼座园庄里组]"
)
ENOUGH = 8


def cut_street(written: str, start: int, found: Located, told: frozenset[str], gazetteer: Gazetteer) -> str:
    """Give the text from `start` without the names that other fields tell; all else stays, in order."""
    pieces, position = [], start
    for begin, end in _cuts(written, start, found, told, gazetteer):
        pieces.append(written[position:begin])
        position = end
    pieces.append(written[position:])
    return "".join(pieces).strip(EDGES)


def judge_street(street: str) -> Part:
    """Judge a street: it must exist, hold a number, a building or enough words, and no phone number.

    Source: capabilities.md section 2, verdicts and edge cases.
    """
    folded = half_width(street)
    if not street:
        reason = Text(N_("Missing."))
    elif PHONE.search(folded):
        reason = Text(N_("A phone number stands in the address."))
    elif not (DETAIL.search(folded) or BUILDING.search(folded) or len(folded) >= ENOUGH):
        reason = Text(N_("No house number and no building."))
    else:
        return Part("street", street, street, KEPT)
    return Part("street", street, street, DOUBTFUL, reason)


def phone_in(street: str) -> str:
    """Give the phone number that stands in a street, as written, or nothing."""
    phone = PHONE.search(half_width(street))
    return street[phone.start() : phone.end()] if phone else ""


def _cuts(
    written: str, start: int, found: Located, told: frozenset[str], gazetteer: Gazetteer
) -> Iterator[tuple[int, int]]:
    if found.best is None:
        return
    place = found.best.place
    moved = {support.mention for support in found.best.support if support is not None}
    moved |= {m for m in found.best.clashes if found.second is None and written[m.start : m.end] in told}
    meant = {place, *gazetteer.heirs[place], *gazetteer.kin[place]}
    position = _skip(written, start, found)
    for mention in found.mentions:
        if mention.start < position:
            continue
        repeats = mention.start == position and any(name.place in meant for name in mention.names)
        repeats = repeats and all(other.start >= mention.end or other.end <= mention.start for other in moved)
        if (mention in moved or repeats) and _separable(written, mention, found):
            bare = written[start : mention.start].strip() == COUNTRY
            yield (start if bare else mention.start), mention.end
            position = _skip(written, mention.end, found)


def _skip(written: str, position: int, found: Located) -> int:
    while position < len(written) and written[position] in SEPARATORS:
        position += 1
    after = position + len(COUNTRY)
    before_a_name = any(mention.start == after for mention in found.mentions)
    return after if before_a_name and written.startswith(COUNTRY, position) else position


def _separable(written: str, mention: Mention, found: Located) -> bool:
    """Keep a short name that is part of what follows: 萧山 of 萧山机场, but not of 萧山金城路."""
    if any(name.full for name in mention.names) or any(
        other.start == mention.end for other in found.mentions
    ):
        return True
    rest = re.split(r"[\d\s,，]", half_width(written[mention.end :]), maxsplit=1)[0]
    return not rest or re.search(r"[路街道巷弄镇乡村]", rest) is not None
