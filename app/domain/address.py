"""Read a Chinese delivery address: parse, complete, judge, suggest; nothing a customer wrote is lost.

Source: capabilities.md section 2; libraries.md section 4.
"""

from __future__ import annotations

import re

from app.domain.address_key import half_width, normal_key
from app.domain.gazetteer import CITY, DISTRICT, PROVINCE, Gazetteer, Mention
from app.domain.locate import FIELD_END, SEPARATORS, Candidate, Located, Support, locate
from app.domain.phone import judge_phone
from app.domain.postcode import judge_postcode, written_postcode
from app.domain.reading import ACCEPT, ADDED, CONFIRM, DOUBTFUL, FIX, KEPT, REPLACED, Part, Reading
from app.domain.street import cut_street, judge_street, phone_in
from app.text import N_, Text

__all__ = ["ACCEPT", "CONFIRM", "FIX", "Part", "Reading", "judge_phone", "normal_key", "read"]

FIELDS = ("province", "city", "district")
PLACEHOLDERS = re.compile(r"市辖区|县|市|(?:省|自治区)?直辖县(?:级行政(?:区划|单位))?|其[他它]区?")
FAR = 1.0
CHOICES = 8

Params = dict[str, str | int | Text]


def read(
    text: str,
    gazetteer: Gazetteer,
    *,
    province: str = "",
    city: str = "",
    district: str = "",
    postcode: str = "",
    phone: str = "",
    country: str = "CN",
) -> Reading:
    """Read an address from one text, from fields, or from any mix of both.

    A landline phone only orders the choices; it never picks one.
    Source: capabilities.md section 2, rules and defaults; AC 2.1 to 2.4.
    """
    fields = (province.strip(), city.strip(), district.strip())
    if country != "CN":
        return _read_abroad(text.strip(), fields, postcode.strip())
    return _Reader(text, fields, gazetteer).reading(written_postcode(postcode, text), phone)


def _read_abroad(street: str, fields: tuple[str, str, str], postcode: str) -> Reading:
    """Judge presence only: we hold no table of other countries."""
    parts = []
    for field, value in zip((*FIELDS, "street", "postcode"), (*fields, street, postcode), strict=True):
        if value or field == "district":
            parts.append(Part(field, value, value, KEPT))
        else:
            parts.append(Part(field, "", "", DOUBTFUL, Text(N_("Missing."))))
    whole = all(part.verdict == KEPT for part in parts)
    verdict = FIX if not (fields[1] and street) else ACCEPT if whole else CONFIRM
    return Reading(*fields, street, postcode, verdict, 1.0 if whole else 0.5, tuple(parts))


class _Reader:
    """One reading under way: the fields and the text as one, and the division they come to."""

    def __init__(self, text: str, fields: tuple[str, str, str], gazetteer: Gazetteer) -> None:
        self.gazetteer, self.fields = gazetteer, fields
        head = "".join(field.replace(FIELD_END, " ") + FIELD_END for field in fields if field)
        self.start = len(head)
        self.written = head + text.replace(FIELD_END, " ")
        self.found: Located = locate(half_width(self.written), gazetteer)
        self.best = self.found.best
        self.heirs = tuple(map(gazetteer.seat, gazetteer.heirs[self.best.place])) if self.best else ()
        self.agreed = self._agreed()
        self.offending: list[str] = []

    def reading(self, written_code: str, phone: str) -> Reading:
        regions = [self._part(level) for level in (PROVINCE, CITY, DISTRICT)]
        if self.found.second is not None:
            regions[-1] = self._two_addresses(regions[-1])
        elif (
            self.best is not None and self.best.clashes and all(part.verdict != DOUBTFUL for part in regions)
        ):
            regions[-1] = self._contradicted(regions[-1], self._text(self.best.clashes[0]))
        told = frozenset(part.before for part in regions)
        street = judge_street(cut_street(self.written, self.start, self.found, told, self.gazetteer))
        self.offending.append(phone_in(street.after))
        code = self._postcode(regions, written_code)
        parts = (*regions, street, code)
        verdict = self._verdict(parts)
        return Reading(
            province=regions[0].after,
            city=regions[1].after,
            district=regions[2].after,
            street=street.after,
            postcode=code.after,
            verdict=verdict,
            confidence=self._confidence(regions),
            parts=parts,
            candidates=self._choices(phone) if verdict != ACCEPT else (),
            offending=tuple(dict.fromkeys(text for text in self.offending if text)),
        )

    def _agreed(self) -> tuple[str, str, str]:
        """Name what the best candidate and all its ties agree on; a lone district stays as written."""
        if self.best is None:
            return "", "", ""
        paths = [self._path(candidate) for candidate in (self.best, *self.found.ties)]
        province, city, district = (
            names[0] if len(set(names)) == 1 else "" for names in zip(*paths, strict=True)
        )
        if self.found.ties and not city:
            support = self.best.support[DISTRICT - 1]
            district = self._text(support.mention) if support else ""
        return province, city, district

    def _path(self, candidate: Candidate) -> tuple[str, str, str]:
        heirs = self.gazetteer.heirs[candidate.place] or (candidate.place,)
        return self.gazetteer.path(self.gazetteer.seat(heirs[0]))

    def _text(self, mention: Mention) -> str:
        return self.written[mention.start : mention.end]

    def _public(self, written: str) -> bool:
        """Tell whether a text is a place's name: a field may hold anything, and reasons are logged."""
        return bool(self.gazetteer.meaning(half_width(written)))

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
            if any(self.gazetteer.level[name.place] == level for name in clash.names):
                return self._text(clash)
        supports = self.best.support if self.best else ()
        counted = {self._text(found.mention) for found in supports if found is not None}
        field = self.fields[level - 1]
        return "" if field in counted else field  # 诸暨市, given as the city, counts as the district

    def _part(self, level: int) -> Part:
        field, before, after = FIELDS[level - 1], self._before(level), self.agreed[level - 1]
        if self._unread(level):
            return self._unknown(level, self.fields[level - 1])
        if self.found.ties and (not after or (level == DISTRICT and not self.agreed[CITY - 1])):
            return self._tied(field, before)
        if not after:
            return self._unknown(level, before)
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
        if level == DISTRICT and len(self.heirs) > 1:
            self.offending.append(before)
            reason = Text(N_("{before} was divided; choose where it lies now."), params)
            return Part(field, before, after, DOUBTFUL, reason)
        if self.gazetteer.name(support.name.place) == after:
            return Part(field, before, after, ADDED, Text(N_("{before} means {after}."), params))
        return Part(
            field, before, after, REPLACED, Text(N_("{before} became {after} (boundary change)."), params)
        )

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
        for spans in (first, second):
            start, end = min(spans)[0], max(end for _, end in spans)
            self.offending.append(self.written[start:end].replace(FIELD_END, ""))
        reason = Text(N_("Two addresses stand in one; choose one."))
        return Part(part.field, part.before, part.after, DOUBTFUL, reason)

    def _postcode(self, regions: list[Part], written: str) -> Part:
        city = self.agreed[1]
        usual = self.gazetteer.postcode(self.heirs[0]) if self.heirs and city else ""
        certain = bool(city) and all(part.verdict != DOUBTFUL for part in regions)
        part = judge_postcode(written, regions[0].after, city, usual, self.gazetteer, certain=certain)
        if part.verdict in (DOUBTFUL, REPLACED):
            self.offending.append(written)
        return part

    # --- the whole ------------------------------------------------------------------------------------

    def _verdict(self, parts: tuple[Part, ...]) -> str:
        province, city, _, street, _ = parts
        lost = self.best is None or self.found.second is not None or self.found.ties
        if lost or not (province.after and city.after and street.after):
            return FIX
        return CONFIRM if any(part.verdict == DOUBTFUL for part in parts) else ACCEPT

    def _confidence(self, regions: list[Part]) -> float:
        if self.best is None:
            return 0.0
        if self.found.ties:
            return round(1 / (1 + len(self.found.ties)), 2)
        sure = {KEPT: 1.0, ADDED: 0.97, REPLACED: 0.95, DOUBTFUL: 0.5}
        return min(sure[part.verdict] for part in regions)

    def _choices(self, phone: str) -> tuple[tuple[str, ...], ...]:
        """List what a person may choose from: ties, parts of a divided district, both of two addresses."""
        if self.best is None:
            return ()
        others = [*self.found.ties, *([self.found.second] if self.found.second else [])]
        if self.best.clashes or not others:
            others += self.found.rivals
        paths = [self.gazetteer.path(heir) for heir in self.heirs] + [self._path(other) for other in others]
        unique = sorted(dict.fromkeys(paths), key=lambda path: not self.gazetteer.rings_in(phone, path[1]))
        return tuple(unique[:CHOICES]) if len(unique) > 1 else ()
