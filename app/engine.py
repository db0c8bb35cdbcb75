"""Decide a command and everything that follows from it. The desk and the hub both run exactly this."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

import app.commands
import app.forms
import app.gates
import app.snags
from app.command import Command, Facts, Refs, Refusal, Seen, Spec
from app.domain import events as e
from app.domain import lifecycle, review, sourcing
from app.domain.address import normal_key
from app.domain.duplicate import block_keys, entry_of
from app.domain.evolve import evolve
from app.domain.order import EDITABLE, OPEN, Hold, Order, Snag, Status
from app.domain.values import Key, Keys, Receiver, Region, block_key, order_key, sku_key, sku_map_key, stock_key
from app.form import Form
from app.gate import Gate, Measure, State
from app.registry import collect
from app.snag import Finding, Kind
from app.text import N_, Text

SPECS: Mapping[str, Spec] = collect(app.commands, "SPEC", Spec)
KINDS: Mapping[str, Kind] = collect(app.snags, "KIND", Kind)
GATES: Mapping[str, Gate] = dict(
    sorted(collect(app.gates, "GATE", Gate).items(), key=lambda item: item[1].rank)
)
FORMS: Mapping[str, Form] = collect(app.forms, "FORM", Form)
_BY_TYPE: Mapping[type[Command], Spec] = {spec.type: spec for spec in SPECS.values()}
_CONTENT = (e.OrderAmended, e.AddressFixed, e.LinesMatched)


def spec_of(command: Command) -> Spec:
    """Return the verb a command belongs to."""
    return _BY_TYPE[type(command)]


# --- which rows -----------------------------------------------------------------------------------


def follow(command: Command, rows: Mapping[Key, Any], refs: Refs, *, at_hub: bool) -> Keys:
    """Name every row `command` needs, given what is loaded so far; ask again until nothing is missing.

    Each round may point further: command → order → the shop's mapping → article → stock.
    """
    keys: set[Key] = set(spec_of(command).needs(command))
    for key in tuple(keys):
        row = rows.get(key)
        if key[0] == "order" and isinstance(row, Order):
            keys |= _order_keys(row, rows, refs, at_hub=at_hub)
    receiver, region = getattr(command, "receiver", None), getattr(command, "region", None)
    if at_hub and isinstance(receiver, Receiver) and isinstance(region, Region):
        keys |= {block_key(k) for k in _twin_keys(receiver, region)}
    shop = refs.shops.get(getattr(command, "shop", ""))
    lines = getattr(command, "lines", ())
    if shop is not None and lines:
        keys |= _line_keys(shop.code, shop.warehouses, lines, rows)
    return frozenset(keys)


def _order_keys(order: Order, rows: Mapping[Key, Any], refs: Refs, *, at_hub: bool) -> set[Key]:
    shop = refs.shops.get(order.shop)
    keys = _line_keys(order.shop, shop.warehouses if shop else (), order.lines, rows)
    for item in order.reserved:
        keys.add(stock_key(item.warehouse, item.sku))
    if at_hub:
        keys |= {block_key(k) for k in _twin_keys(order.receiver, order.region)}
    return keys


def _line_keys(shop: str, warehouses: tuple[str, ...], lines: Any, rows: Mapping[Key, Any]) -> set[Key]:
    keys: set[Key] = set()
    for line in lines:
        mapped = sku_map_key(shop, line.ext_sku)
        keys.add(mapped)
        found = rows.get(mapped)
        for sku in {line.sku, found.sku if found is not None else ""} - {""}:
            keys.add(sku_key(sku))
            keys.update(stock_key(warehouse, sku) for warehouse in warehouses)
    return keys


def _twin_keys(receiver: Receiver, region: Region) -> tuple[str, ...]:
    return block_keys(receiver, normal_key(region, receiver.street) if receiver.street else "")


# --- conflicts ------------------------------------------------------------------------------------


def seen(command: Command, order: Order | None) -> Seen | None:
    """Write down what the person saw of the fields `command` overwrites."""
    changes = spec_of(command).changes
    if order is None or not changes:
        return None
    return Seen(order=order.id, ver=order.ver, fields={f: _digest(getattr(order, f)) for f in changes})


def conflicts(saw: Seen | None, order: Order | None) -> tuple[str, ...]:
    """Return the fields that changed since the person looked.

    Source: sync.md section 2, the command proceeds if the version or every seen value is still current.
    """
    if saw is None or order is None or order.ver == saw.ver:
        return ()
    return tuple(f for f, digest in sorted(saw.fields.items()) if _digest(getattr(order, f, None)) != digest)


def _digest(value: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:16]


# --- deciding -------------------------------------------------------------------------------------


def apply(command: Command, facts: Facts) -> list[e.Event] | Refusal:
    """Decide `command`; on success `facts.changed` holds the new rows and all that followed is returned.

    Refuses: `not_allowed`, or whatever the command's own `decide` refuses. A refusal changes nothing.
    """
    spec = spec_of(command)
    if spec.code not in facts.by.grants:
        return Refusal("not_allowed", Text(N_("You are not allowed to do this. Ask your lead.")))
    decided = spec.decide(command, facts)
    if isinstance(decided, Refusal):
        return decided
    work = _Work(facts, spec.code)
    before = {key[1]: facts.row(key) for key in spec.needs(command) if key[0] == "order"}
    for event in decided:
        work.add(event)
    for id in sorted(work.orders):
        work.settle(id, before.get(id))
    return work.events


class _Work:
    """The events of one command as they pile up, each applied to the rows at once."""

    def __init__(self, facts: Facts, command: str) -> None:
        self.facts = facts
        self.command = command
        self.events: list[e.Event] = []
        self.orders: set[str] = set()

    def add(self, event: e.Event) -> None:
        self.events.append(event)
        changed = self.facts.changed
        for key in event.keys():
            if key[0] == "reservation":
                changed[key] = evolve(key, None, event)
                continue
            changed[key] = evolve(key, self.facts.row(key), event)
            if key[0] == "order":
                self.orders.add(key[1])

    def order(self, id: str) -> Order:
        order = self.facts.order(id)
        if order is None:
            raise LookupError(id)
        return order

    def settle(self, id: str, before: Order | None) -> None:
        """Let everything follow: makers, twins, stock, snags, gates, moves. Each is asked once."""
        self._note_person(id, before)
        self._note_twins(id)
        if self.facts.at_hub:
            self._promise_stock(id)
        self._find(id)
        self._ask_signatures(id)
        measures = {code: gate.measure(self.order(id), self.facts) for code, gate in GATES.items()}
        self._move(id, measures)
        self._hold(id, measures)
        order = self.order(id)
        if before is not None:
            order = msgspec.structs.replace(order, ver=before.ver + 1)
            self.facts.changed[order_key(id)] = order

    def _note_person(self, id: str, before: Order | None) -> None:
        by, order = self.facts.by, self.order(id)
        content_events = [ev for ev in self.events if isinstance(ev, _CONTENT) and ev.order == id]
        if content_events and before is not None and review.content_hash(before) != review.content_hash(order):
            maker = next((ev.by for ev in content_events if isinstance(ev, e.LinesMatched)), by.user)
            self.add(e.MakerChanged(order=id, maker=by.user if by.role.person else maker))
        worked = by.role.person and self.command in _TOUCHES
        if worked and not order.touched and order.released_at is None:
            self.add(e.OrderTouched(order=id))

    def _note_twins(self, id: str) -> None:
        if not self.facts.at_hub or not any(isinstance(ev, (e.OrderReceived, *_CONTENT)) for ev in self.events):
            return
        order = self.order(id)
        keys = _twin_keys(order.receiver, order.region)
        if keys and order.status in OPEN:
            self.add(
                e.TwinsNoted(
                    order=id,
                    block_keys=keys,
                    entry=entry_of(order),
                    window_h=self.facts.rules.duplicate_window_h,
                )
            )

    def _promise_stock(self, id: str) -> None:
        order, facts = self.order(id), self.facts
        if order.status not in EDITABLE:
            return
        if order.reserved and not _still_fits(order):
            self.add(e.StockReleased(order=id, items=order.reserved))
            order = self.order(id)
        if order.reserved or not order.matched or not _may_reserve(order):
            return
        warehouse = sourcing.choose(order, facts.warehouses_of(order), facts.stock)
        if warehouse:
            items = sourcing.reserve(order, warehouse)
            self.add(e.StockReserved(order=id, warehouse=warehouse, items=items))

    def _find(self, id: str) -> None:
        order, facts = self.order(id), self.facts
        is_open = order.status in OPEN
        for code, kind in KINDS.items():
            if kind.hub_only and not facts.at_hub:
                continue
            finding = kind.found(order, facts) if is_open else None
            was = order.snag(code)
            if finding is None:
                if was is not None:
                    self.add(e.SnagCleared(order=id, kind=code))
                continue
            if was is None or was.text != finding.text or was.waits_for != finding.waits_for:
                self.add(e.SnagRaised(order=id, snag=_snag(kind, finding, was, facts)))

    def _ask_signatures(self, id: str) -> None:
        order, shop = self.order(id), self.facts.shop_of(self.order(id))
        if shop is None or order.status not in EDITABLE or not order.matched:
            return
        asked = review.signatures_asked(order, shop.zone, self.facts.rules, self.facts.now)
        if asked > order.signatures_needed:
            self.add(e.SignaturesAsked(order=id, count=asked))

    def _move(self, id: str, measures: Mapping[str, Measure]) -> None:
        order = self.order(id)
        if order.status is Status.RECEIVED:
            self._go(id, Status.TO_CHECK)
        checked = all(measures[code].state is State.MET for code, gate in GATES.items() if gate.checks)
        order = self.order(id)
        if order.status is Status.TO_CHECK and checked:
            self._go(id, Status.GATED)
        elif order.status is Status.GATED and not checked:
            self._go(id, Status.TO_CHECK)
        if not self.facts.at_hub:
            return
        order = self.order(id)
        clear = order.pause is None and not any(KINDS[s.kind].blocks for s in order.snags if s.kind in KINDS)
        met = clear and all(m.state is State.MET for m in measures.values())
        if order.status is Status.GATED and met:
            self._go(id, Status.RELEASED)
        elif order.status is Status.RELEASED and not met:
            self._go(id, Status.GATED)

    def _go(self, id: str, after: Status) -> None:
        before = self.order(id).status
        if not lifecycle.may_move(before, after, "engine"):
            raise LookupError(f"no move {before} → {after}")
        self.add(e.StatusChanged(order=id, before=before, after=after, at=self.facts.now))

    def _hold(self, id: str, measures: Mapping[str, Measure]) -> None:
        order = self.order(id)
        held = {hold.gate: hold for hold in order.holds}
        for code, measure in measures.items():
            is_held = order.status in EDITABLE and measure.state in (State.WAITS, State.STOPS)
            was = held.get(code)
            if not is_held:
                if was is not None:
                    self.add(e.HoldClosed(order=id, gate=code))
            elif was is None or was.text != measure.text or was.state != measure.state:
                opened_at = was.opened_at if was else self.facts.now
                hold = Hold(gate=code, state=measure.state, text=measure.text, opened_at=opened_at)
                self.add(e.HoldOpened(order=id, hold=hold))


_TOUCHES = frozenset(
    {"amend", "fix_address", "match_sku", "hold", "resume", "settle", "reopen", "receive_payment", "restore", "recheck",
     "cancel"}
)  # fmt: skip
"""Commands of a person that make an order touched; review and the warehouse do not. Source: architecture section 9."""


def _may_reserve(order: Order) -> bool:
    """Stock is promised at payment. Source: DECISIONS 6, lock at payment."""
    return order.received_money_minor >= order.payable_minor and order.pause is None


def _still_fits(order: Order) -> bool:
    wants = {(line.id, line.sku, line.qty) for line in order.lines if line.qty > 0}
    return wants == {(item.line, item.sku, item.qty) for item in order.reserved} and _may_keep(order)


def _may_keep(order: Order) -> bool:
    return order.received_money_minor >= order.payable_minor


def _snag(kind: Kind, finding: Finding, was: Snag | None, facts: Facts) -> Snag:
    opened_at = was.opened_at if was else facts.now
    goal_min = kind.goal_min or facts.rules.snag_goal_min
    return Snag(
        kind=kind.code,
        severity=kind.severity,
        text=finding.text,
        opened_at=opened_at,
        due_at=opened_at + timedelta(minutes=goal_min),
        waits_for=finding.waits_for,
    )


def wake_at(order: Order, facts: Facts) -> datetime | None:
    """Return when time alone may change what is found of this order."""
    if order.status not in OPEN:
        return None
    times = [at for kind in KINDS.values() if (at := kind.wake_at(order, facts)) is not None and at > facts.now]
    return min(times, default=None)
