"""What a command would do, shown before it is given: fields before and after, and what else moves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from app import engine
from app.address_fields import address_fields
from app.carrying import hours_of
from app.choosing import decided
from app.command import Command, Facts, Refusal
from app.delivery import parcel_said
from app.desk import Desk
from app.domain.aftersale import KIND_TITLES, STATE_TITLES, ReturnCase
from app.domain.agreement import clock_of
from app.domain.company import Customer, day_at
from app.domain.event import listed
from app.domain.message import message_in
from app.domain.money import shown
from app.domain.order import TITLES, Order, Status
from app.domain.pricing import difference_said
from app.domain.refund import refunded_minor
from app.domain.said_time import day_said
from app.domain.stock import Stock
from app.domain.terms import terms_changed
from app.domain.values import Key, order_key
from app.domain.visit import PART_TITLES
from app.engine import GATES
from app.gate import State
from app.line_fields import line_fields
from app.ports import Views
from app.profiles import rules_for
from app.text import N_, Text


class DiffRow(msgspec.Struct, frozen=True, kw_only=True):
    """One field; `state`: kept | added | replaced | doubtful. `label` and `verdict` are words."""

    label: str
    before: str
    after: str
    state: str
    verdict: Text | None = None
    is_words: bool = False
    """Before and after are words to translate, not somebody's own."""

    @property
    def is_changed(self) -> bool:
        """Tell whether the field is another one afterwards; one that stays may be kept, or doubted."""
        return self.state in ("added", "replaced")


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the effect strip: order, stock, freight, delivery."""

    label: str
    text: Text


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """Before and after of one command; `refusal` when it cannot be given now."""

    rows: tuple[DiffRow, ...] = ()
    effects: tuple[Effect, ...] = ()
    changed: int = 0
    cures: tuple[str, ...] = ()
    """Kinds of snags that would close."""
    refusal: Refusal | None = None


def preview(command: Command, order: Order | None, facts: Facts) -> Preview:
    """Run `command` on a copy and compare: its order in full, whatever else it moves in a line each.

    Without an order it is about stock, or an order begins with it. Nothing is kept.
    """
    trial = Facts(facts.rows, facts.refs, facts.by, facts.now, at_hub=False)
    outcome = engine.apply(command, trial)
    if isinstance(outcome, Refusal):
        return Preview(refusal=outcome)
    made = next((row for row in trial.changed.values() if isinstance(row, Order)), None)
    after = made if order is None else trial.changed.get(order_key(order.id), order)
    rows = _others(order.id if order is not None else "", trial)
    cures: tuple[str, ...] = ()
    if order is not None and after is not None:
        rows = (*_rows(order, after, facts), *rows)
        cures = tuple(snag.kind for snag in order.snags if after.snag(snag.kind) is None)
    changed = sum(1 for row in rows if row.is_changed)
    after = goes_on(after, trial)
    effects = _effects(order, after, trial, changed) if after is not None else ()
    return Preview(rows=rows, effects=effects, changed=changed, cures=cures)


def goes_on(order: Order | None, facts: Facts) -> Order | None:
    """Return the order itself, or the first that goes on in its place once it is merged or split."""
    if order is None or not order.replaced_by:
        return order
    return facts.order(order.replaced_by[0]) or order


async def previewed(desk: Desk, command: Command, order: Order) -> Preview:
    """Preview with the rows `command` points to: another article, another warehouse."""
    return preview(command, order, await desk.look(Views.facts, command, desk.login))


def _others(id: str, trial: Facts) -> tuple[DiffRow, ...]:
    """Say what becomes of other orders and of the pieces on the shelves."""
    rows = []
    for key, after in sorted(trial.changed.items(), key=_as_read):
        before = trial.rows.get(key)
        if isinstance(after, Order) and after.id != id:
            was = _order_words(before) if isinstance(before, Order) else ""
            now = _order_words(after)
            if was != now:
                rows.append(DiffRow(label=N_("Order"), before=was, after=now, state=_state(was, now)))
        elif isinstance(after, Customer):
            was_agreed = before if isinstance(before, Customer) else after
            for label, was, now in terms_changed(was_agreed, after):
                rows.append(DiffRow(label=label, before=was, after=now, state="replaced"))
        elif isinstance(after, Stock):
            was_here = before.on_hand if isinstance(before, Stock) else 0
            if was_here != after.on_hand:
                place = f"{after.sku} {trial.refs.called('warehouse', after.warehouse)}"
                was, now = (f"{place} {pieces}" for pieces in (was_here, after.on_hand))
                rows.append(DiffRow(label=N_("On hand"), before=was, after=now, state="replaced"))
    return tuple(rows)


def _as_read(change: tuple[Key, Any]) -> tuple[str, str]:
    """Order changed rows as one reads them: orders by number, not by id."""
    (table, pk), row = change
    return table, row.number if isinstance(row, Order) else pk


def _order_words(order: Order) -> str:
    """An order in figures that need no translation: number, pieces, money."""
    pieces = sum(line.qty for line in order.lines)
    return f"{order.number} × {pieces} · {shown(order.payable_minor, order.currency)}"


def _rows(before: Order, after: Order, facts: Facts) -> tuple[DiffRow, ...]:
    rows: list[DiffRow] = []
    if (before.region, before.receiver) != (after.region, after.receiver) or before.snag("address_invalid"):
        rows += [
            DiffRow(
                label=field.label,
                before=field.before,
                after=field.after,
                state="doubtful" if field.is_doubtful else _state(field.before, field.after),
                verdict=field.reason,
                is_words=field.is_words,
            )
            for field in address_fields(before, after, facts)
        ]
    rows += [
        DiffRow(label=label, before=was, after=now, state="added" if not was else "replaced")
        for label, was, now in line_fields(before, after, facts)
    ]
    rows += _money_rows(before, after)
    rows += _return_rows(before, after)
    rows += _paper_rows(before, after, facts)
    rows += _carriage_rows(before, after, facts)
    if before.warehouse and after.warehouse and before.warehouse != after.warehouse:
        was, now = (facts.refs.called("warehouse", one.warehouse) for one in (before, after))
        verdict = after.sourced.difference if after.sourced is not None else None
        rows.append(DiffRow(label=N_("Warehouse"), before=was, after=now, state="replaced", verdict=verdict))
    rows += [
        DiffRow(label=N_("To buyer"), before="", after=message.words, state="added")
        for message in after.messages
        if message_in(before.messages, message.key) is None
    ]
    if before.status is not after.status and not rows:
        was, now = TITLES[before.status], TITLES[after.status]
        rows.append(DiffRow(label=N_("State"), before=was, after=now, state="replaced", is_words=True))
    was, now = (day_at(facts.shop_of(one), one.pause.until if one.pause else None) for one in (before, after))
    if was != now:
        rows.append(DiffRow(label=N_("Goes on at"), before=was, after=now, state=_state(was, now)))
    return tuple(rows)


def _money_rows(before: Order, after: Order) -> list[DiffRow]:
    fields = (
        (N_("To pay"), before.payable_minor, after.payable_minor),
        (N_("Paid"), before.paid_minor, after.paid_minor),
        (N_("Refunded"), before.refunded_minor, after.refunded_minor),
    )
    return [
        DiffRow(
            label=label,
            before=shown(was, before.currency),
            after=shown(now, after.currency),
            state="replaced",
        )
        for label, was, now in fields
        if was != now
    ]


def _carriage_rows(before: Order, after: Order, facts: Facts) -> list[DiffRow]:
    """Say who takes it and what that costs, where either changes."""
    said = []
    for carriage in (before.carriage, after.carriage):
        name = facts.refs.called("carrier", carriage.carrier) if carriage is not None else ""
        cost = shown(carriage.cost_minor, carriage.currency) if carriage is not None else ""
        said.append((name, cost))
    (was, was_cost), (now, now_cost) = said
    fields = ((N_("Carrier"), was, now), (N_("Freight"), was_cost, now_cost))
    return [
        DiffRow(label=label, before=old, after=new, state=_state(old, new))
        for label, old, new in (*fields, *_service_fields(before, after, facts))
        if old != new
    ]


def _service_fields(before: Order, after: Order, facts: Facts) -> tuple[tuple[str, str, str], ...]:
    """Say how it is carried and how long that takes, where both ways are known."""
    was, now = before.carriage, after.carriage
    if was is None or now is None:
        return ()
    hours = hours_of(was, before, facts), hours_of(now, after, facts)
    services = (N_("Service"), was.service, now.service)
    if not all(hours):
        return (services,)
    return (services, (N_("Hours on the road"), str(hours[0]), str(hours[1])))


def _return_rows(before: Order, after: Order) -> list[DiffRow]:
    """Say how each after-sales case moves on, and what it gives back."""
    rows = []
    known = {case.id: case for case in before.returns}
    for case in after.returns:
        was = known.get(case.id)
        if was == case:
            continue
        label = KIND_TITLES[case.kind]
        if was is None:
            rows.append(DiffRow(label=label, before="", after=_asked(case, after), state="added"))
        elif was.state is not case.state:
            rows.append(
                DiffRow(
                    label=label,
                    before=STATE_TITLES[was.state],
                    after=STATE_TITLES[case.state],
                    state="replaced",
                    is_words=True,
                )
            )
        money = [shown(one.refunded_minor if one else 0, after.currency) for one in (was, case)]
        if money[0] != money[1]:
            rows.append(DiffRow(label=N_("Refunded"), before=money[0], after=money[1], state="replaced"))
    return rows


def _paper_rows(before: Order, after: Order, facts: Facts) -> list[DiffRow]:
    """Say whom an invoice is made out to, and who comes when."""
    both, visits, part = (before, after), (before.visit, after.visit), N_("Part of the day")
    fields = (
        (N_("Invoice title"), *(one.invoice.title if one.invoice else "" for one in both)),
        (N_("Tax number"), *(one.invoice.tax_no if one.invoice else "" for one in both)),
        (N_("Visit"), *(f"{facts.refs.called('outlet', v.outlet)} {v.day}" if v else "" for v in visits)),
        (part, *(PART_TITLES[v.part] if v else "" for v in visits)),
    )
    return [
        DiffRow(label=label, before=was, after=now, state=_state(was, now), is_words=label == part)
        for label, was, now in fields
        if was != now
    ]


def _asked(case: ReturnCase, order: Order) -> str:
    """The articles of a case in figures that need no translation."""
    lines = {line.id: line for line in order.lines}
    goods = ((lines[one.line], one.qty) for one in case.lines if one.line in lines)
    return ", ".join(f"{line.sku or line.ext_sku} × {qty}" for line, qty in goods)


def _state(before: str, after: str) -> str:
    if before == after:
        return "kept"
    return "added" if not before else "replaced"


def _effects(before: Order | None, after: Order, facts: Facts, changed: int) -> tuple[Effect, ...]:
    promised = before.ship_by_at if before is not None else None
    if before is None:
        pieces = _pieces(sum(line.qty for line in after.lines))
        begun, before = Text(N_("A new order of {pieces}"), {"pieces": pieces}), after
    else:
        begun = _order_effect(before, after, changed)
    if before.returns != after.returns:
        return _aftersale_effects(before, after, facts, changed)
    delivery = parcel_said(before, after) or _delivery_effect(promised, after, facts)
    stock = Effect(label=N_("Stock"), text=_stock_effect(before, after, facts))
    if (price := _price_effect(before, after, facts)) is not None:
        stock = Effect(label=N_("Price"), text=price)
    return (
        Effect(label=N_("Order"), text=begun),
        stock,
        Effect(label=N_("Gates"), text=_gates_effect(before, after, facts)),
        Effect(label=N_("Delivery"), text=delivery),
    )


def _price_effect(before: Order, after: Order, facts: Facts) -> Text | None:
    """Say what prices that need a person's word lose; the answer moves no goods."""
    if before.snag("price_anomaly") is None:
        return None
    agreed = facts.agreed(after.customer, after.shop, after.ordered_at)
    return difference_said(after, facts.sku, rules_for(after, facts), agreed) or Text(N_("As agreed"))


def _aftersale_effects(before: Order, after: Order, facts: Facts, changed: int) -> tuple[Effect, ...]:
    """Say what a step of an after-sales case moves: goods on the shelf, money, a parcel."""
    back = sum(item.qty for case in after.returns for item in case.restocked)
    back -= sum(item.qty for case in before.returns for item in case.restocked)
    new = [row for row in facts.changed.values() if isinstance(row, Order) and row.makes_good is not None]
    sent = sum(line.qty for order in new for line in order.lines if order.status is not Status.CANCELLED)
    money = refunded_minor(after) - refunded_minor(before)
    nothing = Text(N_("No change"))
    stock = Text(N_("{pieces} on the shelf again"), {"pieces": _pieces(back)}) if back > 0 else nothing
    none = parcel_said(before, after) or Text(N_("No parcel"))
    parcel = Text(N_("A new order of {pieces}"), {"pieces": _pieces(sent)}) if sent else none
    paid = Text(N_("{amount} to the buyer"), {"amount": shown(money, after.currency)}) if money else nothing
    return (
        Effect(label=N_("Order"), text=_order_effect(before, after, changed)),
        Effect(label=N_("Stock"), text=stock),
        Effect(label=N_("Money"), text=paid),
        Effect(label=N_("Delivery"), text=parcel),
    )


def _order_effect(before: Order, after: Order, changed: int) -> Text:
    if after.status is Status.CANCELLED and before.status is not Status.CANCELLED:
        return Text(N_("Cancelled"))
    if changed == 1:
        return Text(N_("1 field"))
    return Text(N_("{count} fields"), {"count": changed}) if changed else Text(N_("Nothing else"))


def _stock_effect(before: Order, after: Order, facts: Facts) -> Text:
    if after.status is Status.CANCELLED:
        back = {"pieces": _pieces(sum(item.qty for item in before.reserved))}
        return Text(N_("{pieces} given back"), {**back}) if before.reserved else Text(N_("No change"))
    if after.by_lease:
        message = N_("{pieces} from this desk's lease, {warehouse}")
        return _in_warehouse(message, after.warehouse, after, facts)
    if after.reserved:
        return _in_warehouse(N_("Unchanged, {pieces} in {warehouse}"), after.warehouse, after, facts)
    if not after.matched:
        return Text(N_("Article not matched yet"))
    decision = decided(after, facts, facts.free)
    if not decision.is_whole:
        return Text(N_("Short in every warehouse"))
    warehouse = decision.parcels[0].place
    if len(decision.parcels) > 1:
        return Text(N_("Free, in {count} parcels"), {"count": len(decision.parcels)})
    return _in_warehouse(N_("{pieces} free in {warehouse}"), warehouse, after, facts)


def _in_warehouse(message: str, code: str, order: Order, facts: Facts) -> Text:
    pieces = sum(line.qty for line in order.lines)
    return Text(message, {"pieces": _pieces(pieces), "warehouse": facts.refs.called("warehouse", code)})


def _pieces(number: int) -> Text:
    return Text(N_("1 piece")) if number == 1 else Text(N_("{count} pieces"), {"count": number})


def _gates_effect(before: Order, after: Order, facts: Facts) -> Text:
    """Count the gates that are met, and name those that open and those that shut."""
    was, now = (
        {code: measure.state is State.MET for code, measure in engine.measures(order, facts).items()}
        for order in (before, after)
    )
    said = Text(N_("{met} of {all} met"), {"met": sum(now.values()), "all": len(now)})
    opened = [Text(GATES[code].title) for code, is_met in now.items() if is_met and not was.get(code, True)]
    shut = [Text(GATES[code].title) for code, is_met in now.items() if not is_met and was.get(code, False)]
    for message, titles in ((N_("{said}, opens {gates}"), opened), (N_("{said}, shuts {gates}"), shut)):
        if titles:
            said = Text(message, {"said": said, "gates": listed(titles)})
    return said


def _delivery_effect(promised: datetime | None, after: Order, facts: Facts) -> Text:
    if after.ship_by_at is None:
        return Text(N_("No promise"))
    if after.ship_by_at != promised:
        clock = clock_of(facts.shop_of(after))
        day = after.ship_by_at.astimezone(clock).date()
        if day == facts.now.astimezone(clock).date():
            return Text(N_("Leaves today"))
        return Text(N_("Leaves by {day}"), {"day": day_said(day)})
    return Text(N_("Promise unchanged"))
