"""Choose the division that a text means, among all the names that stand in it.

Every mentioned division is a candidate; it gains by its own name and by every ancestor's name in the text; it
loses by distance from the head of the text and by names in the head that contradict it. Ties stay ties.
Source: libraries.md section 4 (candidates per level, support by higher levels, position, recency, conflicts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.domain.characters import folded
from app.domain.gazetteer import DISTRICT, PROVINCE, Found, Gazetteer, Mention, Name, Word

FIELD_END = "\x1f"
"""Stands between the fields of a form when they are read as one text."""
SEPARATORS = frozenset(" \t\r\n\u3000\u00a0\x1f,，.。;；、/|\\_-—–~:：·()（）[]【】<>《》\"'“”")
EDGES = "".join(SEPARATORS - set("()（）[]【】<>《》\"'“”"))
ROAD = re.compile(
    r"[东西南北中上下大新内外前后]{0,2}[一二三四五六七八九十百0-9]{0,3}(?:路|街|道|巷|弄|胡同|桥)"
    r"|[\u4e00-\u9fff]?(?:镇|乡|村|街道|苏木|林场|农场|牧场)|社区|庄|里|站|湾|山庄|小区|新城|门(?:[内外东西南北]|大街|路|桥)"
)
LANE = re.compile(
    r"[东西南北中]?[一二三四五六七八九十]{0,3}(?:路|大道|大街|街|巷|弄|桥)"
    r"|[\u4e00-\u9fff]?(?:镇|乡|街道|苏木)|村|社区|小区|新区|门(?:[内外东西南北]|大街|路|桥)"
    r"|[区县旗](?![域内府政])|市(?![场中政区民辖])"
)
"""What follows a short district name that is no district: looser, as the city before it speaks too."""
STREET_CHAR = re.compile(r"[0-9０-９路街弄号巷村镇乡道]")
SEPARATOR = re.compile("[" + re.escape("".join(sorted(SEPARATORS))) + "]")
OUTLYING = frozenset(("台湾省", "香港特别行政区", "澳门特别行政区"))
REACH = 200
"""Characters that are searched for names: an address has said by then where it lies."""
TOWN_ENDS = frozenset("镇乡")
"""What names end with that are districts only in Taiwan, and towns elsewhere."""
TIE, RIVAL = 0.3, 1.0
OUT_OF_THE_WAY = 14
"""Characters of street before a short name after which it says nothing: 北京 of 北京路口."""
LEAST = 0.5


class Support(NamedTuple):
    """A name in the text that speaks for a candidate; `far` is how far from the head it stands."""

    mention: Mention
    name: Name
    far: float


class Candidate(NamedTuple):
    """A division the text may mean: as written (perhaps abolished), with what speaks for it."""

    place: int
    score: float
    own: Support
    support: tuple[Support | None, Support | None, Support | None]
    distance: float
    clashes: tuple[Mention, ...]

    @property
    def spans(self) -> list[tuple[int, int]]:
        return [(found.mention.start, found.mention.end) for found in self.support if found is not None]


class Located(NamedTuple):
    """The best candidate, those as good (then none is picked), those nearly so, and a second address."""

    best: Candidate | None
    ties: tuple[Candidate, ...]
    rivals: tuple[Candidate, ...]
    second: Candidate | None
    mentions: tuple[Mention, ...]


def locate(text: str, mentions: tuple[Mention, ...], gazetteer: Gazetteer) -> Located:
    """Find the division that the believable names of a text mean."""
    scene = _Scene(text, mentions, gazetteer)
    found = sorted(scene.candidates(), key=lambda one: (-one.score, one.own.mention.start))
    if not found or found[0].score < LEAST:
        return Located(None, (), (), None, mentions)
    best = found[0]
    if len(found) == 1:
        return Located(best, (), (), None, mentions)
    near: list[Candidate] = []
    for other in found[1:]:
        if best.score - other.score > RIVAL:
            break
        if not scene.same(best, other) and not any(scene.same(known, other) for known in near):
            near.append(other)
    second = scene.second_chain(found, best) or next(
        (other for other in found if scene.stands_alone(other, best)), None
    )
    if second is not None:
        return Located(best, (), (), second, mentions)
    ties = tuple(other for other in near if best.score - other.score <= TIE)
    rivals = tuple(other for other in near if best.score - other.score > TIE)
    return Located(best, ties, rivals, None, mentions)


def believable(text: str, gazetteer: Gazetteer) -> list[Found]:
    """List the names in a text, letters and digits half-width, that may say where it lies.

    Left out: names inside longer names, names that begin the name of a road, a town or a landmark, and short
    names far down the street.
    """
    found = gazetteer.mentions(text[:REACH])
    if not found or (len(found) == 1 and not found[0][2].is_short and not found[0][2].generic):
        return found
    starts = {start for start, _, _ in found}
    kept: list[Found] = []
    reach, longest = 0, -1
    for start, end, word in found:
        if end <= reach and not (start == longest and end in starts):
            continue
        if (start < reach < end and not word.full) or (
            word.generic and start > reach and text[start - 1] not in SEPARATORS
        ):
            continue  # 市中 of 广元市中山东路, 新区 of 沣西新区
        if end > reach:
            reach, longest = end, start
        if word.is_short and end not in starts:
            word = _without_roads(text, end, word, gazetteer)  # noqa: PLW2901 - the same word, narrower
        if word.names:
            kept.append((start, end, word))
    while kept and not kept[-1][2].full and _out_of_the_way(text, kept):
        kept.pop()
    return kept


def _out_of_the_way(text: str, kept: list[Found]) -> bool:
    """Tell whether the last name, a short one, stands so far down the street that it says nothing."""
    start, _, last = kept[-1]
    before = kept[-2][1] if len(kept) > 1 else text.rfind(FIELD_END, 0, start) + 1
    if start - before >= OUT_OF_THE_WAY:
        return True
    if start == before and len(kept) > 1 and (not kept[-2][2].closes or last.clash):
        return False  # a city right behind a district contradicts it: 民乐县金华江东街道
    if any(word.closes for _, _, word in kept):
        return True
    if start <= before or not any(word.full for _, _, word in kept):
        return False
    return text[start - 1] not in SEPARATORS


def _without_roads(text: str, end: int, word: Word, gazetteer: Gazetteer) -> Word:
    """Leave out of a word the short names that are the beginning of another one: 南京东路, 龙泉街道."""
    lane = LANE.match(text, end) if word.is_lane else None
    road = ROAD.match(text, end) if word.is_road else None
    if lane is None and road is None:
        return word
    level = gazetteer.level
    names = tuple(
        name for name in word.names if name.full or (lane if level[name.place] == DISTRICT else road) is None
    )
    return gazetteer.narrowed(word, names)


def is_separable(rest: str) -> bool:
    """Tell whether a short name can be taken from what follows: 萧山 from 金城路, but not from 机场."""
    rest = re.split(r"[\d\s,，]", folded(rest), maxsplit=1)[0]
    return not rest or re.search(r"[路街道巷弄镇乡村]", rest) is not None


class _Scene:
    """One text with its mentions and, for each, how far from the head of the address it stands."""

    def __init__(self, text: str, mentions: tuple[Mention, ...], gazetteer: Gazetteer) -> None:
        self.text, self.mentions, self.gazetteer = text, mentions, gazetteer
        self.far: list[float] = []
        self.glued: list[float] = []
        self.across: list[bool] = []
        """Which names begin inside another one: 安县 of 崇安县."""
        self._measure()

    def _measure(self) -> None:
        """Measure distances from the head, and which names do not begin where a word begins.

        轻纺城东区 is not 城东区.
        """
        total, reach, text = 0.0, 0, self.text
        for start, end, _ in self.mentions:
            is_glued = False
            if start > reach:
                gap = text[reach:start]
                field = gap.rfind(FIELD_END)
                if field >= 0:
                    total, gap = 0.0, gap[field + 1 :]
                streets = len(STREET_CHAR.findall(gap))
                total += 1.5 * streets + 0.15 * (len(gap) - streets - len(SEPARATOR.findall(gap)))
                is_glued = text[start - 1] not in SEPARATORS
            self.far.append(total)
            self.glued.append(1.5 if is_glued else 0.0)
            self.across.append(start < reach)
            reach = max(reach, end)

    def same(self, one: Candidate, other: Candidate) -> bool:
        """Tell whether two candidates come to the same division of today, or one lies in the other."""
        heirs, kin = self.gazetteer.heirs, self.gazetteer.kin
        mine, others = heirs[one.place] or (one.place,), heirs[other.place] or (other.place,)
        return (
            not set(mine).isdisjoint(others) or one.place in kin[other.place] or other.place in kin[one.place]
        )

    def second_chain(self, found: list[Candidate], best: Candidate) -> Candidate | None:
        """Find another place, told by names in a row that stand behind a street: 6楼；江苏南京鼓楼区."""
        end, kin, heirs = best.own.mention.end, self.gazetteer.kin, self.gazetteer.heirs
        mine = self.gazetteer.family(best.place)[1]
        for last in self.mentions:
            if last.start <= end or not last.word.full:
                continue
            above = [
                one for one in self.mentions if one.start > end and self._apart(one.end, last.start) == 0
            ]
            if not any(self._apart(end, one.start) for one in above):
                continue
            names = {place for one in above for place in one.word.places}
            own = [
                other
                for other in found
                if other.own.mention is last and not kin[other.place].isdisjoint(names)
            ]
            if own and mine.isdisjoint(place for one in own for place in (one.place, *heirs[one.place])):
                return own[0]
        return None

    def _apart(self, end: int, start: int) -> int:
        """Count what stands between two names, blanks and signs left out; -1 where they overlap."""
        if start < end:
            return -1
        return sum(char not in SEPARATORS for char in self.text[end:start])

    def stands_alone(self, other: Candidate, best: Candidate) -> bool:
        """Tell whether a candidate is a second whole address: two levels of its own, or it begins anew."""
        if not other.own.name.full or self.same(best, other):
            return False
        taken, mention = best.spans, other.own.mention
        own = [
            (begin, end)
            for begin, end in other.spans
            if all(end <= start or stop <= begin for start, stop in taken)
        ]
        if (mention.start, mention.end) not in own:
            return False
        if len(own) > 1:
            return True
        if not mention.word.places.isdisjoint(self.gazetteer.family(best.place)[1]):
            return False  # the same place once more
        begins_anew = (
            other.distance > LEAST
            and mention.start > max(taken)[1]
            and self.text[mention.start - 1] in SEPARATORS
            and self.gazetteer.level[other.place] != DISTRICT
        )
        return begins_anew or self._follows_a_province(mention, taken)

    def _follows_a_province(self, mention: Mention, taken: list[tuple[int, int]]) -> bool:
        """Tell whether a name stands right behind a province of its own."""
        levels = self.gazetteer.level
        return any(
            other.end == mention.start and (other.start, other.end) not in taken
            for other in self.mentions
            if any(levels[name.place] == PROVINCE and name.full for name in other.word.names)
            and not mention.word.above.isdisjoint(other.word.places)
        )

    def candidates(self) -> Iterator[Candidate]:
        only_last = self._is_one_chain()
        for number, mention in enumerate(self.mentions):
            if only_last and number < len(self.mentions) - 1:
                continue
            for name in mention.word.names:
                candidate = self._candidate(number, mention, name)
                if candidate is not None:
                    yield candidate

    def _is_one_chain(self) -> bool:
        """Tell whether the names go down in a row from province to district: the last one is the place."""
        if not self.mentions or self.far[-1] or any(self.across):
            return False
        names = [mention.word.names for mention in self.mentions]
        place = names[-1][0].place
        chain, levels = self.gazetteer.kin[place], self.gazetteer.level
        above = 0
        for meant in names:
            one = meant[0].place
            if len(meant) > 1 or levels[one] <= above or (one != place and one not in chain):
                return False
            above = levels[one]
        return True

    def _candidate(self, number: int, mention: Mention, name: Name) -> Candidate | None:
        gazetteer, far = self.gazetteer, self.far[number]
        level = gazetteer.level[name.place]
        support: list[Support | None] = [None, None, None]
        own = support[level - 1] = Support(mention, name, far)
        used = [mention]
        score = name.weight - min(far, 4.0) - self.glued[number]
        nearest, nearest_far = mention.start, far
        adjacent = False
        if len(self.mentions) > 1 and level > PROVINCE and (speaking := self._speaking_for(name.place)):
            for above in range(level - 1, 0, -1):
                found, gain, gap = self._ancestor(speaking, above, nearest, nearest_far, used)
                if found is None:
                    continue
                support[above - 1] = found
                used.append(found.mention)
                score += gain
                adjacent = adjacent or gap < TIE
                if found.mention.start < nearest:
                    nearest, nearest_far = found.mention.start, found.far
        if level == DISTRICT and not self._credible(number, mention, name, adjacent, alone=len(used) == 1):
            return None
        if not gazetteer.today[name.place]:
            score -= 0.5
        clashes = self._clashes(own, used) if len(self.mentions) > len(used) else ()
        for clash in clashes:
            score -= clash.word.clash
        return Candidate(name.place, score, own, (support[0], support[1], support[2]), far, clashes)

    def _speaking_for(self, place: int) -> list[tuple[Mention, float, frozenset[int]]]:
        """List the names that mean something above a place, with how far they stand and what they mean."""
        kin = self.gazetteer.kin[place]
        return [
            (mention, far, kin & mention.word.places)
            for mention, far in zip(self.mentions, self.far, strict=True)
            if not kin.isdisjoint(mention.word.places)
        ]

    def _ancestor(
        self,
        speaking: list[tuple[Mention, float, frozenset[int]]],
        level: int,
        nearest: int,
        nearest_far: float,
        used: list[Mention],
    ) -> tuple[Support | None, float, float]:
        """Find the name that speaks best for an ancestor, what it gains and how far apart they stand.

        After the place itself only a full name counts.
        """
        levels = self.gazetteer.level
        best: tuple[Support | None, float, float] = (None, 0.0, RIVAL)
        for mention, far, places in speaking:
            if any(mention.start < other.end and other.start < mention.end for other in used):
                continue
            before = mention.end <= nearest
            gap = nearest_far - far if before else RIVAL
            for meant in places:
                if levels[meant] != level:
                    continue
                name = mention.word.meant[meant]
                if before or name.full:
                    gain = name.weight - min(far, 2.0) - min(abs(gap), 1.5)
                    if gain > best[1]:
                        best = (Support(mention, name, far), gain, gap)
        return best

    def _credible(self, number: int, mention: Mention, name: Name, adjacent: bool, *, alone: bool) -> bool:
        """Refuse names of districts that say nothing by themselves: 城区, 和县 in mid-text, short ones."""
        at_head = self.far[number] == 0.0
        length = mention.word.length
        if alone and (self.glued[number] or self.across[number]):
            return False
        if name.full and length == 2 and self.text[mention.start + 1] == "区":
            return adjacent
        if not name.full or length == 2:
            return adjacent or (at_head and alone)
        return not (alone and self.gazetteer.path(name.place)[0] in OUTLYING)

    def _clashes(self, own: Support, used: list[Mention]) -> tuple[Mention, ...]:
        """List names in the head that can be neither the place, nor above it, nor below it."""
        clashes: list[Mention] = []
        mine, family = self.gazetteer.family(own.name.place)
        behind = own.mention.end if own.name.full else REACH
        is_closed = self.gazetteer.level[own.name.place] == DISTRICT and self.gazetteer.today[own.name.place]
        last = -1
        for mention, far in zip(self.mentions, self.far, strict=True):
            word, is_led, last = mention.word, last == mention.start != behind, mention.end
            if far >= LEAST or not word.clash:
                continue
            if not family.isdisjoint(word.places) or not mine.isdisjoint(word.above):
                continue
            if mention.start >= behind and (
                word.text[-1] in TOWN_ENDS
                or (is_closed and not word.full and not is_led and mention.start != behind)
            ):
                continue  # behind a district in full a town or street follows
            if all(mention.end <= other.start or other.end <= mention.start for other in (*used, *clashes)):
                clashes.append(mention)
        return tuple(clashes)
