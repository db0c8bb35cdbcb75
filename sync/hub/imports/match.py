"""Propose which column fills which field: by name, by what stands in it, by what was kept. Never over a hand.

Source: capabilities 9.5; channels.md 2.10.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import msgspec
from rapidfuzz import fuzz

from app.domain.company import Shop
from sync.hub.imports.plan import FIELDS, PARTS, Binding, Join, Plan
from sync.hub.imports.sheets import Sheet, plain_name
from sync.hub.imports.survey import Column, Survey

LIKELY = 90
"""How alike two names must be, of 100, to be taken for one."""
ALL_BUT_ONE_TENTH = 0.9
LEAST_WORDS = 0.5
"""Which share of a column's words must be known states, so that it holds states."""
_KEY = re.compile(r"(id|no|number|code|编号|编码|号)$")
TRUST = ("sure", "likely", "guess")


@dataclass(frozen=True, slots=True)
class Names:
    """The table of synonyms: plain names → fields, plain words → states."""

    fields: Mapping[str, tuple[str, ...]]
    states: Mapping[str, str]

    @property
    def known(self) -> frozenset[str]:
        """All plain names of columns."""
        return frozenset(self.fields)


def names_from(table: bytes) -> Names:
    """Read the table of synonyms; its order is the order of preference."""
    read = tomllib.loads(table.decode())
    fields: dict[str, list[str]] = {}
    for field, words in read["fields"].items():
        for word in words:
            fields.setdefault(plain_name(word), []).append(field)
    states = {plain_name(word): state for state, words in read["states"].items() for word in words}
    return Names({name: tuple(codes) for name, codes in fields.items()}, states)


class Guess(NamedTuple):
    """A column that may fill a field. `rank`: 0 sure, 1 likely, 2 guess."""

    field: str
    file: int
    column: str
    rank: int


def propose(sheets: Sequence[Sheet], surveys: Sequence[Survey], names: Names, shop: Shop | None) -> Plan:
    """Say how these files would be understood without anybody's help."""
    guesses = [guess for sheet in sheets for guess in _guesses(sheet, surveys[sheet.file], names)]
    main = _main(sheets, surveys, guesses)
    joins = _joins(sheets, surveys, main)
    lines = _lines(guesses, joins, main)
    bindings = _bind(guesses, joins, main, lines)
    plan = Plan(bindings=bindings, joins=joins, main=main, lines=lines)
    if shop is not None:
        plan = replaced(plan, currency=shop.currency, zone=shop.zone, country=shop.country)
    return finished(plan, surveys, names)


def replaced(plan: Plan, **changes: object) -> Plan:
    """Return the plan with some of it changed."""
    return msgspec.structs.replace(plan, **changes)


def finished(plan: Plan, surveys: Sequence[Survey], names: Names) -> Plan:
    """Fill in what follows from the bindings: how values are written, words of states, cancellations."""
    bindings = tuple(
        one if one.reading else replaced_binding(one, reading_of(one, surveys[one.file].columns[one.column]))
        for one in plan.bindings
        if one.column in surveys[one.file].columns
    )
    plan = replaced(plan, bindings=bindings)
    states, at = dict(plan.states), plan.binding("state")
    if at is not None:
        for word in surveys[at.file].columns[at.column].words:
            states.setdefault(word[:400], names.states.get(plain_name(word), ""))
    number = plan.binding("number")
    fill_down, cancels = plan.fill_down, plan.cancels
    if number is not None:
        survey = surveys[number.file]
        looked_at = max((column.filled for column in survey.columns.values()), default=0)
        filled = survey.columns[number.column].filled
        fill_down = fill_down or (plan.main == plan.lines and 0 < filled < 0.9 * looked_at)
        cancels = cancels or _cancels(plan, survey)
    return replaced(plan, states=states, fill_down=fill_down, cancels=cancels)


def replaced_binding(binding: Binding, reading: str) -> Binding:
    """Return a binding read another way."""
    return msgspec.structs.replace(binding, reading=reading)


def reading_of(binding: Binding, column: Column) -> str:
    """Say how a column's values are written; empty where only a person knows."""
    match FIELDS[binding.field].kind:
        case "time":
            return column.date_order
        case "money":
            return "minor" if re.search(r"[(（]\s*(分|cents?|fen)\s*[)）]", column.name) else column.decimal
        case "share":
            return "pct" if any(_figure(text) > 1 for text in column.samples) else "share"
    return ""


def _figure(text: str) -> float:
    try:
        return float(text.rstrip("% "))
    except ValueError:
        return 0.0


def _cancels(plan: Plan, survey: Survey) -> str:
    """Find the letters before numbers that take lines back, where quantities are negative."""
    qty, number = plan.binding("qty"), plan.binding("number")
    if qty is None or number is None or qty.file != number.file:
        return ""
    if not survey.columns[qty.column].negatives:
        return ""
    return survey.columns[number.column].lettered


# --- guesses ------------------------------------------------------------------------------------------


def _guesses(sheet: Sheet, survey: Survey, names: Names) -> list[Guess]:
    found = []
    for name in sheet.header:
        plain, column = plain_name(re.sub(r"[(（].*?[)）]", "", name) or name), survey.columns[name]
        fields, rank = names.fields.get(plain, ()), 0
        if not fields and len(plain) > 3:
            close = [n for n in names.fields if len(n) > 3 and fuzz.ratio(plain, n) >= LIKELY]
            fields, rank = tuple(code for n in close for code in names.fields[n]), 1
        least = ALL_BUT_ONE_TENTH if rank or len(fields) > 1 else 0.0
        found += [Guess(code, sheet.file, name, rank) for code in fields if _fits(code, column, names, least)]
    return found


def _fits(code: str, column: Column, names: Names, least: float) -> bool:
    """Tell whether what stands in a column can be such a field; an empty column contradicts nothing.

    A name that means one thing only needs a single cell to agree: the others are wrong, not the column.
    """
    if not column.filled:
        return True
    match FIELDS[code].kind:
        case "time":
            return column.dates > 0 and column.dates >= least * column.filled
        case "money" | "count":
            return column.figures > 0 and column.figures >= least * column.filled
        case "share":
            return column.figures > 0
        case "state":
            known = sum(plain_name(word) in names.states for word in column.words)
            return known >= LEAST_WORDS * len(column.words)
    is_words = code in {"province", "city", "country", "receiver", "title"}
    return not (is_words and column.figures >= ALL_BUT_ONE_TENTH * column.filled)


def _main(sheets: Sequence[Sheet], surveys: Sequence[Survey], guesses: Sequence[Guess]) -> int:
    """Find the file with the orders: it has numbers and times, and if there are several each number once."""

    def score(sheet: Sheet) -> tuple[bool, bool, int]:
        fields = {g.field: g.column for g in guesses if g.file == sheet.file}
        is_timed = "ordered_at" in fields or fields.keys() >= set(PARTS)
        number = fields.get("number", "")
        return (
            "number" in fields and is_timed,
            bool(number) and surveys[sheet.file].columns[number].is_unique,
            len(fields),
        )

    return max(sheets, key=score).file


def _joins(sheets: Sequence[Sheet], surveys: Sequence[Survey], main: int) -> tuple[Join, ...]:
    """Hang every file on the nearest one that has a key column of the same name."""
    hung, joins = [main], list[Join]()
    for near in hung:
        here = {plain_name(name): name for name in sheets[near].header}
        for sheet in sheets:
            if sheet.file in hung:
                continue
            shared = [name for name in sheet.header if (p := plain_name(name)) in here and _KEY.search(p)]
            if not shared:
                continue
            column = min(
                shared, key=lambda name: (not _is_key(sheet, surveys, name), sheet.header.index(name))
            )
            is_many = not surveys[sheet.file].columns[column].is_unique
            to_column = here[plain_name(column)]
            joins.append(Join(file=sheet.file, column=column, to=near, to_column=to_column, many=is_many))
            hung.append(sheet.file)
    return tuple(joins)


def _is_key(sheet: Sheet, surveys: Sequence[Survey], name: str) -> bool:
    return surveys[sheet.file].columns[name].is_unique


def _lines(guesses: Sequence[Guess], joins: Sequence[Join], main: int) -> int:
    """Find the file with a row for every line: several to an order, with articles and prices or counts."""
    goods = {"sku", "title", "qty", "price", "amount"}
    for join in joins:
        if join.many and join.to == main:
            has = {g.field for g in guesses if g.file == join.file}
            if len(has & goods) >= 2:
                return join.file
    return main


def _bind(guesses: Sequence[Guess], joins: Sequence[Join], main: int, lines: int) -> tuple[Binding, ...]:
    """Give each field the best column, and each column one field; nearer files first."""
    up = {join.file: join for join in joins}
    bound: dict[str, Guess] = {}
    taken: set[tuple[int, str]] = set()

    def distance(guess: Guess) -> int:
        home = lines if FIELDS[guess.field].of == "line" else main
        steps, here = 0, guess.file
        while here != home:
            join = up.get(here)
            if join is None or steps > len(up):
                return 99 if guess.file != main else 50
            is_sum = FIELDS[guess.field].kind == "money" and join.to == main
            if join.many and not (is_sum or here == lines):
                return 99
            steps, here = steps + 1, join.to
        return steps

    def order(guess: Guess) -> tuple[int, int, int]:
        return guess.rank, distance(guess), list(FIELDS).index(guess.field)

    for guess in sorted(guesses, key=order):
        if guess.field in bound or (guess.file, guess.column) in taken or distance(guess) >= 50:
            continue
        bound[guess.field] = guess
        taken.add((guess.file, guess.column))
    if "ordered_at" in bound:
        for part in (*PARTS, "ordered_time"):
            bound.pop(part, None)
    return tuple(
        Binding(field=code, file=g.file, column=g.column, trust=TRUST[g.rank])
        for code in FIELDS
        if (g := bound.get(code)) is not None
    )
