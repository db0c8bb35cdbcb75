"""A carrier's price table as it comes in a sheet: which column says what, and each row as fares or a reason.

Nothing of a sheet is lost: every row below the header is fares, or says why it is none.
Source: capabilities 6, freight(carrier, service, zone_from, zone_to, first, step, volumetric divisor, valid).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

import msgspec

from app.domain.carrier import Carrier
from app.domain.carrier_rows import ELSEWHERE, SHOWN_MOST, WEIGHT_MOST_G
from app.domain.freight import Fare
from app.domain.gazetteer import Gazetteer
from app.domain.money import read_money
from app.domain.written_time import written_day
from app.text import N_, Text

Places = Callable[[str], str]
"""Says what a written province or city is called in full; nothing where there is none."""
_ELSEWHERE = frozenset({ELSEWHERE, "其他", "其它", "全国", "elsewhere", "everywhere", "others"})
_PARTED = re.compile(r"[、,，;；/|\s]+")
_GRAMS = re.compile(r"[(（\[]\s*(g|克|grams?)\s*[)）\]]", re.IGNORECASE)
_UNIT = re.compile(r"[(（\[].*?[)）\]]")
_FIRST_DAY = date(1899, 12, 30)
_SERIALS = range(20_000, 110_000)


class Column(NamedTuple):
    """One thing a column may say: what it is called here, and what carriers call it."""

    title: str
    names: tuple[str, ...]
    kind: str
    """place | origin | money | weight | number | day | text"""
    is_required: bool = False


COLUMNS: Mapping[str, Column] = {
    "carrier": Column(
        N_("Carrier"), ("承运商", "快递", "快递公司", "物流公司", "carrier", "courier"), "text"
    ),
    "service": Column(
        N_("Service"), ("服务", "产品", "产品类型", "时效产品", "业务类型", "service", "product"), "text"
    ),
    "contract": Column(N_("Contract"), ("合同", "合同号", "协议", "协议号", "contract", "agreement"), "text"),
    "origin": Column(
        N_("Leaves from"),
        ("始发", "始发地", "发货地", "寄件地", "发货仓", "from", "origin", "zonefrom", "shipfrom"),
        "origin",
    ),
    "province": Column(
        N_("Goes to"),
        (
            *("目的", "目的地", "目的省", "目的省份", "收件地", "省份", "省", "区域", "地区"),
            *("to", "destination", "zone", "zoneto", "province", "region", "shipto"),
        ),
        "place",
        is_required=True,
    ),
    "first_minor": Column(
        N_("Price of the first weight"),
        ("首重价", "首重价格", "首重费", "首重运费", "首费", "firstprice", "firstcost", "baseprice"),
        "money",
        is_required=True,
    ),
    "step_minor": Column(
        N_("Price of each further step"),
        ("续重价", "续重价格", "续重费", "续重单价", "续费", "stepprice", "stepcost", "additionalprice"),
        "money",
        is_required=True,
    ),
    "first_g": Column(N_("First weight"), ("首重", "首重重量", "firstweight", "baseweight"), "weight"),
    "step_g": Column(N_("Further weight"), ("续重", "续重单位", "stepweight", "additionalweight"), "weight"),
    "volume_divisor": Column(
        N_("Volume divisor"),
        ("抛比", "抛重比", "体积系数", "轻抛系数", "材积", "divisor", "volumetricdivisor"),
        "number",
    ),
    "most_g": Column(N_("Heaviest parcel"), ("最大重量", "限重", "重量上限", "maxweight"), "weight"),
    "free_from_minor": Column(
        N_("Free from"), ("免邮门槛", "包邮门槛", "满额免运", "freefrom", "freethreshold"), "money"
    ),
    "hours": Column(N_("Hours on the road"), ("时效", "小时", "时长", "hours", "transit"), "number"),
    "since_on": Column(N_("Holds from"), ("生效日", "生效日期", "开始日期", "validfrom", "since"), "day"),
    "until_on": Column(N_("Holds until"), ("失效日", "失效日期", "结束日期", "validto", "until"), "day"),
}


class SheetRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row below the header, as it stands there and as it was understood."""

    row_no: int
    cells: tuple[str, ...]
    carrier: str = ""
    fares: tuple[Fare, ...] = ()
    problem: Text | None = None


def proposed(header: Sequence[str]) -> dict[str, int]:
    """Say which column fills which field, by its name; of two called alike the first counts."""
    known = {plain(name): field for field, column in COLUMNS.items() for name in column.names}
    known |= {plain(field): field for field in COLUMNS}
    found: dict[str, int] = {}
    for at, name in enumerate(header):
        field = known.get(plain(_UNIT.sub("", name)))
        if field is not None:
            found.setdefault(field, at)
    return found


def plain(name: str) -> str:
    """Return a name so that spelling does not matter."""
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


def lacking(columns: Mapping[str, int]) -> tuple[str, ...]:
    """Return the titles of what no column says and every fare needs."""
    return tuple(
        known.title for field, known in COLUMNS.items() if known.is_required and field not in columns
    )


def read_sheet(
    header: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str]]],
    columns: Mapping[str, int],
    carriers: Mapping[str, Carrier],
    places: Places,
    carrier: str = "",
) -> tuple[SheetRow, ...]:
    """Read every row of a sheet, given with its number. `carrier`: whose table it is where no column says."""
    reader = _Reader(header, columns, carriers, places, carrier)
    return tuple(reader.row(row_no, tuple(cells)) for row_no, cells in rows if any(map(str.strip, cells)))


class _UnreadError(ValueError):
    """A cell that says nothing of its kind."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.message)
        self.text = text


class _Reader:
    def __init__(
        self,
        header: Sequence[str],
        columns: Mapping[str, int],
        carriers: Mapping[str, Carrier],
        places: Places,
        carrier: str,
    ) -> None:
        self.header, self.columns, self.carriers, self.places = header, columns, carriers, places
        self.carrier = carrier
        self.titled = {plain(one.title): code for code, one in carriers.items()}
        self.meant: dict[tuple[object, ...], int] = {}

    def row(self, row_no: int, cells: tuple[str, ...]) -> SheetRow:
        try:
            carrier, fares = self._read(row_no, cells)
        except _UnreadError as wrong:
            return SheetRow(row_no=row_no, cells=cells, problem=wrong.text)
        return SheetRow(row_no=row_no, cells=cells, carrier=carrier, fares=fares)

    def _read(self, row_no: int, cells: tuple[str, ...]) -> tuple[str, tuple[Fare, ...]]:
        carrier = self._carrier(self._cell("carrier", cells))
        zones = {zone.name for zone in carrier.zones}
        known: dict[str, Any] = {}
        for field, column in COLUMNS.items():
            text = self._cell(field, cells)
            if column.kind in ("place", "origin") or field == "carrier":
                continue
            if text:
                known[field] = self._value(field, column.kind, text, carrier.currency)
            elif column.is_required:
                raise _UnreadError(Text(N_("{column} is empty"), {"column": Text(column.title)}))
        origins = self._named("origin", cells, zones)
        fares = tuple(
            Fare(province=there, origin=here, **known)
            for here in origins
            for there in self._named("province", cells, zones)
        )
        begins, ends = known.get("since_on"), known.get("until_on")
        if begins is not None and ends is not None and ends < begins:
            raise _UnreadError(Text(N_("It ends before it begins")))
        for fare in fares:
            twin = self.meant.setdefault((carrier.code, *fare.meant), row_no)
            if twin != row_no:
                raise _UnreadError(Text(N_("Row {row} is for the same parcels"), {"row": twin}))
        return carrier.code, fares

    def _cell(self, field: str, cells: tuple[str, ...]) -> str:
        at = self.columns.get(field, -1)
        return cells[at].strip() if 0 <= at < len(cells) else ""

    def _carrier(self, text: str) -> Carrier:
        code = text if text in self.carriers else self.titled.get(plain(text), "") if text else self.carrier
        if code not in self.carriers:
            named = Text(N_("No carrier {carrier} is set up"), {"carrier": text[:SHOWN_MOST]})
            raise _UnreadError(named if text else Text(N_("It names no carrier")))
        return self.carriers[code]

    def _named(self, field: str, cells: tuple[str, ...], zones: set[str]) -> tuple[str, ...]:
        """Return the places a cell names; everywhere where it says so, or nothing of where it leaves."""
        text = self._cell(field, cells)
        if field == "origin" and not text:
            return ("",)
        named = []
        for name in filter(None, _PARTED.split(text)):
            full = "" if name.casefold() in _ELSEWHERE else name if name in zones else self.places(name)
            if not full and name.casefold() not in _ELSEWHERE:
                words = N_('"{place}" is no province, city or zone')
                raise _UnreadError(Text(words, {"place": name[:SHOWN_MOST]}))
            named.append(full)
        if not named:
            raise _UnreadError(Text(N_("{column} is empty"), {"column": Text(COLUMNS[field].title)}))
        return tuple(dict.fromkeys(named))

    def _value(self, field: str, kind: str, text: str, currency: str) -> Any:
        value: Any = text if len(text) <= SHOWN_MOST else None
        if kind == "money":
            value = read_money(text.removesuffix("元").strip(), currency)
        elif kind == "day":
            value = read_day(text)
        elif kind == "weight":
            value = read_grams(text, is_grams=bool(_GRAMS.search(self.header[self.columns[field]])))
        elif kind == "number":
            value = int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None
        if value is None:
            params: dict[str, str | int | Text] = {
                "column": Text(COLUMNS[field].title),
                "text": text[:SHOWN_MOST],
            }
            raise _UnreadError(Text(N_('{column}: "{text}" cannot be read'), params))
        return value


def read_grams(text: str, *, is_grams: bool = False) -> int | None:
    """Read 1, 0.5 kg, 500 g or 3公斤 as grams; a bare figure is kilograms unless its column says grams."""
    plain_text = unicodedata.normalize("NFKC", text).casefold().replace(" ", "")
    figure = plain_text.rstrip("kg公斤千克")
    unit = plain_text[len(figure) :]
    try:
        value = Decimal(figure) if figure.isascii() else None
    except InvalidOperation:
        return None
    if value is None or not value.is_finite() or unit not in ("", "kg", "公斤", "千克", "g", "克"):
        return None
    if not 0 <= value <= WEIGHT_MOST_G:
        return None
    grams = value if unit in ("g", "克") or (not unit and is_grams) else value * 1_000
    return int(grams) if grams == grams.to_integral_value() and grams <= WEIGHT_MOST_G else None


def read_day(text: str) -> date | None:
    """Read a day as people, or a spreadsheet, write it."""
    if text.isascii() and text.isdecimal() and len(text) == 5 and int(text) in _SERIALS:
        return _FIRST_DAY + timedelta(days=int(text))
    parts = re.split(r"[-/.年月]", text.split(" ", maxsplit=1)[0].removesuffix("日"))
    is_day = len(parts) == 3 and all(part.isascii() and part.isdecimal() for part in parts)
    return written_day("{}-{:0>2}-{:0>2}".format(*parts)) if is_day else None


def places_in(gazetteer: Gazetteer | None) -> Places:
    """Return who knows the full names of provinces and cities; without a gazetteer every name is taken."""
    if gazetteer is None:
        return lambda name: name
    known = gazetteer

    def full_name(name: str) -> str:
        paths = [known.path(meant.place) for meant in known.meaning(name) if known.today[meant.place]]
        best = min((path for path in paths if not path[2]), key=lambda path: path[1] != "", default=None)
        return (best[1] or best[0]) if best is not None else ""

    return full_name


def published(carrier: Carrier, rows: Iterable[SheetRow], *, keeps: bool) -> Carrier:
    """Return a carrier with the fares of a sheet: beside its own, or in the place of all of them.

    A fare of the sheet takes the place of one for the same parcels; new services are offered from now on.
    """
    fresh = [fare for row in rows if row.carrier == carrier.code for fare in row.fares]
    meant = {fare.meant for fare in fresh}
    kept = [fare for fare in carrier.fares if fare.meant not in meant] if keeps else []
    services = dict.fromkeys((*carrier.services, *(fare.service for fare in fresh if fare.service)))
    return msgspec.structs.replace(carrier, fares=(*kept, *fresh), services=tuple(services))
