"""An exception laid out for the screen: of an order, of a delivery, or of a command that was refused."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import msgspec

from app.beside import beside
from app.compare import SideRow
from app.desk import Act, Desk, zone_of
from app.domain.drift import KIND as DRIFT
from app.domain.drift import shelf_of_case
from app.domain.values import snag_key, stock_key
from app.duty_acts import acts_of
from app.engine import spec_of
from app.guides import FORMS
from app.kinds import kind_of
from app.once_more import form_of, sides_of
from app.ports import Again, Views
from app.preview import preview
from app.shelf_preview import repaired_shelf
from app.snag import CaseRepair, Kind
from app.snag_card import Card, Row, card_of, duty_of, past_of, taken_by
from app.text import N_, Text

SHOW = "show_text"
"""The key that shows what came, as it came."""


async def lay_out(desk: Desk, row: Row, chosen: Mapping[str, str]) -> Card:
    """Return the card of a row; `chosen` is which side of which part was taken of a refused change."""
    found = await desk.look(Views.order, row.snag.id, desk.login) if row.snag.subject == "order" else None
    if found is None:
        return await _case(desk, row, kind_of(row.snag.kind), chosen)
    order, facts = found
    kind = kind_of(row.snag.kind, facts.refs.snag_rules)
    history = await desk.look(Views.history, order.id)
    commands = [repair.build(order, facts) for repair in kind.repairs]
    tried = [
        await desk.look(Views.facts, command, desk.login) if command is not None else None
        for command in commands
    ]
    shown = [
        preview(command, order, known) if command is not None and known is not None else None
        for command, known in zip(commands, tried, strict=True)
    ]
    taken = taken_by(row.snag, desk.login)
    offs = [taken or (desk.off(spec_of(c).code) if c is not None else None) for c in commands]
    more, is_masked = acts_of(row.snag, desk.login, desk), not desk.reads_people()
    past = await past_of(desk, kind, order, facts)
    card = card_of(row, kind, order, facts, shown, offs, tuple(history), desk.may, more=more, past=past)
    near = beside(order, facts, kind.code, card.zone, is_masked=is_masked)
    given = {r.code: c for r, c in zip(kind.repairs, commands, strict=True) if c is not None}
    rows = [known.rows for known in (facts, *tried) if known is not None]
    stands_on = frozenset(itertools.chain.from_iterable(rows))
    return msgspec.structs.replace(card, beside=near, commands=given, stands_on=stands_on)


async def _case(desk: Desk, row: Row, kind: Kind, chosen: Mapping[str, str]) -> Card:
    """A delivery, or a command of this desk that was refused: what was asked, and how to go on."""
    case = await desk.look(Views.case, row.snag.id)
    again = await desk.look(Views.again, row.snag.id)
    place, sku = shelf_of_case(row.snag.id)
    own = [stock_key(place, sku)] if sku else []
    facts = await desk.look(Views.known, frozenset({snag_key(row.snag.id), *own}), desk.login)
    kept = facts.case(row.snag.id)
    stock = facts.stock(place, sku) if kept is not None and sku else None
    sides: tuple[SideRow, ...] = ()
    if again is not None and again.order is not None and again.parts:
        zone = zone_of(facts.refs, again.order.shop)
        sides = sides_of(again, dict(chosen), zone, is_masked=not desk.reads_people())
    acts = _case_acts(row, kind, again, sides, desk)
    return Card(
        row=row,
        consequence=kind.hint,
        preview=repaired_shelf(stock, row.snag.text.params) if stock is not None else None,
        detail=case[1] if case else None,
        acts=(*acts, *acts_of(row.snag, desk.login, desk)) if kept is not None else acts,
        why=tuple((r.label, r.why) for r in _helping(row, kind) if r.why),
        sides=sides,
        order=again.order.id if again is not None and again.order is not None else "",
        shelf=kept.subject_id if kept is not None and kind.code == DRIFT else "",
        form=next((act.form for act in acts if act.form), ""),
        zone=zone_of(facts.refs),
        duty=duty_of(row, kept.snag if kept is not None else None, "", facts, is_order=False),
    )


def _helping(row: Row, kind: Kind) -> list[CaseRepair]:
    """Return the repairs that can do something about this case."""
    case = row.snag.id
    return [one for one in kind.case_repairs if one.build(case) is not None or one.opens(case)]


def _key(repair: CaseRepair, row: Row, taken: Text | None, desk: Desk) -> Act:
    """Give a repair its key; a screen opens for whoever may work there."""
    screen = repair.opens(row.snag.id)
    off = taken
    if screen and not desk.may(screen):
        off = Text(N_("Needs the right to import files. Ask a lead."))
    return Act(
        code=repair.code, label=repair.label, key="", is_ready=off is None, reason=off, screen=screen
    )  # fmt: skip


def _case_acts(
    row: Row, kind: Kind, again: Again | None, sides: tuple[SideRow, ...], desk: Desk
) -> tuple[Act, ...]:
    """Say how a case goes on: choose a side, do it again, type something else, or let it go."""
    acts: list[Act] = []
    taken = taken_by(row.snag, desk.login)
    off = taken or (desk.off(spec_of(again.command).code) if again is not None else None)
    if any(side.is_disputed for side in sides):
        acts.append(Act(code="mine", label=N_("Keep mine"), key="1", is_ready=off is None, reason=off))
        acts.append(
            Act(code="theirs", label=N_("Keep theirs"), key="2", is_ready=taken is None, reason=taken)
        )
    elif again is not None:
        acts.append(Act(code="again", label=N_("Do it again"), key="1", is_ready=off is None, reason=off))
    if again is not None and (form := form_of(again)):
        acts.append(Act(code="guide", label=N_("Type another"), key="Enter", form=form))
    first = len([act for act in acts if act.key.isdigit()]) + 1
    keys = [_key(repair, row, taken, desk) for repair in _helping(row, kind)]
    if kind.shows_raw:
        keys.insert(1, Act(code=SHOW, label=N_("Show text"), key=""))
    acts += [msgspec.structs.replace(key, key=str(i)) for i, key in enumerate(keys, first)]
    if again is None and kind.form and desk.may(FORMS[kind.form].grant):
        acts.append(Act(code="guide", label=FORMS[kind.form].label, key="Enter", form=kind.form))
    ready = next((i for i, act in enumerate(acts) if act.is_ready), None)
    if ready is not None:
        acts[ready] = msgspec.structs.replace(acts[ready], kind="primary")
    return tuple(acts)
