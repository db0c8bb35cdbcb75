"""Choose the division that a text means, among all the names that stand in it.

Every mentioned division is a candidate; it gains by its own name and by every ancestor's name in the text; it
loses by distance from the head of the text and by names in the head that contradict it. Ties stay ties.
Source: libraries.md section 4 (candidates per level, support by higher levels, position, recency, conflicts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from app.domain.gazetteer import CITY, DISTRICT, PROVINCE, Gazetteer, Mention, Name

FIELD_END = "\x1f"
"""Stands between the fields of a form when they are read as one text."""
SEPARATORS = frozenset(" \t\r\n\u3000\u00a0\x1f,，.。;；、/|\\_-—–~:：·()（）[]【】<>《》\"'“”")
ROAD = re.compile(
    r"[东西南北中上下大新内外前后]{0,2}[一二三四五六七八九十百0-9]{0,3}(?:路|街|道|巷|弄|胡同|桥)"
    r"|镇|乡|村|社区|庄|里|站|湾|山庄|小区|新城"
)
LANE = re.compile(r"[东西南北中]?[一二三四五六七八九十]?(?:路|大道|大街|街|巷|弄|桥)|镇|乡|村|社区|小区|新区")
"""What follows a short district name that is no district: looser, as the city before it speaks too."""
STREET_CHARS = frozenset("0123456789路街弄号巷村镇乡道")
OUTLYING = frozenset(("台湾省", "香港特别行政区", "澳门特别行政区"))
KNOWN_HEADS = 4_096
"""Beginnings of addresses whose division is remembered."""
REACH = 200
"""Characters that are searched for names: an address has said by then where it lies."""
TIE, RIVAL = 0.3, 1.0
LEAST = 0.5


class Support(NamedTuple):
    """A name in the text that speaks for a candidate."""

    mention: Mention
    name: Name


class Candidate(NamedTuple):
    """A division the text may mean: as written (perhaps abolished), with what speaks for it."""

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
    """The best candidate, those as good (then none is picked), those nearly so, and a second address."""

    best: Candidate | None
    ties: tuple[Candidate, ...]
    rivals: tuple[Candidate, ...]
    second: Candidate | None
    mentions: tuple[Mention, ...]


def locate(text: str, gazetteer: Gazetteer) -> Located:
    """Find the division a text means. Letters and digits must be half-width already."""
    text = text[:REACH]
    mentions = tuple(_believable(text, gazetteer))
    return _located(text[: max((mention.end for mention in mentions), default=0)], mentions, gazetteer)


@lru_cache(maxsize=KNOWN_HEADS)
def _located(text: str, mentions: tuple[Mention, ...], gazetteer: Gazetteer) -> Located:
    # What stands after the last name has no say any more, and heads of addresses repeat.
    scene = _Scene(text, mentions, gazetteer)
    found = sorted(scene.candidates(), key=lambda one: (-one.score, one.own.mention.start))
    if not found or found[0].score < LEAST:
        return Located(None, (), (), None, mentions)
    best = found[0]
    near: list[Candidate] = []
    for other in found[1:]:
        if best.score - other.score > RIVAL:
            break
        if not scene.same(best, other) and not any(scene.same(known, other) for known in near):
            near.append(other)
    second = next((other for other in found if scene.stands_alone(other, best)), None)
    if second is not None:
        return Located(best, (), (), second, mentions)
    ties = tuple(other for other in near if best.score - other.score <= TIE)
    rivals = tuple(other for other in near if best.score - other.score > TIE)
    return Located(best, ties, rivals, None, mentions)


def _believable(text: str, gazetteer: Gazetteer) -> list[Mention]:
    """Drop names inside longer names, and names that begin the name of a road, a town or a landmark."""
    mentions = gazetteer.mentions(text)
    starts = {mention.start for mention in mentions}
    mentions.sort(key=lambda m: (m.start, -m.end))
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
            names = tuple(
                name for name in names if name.full or not _begins_a_road(text, mention, name, gazetteer)
            )
        if names:
            kept.append(mention._replace(names=names))
    return kept


def _begins_a_road(text: str, mention: Mention, name: Name, gazetteer: Gazetteer) -> bool:
    """Tell whether a short name is the beginning of another one: 南京东路, 龙泉街道."""
    road = LANE if gazetteer.level[name.place] == DISTRICT else ROAD
    return road.match(text, mention.end) is not None


class _Scene:
    """One text with its mentions and, for every position, how far from the head of the address it is."""

    def __init__(self, text: str, mentions: tuple[Mention, ...], gazetteer: Gazetteer) -> None:
        self.text, self.mentions, self.gazetteer = text, mentions, gazetteer
        self.far = self._distances()
        self.means = [self._means(mention) for mention in self.mentions]

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
        """Tell whether a candidate is a second whole address: two levels of its own, none the best one's."""
        if not other.own.name.full or self.same(best, other):
            return False
        own = [
            (begin, end)
            for begin, end in other.spans
            if all(end <= start or stop <= begin for start, stop in best.spans)
        ]
        return len(own) > 1 and (other.own.mention.start, other.own.mention.end) in own

    def candidates(self) -> Iterator[Candidate]:
        for mention in self.mentions:
            for name in mention.names:
                candidate = self._candidate(mention, name)
                if candidate is not None:
                    yield candidate

    def _candidate(self, mention: Mention, name: Name) -> Candidate | None:
        level = self.gazetteer.level[name.place]
        support: list[Support | None] = [None, None, None]
        support[level - 1] = Support(mention, name)
        score = self._weight(mention, name) - min(self.far[mention.start], 4.0) - self._glued(mention)
        nearest = mention.start
        adjacent = False
        for above in range(level - 1, 0, -1):
            found, gain, gap = self._ancestor(name.place, above, nearest, support)
            if found is None:
                continue
            support[above - 1] = found
            score += gain
            adjacent = adjacent or gap < TIE
            nearest = min(nearest, found.mention.start)
        if not self._credible(
            mention, name, adjacent=adjacent, alone=all(s is None for s in support[: level - 1])
        ):
            return None
        if not self.gazetteer.today[name.place]:
            score -= 0.5
        clashes = self._clashes(name.place, support)
        score -= sum(self._clash_weight(clash) for clash in clashes)
        return Candidate(
            name.place, score, (support[0], support[1], support[2]), self.far[mention.start], clashes
        )

    def _glued(self, mention: Mention) -> float:
        """Weigh that a name does not begin where a word begins: 轻纺城东区 is not 城东区."""
        before = mention.start - 1
        free = before < 0 or self.text[before] in SEPARATORS or self.far[mention.start] == self.far[before]
        return 0.0 if free else 1.5

    def _weight(self, mention: Mention, name: Name) -> float:
        length = mention.end - mention.start
        if name.full:
            return length + 1.0
        return length * (0.6 if self.gazetteer.level[name.place] == DISTRICT else 0.9)

    def _ancestor(
        self, place: int, level: int, nearest: int, support: list[Support | None]
    ) -> tuple[Support | None, float, float]:
        """Find the name that speaks best for an ancestor, what it gains and how far apart they stand.

        After the place itself only a full name counts.
        """
        kin, levels = self.gazetteer.kin[place], self.gazetteer.level
        taken = [found.mention for found in support if found is not None]
        best: tuple[Support | None, float, float] = (None, 0.0, RIVAL)
        for mention, means in zip(self.mentions, self.means, strict=True):
            if any(mention.start < used.end and used.start < mention.end for used in taken):
                continue
            before = mention.end <= nearest
            gap = self.far[nearest] - self.far[mention.end] if before else RIVAL
            for meant, name in means.items():
                if meant in kin and levels[meant] == level and (before or name.full):
                    gain = (
                        self._weight(mention, name) - min(self.far[mention.start], 2.0) - min(abs(gap), 1.5)
                    )
                    if gain > best[1]:
                        best = (Support(mention, name), gain, gap)
        return best

    def _credible(self, mention: Mention, name: Name, *, adjacent: bool, alone: bool) -> bool:
        """Refuse names that say nothing by themselves: 城区, 和县 in mid-text, short districts."""
        if self.gazetteer.level[name.place] != DISTRICT:
            return True
        at_head = self.far[mention.start] == 0.0
        length = mention.end - mention.start
        if name.full and length == 2 and self.text[mention.start + 1] == "区":
            return adjacent
        if not name.full or length == 2:
            return adjacent or (at_head and alone)
        if alone and self._glued(mention):
            return False
        return not (alone and self.gazetteer.path(name.place)[0] in OUTLYING)

    def _clashes(self, place: int, support: list[Support | None]) -> tuple[Mention, ...]:
        """List names in the head that can be neither the place, nor above it, nor below it."""
        used = [found.mention for found in support if found is not None]
        clashes: list[Mention] = []
        mine = {place, *self.gazetteer.heirs[place]}
        for mention, means in zip(self.mentions, self.means, strict=True):
            if self.far[mention.start] >= LEAST:
                continue
            if any(mention.start < other.end and other.start < mention.end for other in (*used, *clashes)):
                continue
            if not any(meant in mine or self._near(meant, mine) for meant in means) and self._clash_weight(
                mention
            ):
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
