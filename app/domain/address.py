"""Read a Chinese delivery address: parse, complete, judge, suggest; nothing a customer wrote is lost.

Source: capabilities.md section 2; libraries.md section 4.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from app.domain.address_key import half_width
from app.domain.address_key import normal_key as normal_key
from app.domain.gazetteer import CITY, DISTRICT, PROVINCE, Gazetteer, Mention
from app.domain.locate import FIELD_END, SEPARATORS, Candidate, Located, locate
from app.domain.phone import judge_phone as judge_phone
from app.domain.values import Region
from app.text import N_, Text

FIELDS = ("province", "city", "district")
PLACEHOLDERS = frozenset(
    (
        "市辖区",
        "县",
        "市",
        "省直辖县级行政区划",
        "自治区直辖县级行政区划",
        "省直辖县级行政单位",
        "直辖县",
        "其他",
        "其它区",
    )
)
FAR = 1.0
CANDIDATES = 8
PHONE = re.compile(r"(?<!\d)1\d{10}(?!\d)")
WRITTEN_POSTCODE = re.compile(r"(?:邮编|邮政编码)[:\s]*(\d{6})(?!\d)")
DETAIL = re.compile(r"\d|[一二三四五六七八九十]+[号组队社栋幢楼]")
BUILDING = re.compile(
    r"大厦|广场|小区|花园|公寓|学校|大学|学院|中学|小学|医院|酒店|宾馆|工业园|工业区|产业园|科技园|市场|商场|商城|中心|"
    r"公司|工厂|厂|店|苑|村|城|府|院|站|局|所|楼|座|园|庄|里|组"
)
ENOUGH = 8
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

    Source: capabilities.md section 2, rules and defaults; AC 2.1 to 2.4.
    """
    fields = (province.strip(), city.strip(), district.strip())
    if country != "CN":
        return _abroad(text.strip(), fields, postcode.strip())
    return _Reader(text, fields, postcode, gazetteer).reading()


def _abroad(street: str, fields: tuple[str, str, str], postcode: str) -> Reading:
    """Judge presence only: we hold no table of other countries."""
    values = (*fields, street, postcode)
    parts = []
    for field, value in zip((*FIELDS, "street", "postcode"), values, strict=True):
        missing = not value and field != "district"
        reason = Text(N_("Missing.")) if missing else NO_REASON
        parts.append(Part(field, value, value, DOUBTFUL if missing else KEPT, reason))
    if not (fields[1] and street):
        verdict = FIX
    else:
        verdict = ACCEPT if all(part.verdict == KEPT for part in parts) else CONFIRM
    return Reading(*fields, street, postcode, verdict, 1.0 if verdict == ACCEPT else 0.5, tuple(parts))


class _Reader:
    """One reading under way."""

    def __init__(self, text: str, fields: tuple[str, str, str], postcode: str, gazetteer: Gazetteer) -> None:
        self.gazetteer, self.fields = gazetteer, fields
        head = "".join(field.replace(FIELD_END, " ") + FIELD_END for field in fields if field)
        self.start = len(head)
        self.written = head + text.replace(FIELD_END, " ")
        self.folded = half_width(self.written)
        self.found: Located = locate(self.folded, gazetteer)
        self.best = self.found.best
        found_code = WRITTEN_POSTCODE.search(self.folded)
        self.postcode = half_width(postcode).strip() or (found_code[1] if found_code else "")
        self.offending: list[str] = []
        self.heirs = self._heirs()
        self.agreed = self._agreed_path()

    def _heirs(self) -> tuple[int, ...]:
        return self.gazetteer.heirs[self.best.place] if self.best else ()

    def _agreed_path(self) -> tuple[str, str, str]:
        """Name what the best candidate and all its ties agree on, down to the first level where they differ."""
        if self.best is None:
            return "", "", ""
        paths = [self._path(candidate) for candidate in (self.best, *self.found.ties)]
        agreed = [names[0] if len(set(names)) == 1 else "" for names in zip(*paths, strict=True)]
        if self.found.ties and not agreed[1]:
            agreed[2] = self._text(self.best.own.mention) if self.best.support[2] else ""
        return agreed[0], agreed[1], agreed[2]

    def _path(self, candidate: Candidate) -> tuple[str, str, str]:
        heirs = self.gazetteer.heirs[candidate.place] or (candidate.place,)
        province, city, district = self.gazetteer.path(heirs[0])
        if not city and self.gazetteer.find(province, province):
            city = province
        return province, city, district

    def _text(self, mention: Mention) -> str:
        return self.written[mention.start : mention.end]

    def reading(self) -> Reading:
        street = self._street()
        regions = [self._part(level) for level in (PROVINCE, CITY, DISTRICT)]
        if self.found.second is not None:
            self._two_addresses(regions)
        certain = all(part.verdict != DOUBTFUL for part in regions) and not self._needs_person(regions)
        post = self._postcode_part(regions, certain=certain)
        parts = (*regions, self._street_part(street), post)
        verdict = self._verdict(parts)
        return Reading(
            province=regions[0].after,
            city=regions[1].after,
            district=regions[2].after,
            street=street,
            postcode=post.after,
            verdict=verdict,
            confidence=self._confidence(regions),
            parts=parts,
            candidates=self._choices() if verdict != ACCEPT else (),
            offending=tuple(dict.fromkeys(text for text in self.offending if text)),
        )

    # --- region -----------------------------------------------------------------------------------------------

    def _before(self, level: int) -> str:
        """Tell what the customer wrote for a level: the supporting name, a clashing one, or an unused field."""
        if self.best is not None:
            support = self.best.support[level - 1]
            if support is not None:
                return self._text(support.mention)
            for clash in self.best.clashes:
                if any(self.gazetteer.level[name.place] == level for name in clash.names):
                    return self._text(clash)
        field = self.fields[level - 1]
        return "" if self._said_elsewhere(field) else field

    def _said_elsewhere(self, field: str) -> bool:
        """Tell whether a field's name already counts at another level (诸暨市 written as a city)."""
        if self.best is None:
            return False
        written = {self._text(found.mention) for found in self.best.support if found is not None}
        return field in written

    def _part(self, level: int) -> Part:
        field, before, after = FIELDS[level - 1], self._before(level), self.agreed[level - 1]
        if self.found.ties and not self.agreed[level - 1 if level < DISTRICT else CITY - 1]:
            return self._tie(field, before, after)
        if not after:
            return self._without(level, before)
        if before == after:
            return Part(field, before, after, KEPT)
        if not before or before in PLACEHOLDERS:
            return self._added(level, before)
        return self._changed(level, before)

    def _tie(self, field: str, before: str, after: str) -> Part:
        self.offending.append(before)
        named = before or (self._text(self.best.own.mention) if self.best else "")
        other = self._text(self.found.ties[0].own.mention)
        if other in (named, before):
            reason = Text(N_("There are several places called {name}; choose one."), {"name": named})
        else:
            reason = Text(
                N_("{name} and {other} contradict each other; choose one."), {"name": named, "other": other}
            )
        return Part(field, before, after or before, DOUBTFUL, reason)

    def _without(self, level: int, before: str) -> Part:
        field = FIELDS[level - 1]
        if (
            level == DISTRICT
            and self.heirs
            and self.agreed[1]
            and not self.gazetteer.has_districts(self.heirs[0])
        ):
            return Part(field, self.fields[2], self.fields[2], KEPT)
        if not before:
            return Part(field, "", "", DOUBTFUL, Text(N_("Missing.")))
        self.offending.append(before)
        above = next((name for name in reversed(self.agreed[: level - 1]) if name), "")
        if above:
            return Part(
                field,
                before,
                before,
                DOUBTFUL,
                Text(N_("There is no {name} in {above}."), {"name": before, "above": above}),
            )
        return Part(
            field, before, before, DOUBTFUL, Text(N_("{name} is not a known place."), {"name": before})
        )

    def _added(self, level: int, before: str) -> Part:
        assert self.best is not None  # noqa: S101  something is only added from a found place
        after, own = self.agreed[level - 1], self._text(self.best.own.mention)
        if self._unsure(level):
            reason = Text(N_("Only a guess from {name}; please check."), {"name": own})
            return Part(FIELDS[level - 1], before, after, DOUBTFUL, reason)
        reason = Text(N_("Completed from {name}."), {"name": own})
        return Part(FIELDS[level - 1], before, after, ADDED, reason)

    def _unsure(self, level: int) -> bool:
        """Tell whether completing a level from below needs a person's eye."""
        assert self.best is not None  # noqa: S101  see _added
        if any(self._path(rival)[level - 1] != self.agreed[level - 1] for rival in self.found.rivals):
            return True
        spoken = not self.best.own.name.full and (
            self.best.support[2] is not None or len(self.best.spans) == 1
        )
        return (
            self.best.distance > FAR or bool(self.best.clashes) or (spoken and self.best.support[1] is None)
        )

    def _changed(self, level: int, before: str) -> Part:
        field, after = FIELDS[level - 1], self.agreed[level - 1]
        support = self.best.support[level - 1] if self.best else None
        params: dict[str, str | int | Text] = {"before": before, "after": after}
        if support is None:
            self.offending.append(before)
            return Part(
                field,
                before,
                after,
                DOUBTFUL,
                Text(N_("{before} was written, but the rest lies in {after}."), params),
            )
        if self.gazetteer.today[support.name.place]:
            if support.name.full and self.gazetteer.name(support.name.place) != after:
                return Part(
                    field,
                    before,
                    after,
                    REPLACED,
                    Text(N_("{before} became {after} (boundary change)."), params),
                )
            return Part(field, before, after, ADDED, Text(N_("{before} means {after}."), params))
        if level == DISTRICT and len(self.heirs) > 1:
            self.offending.append(before)
            return Part(
                field,
                before,
                after,
                DOUBTFUL,
                Text(N_("{before} was divided; choose where it lies now."), params),
            )
        return Part(
            field, before, after, REPLACED, Text(N_("{before} became {after} (boundary change)."), params)
        )

    def _two_addresses(self, regions: list[Part]) -> None:
        for candidate in (self.best, self.found.second):
            if candidate is not None:
                start, end = min(candidate.spans)[0], max(candidate.spans)[1]
                self.offending.append(self.written[start:end].replace(FIELD_END, ""))
        last = regions[-1]
        reason = Text(N_("Two addresses stand in one; choose one."))
        regions[-1] = Part(last.field, last.before, last.after, DOUBTFUL, reason)

    def _needs_person(self, regions: list[Part]) -> bool:
        return bool(
            self.best is None
            or self.best.clashes
            or self.found.second
            or any(not p.after for p in regions[:2])
        )

    # --- the whole --------------------------------------------------------------------------------------------

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

    def _choices(self) -> tuple[tuple[str, ...], ...]:
        """List what a person may choose from: ties, the parts of a divided district, both of two addresses."""
        if self.best is None:
            return ()
        others = [*self.found.ties, *([self.found.second] if self.found.second else [])]
        if self.best.clashes or not others:
            others += self.found.rivals
        paths = [self.gazetteer.path(heir) for heir in self.heirs] + [self._path(other) for other in others]
        unique = tuple(dict.fromkeys(paths))
        return unique[:CANDIDATES] if len(unique) > 1 else ()
