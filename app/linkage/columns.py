"""What the columns of a table hold, and each value in the form in which values are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from app.domain.address_key import plain_street

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

LOOKED_AT = 3000
"""So many values tell what a column holds."""


class Kind(StrEnum):
    """What a column holds, and so how its values are compared."""

    NUMBER = "number"
    """Digits that name something: a phone, a postcode, a date, a tax number."""
    CODE = "code"
    """Letters and digits that name something."""
    AMOUNT = "amount"
    WORD = "word"
    """A name of one or two words."""
    TEXT = "text"
    ADDRESS = "address"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Words:
    """The distinct words of the values of a column, as one long row cut into pieces.

    `weight` is how much a word says (its rarity, in bits); `figure` marks house numbers and sizes.
    """

    of: Whole
    start: Whole
    count: Whole
    rows: Whole
    """How many rows have it, by word."""
    weight: Real
    figure: NDArray[np.bool_]
    total: Real
    """What all words of a value say, by value."""
    first_figure: Whole
    """By value; -1 without one."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `of` is the place of each row's value in `values`, -1 where there is none."""

    name: str
    kind: Kind
    of: Whole
    values: tuple[str, ...]
    rows: Whole
    """How many rows have it, by value."""
    words: Words | None

    @property
    def filled(self) -> int:
        return int(self.rows.sum())


def column(name: str, cells: Sequence[str], kind: Kind | None = None) -> Column:
    """Prepare one column; its kind is found out unless it is given."""
    kind = kind or kind_of(name, cells)
    forms: dict[str, str] = {}
    places: dict[str, int] = {}
    of = np.full(len(cells), -1, np.int64)
    for row, cell in enumerate(cells):
        form = forms.get(cell)
        if form is None:
            form = forms[cell] = normal(cell, kind)
        if form:
            of[row] = places.setdefault(form, len(places))
    values = tuple(places)
    rows = np.bincount(of[of >= 0], minlength=len(values)).astype(np.int64)
    words = _words(values, rows, kind) if kind in (Kind.TEXT, Kind.ADDRESS) else None
    return Column(name, kind, of, values, rows, words)


def kind_of(name: str, cells: Iterable[str]) -> Kind:
    """Tell what a column holds by its values; its name decides only between text and address."""
    found: list[str] = []
    for cell in cells:
        if plain := _folded(cell):
            found.append(plain)
        if len(found) == LOOKED_AT:
            break
    if not found:
        return Kind.EMPTY
    count = len(found)
    if _share(_AMOUNT, found) > 0.9 and _share(_FRACTION, found) > 0.3:
        return Kind.AMOUNT
    if _share(_DIGITS, found) > 0.9:
        return Kind.NUMBER
    size = sum(len(_split(one)) for one in found) / count
    figures = _share(_HAS_FIGURE, found)
    if size >= 2.5 and _share(_IN_ONE, found) < 0.9:
        leads = _share(_LEADS, found) + _share(_DOOR, found)
        is_place = leads > 0.5 or (figures > 0.5 and _PLACE.search(name.casefold()) is not None)
        return Kind.ADDRESS if is_place else Kind.TEXT
    return Kind.CODE if figures > 0.7 else Kind.WORD


def is_identifier(column: Column) -> bool:
    """Tell a column that only numbers the rows: no value comes twice, and each is one word of its own."""
    if column.kind not in (Kind.NUMBER, Kind.CODE) or column.filled < len(column.of):
        return False
    return len(column.values) == len(column.of)


def normal(cell: str, kind: Kind) -> str:
    """Return a value so that ways of writing it do not matter."""
    folded = _folded(cell)
    match kind:
        case Kind.NUMBER:
            kept = _NO_DIGIT.sub("", folded)
            return _ABROAD.sub("", kept) if len(kept) > 11 else kept
        case Kind.CODE:
            return _NO_CODE.sub("", folded)
        case Kind.AMOUNT:
            kept = _NO_AMOUNT.sub("", folded)
            try:
                return f"{float(kept):.2f}" if kept else ""
            except ValueError:
                return ""
        case Kind.ADDRESS:
            plain = plain_street(folded) if _HAN.search(folded) else folded
            return " ".join(_SHORT.get(word, word) for word in _split(plain))
        case _:
            joined = _HYPHEN.sub("", folded) if kind is Kind.TEXT else folded
            return " ".join(_SAME.get(word, word) for word in _split(joined))


def spread(start: Whole, count: Whole, chosen: Whole) -> tuple[Whole, Whole]:
    """Return for pieces of one long row: the chosen one each element belongs to, and its place in the row."""
    sizes = count[chosen]
    owner = np.repeat(np.arange(len(chosen)), sizes)
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return owner, np.repeat(start[chosen], sizes) + within


def _words(values: tuple[str, ...], rows: Whole, kind: Kind) -> Words:
    places: dict[str, int] = {}
    pieces = [sorted({places.setdefault(word, len(places)) for word in value.split()}) for value in values]
    count = np.array([len(piece) for piece in pieces], np.int64)
    start = np.cumsum(count) - count
    of = np.array([word for piece in pieces for word in piece], np.int64)
    seen = np.bincount(of, np.repeat(rows, count).astype(float), len(places)).astype(np.int64)
    weight = np.log2((int(rows.sum()) + 1) / np.maximum(seen, 1))
    is_mark = is_figure if kind is Kind.ADDRESS else is_model
    figure = np.array([is_mark(word) for word in places], np.bool_)
    total = np.bincount(np.repeat(np.arange(len(values)), count), weight[of], len(values)).astype(np.float64)
    first = np.array([_first_figure(value) for value in values], np.int64)
    return Words(of, start, count, seen, weight, figure, total, first)


def is_figure(word: str) -> bool:
    """Tell a house number or a size from a word; 79th is the name of a street."""
    return word[0].isdigit() and _ORDINAL.fullmatch(word) is None


def is_model(word: str) -> bool:
    """Tell the mark of a model, EZXS88W or 12500, from a word and from a small number."""
    return len(word) >= 4 and any(sign.isdigit() for sign in word) and _ORDINAL.fullmatch(word) is None


def _first_figure(value: str) -> int:
    for word in value.split():
        if is_figure(word) and (digits := _LEADING_DIGITS.match(word)):
            return int(digits[0][:9])
    return -1


def _folded(cell: str) -> str:
    return unicodedata.normalize("NFKC", cell).casefold().replace("'", "").replace("’", "").strip()


def _split(text: str) -> list[str]:
    """Cut into words; Chinese, which puts nothing between them, into pairs of characters."""
    found: list[str] = []
    for word in _WORD.findall(text):
        if word[0] < "\u3400" or len(word) <= 2:
            found.append(word)
        else:
            found += [word[i : i + 2] for i in range(len(word) - 1)]
    return found


def _share(pattern: re.Pattern[str], values: Sequence[str]) -> float:
    return sum(pattern.search(value) is not None for value in values) / len(values)


def _table(text: str) -> dict[str, str]:
    return {long: short for line in text.split(";") for *longs, short in [line.split()] for long in longs}


_WORD = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+|&")
_IN_ONE = re.compile(r"^[^\s\u3400-\u9fff]+$")
_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z]*\d)|(?<=\d)-(?=[a-z]+\b)")
"""Inside the mark of a model: DVD-LS83 is DVDLS83."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")
_LEADING_DIGITS = re.compile(r"\d+")
_DIGITS = re.compile(r"^[\d*\s()+./:-]*\d[\d*\s()+./:-]*$")
_AMOUNT = re.compile(r"^[¥$€£]?\s*-?[\d,]*\d(?:\.\d+)?\s*(?:[¥$€£元]|[a-z]{3})?$")
_FRACTION = re.compile(r"\d\.\d|[¥$€£元]")
_HAS_FIGURE = re.compile(r"\d")
_LEADS = re.compile(r"^\d+[a-z]?[\s-]")
_DOOR = re.compile(r"[路街道巷弄村镇乡].*\d|\d+[号弄栋幢室]")
_PLACE = re.compile(r"addr|street|地址|住址|街道")
_NO_DIGIT = re.compile(r"[^\d*]")
_ABROAD = re.compile(r"^(?:00)?86")
_NO_CODE = re.compile(r"[\W_]")
_NO_AMOUNT = re.compile(r"[^\d.-]")
_SAME = _table("and &")
_SHORT = _SAME | _table(
    "street str st;avenue av ave;road rd;boulevard blvd;drive dr;lane ln;court ct;place pl;square sq;"
    "parkway pkwy;highway hwy;terrace ter;crescent cres;circuit cct;close cl;north n;south s;east e;west w;"
    "northeast ne;northwest nw;southeast se;southwest sw;saint st;suite ste;floor fl;building bldg;"
    "apartment apt;mount mt;first 1st;second 2nd;third 3rd;fourth 4th;fifth 5th;sixth 6th;seventh 7th;"
    "eighth 8th;ninth 9th;tenth 10th"
)
"""As post offices of English-speaking countries shorten the words of an address."""
