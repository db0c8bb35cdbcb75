"""Choose the division that a text means, among all the names that stand in it.

Every mentioned division is a candidate; it gains by its own name and by every ancestor's name in the text, and loses by
distance from the head of the text and by names in the head that contradict it. Ties stay ties: nobody guesses.
Source: libraries.md section 4 (candidates per level, support by higher levels, position, recency, conflicts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.domain.gazetteer import CITY, DISTRICT, PROVINCE, Gazetteer, Mention, Name

FIELD_END = "\x1f"
"""Stands between the fields of a form when they are read as one text."""
SEPARATORS = frozenset(" \t\r\n\u3000\u00a0\x1f,，.。;；、/|\\_-—–~:：·()（）[]【】<>《》\"'“”")
ROAD = re.compile(
    r"[东西南北中上下大新内外前后]{0,2}[一二三四五六七八九十百0-9]{0,3}(?:路|街|道|巷|弄|胡同|桥)"
    r"|镇|乡|村|社区|庄|里|站|湾|山庄|小区|新城"
)
LANDMARK = re.compile(r"[一-龥]{0,2}(?:大学|学院|公园|广场|花园|大厦|大酒店|酒店|宾馆|国际|机场|火车站|名|苑|城|府|园|山|湖|河)")
LANE = re.compile(r"[东西南北中]?[一二三四五六七八九十]?(?:路|大道|大街|街(?!道))")
STREET_CHARS = frozenset("0123456789路街弄号巷村镇乡道")
OUTLYING = frozenset(("台湾省", "香港特别行政区", "澳门特别行政区"))
TIE, RIVAL = 0.3, 1.0
LEAST = 0.5


class Support(NamedTuple):
    """A name in the text that speaks for a candidate."""

    mention: Mention
    name: Name


class Candidate(NamedTuple):
    """A division the text may mean: as written (`place`, perhaps abolished), with what speaks for it per level."""

    place: int
    score: float
    support: tuple[Support | None, Support | None, Support | None]
    distance: float
    clashes: tuple[Mention, ...]

    @property
    def own(self) -> Support:
        return next(found for found in reversed(self.support) if found is not None)

    @property
    def spans(self) -> list[tuple[int, int]]:
        return [(found.mention.start, found.mention.end) for found in self.support if found is not None]


class Located(NamedTuple):
    """The best candidate, those as good (none of which is picked), those nearly as good, and another whole address."""

    best: Candidate | None
    ties: tuple[Candidate, ...]
    rivals: tuple[Candidate, ...]
    second: Candidate | None
    mentions: tuple[Mention, ...]


def locate(text: str, gazetteer: Gazetteer) -> Located:
    """Find the division a text means. Letters and digits must be half-width already."""
    scene = _Scene(text, gazetteer)
    found = sorted(scene.candidates(), key=lambda one: -one.score)
    if not found or found[0].score < LEAST:
        return Located(None, (), (), None, tuple(scene.mentions))
    best = found[0]
    near: list[Candidate] = []
    for other in found[1:]:
        if best.score - other.score > RIVAL:
            break
        if not scene.same(best, other) and not any(scene.same(known, other) for known in near):
            near.append(other)
    ties = tuple(other for other in near if best.score - other.score <= TIE)
    rivals = tuple(other for other in near if best.score - other.score > TIE)
    second = next((other for other in found if scene.stands_alone(other, best)), None)
    return Located(best, ties, rivals, second, tuple(scene.mentions))


class _Scene:
    """One text with its mentions and, for every position, how far from the head of the address it is."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self.text, self.gazetteer = text, gazetteer
        self.mentions = self._believable(gazetteer.mentions(text))
        self.far = self._distances()
        self.means = [self._means(mention) for mention in self.mentions]

    def _believable(self, mentions: list[Mention]) -> list[Mention]:
        """Drop names inside longer names, and names that begin the name of a road, a town or a landmark."""
        starts = {mention.start for mention in mentions}
        mentions = sorted(mentions, key=lambda m: (m.start, -m.end))
        kept: list[Mention] = []
        reach = 0
        longest = -1
        for mention in mentions:
            inside = mention.end <= reach and not (mention.start == longest and mention.end in starts)
            if mention.end > reach:
                reach, longest = mention.end, mention.start
            if inside:
                continue
            names = mention.names
            if mention.end not in starts:
                names = tuple(name for name in names if not self._begins_a_road(mention, name))
            if names:
                kept.append(mention._replace(names=names))
        return kept

    def _begins_a_road(self, mention: Mention, name: Name) -> bool:
        if name.full:
            return LANE.match(self.text, mention.end) is not None
        if ROAD.match(self.text, mention.end):
            return True
        return self.gazetteer.level[name.place] == DISTRICT and LANDMARK.match(self.text, mention.end) is not None

    def _distances(self) -> list[float]:
        covered = bytearray(len(self.text))
        for mention in self.mentions:
            covered[mention.start : mention.end] = b"\x01" * (mention.end - mention.start)
        far, total = [0.0], 0.0
        for char, known in zip(self.text, covered, strict=True):
            if char == FIELD_END:
                total = 0.0
            elif not known and char not in SEPARATORS:
                total += 1.5 if char in STREET_CHARS else 0.15
            far.append(total)
        return far

    def _means(self, mention: Mention) -> dict[int, Name]:
        """Map every division a mention may stand for, and what those became, to the name that says so."""
        means: dict[int, Name] = {}
        for name in sorted(mention.names, key=lambda n: n.full):
            for heir in self.gazetteer.heirs[name.place]:
                means[heir] = name
        for name in mention.names:
            means[name.place] = name
        return means

    def same(self, one: Candidate, other: Candidate) -> bool:
        """Tell whether two candidates come to the same division of today, or one lies in the other."""
        heirs = self.gazetteer.heirs
        mine, others = set(heirs[one.place]) or {one.place}, set(heirs[other.place]) or {other.place}
        return bool(mine & others) or self._related(one.place, other.place)

    def _related(self, one: int, other: int) -> bool:
        return one in self.gazetteer.kin[other] or other in self.gazetteer.kin[one]

    def stands_alone(self, other: Candidate, best: Candidate) -> bool:
        """Tell whether a candidate is a second whole address: two levels of its own, none of them the best one's."""
        written = [found for found in other.support if found is not None]
        if len(written) < 2 or not other.own.name.full or self.same(best, other):
            return False
        taken = best.spans
        return all(end <= start or stop <= begin for begin, end in other.spans for start, stop in taken)

    def candidates(self) -> Iterator[Candidate]:
        for number, mention in enumerate(self.mentions):
            for name in mention.names:
                candidate = self._candidate(number, mention, name)
                if candidate is not None:
                    yield candidate

    def _candidate(self, number: int, mention: Mention, name: Name) -> Candidate | None:
        level = self.gazetteer.level[name.place]
        support: list[Support | None] = [None, None, None]
        support[level - 1] = Support(mention, name)
        score = self._weight(mention, name) - min(self.far[mention.start], 4.0)
        nearest = mention.start
        adjacent = False
        for above in range(level - 1, 0, -1):
            found = self._ancestor(number, name.place, above, support)
            if found is None:
                continue
            support[above - 1] = found
            before = found.mention.end <= nearest
            gap = self.far[nearest] - self.far[found.mention.end] if before else RIVAL
            score += self._weight(found.mention, found.name) - min(self.far[found.mention.start], 2.0) - min(gap, 1.5)
            adjacent = adjacent or (before and gap < TIE)
            nearest = found.mention.start
        if not self._credible(mention, name, adjacent=adjacent, alone=all(s is None for s in support[: level - 1])):
            return None
        if not self.gazetteer.today[name.place]:
            score -= 0.5
        clashes = self._clashes(name.place, support)
        score -= sum(self._clash_weight(clash) for clash in clashes)
        return Candidate(name.place, score, (support[0], support[1], support[2]), self.far[mention.start], clashes)

    def _weight(self, mention: Mention, name: Name) -> float:
        length = mention.end - mention.start
        if name.full:
            return length + 1.0
        return length * (0.6 if self.gazetteer.level[name.place] == DISTRICT else 0.9)

    def _ancestor(self, number: int, place: int, level: int, support: list[Support | None]) -> Support | None:
        """Find the name of an ancestor, nearest before the place itself, else after it and then in full."""
        kin, levels = self.gazetteer.kin[place], self.gazetteer.level
        taken = [found.mention for found in support if found is not None]
        for other in (*range(number - 1, -1, -1), *range(number + 1, len(self.mentions))):
            mention = self.mentions[other]
            if any(mention.start < used.end and used.start < mention.end for used in taken):
                continue
            for meant, name in self.means[other].items():
                if meant in kin and levels[meant] == level and (other < number or name.full):
                    return Support(mention, name)
        return None

    def _credible(self, mention: Mention, name: Name, *, adjacent: bool, alone: bool) -> bool:
        """Refuse names that say nothing by themselves: 城区, 和县 in mid-text, short districts, far away provinces."""
        if self.gazetteer.level[name.place] != DISTRICT:
            return True
        at_head = self.far[mention.start] < TIE
        length = mention.end - mention.start
        if name.full and length == 2 and self.text[mention.start + 1] == "区":
            return adjacent
        if not name.full or length == 2:
            return adjacent or (at_head and alone)
        return not (alone and self.gazetteer.path(name.place)[0] in OUTLYING)

    def _clashes(self, place: int, support: list[Support | None]) -> tuple[Mention, ...]:
        """List names in the head that can be neither the place, nor above it, nor below it."""
        used = [found.mention for found in support if found is not None]
        mine = {place, *self.gazetteer.heirs[place]}
        clashes = []
        for mention, means in zip(self.mentions, self.means, strict=True):
            if self.far[mention.start] >= LEAST:
                break
            if any(mention.start < other.end and other.start < mention.end for other in used):
                continue
            if not any(meant in mine or self._near(meant, mine) for meant in means) and self._clash_weight(mention):
                clashes.append(mention)
        return tuple(clashes)

    def _near(self, meant: int, mine: set[int]) -> bool:
        return any(self._related(meant, place) for place in mine)

    def _clash_weight(self, mention: Mention) -> float:
        strongest = 0.0
        for name in mention.names:
            level = self.gazetteer.level[name.place]
            if level in (PROVINCE, CITY):
                strongest = max(strongest, 3.0 if name.full else 1.0)
            elif name.full and mention.end - mention.start > 2:
                strongest = max(strongest, 2.0)
        return strongest
