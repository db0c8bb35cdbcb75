"""Decide a command and everything that follows from it. The desk and the hub both run exactly this."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec

import app.commands
from app.awaiting import given_up, set_aside
from app.carrying import carried, passed_on
from app.claims import kept_from, taken
from app.command import Command, Facts, Refs, Refusal, Spec
from app.covering import covered, kept, still_fits
from app.crediting import credited
from app.domain import events as e
from app.domain import lifecycle
from app.domain.account import account_key
from app.domain.duplicate import block_keys, entry_of, kept_of
from app.domain.evolve import evolve
from app.domain.order import EDITABLE, LEFT, OPEN, Hold, Order, Snag, Status
from app.domain.owing import may_hold
from app.domain.relations import related, successors
from app.domain.stock import cart_of
from app.domain.values import Key, Keys, Receiver, Region, block_key, order_key, snag_key
from app.domain.waiver import waiver_of
from app.drilling import mistakes
from app.duties import due_duties, next_duty_at
from app.follow_up import billed, unvisited
from app.gate import Measure, State
from app.gating import CHECKS, GATES, barred, measures, with_gates
from app.going_on import as_rules_say, at_its_time, classified, with_its_answer
from app.kinds import ORDER_KINDS, asked_of, kind_of
from app.labelling import asked_for, readdressed, voided
from app.parting import LATER, parted
from app.profiles import left_out, rules_for
from app.proving import closed_to
from app.quotas import counted, load_keys
from app.raised import differs, raised
from app.reach import article_keys, beside_keys, bound_for, line_keys, order_keys, paper_keys
from app.registry import collect
from app.reviewing import signatures_asked
from app.rooms import roomed
from app.snag import never_wakes
from app.text import N_, Text
from app.unpacking import unpacked

__all__ = ["GATES", "SPECS", "apply", "follow", "inverse_of", "measures", "spec_of", "wake_at"]

SPECS: Mapping[str, Spec] = collect(app.commands, "SPEC", Spec)
WRITTEN_ONLY = frozenset({"reservation", "revision", "mistake"})
"""Rows that a decision writes and none reads."""
NOT_ASKED = Text(N_("Not asked for"))
TOO_EARLY = frozenset({"not_picking", "not_packed"})
"""What a step of the warehouse is answered for an order that was not released."""
_WAKING = tuple(kind for kind in ORDER_KINDS.values() if kind.wake_at is not never_wakes)
_GATE_TITLES = {code: gate.title for code, gate in GATES.items() if code not in LATER}
_BY_TYPE: Mapping[type[Command], Spec] = {spec.type: spec for spec in SPECS.values()}
Follows = Callable[[Order, Facts], Iterable[e.Event]]
_THEN: tuple[Follows, ...] = (billed, unvisited, carried, passed_on, readdressed, voided, counted, roomed)


def spec_of(command: Command) -> Spec:
    """Return the verb a command belongs to."""
    return _BY_TYPE[type(command)]


# --- which rows -----------------------------------------------------------------------------------


def follow(command: Command, rows: Mapping[Key, Any], refs: Refs, *, at_hub: bool) -> Keys:
    """Name every row `command` needs, given what is loaded so far; ask again until nothing is missing.

    Each round may point further: command → order → the shop's mapping → article → stock.
    """
    needed = spec_of(command).needs(command)
    keys = paper_keys(needed, rows) | needed
    shop = getattr(command, "shop", "")
    named = [key for key in needed if key[0] == "order"]
    for key in named:  # grows: an order points to those it was made from, and to those made of it
        row = rows.get(key)
        if isinstance(row, Order):
            keys |= order_keys(row, rows, refs, at_hub=at_hub)
            shop = shop or row.shop
            if row.made_from or row.replaced_by:
                # not: in `keys`, where one that is only waited for stands and points to nothing
                named += [other for one in related(row) if (other := order_key(one)) not in named]
                keys.update(named)
            for snag in row.snags:  # what it waits for from another order
                keys.update(("order", one[6:]) for one in snag.waits_for if one.startswith("order:"))
    if named:
        keys.update(load_keys(refs))
    customer = getattr(command, "customer", "")
    if customer and isinstance(customer, str):
        keys.add(account_key(customer))
    drifts = [rows[key] for key in needed if key[0] == "drift" and rows.get(key) is not None]
    keys.update(snag_key(drift.case) for drift in drifts)
    receiver, region = bound_for(command, rows)
    if at_hub and isinstance(receiver, Receiver) and isinstance(region, Region):
        keys.update([block_key(k) for k in block_keys(receiver, region)])
        keys |= beside_keys(getattr(command, "order", ""), shop, receiver, region, rows, refs)
    lines, sku = getattr(command, "lines", ()), getattr(command, "sku", "")
    if shop and isinstance(lines, tuple):
        keys |= line_keys(shop, refs, lines, rows)
    if sku and (shop or getattr(command, "everywhere", False)):
        keys |= article_keys(shop, refs, sku, rows)
    return frozenset(keys)


# --- deciding -------------------------------------------------------------------------------------


def inverse_of(command: Command, facts: Facts) -> Command | None:
    """Return the command that would take `command` back; ask before `apply`."""
    undo = spec_of(command).inverse(command, facts)
    return SPECS[undo.code].type(**undo.args) if undo else None


def apply(command: Command, facts: Facts) -> list[e.Event] | Refusal:
    """Decide `command`; on success `facts.changed` holds the new rows and all that followed is returned.

    A refusal changes nothing.
    Refuses: `not_allowed`, `not_proved`, `gate_unmet`, `taken`, or what the command's own `decide` refuses.
    """
    spec = spec_of(command)
    if (closed := closed_to(spec.code, facts)) is not None:
        return closed
    decided = spec.decide(command, facts)
    if not isinstance(decided, Refusal):
        decided = barred(decided, facts) or decided
    elif decided.code in TOO_EARLY:
        decided = with_gates(decided, facts.order(getattr(command, "order", "")), facts)
    if isinstance(decided, Refusal):
        return decided
    work = _Work(facts, spec)
    named = [key for event in decided for key in event.keys()]  # noqa: SIM118
    touched = (*named, *sorted(spec.needs(command)))
    orders = {key[1]: facts.order(key[1]) for key in touched if key[0] == "order"}
    orders |= _successors(orders, facts)
    kept = kept_from(orders.values(), facts) if spec.touches and facts.by.role.person else {}
    was = dict(facts.changed) if kept else {}
    for event in decided:
        if isinstance(event, e.StatusChanged):
            lifecycle.check(event.before, event.after, spec.code)
        work.add(event)
    for order_id, before in sorted(orders.items(), key=lambda pair: _turn(pair[0], facts)):
        work.settle(order_id, before)
    for rest in set_aside(facts):
        work.add(rest)
    objection = taken(kept, work.events, facts)
    if objection is not None:
        facts.changed = was
        return objection
    return work.events


def _turn(id: str, facts: Facts) -> tuple[bool, datetime]:
    """Put what gives room (who left is nobody's duplicate) before what takes it, then whoever came first."""
    order = facts.order(id)
    if order is None:
        return True, facts.now
    return order.status not in LEFT, order.received_at


def _successors(orders: Mapping[str, Order | None], facts: Facts) -> dict[str, Order | None]:
    """Return the orders that stand in the place of one that changes: what its channel says concerns them."""
    replaced = [order for order in orders.values() if order is not None and order.replaced_by]
    return {one.id: one for order in replaced for one in successors(order, facts.order)}


class _Work:
    """The events of one command as they pile up, each applied to the rows at once."""

    def __init__(self, facts: Facts, spec: Spec) -> None:
        self.facts = facts
        self.spec = spec
        self.events: list[e.Event] = []

    def add(self, event: e.Event) -> None:
        facts = self.facts
        self.events.append(event)
        for key in event.keys():  # noqa: SIM118 - an event is no mapping
            row = None if key[0] in WRITTEN_ONLY else facts.row(key)
            facts.put(key, evolve(key, row, event))

    def settle(self, id: str, before: Order | None) -> None:
        """Let everything follow, in an order in which nothing later changes what was asked earlier."""
        order = self.facts.order(id)
        if order is None:
            return
        self.facts.cart = cart_of(id)
        order = self._note_maker(order, before)
        order = self._follow(order, unpacked, at_its_time, classified)
        self._note_twins(order, before)
        order = self._promise_stock(self._follow(order, credited, given_up), before)
        order = self._follow(order, *_THEN)
        order = self._find(order)
        order = self._follow(order, with_its_answer, as_rules_say)
        order = self._mind(order)
        order = self._ask_signatures(order)
        measured = measures(order, self.facts)
        order = self._part(order, measured)
        order = self._move(order, measured)
        order = self._hold(order, measured)
        for event in mistakes(before, order, measured, _GATE_TITLES, self.facts):
            self.add(event)
        order = self._follow(order, asked_for)
        order = self._note_touch(order, before)
        if before is not None and order is not before:
            self.facts.changed[order_key(id)] = msgspec.structs.replace(order, ver=before.ver + 1)

    def _on(self, order: Order, event: e.Event) -> Order:
        """Apply an event and return the order as it then is."""
        self.add(event)
        changed: Order = self.facts.changed[order_key(order.id)]
        return changed

    def _follow(self, order: Order, *steps: Follows) -> Order:
        for follows in steps:
            for event in list(follows(order, self.facts)):
                order = self._on(order, event)
        return order

    def _note_maker(self, order: Order, before: Order | None) -> Order:
        if before is None or before.content_hash == order.content_hash:
            return order
        by = self.facts.by
        authors = [ev.by for ev in self.events if isinstance(ev, e.LinesMatched)]
        maker = authors[-1] if authors and not by.role.person else by.user
        return order if maker == order.maker else self._on(order, e.MakerChanged(order=order.id, maker=maker))

    def _note_touch(self, order: Order, before: Order | None) -> Order:
        worked = self.spec.touches and self.facts.by.role.person and order is not before
        if not worked or order.touched or before is None or before.released_at is not None:
            return order
        return self._on(order, e.OrderTouched(order=order.id))

    def _note_twins(self, order: Order, before: Order | None) -> None:
        if order.makes_good is not None or not self.facts.at_hub:
            return
        if order.status in LEFT and (before is None or before.status not in LEFT):
            keys = block_keys(order.receiver, order.region) if before is not None else ()
            if keys:
                self.add(e.TwinsDropped(order=order.id, block_keys=keys))
            return
        revived = before is not None and before.status in LEFT
        changed = (
            before is None
            or before.content_hash != order.content_hash
            or kept_of(before) != kept_of(order)  # remembered on both sides, whichever comes in later
        )
        if order.status not in OPEN or not (changed or revived):
            return
        keys = block_keys(order.receiver, order.region)
        old = block_keys(before.receiver, before.region) if before is not None else ()
        left = tuple(key for key in old if key not in keys)
        if left:
            self.add(e.TwinsDropped(order=order.id, block_keys=left))
        if keys:
            window_h = self.facts.rules.duplicate_window_h
            self.add(e.TwinsNoted(order=order.id, block_keys=keys, entry=entry_of(order), window_h=window_h))

    def _promise_stock(self, order: Order, before: Order | None) -> Order:
        """Promise what is free; a desk only what it holds on lease, until the hub answers."""
        facts = self.facts
        if order.status not in EDITABLE:
            return order
        for keeping in kept(order, before, facts):
            order = self._on(order, keeping)
        may = may_hold(order, facts.now)
        if order.reserved and (facts.at_hub or order.by_lease) and not (may and still_fits(order, facts)):
            order = self._on(order, e.StockReleased(order=order.id, items=order.reserved))
        if order.reserved or not may or not order.matched:
            return order
        for event in covered(order, facts, self.spec.authority):
            self.add(event)
        return facts.order(order.id) or order

    def _find(self, order: Order) -> Order:
        facts, asked = self.facts, order
        is_open, left = order.status in OPEN, left_out(asked, facts)
        for kind in asked_of(asked, facts.refs.snag_rules):
            code = kind.code
            if kind.hub_only and not facts.at_hub:
                continue
            finding = kind.found(asked, facts) if is_open or kind.after_sales else None
            if finding is not None and finding.digest and asked.is_settled(code, finding.digest):
                finding = None
            if finding is not None and kind.gate in left:
                finding = None
            if finding is not None and kind.gate and waiver_of(asked, kind.gate, facts.now) is not None:
                finding = None
            if finding is None and not asked.snags:
                continue
            was = asked.snag(code)
            if finding is None:
                if was is not None:
                    order = self._on(order, e.SnagCleared(order=order.id, kind=code, text=was.text))
            elif was is None or differs(was, finding):
                order = self._on(
                    order, e.SnagRaised(order=order.id, snag=raised(kind, finding, was, order, facts))
                )
        return order

    def _mind(self, order: Order) -> Order:
        if order.snags:
            for event in list(due_duties(order, self.events, self.facts)):
                order = self._on(order, event)
        return order

    def _ask_signatures(self, order: Order) -> Order:
        if self.facts.shop_of(order) is None or order.status not in EDITABLE or not order.matched:
            return order
        asked = signatures_asked(order, rules_for(order, self.facts), self.facts)
        if asked <= order.signatures_needed:
            return order
        return self._on(order, e.SignaturesAsked(order=order.id, count=asked))

    def _part(self, order: Order, measures: Mapping[str, Measure]) -> Order:
        """Let an order that needs several parcels go on as one order for each."""
        facts = self.facts
        is_ready = all(one.state is State.MET or code in LATER for code, one in measures.items())
        if not (facts.at_hub and is_ready) or any(_blocks(snag, facts) for snag in order.snags):
            return order
        if not (events := parted(order, facts)):
            return order
        after = [self._on(order, event) for event in events][-1]
        self._note_twins(after, order)
        after = self._follow(after, credited, *_THEN)
        for part in after.replaced_by:
            self.settle(part, None)
        return self._find(after)

    def _move(self, order: Order, measures: Mapping[str, Measure]) -> Order:
        if order.status not in EDITABLE:
            return order
        if order.status is Status.RECEIVED:
            order = self._go(order, Status.TO_CHECK)
        is_checked = all(measures[code].state is State.MET for code in CHECKS)
        is_clear = order.pause is None and not any(_blocks(snag, self.facts) for snag in order.snags)
        is_met = is_checked and is_clear and all(m.state is State.MET for m in measures.values())
        if order.status is Status.RELEASED and not is_met and self.facts.at_hub:
            order = self._go(order, Status.GATED)
        if order.status is Status.TO_CHECK and is_checked:
            order = self._go(order, Status.GATED)
        elif order.status is Status.GATED and not is_checked:
            order = self._go(order, Status.TO_CHECK)
        if order.status is Status.GATED and is_met and self.facts.at_hub:
            order = self._release(order, measures)
        return order

    def _release(self, order: Order, measures: Mapping[str, Measure]) -> Order:
        """Send it to the warehouse; how its gates stood is counted once more and written down."""
        unmet = sum(measure.state is not State.MET for measure in measures.values())
        unmet += sum(_blocks(snag, self.facts) for snag in order.snags) + (order.pause is not None)
        waived = sum(measure.is_waived for measure in measures.values())
        return self._go(order, Status.RELEASED, unmet=unmet, waived=waived)

    def _go(self, order: Order, after: Status, *, unmet: int | None = None, waived: int = 0) -> Order:
        before, at = order.status, self.facts.now
        lifecycle.check(before, after, "engine")
        move = e.StatusChanged(order=order.id, before=before, after=after, at=at, unmet=unmet, waived=waived)
        return self._on(order, move)

    def _hold(self, order: Order, measures: Mapping[str, Measure]) -> Order:
        held = {hold.gate: hold for hold in order.holds} if order.holds else {}
        is_editable = order.status in EDITABLE
        for code in held.keys() - measures.keys():
            order = self._on(order, e.HoldClosed(order=order.id, gate=code, text=NOT_ASKED))
        for code, measure in measures.items():
            was = held.get(code)
            if not is_editable or measure.state not in (State.WAITS, State.STOPS):
                if was is not None:
                    text = measure.text if is_editable else None
                    is_met = measure.state is State.MET
                    order = self._on(order, e.HoldClosed(order=order.id, gate=code, text=text, is_met=is_met))
            elif was is None or was.text != measure.text or was.state != measure.state:
                opened_at = was.opened_at if was else self.facts.now
                hold = Hold(gate=code, state=measure.state, text=measure.text, opened_at=opened_at)
                order = self._on(order, e.HoldOpened(order=order.id, hold=hold))
        return order


def _blocks(snag: Snag, facts: Facts) -> bool:
    """Tell whether an order may not leave because of this; a kind nobody knows any more keeps it back too."""
    return kind_of(snag.kind, facts.refs.snag_rules).blocks


def wake_at(order: Order, facts: Facts) -> datetime | None:
    """Return when time alone may change what is found of this order."""
    is_open = order.status in OPEN
    times = [kind.wake_at(order, facts) for kind in _WAKING if is_open or kind.after_sales]
    if order.pause is not None:
        times.append(order.pause.until)
    times += [waiver.until for waiver in order.waivers]
    times.append(order.kept_until)
    times += next_duty_at(order)
    return min((at for at in times if at is not None and at > facts.now), default=None)
