"""Read an address a second time where the first look settled nothing: otherwise spaced, or in another order.

A second look counts only where it settles everything, or where it asks: what it passed over stays in sight.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import msgspec

from app.domain.characters import folded
from app.domain.gazetteer import COMPLETE, Gazetteer
from app.domain.locate import EDGES, SEPARATORS
from app.domain.reading import CONFIRM, DOUBTFUL, FIX, Part, Reading
from app.domain.region_parts import FIELDS
from app.domain.street import PLACE_LIKE, UNKNOWN_LEAD
from app.text import N_, Text

BLANK = re.compile(r"[ \t\u3000]")
BETWEEN = re.compile(r"(?<=[\u3400-\u9fff])[ \t\u3000]+(?=[\u3400-\u9fff])")
"""A blank that a name may have been cut by: 杭 州市."""
LEVEL_OF = {**dict.fromkeys("省", 0), **dict.fromkeys("市州盟", 1), **dict.fromkeys("区县旗", 2)}
NAME_ENDS = COMPLETE | frozenset("縣區")
FULL_END = re.compile("[省市县區縣州盟旗]|(?<![小社园業业发])区")
LONGEST_LEAD = 10
FIRST_READ = 80
"""Characters of a text that is read again: an address is no page."""


def look_again(text: str, first: Reading, gazetteer: Gazetteer, read: Callable[[str], Reading]) -> Reading:
    """Return the first reading, or a later one that knows more."""
    for other in _other_ways(text, gazetteer):
        again = read(other)
        if again.can_go:
            return again
    if first.verdict == FIX and not first.city and not first.candidates:
        return _behind_its_lead(text, gazetteer, read) or first
    return first


def _other_ways(text: str, gazetteer: Gazetteer) -> Iterator[str]:
    if BLANK.search(text) and BETWEEN.search(text):
        yield BETWEEN.sub("", text)
    ends = len(text) <= FIRST_READ and text.rstrip(EDGES)[-1:] in NAME_ENDS
    if ends and (turned := _names_first(text, gazetteer)):
        yield turned


def _names_first(text: str, gazetteer: Gazetteer) -> str:
    """Put the names a text ends with before the rest: 文三路1号, 杭州市西湖区."""
    plain = folded(text).rstrip(EDGES)
    found = {end: start for start, end, word in reversed(gazetteer.mentions(plain)) if word.full}
    position = end = len(plain)
    while position in found:
        position = found[position]
        while position > 0 and plain[position - 1] in SEPARATORS:
            position -= 1
    rest = text[:position].strip(EDGES)
    if position == end or not re.search(r"\d", rest):
        return ""
    return f"{text[position:end].strip(EDGES)} {rest}"


def _behind_its_lead(text: str, gazetteer: Gazetteer, read: Callable[[str], Reading]) -> Reading | None:
    """Read what follows the words that nobody knows at the head: a note, a name, a mistyped province."""
    if FULL_END.search(text, 2, 2 * LONGEST_LEAD) is None:
        return None
    head = folded(text[: 3 * LONGEST_LEAD])
    start = next((at for at, _, word in gazetteer.mentions(head) if word.full), 0)
    if not 0 < start <= LONGEST_LEAD:
        return None
    lead, again = text[:start].strip(EDGES), read(text[start:])
    if not lead or not again.city:
        return None
    level = LEVEL_OF.get(lead[-1], -1) if PLACE_LIKE.fullmatch(folded(lead)) else -1
    if level >= 0 and not again.parts[level].before and again.parts[level].after:
        after = again.parts[level].after
        reason = Text(N_("This is not a known place; the rest lies in {after}."), {"after": after})
        changed, street = Part(FIELDS[level], lead, after, DOUBTFUL, reason), again.street
    else:
        street = f"{lead} {again.street}".strip()
        changed = Part("street", street, street, DOUBTFUL, UNKNOWN_LEAD)
    parts = tuple(changed if part.field == changed.field else part for part in again.parts)
    return msgspec.structs.replace(
        again,
        street=street,
        parts=parts,
        verdict=FIX if again.verdict == FIX else CONFIRM,
        confidence=min(again.confidence, 0.5),
        offending=(*again.offending, lead),
    )
