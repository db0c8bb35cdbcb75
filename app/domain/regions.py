"""Judge province, city and district of an address; the beginnings of addresses repeat and are remembered.

Source: capabilities.md section 2, rules and defaults; AC 2.1 to 2.4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.domain.characters import folded
from app.domain.gazetteer import CITY, DISTRICT, PROVINCE, Gazetteer, Mention
from app.domain.locate import (
    EDGES,
    FIELD_END,
    SEPARATORS,
    Candidate,
    Located,
    Support,
    believable,
    is_separable,
    locate,
)
from app.domain.reading import ADDED, DOUBTFUL, KEPT, REPLACED, Part
from app.domain.region_parts import FIELDS, Path, Regions
from app.text import N_, Text

PLACEHOLDERS = re.compile(r"市辖区|县|市|(?:省|自治区)?直辖县(?:级行政(?:区划|单位))?|其[他它]区?")
COUNTRY = "中国"
FAR = 1.0
CHOICES = 8
KNOWN_HEADS = 8_192
"""Beginnings of addresses whose division is remembered."""

Params = dict[str, str | int | Text]


def judge_regions(written: str, plain: str, fields: Path, gazetteer: Gazetteer) -> Regions:
    """Judge the names in a text whose beginning may be `fields`, each ended by `FIELD_END`.

    `plain` is the text folded.
    """
    found = believable(plain, gazetteer)
    end = 0
    for one in found:  # 杭州市 of 杭州市南苑街道 ends behind 杭州, which comes after it
        if one[1] > end:  # noqa: PLR1730 - no call for each name of each address
            end = one[1]
    key = written[:end], tuple(found), fields
    known: Regions | None = gazetteer.known.get(key)
    if known is None:
        start = sum(len(field) + 1 for field in fields if field)
        mentions = tuple(Mention(*one) for one in found)
        known = _Judge(written, start, fields, mentions, gazetteer).regions()
        if len(gazetteer.known) >= KNOWN_HEADS:
            gazetteer.known.clear()
        gazetteer.known[key] = known
    return known


class _Judge:
    """One judgement under way. It looks at nothing behind the last name, so it can be remembered."""

    def __init__(
        self, written: str, start: int, fields: Path, mentions: tuple[Mention, ...], gazetteer: Gazetteer
    ) -> None:
        self.gazetteer, self.fields, self.start = gazetteer, fields, start
        self.written = written[: max((start, *(mention.end for mention in mentions)))]
        self.found: Located = locate(self.written, mentions, gazetteer)
        self.best = self.found.best
        self.heirs = tuple(map(gazetteer.seat, gazetteer.heirs[self.best.place])) if self.best else ()
        self.agreed = self._agreed()
        self.offending: list[str] = []

    def regions(self) -> Regions:
        province, city, district = (self._part(level) for level in (PROVINCE, CITY, DISTRICT))
        parts = (province, city, district)
        if self.found.second is not None:
            parts = (province, city, self._two_addresses(district))
        elif self.best is not None and self.best.clashes and all(part.verdict != DOUBTFUL for part in parts):
            parts = (province, city, self._contradicted(district, self._text(self.best.clashes[0])))
        cuts, loose, is_again = self._cuts(frozenset(part.before for part in parts))
        has_city = bool(self.heirs and self.agreed[1])
        return Regions(
            parts=parts,
            offending=tuple(dict.fromkeys(text for text in self.offending if text)),
            choices=self._choices(),
            is_open=self.best is None or self.found.second is not None or bool(self.found.ties),
            is_doubtful=any(part.verdict == DOUBTFUL for part in parts),
            confidence=self._confidence(parts),
            cuts=cuts,
            loose=loose,
            is_again=is_again,
            city=self._city() if has_city else -1,
            place=self.heirs[0] if has_city and len(self.heirs) == 1 and not self.found.ties else -1,
            heirs=self.heirs,
            tied=self._tied_places(),
            is_lone=self._is_single(is_full=False),
            is_single=self._is_single(is_full=True),
            usual_postcode=self.gazetteer.postcode(self.heirs[0]) if has_city else "",
        )

    def _city(self) -> int:
        place, gazetteer = self.heirs[0], self.gazetteer
        return gazetteer.parent[place] if gazetteer.level[place] == DISTRICT else place

    def _tied_places(self) -> tuple[int, ...]:
        if not self.found.ties:
            return ()
        heirs, seat = self.gazetteer.heirs, self.gazetteer.seat
        rivals = [seat(heir) for tie in self.found.ties for heir in heirs[tie.place]]
        return tuple(dict.fromkeys((*self.heirs, *rivals)))

    def _is_single(self, *, is_full: bool) -> bool:
        best = self.best
        if best is None or best.own.name.full is not is_full:
            return False
        return sum(found is not None for found in best.support) == 1

    def _agreed(self) -> Path:
        """Name what the best candidate and all its ties agree on; a lone district stays as written."""
        if self.best is None:
            return "", "", ""
        if not self.found.ties:
            province, city, district = (
                self.gazetteer.path(self.heirs[0]) if self.heirs else self._path(self.best)
            )
            if len(self.heirs) > 1:
                support = self.best.support[DISTRICT - 1]
                district = self._text(support.mention) if support else district
            return province, city, district
        paths = [self._path(candidate) for candidate in (self.best, *self.found.ties)]
        province, city, district = (
            names[0] if len(set(names)) == 1 else "" for names in zip(*paths, strict=True)
        )
        if not city:
            support = self.best.support[DISTRICT - 1]
            district = self._text(support.mention) if support else ""
        return province, city, district

    def _path(self, candidate: Candidate) -> Path:
        heirs = self.gazetteer.heirs[candidate.place] or (candidate.place,)
        return self.gazetteer.path(self.gazetteer.seat(heirs[0]))

    def _text(self, mention: Mention) -> str:
        return self.written[mention.start : mention.end]

    def _public(self, written: str) -> bool:
        """Tell whether a text is a place's name: a field may hold anything, and reasons are logged."""
        return bool(self.gazetteer.meaning(folded(written)))

    # --- one field ------------------------------------------------------------------------------------

    def _support(self, level: int) -> Support | None:
        """Give the name that speaks for a level; a municipality is named once and speaks for both."""
        if self.best is None:
            return None
        support = self.best.support[level - 1]
        if support is None and level < DISTRICT and self.agreed[0] == self.agreed[1]:
            support = self.best.support[CITY - level]
        return support

    def _before(self, level: int) -> str:
        """Tell what was written for a level: the name that counts, one against it, or an unused field."""
        support = self._support(level)
        if support is not None:
            return self._text(support.mention)
        for clash in self.best.clashes if self.best else ():
            if any(self.gazetteer.level[name.place] == level for name in clash.word.names):
                return self._text(clash)
        if not self.fields[level - 1]:
            return ""
        supports = self.best.support if self.best else ()
        counted = {self._text(found.mention) for found in supports if found is not None}
        field = self.fields[level - 1]
        return "" if field in counted else field  # 诸暨市, given as the city, counts as the district

    def _part(self, level: int) -> Part:
        field, before, after = FIELDS[level - 1], self._before(level), self.agreed[level - 1]
        if self.fields[level - 1] and self._unread(level):
            return self._unknown(level, self.fields[level - 1])
        if self.found.ties and (not after or (level == DISTRICT and not self.agreed[CITY - 1])):
            return self._tied(field, before)
        if not after:
            return self._unknown(level, before)
        if level == DISTRICT and len(self.heirs) > 1 and before:
            return self._divided(before)
        if before == after:
            return Part(field, before, after, KEPT)
        if not before or PLACEHOLDERS.fullmatch(before):
            return self._completed(level, before)
        return self._changed(level, before)

    def _tied(self, field: str, before: str) -> Part:
        own = self._text(self.best.own.mention) if self.best else ""
        named = before if self._public(before) else own
        others = [text for tie in self.found.ties if (text := self._text(tie.own.mention)) != named]
        self.offending += [named, *others]
        if others:
            params: Params = {"name": named, "other": others[0]}
            reason = Text(N_("{name} and {other} contradict each other; choose one."), params)
        else:
            reason = Text(N_("There are several places called {name}; choose one."), {"name": named})
        return Part(field, before, before, DOUBTFUL, reason)

    def _unread(self, level: int) -> bool:
        """Tell whether a field holds words that are no place's name; they must not vanish."""
        field = self.fields[level - 1]
        if PLACEHOLDERS.fullmatch(field):
            return False
        start = sum(len(before) + 1 for before in self.fields[: level - 1] if before)
        rest = set(range(start, start + len(field)))
        for mention in self.found.mentions:
            rest.difference_update(range(mention.start, mention.end))
        return any(self.written[position] not in SEPARATORS for position in rest)

    def _unknown(self, level: int, before: str) -> Part:
        field, after = FIELDS[level - 1], self.agreed[level - 1]
        whole = bool(self.heirs and self.agreed[1]) and not self.gazetteer.has_districts(self.heirs[0])
        if level == DISTRICT and whole and not before:
            return Part(field, self.fields[2], self.fields[2], KEPT)
        if not before:
            return Part(field, "", "", DOUBTFUL, Text(N_("Missing.")))
        self.offending.append(before)
        above = next((name for name in reversed(self.agreed[: level - 1]) if name), "")
        reason = Text(N_("This is not a known place."))
        if above and self._public(before):
            reason = Text(N_("There is no {name} in {above}."), {"name": before, "above": above})
        return Part(field, before, after or before, DOUBTFUL, reason)

    def _completed(self, level: int, before: str) -> Part:
        after = self.agreed[level - 1]
        params: Params = {"name": self._text(self.best.own.mention) if self.best else ""}
        if self._guessed(level):
            reason = Text(N_("Only a guess from {name}; please check."), params)
            return Part(FIELDS[level - 1], before, after, DOUBTFUL, reason)
        return Part(FIELDS[level - 1], before, after, ADDED, Text(N_("Completed from {name}."), params))

    def _guessed(self, level: int) -> bool:
        """Tell whether completing a level from below needs a person's eye."""
        if self.best is None or self.best.clashes or self.best.distance > FAR:
            return True
        if any(self._path(rival)[level - 1] != self.agreed[level - 1] for rival in self.found.rivals):
            return True
        short = not self.best.own.name.full
        return short and self.best.support[2] is not None and self.best.support[1] is None

    def _is_detached(self) -> bool:
        """Tell whether a short district name stands apart from its city: 盐田 of 深圳西乡盐田新2村."""
        if self.best is None or self.best.own.name.full:
            return False
        ends = [found.mention.end for found in self.best.support[:2] if found is not None]
        between = self.written[max(ends) : self.best.own.mention.start] if ends else ""
        return any(char not in SEPARATORS for char in between)

    def _changed(self, level: int, before: str) -> Part:
        field, after, support = FIELDS[level - 1], self.agreed[level - 1], self._support(level)
        params: Params = {"before": before, "after": after}
        if support is None:
            self.offending.append(before)
            if self._public(before):
                reason = Text(N_("{before} was written, but the rest lies in {after}."), params)
            else:
                reason = Text(N_("This is not a known place; the rest lies in {after}."), {"after": after})
            return Part(field, before, after, DOUBTFUL, reason)
        if level == DISTRICT and self._is_detached():
            self.offending.append(before)
            return Part(
                field,
                before,
                after,
                DOUBTFUL,
                Text(N_("Only a guess from {name}; please check."), {"name": before}),
            )
        if self.gazetteer.name(support.name.place) == after or self.gazetteer.is_area(support.name.place):
            return Part(field, before, after, ADDED, Text(N_("{before} means {after}."), params))
        return Part(
            field, before, after, REPLACED, Text(N_("{before} became {after} (boundary change)."), params)
        )

    def _divided(self, before: str) -> Part:
        """Keep what is several districts today: only a person or its town says which."""
        self.offending.append(before)
        reason = Text(N_("{before} was divided; choose where it lies now."), {"before": before})
        if self.best is not None and self.gazetteer.is_area(self.best.place):
            reason = Text(N_("{before} spans several districts; choose one."), {"before": before})
        return Part(FIELDS[2], before, before, DOUBTFUL, reason)

    def _contradicted(self, part: Part, other: str) -> Part:
        self.offending.append(other)
        params: Params = {"name": part.before or part.after, "other": other}
        reason = Text(N_("{name} and {other} contradict each other; choose one."), params)
        return Part(part.field, part.before, part.after, DOUBTFUL, reason)

    def _two_addresses(self, part: Part) -> Part:
        first = self.best.spans if self.best else []
        second = [
            span for span in (self.found.second.spans if self.found.second else []) if span not in first
        ]
        for spans in (first, second or first):
            start, end = min(spans)[0], max(end for _, end in spans)
            self.offending.append(self.written[start:end].replace(FIELD_END, ""))
        reason = Text(N_("Two addresses stand in one; choose one."))
        return Part(part.field, part.before, part.after, DOUBTFUL, reason)

    # --- the whole --------------------------------------------------------------------------------------

    def _confidence(self, parts: tuple[Part, Part, Part]) -> float:
        if self.best is None:
            return 0.0
        if self.found.ties:
            return round(1 / (1 + len(self.found.ties)), 2)
        sure = {KEPT: 1.0, ADDED: 0.97, REPLACED: 0.95, DOUBTFUL: 0.5}
        return min(sure[part.verdict] for part in parts)

    def _choices(self) -> tuple[Path, ...]:
        if self.best is None:
            return ()
        others = [*self.found.ties, *([self.found.second] if self.found.second else [])]
        if self.best.clashes or not others:
            others += self.found.rivals
        if not others and len(self.heirs) < 2:
            return ()
        heirs = [heir for other in others for heir in self.gazetteer.heirs[other.place] or (other.place,)]
        paths = [self.gazetteer.path(heir) for heir in (*self.heirs, *map(self.gazetteer.seat, heirs))]
        unique = tuple(dict.fromkeys(paths))
        return unique if len(unique) > 1 else ()

    def _cuts(self, told: frozenset[str]) -> tuple[tuple[tuple[int, int], ...], bool, bool]:
        """Find the names that go out of the street; whether the last of them may yet belong to it."""
        spans = list(self._told_spans(told))
        last = self.found.mentions[-1] if self.found.mentions else None
        loose = bool(last and spans and spans[-1][1] == last.end and not last.word.full)
        while len(spans) > 1 + loose and spans[0][0] == self.start and not self._between(*spans[:2]):
            spans[:2] = [(self.start, spans[1][1])]
        known = [support.mention for support in self.best.support if support] if self.best else []
        return tuple(spans), loose, loose and last not in (*known, *(self.best.clashes if self.best else ()))

    def _between(self, one: tuple[int, int], other: tuple[int, int]) -> str:
        return self.written[one[1] : other[0]].strip(EDGES)

    def _told_spans(self, told: frozenset[str]) -> Iterator[tuple[int, int]]:
        best, written = self.best, self.written
        if best is None:
            return
        moved = [support.mention for support in best.support if support is not None]
        if self.found.second is None:
            moved += [m for m in best.clashes if written[m.start : m.end] in told]
        meant = {best.place, *self.gazetteer.heirs[best.place], *self.gazetteer.kin[best.place]}
        position = self._skip(self.start)
        for mention in self.found.mentions:
            if mention.start < position:
                continue
            is_told = mention in moved or (
                mention.start == position
                and not meant.isdisjoint(name.place for name in mention.word.names)
                and all(other.start >= mention.end or other.end <= mention.start for other in moved)
                and self._says_nothing_new(mention, meant)
            )
            if is_told and self._separable(mention):
                bare = mention.start > self.start and written[self.start : mention.start].strip() == COUNTRY
                yield (self.start if bare else mention.start), mention.end
                position = self._skip(mention.end)

    def _says_nothing_new(self, mention: Mention, meant: set[int]) -> bool:
        """Tell a place that is named twice from a street that begins as it is called: 东城新城大道."""
        after = [other for other in self.found.mentions if other.start == mention.end]
        return mention.word.full or not after or any(meant & other.word.places for other in after)

    def _skip(self, position: int) -> int:
        written = self.written
        while position < len(written) and written[position] in SEPARATORS:
            position += 1
        if not written.startswith(COUNTRY, position):
            return position
        after = position + len(COUNTRY)
        return after if any(mention.start == after for mention in self.found.mentions) else position

    def _separable(self, mention: Mention) -> bool:
        """Keep a short name in mid-text that is part of what follows; of the last one the reader judges."""
        followed = any(other.start == mention.end for other in self.found.mentions)
        if mention.word.full or followed or mention.end == len(self.written):
            return True
        return is_separable(self.written[mention.end :])
