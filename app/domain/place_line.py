"""An address in one line, as it is written where it goes: on a label, on the screen."""

from __future__ import annotations

import re

from app.domain.abroad import fields_of, told_in
from app.domain.land import is_latin, land_of, plain
from app.domain.land_names import land_name
from app.domain.values import Region

_MARK = re.compile(r"%(.)")
_EDGES = " ,-"
_GAP = re.compile(r"[ ,]*,[ ,]*|\s{2,}")


def written(region: Region, street: str) -> str:
    """Write an address in one line: the largest part first, or as the post of its country does."""
    if region.country != "CN":
        return _abroad(region, street)
    city = region.city if region.city != region.province else ""
    return " ".join(filter(None, (region.province, city, region.district, street)))


def _abroad(region: Region, street: str) -> str:
    land, is_native = land_of(region.country), not is_latin(street or region.city)
    country = land_name(region.country)
    if land is None:
        fields = fields_of(region, street)
        values = (street if name == "street" else told_in(region, name) for name in fields)
        return ", ".join(filter(None, (*values, country)))
    form = land.format if is_native else land.latin_format
    marks = _MARK.findall(form)
    city = region.city if plain(region.city) != plain(country) else ""
    told = {"S": region.province, "C": city, "D": region.district, "A": street, "Z": region.postcode}
    near = [told[mark] for mark in "CD" if told[mark] not in ("", region.province) and mark not in marks]
    far = region.province if "S" not in marks else ""
    told["A"] = " ".join([*near, street]) if is_native else ", ".join(filter(None, (street, *reversed(near))))
    found = [line for line in form.split("%n") if any(told.get(mark) for mark in _MARK.findall(line))]
    lines = (_MARK.sub(lambda mark: told.get(mark[1], ""), line) for line in found)
    tidy = [_GAP.sub(_gap, line).strip(_EDGES) for line in lines]
    whole = (far, *tidy, country) if is_native else (*tidy, far, country)
    return (" " if is_native else ", ").join(filter(None, whole))


def _gap(found: re.Match[str]) -> str:
    return ", " if "," in found[0] else " "
