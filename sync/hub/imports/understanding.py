"""From files to a plan: what was kept, what a person said, what names and cells suggest, in this order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from app.domain.company import Shop
from app.imports import ColumnMatch, Join, Matching, Option, Target
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.imports.delivery import CHANNELS, channel_for, known_channel
from sync.hub.imports.match import Names, finished, propose
from sync.hub.imports.plan import FIELDS, PARTS, STATES, Binding, Plan
from sync.hub.imports.records import Kept
from sync.hub.imports.sheets import Sheet
from sync.hub.imports.survey import Survey

OPTIONS = ("option/state", "option/fill_down", "option/cancels", "option/currency", "option/zone")
"""What may be said of whole files, by the key it is said under."""
WORDS_MOST = 20
"""So many unknown words of states are asked about."""
ALL_STATES: dict[str, str] = STATES | {
    "on_hold": N_("Held by the shop"),
    "partly_shipped": N_("Partly shipped"),
    "delivered": N_("Delivered"),
    "cancelled": N_("Cancelled"),
    "closed_refunded": N_("Refunded and closed"),
}


@dataclass(frozen=True, slots=True)
class Understood:
    """A plan for files, and what it rests on."""

    plan: Plan
    kept: Kept | None
    said: Mapping[str, tuple[str, str]]
    """What a person said, by column."""


def key_of(file: int, column: str) -> str:
    """Name a column among all files."""
    return f"{file}/{column}"


def understand(
    sheets: Sequence[Sheet],
    surveys: Sequence[Survey],
    names: Names,
    shop: Shop | None,
    kept: Kept | None,
    manual: Mapping[str, tuple[str, str]],
) -> Understood:
    """Find the plan for these files; a column a person spoke about is decided by nothing else."""
    known = known_channel(sheets[0].header) if len(sheets) == 1 else None
    if known is not None and not manual:
        return Understood(Plan(reader=known.code), kept, manual)
    plan = propose(sheets, surveys, names, shop)
    if kept is not None:
        plan = _with_kept(plan, kept)
    plan = _with_manual(plan, manual, sheets)
    return Understood(finished(plan, surveys, names), kept, manual)


def _with_kept(plan: Plan, kept: Kept) -> Plan:
    """Take what was kept; a lost column's field may be proposed anew, but never over a kept one."""
    lost = set(kept.lost)
    held = [one for one in kept.plan.bindings if (one.file, one.column) not in lost]
    fields, columns = {one.field for one in held}, {(one.file, one.column) for one in held}
    gone = {one.field for one in kept.plan.bindings} - fields
    anew = [
        one for one in plan.bindings if one.field in gone and (one.file, one.column) not in columns
    ]  # fmt: skip
    return msgspec.structs.replace(kept.plan, bindings=_sorted([*held, *anew]))


def _with_manual(plan: Plan, manual: Mapping[str, tuple[str, str]], sheets: Sequence[Sheet]) -> Plan:
    bindings = list(plan.bindings)
    for sheet in sheets:
        for column in sheet.header:
            said = manual.get(key_of(sheet.file, column))
            if said is None:
                continue
            field, reading = said
            bindings = [
                one
                for one in bindings
                if (one.file, one.column) != (sheet.file, column) and one.field != field
            ]
            if field in FIELDS:
                bindings.append(Binding(field=field, file=sheet.file, column=column, reading=reading))
    changes: dict[str, object] = {"bindings": _sorted(bindings)}
    for option in OPTIONS:
        if option in manual:
            name, value = option.removeprefix("option/"), manual[option][0]
            changes[name] = value == "yes" if name == "fill_down" else value
    for key, (state, _) in manual.items():
        if key.startswith("state/"):
            plan = msgspec.structs.replace(plan, states=plan.states | {key.removeprefix("state/"): state})
    return msgspec.structs.replace(plan, **changes)


def _sorted(bindings: Sequence[Binding]) -> tuple[Binding, ...]:
    return tuple(sorted(bindings, key=lambda one: list(FIELDS).index(one.field)))


# --- as a desk shows it -------------------------------------------------------------------------------


def matching_of(understood: Understood, sheets: Sequence[Sheet], surveys: Sequence[Survey]) -> Matching:
    """Say which column fills which field, what is missing, and what only a person knows."""
    plan = understood.plan
    reader = CHANNELS.get(plan.reader)
    return Matching(
        title=reader.title if reader else "",
        is_kept=understood.kept is not None,
        targets=tuple(
            Target(
                code=field.code,
                title=field.title,
                is_required=field.code in ("number", "ordered_at"),
                readings=tuple(field.readings.items()),
            )
            for field in FIELDS.values()
        ),
        columns=tuple(
            [_column(sheet, name, surveys, understood) for sheet in sheets for name in sheet.header]
            + [_lost(file, name, sheets, understood) for file, name in _lost_of(understood)]
        ),
        missing=tuple(FIELDS[code].title for code in plan.missing()),
        joins=tuple(
            _partners(sheets[join.to], join.to_column, sheets[join.file], join.column) for join in plan.joins
        ),
        options=_options(plan),
        asks=asks_of(plan),
        plan=msgspec.json.encode(plan).decode(),
    )  # fmt: skip


def asks_of(plan: Plan) -> tuple[Text, ...]:
    """Return what has to be said before anything can start, a sentence each."""
    return tuple(
        Text(
            N_("{column}: day or month first? Its dates read both ways. Choose the order."),
            {"column": one.column},
        )
        for one in plan.unclear()
    )


def _lost_of(understood: Understood) -> tuple[tuple[int, str], ...]:
    """Return the columns a kept mapping misses and nobody replaced yet."""
    if understood.kept is None:
        return ()
    bound = {one.field for one in understood.plan.bindings}
    kept = {(one.file, one.column): one.field for one in understood.kept.plan.bindings}
    return tuple(one for one in understood.kept.lost if kept[one] not in bound)


def _column(sheet: Sheet, name: str, surveys: Sequence[Survey], understood: Understood) -> ColumnMatch:
    plan, key = understood.plan, key_of(sheet.file, name)
    bound = next((one for one in plan.bindings if (one.file, one.column) == (sheet.file, name)), None)
    why = None
    if bound is not None and FIELDS[bound.field].kind == "time" and not bound.reading:
        why = Text(N_("Day or month first? Its dates read both ways."))
    elif bound is not None and bound.field in PARTS:
        why = Text(N_("Read together with the other parts of the date"))
    is_said = key in understood.said
    return ColumnMatch(
        key=key,
        file=sheet.name,
        column=name,
        samples=tuple(text[:80] for text in surveys[sheet.file].columns[name].samples),
        field=bound.field if bound else "",
        reading=bound.reading if bound else "",
        trust="manual" if is_said else (bound.trust if bound else "none"),
        why=why,
    )


def _lost(file: int, name: str, sheets: Sequence[Sheet], understood: Understood) -> ColumnMatch:
    kept = understood.kept.plan.bindings if understood.kept else ()
    field = next((one.field for one in kept if (one.file, one.column) == (file, name)), "")
    return ColumnMatch(
        key=key_of(file, name), file=sheets[file].name, column=name, samples=(), field=field, is_lost=True
    )


def _partners(left: Sheet, left_column: str, right: Sheet, right_column: str) -> Join:
    """Count the rows of two files that have a partner in the other, and those that have none."""
    keys = {hash(row.cells[left_column]) for row in left.rows()}
    met, matched, alone = set[int](), 0, 0
    for row in right.rows():
        key = hash(row.cells[right_column])
        is_met = key in keys
        matched, alone = matched + is_met, alone + (not is_met)
        if is_met:
            met.add(key)
    left_alone = sum(hash(row.cells[left_column]) not in met for row in left.rows())
    return Join(
        left=left.name, right=right.name, keys=(left_column, right_column), matched=matched,
        left_alone=left_alone, right_alone=alone,
    )  # fmt: skip


def _options(plan: Plan) -> tuple[Option, ...]:
    if plan.reader:
        return ()
    unknown = [word for word, state in plan.states.items() if not state]
    yes_no = (("yes", N_("Yes")), ("no", N_("No")))
    fill = "yes" if plan.fill_down else "no"
    return (
        Option(code=OPTIONS[0], title=N_("Orders without a state are"), value=plan.state,
               choices=tuple(STATES.items())),
        Option(code=OPTIONS[1], title=N_("Order columns only in its first row"), value=fill, choices=yes_no),
        Option(code=OPTIONS[2], title=N_("Numbers that cancel begin with"), value=plan.cancels),
        Option(code=OPTIONS[3], title=N_("Currency of a new shop"), value=plan.currency),
        Option(code=OPTIONS[4], title=N_("Time zone of a new shop"), value=plan.zone),
        *(Option(code=f"state/{word}", title=word, value="", choices=tuple(ALL_STATES.items()))
          for word in unknown[:WORDS_MOST]),
    )  # fmt: skip


def checked(plan: Plan, sheets: Sequence[Sheet]) -> Plan:
    """Return a plan from outside, if it can be used on these files.

    Raises:
        Trouble: mapping | unclear; the hint says what is missing.
    """
    try:
        plan = msgspec.convert(msgspec.to_builtins(plan), Plan)
        ZoneInfo(plan.zone)
    except (msgspec.ValidationError, ZoneInfoNotFoundError, ValueError) as fault:
        raise Trouble(
            "mapping", Text(N_("Currency, country or time zone is not one. Correct the mapping."))
        ) from fault
    if plan.reader:
        channel_for(sheets[0].header, plan.reader)
        return plan
    here = {(sheet.file, name) for sheet in sheets for name in sheet.header}
    used = [(one.file, one.column) for one in plan.bindings]
    used += [(one.file, one.column) for one in plan.joins] + [(one.to, one.to_column) for one in plan.joins]
    if lost := sorted({column for file, column in used if (file, column) not in here}):
        raise Trouble("headers", Text(N_("The file lacks the columns {names}."), {"names": ", ".join(lost)}))
    readings = all(
        one.field in FIELDS and (not one.reading or one.reading in FIELDS[one.field].readings)
        for one in plan.bindings
    )
    words = {*plan.states.values(), plan.state}
    if not readings or not words <= {*ALL_STATES, ""} or max(plan.main, plan.lines) >= len(sheets):
        raise Trouble("mapping", Text(N_("The mapping names something that does not exist. Choose again.")))
    if plan.missing():
        names = ", ".join(sheet_name for sheet in sheets for sheet_name in sheet.header)[:300]
        raise Trouble("mapping", Text(N_("No known shop exports these columns: {names}."), {"names": names}))
    if asks := asks_of(plan):
        raise Trouble("unclear", asks[0])
    return plan
