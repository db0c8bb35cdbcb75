"""Refunds read of records: of a list of refunds, of a message, or of the order that names them itself.

Each line that is paid back is a case of its own, and the same refund is called the same wherever it is read.
Source: channels.md section 0 (refund is a line fact) and 1.2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from app.domain.told import CaseKind, CaseState, ChannelCase
from app.text import N_, Text
from sync.channel import Unreadable, check_code
from sync.manifest.map_block import CaseMap, Value
from sync.manifest.paths import get
from sync.manifest.values import Terms, read, version

MOST_CASES = 500
"""Of one record: more than anybody pays back of one order."""


def case_state(code: str) -> CaseState:
    """Return the state of a refund; one nobody knows is unknown, and asked about."""
    return CaseState(code) if code in CaseState._value2member_map_ else CaseState.UNKNOWN


def case_kind(code: str) -> CaseKind:
    """Return what is asked for; one nobody knows is unknown."""
    return CaseKind(code) if code in CaseKind._value2member_map_ else CaseKind.UNKNOWN


def read_fields(
    fields: Mapping[str, Value], record: Any, terms: Terms, without: Iterable[str] = ()
) -> tuple[dict[str, Any], Terms]:
    """Read the fields of a record, its amounts in the currency it names itself.

    Raises:
        Unreadable: a field is not what the manifest says.
    """
    named = fields.get("currency")
    if named is not None:
        currency = str(read("currency", named, record, Terms("decimal", terms.currency, "UTC")) or "")
        terms = terms._replace(currency=currency[:3] or terms.currency)
    left_out = {"currency", *without}
    return {
        name: read(name, one, record, terms) for name, one in fields.items() if name not in left_out
    }, terms


def cases_in(block: CaseMap, record: Any, terms: Terms) -> list[ChannelCase]:
    """Return what one record says: of itself, where it has a number, and of each of its lines.

    Raises:
        Unreadable: a field is not what the manifest says.
    """
    if block.money is not None:
        terms = terms._replace(unit=block.money.type)
    # Of which order it is stands for itself: inside an order there is nothing to name.
    found, terms = read_fields(block.fields, record, terms, ("order", "order_link"))
    lines = list(_listed(block.lines, record))
    has_own = bool(lines) and "id" in block.line
    told = [_case(found, terms)] if found.get("id") and not has_own else []
    of_one = found if len(lines) == 1 else found | {"amount": None, "qty": None}
    for line in lines:
        own, its = read_fields(block.line, line, terms)
        told.append(_case(of_one | {name: one for name, one in own.items() if one not in (None, 0)}, its))
    return told


def _listed(paths: tuple[str, ...], record: Any) -> Iterator[Any]:
    """Return the lines a record lists, at the first of the paths where any stand."""
    for path in paths:
        found = get(record, path)
        if isinstance(found, list) and found:
            yield from found[:MOST_CASES]
            return


def _case(found: Mapping[str, Any], terms: Terms) -> ChannelCase:
    name = check_code(name_of(_text(found, "id")), "id")
    if not name:
        raise Unreadable(Text(N_("No {column}. Fill it in."), {"column": "id"}))
    return ChannelCase(
        id=name,
        kind=case_kind(_text(found, "kind")),
        state=case_state(_text(found, "state")),
        version=version(found.get("version"), terms),
        line=_text(found, "line").rpartition("/")[2],
        qty=found.get("qty") or 0,
        amount_minor=max(0, found.get("amount") or found.get("amount_of_service") or 0),
    )


def _text(found: Mapping[str, Any], name: str) -> str:
    return str(found.get(name) or "")


def name_of(id: str) -> str:
    """Return how a case is called; where that is an address, what it is and its number there."""
    return "-".join(id.split("/")[-2:]) if "://" in id else id


def gathered(told: Iterable[ChannelCase]) -> tuple[ChannelCase, ...]:
    """Bring together what says the same: a refund of several lines is a case of each of them.

    The first line keeps the number of the refund, so that who tells of it without its lines means it, too.
    What speaks of the refund as a whole says how it stands, its lines say what of it is theirs.
    """
    found: list[ChannelCase] = []
    by_id: dict[str, list[ChannelCase]] = {}
    for case in told:
        by_id.setdefault(case.id, []).append(case)
    for number, same in by_id.items():
        whole = next((case for case in same if not case.line), None)
        lines: dict[str, ChannelCase] = {}
        for case in same:
            if case.line:
                lines[case.line] = _added(lines.get(case.line), case)
        if whole is not None and not lines:
            found.append(whole)
        for nth, line in enumerate(sorted(lines)):
            case = lines[line]
            if whole is not None:
                case = msgspec.structs.replace(case, state=whole.state, version=whole.version or case.version)
            name = check_code(f"{number}.{line}", "id") if nth else number
            found.append(msgspec.structs.replace(case, id=name))
    return tuple(found)


def paid_back(told: Iterable[ChannelCase]) -> int:
    """Return how much went back: of each refund what it says of itself or of its lines, whichever is more.

    Units: minor.
    """
    lines: Counter[str] = Counter()
    whole: dict[str, ChannelCase] = {}
    for case in told:
        if not case.line:
            whole[case.id] = case
        elif case.state is CaseState.REFUNDED:
            lines[case.id] += case.amount_minor
    for name, case in whole.items():
        lines[name] = max(lines[name], case.amount_minor) if case.state is CaseState.REFUNDED else 0
    return lines.total()


def _added(known: ChannelCase | None, case: ChannelCase) -> ChannelCase:
    if known is None:
        return case
    return msgspec.structs.replace(
        known, qty=known.qty + case.qty, amount_minor=known.amount_minor + case.amount_minor
    )
