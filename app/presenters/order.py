"""The order sheet: lines, stock, gates, what happened, and the keys that help."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.carrying import journey_said
from app.command import Command, Facts, Refs
from app.commands.cancel import Cancel
from app.commands.read_receiver import ReadReceiver
from app.desk import Act, Desk, Screen, Undo, zone_of
from app.domain.beside import Extra, masked_extras
from app.domain.channels import FETCHES
from app.domain.kinship import Kin, kin_of
from app.domain.mask import mask_name, mask_phone
from app.domain.order import EDITABLE, LEFT, Order, Status
from app.domain.place_line import written
from app.engine import GATES, measures
from app.freeing import others_waiting, undo_of
from app.gate import OWNERS, Measure
from app.gating import KINDS_OF
from app.holding import held_said
from app.kinds import kind_of
from app.order_acts import acts_of
from app.ports import Changes, HistoryRow, Replica, Views
from app.text import N_, Text
from app.trouble import Trouble
from app.visits import agreed_said
from app.why_there import Why, why_there

LIFE = (
    Status.RECEIVED, Status.TO_CHECK, Status.GATED, Status.RELEASED,
    Status.PICKING, Status.PACKED, Status.SHIPPED, Status.COMPLETED,
)  # fmt: skip


class GateCell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of the gate strip; `clears` says what clears it."""

    code: str
    title: str
    state: str
    text: Text
    missing: Text | None = None
    """What is missing, where an exception says it."""
    clears: str = ""
    owner: Text | None = None
    """Whose work it is while it is unmet: a person, else those who put such gates right."""
    since: datetime | None = None
    """Since when it keeps the order back."""
    kinds: tuple[str, ...] = ()
    """The open exceptions that keep it unmet; keys 1 and 2 repair them."""


class LineRow(msgspec.Struct, frozen=True, kw_only=True):
    """One article line. Units: pieces and minor units."""

    id: str
    sku: str
    ext_sku: str
    title: str
    qty: int
    unit_price_minor: int
    amount_minor: int
    free: int
    is_reserved: bool
    warehouse: str
    mark: str
    is_leased: bool = False
    """This desk has confirmed it; the hub has not answered."""
    held: str = ""


class StockLine(msgspec.Struct, frozen=True, kw_only=True):
    """How one article stands in one warehouse that may serve the order. Units: pieces."""

    warehouse: str
    title: str
    sku: str
    wanted: int
    on_hand: int
    reserved: int
    safety: int
    available: int
    is_chosen: bool
    leased: int = 0  # what carts and other desks hold for themselves; `reserved` is what orders hold
    carts: int = 0
    held: int = 0  # of lots that may not be sold


class State(msgspec.Struct, frozen=True, kw_only=True):
    id: str = ""
    order: Order | None = None
    now: datetime | None = None
    shop_title: str = ""
    channel: str = ""
    buyer: str = ""
    phone: str = ""
    address: str = ""
    snags: tuple[tuple[str, str, str, Text], ...] = ()
    """(kind, severity, title, sentence)"""
    gates: tuple[GateCell, ...] = ()
    life: tuple[tuple[str, str], ...] = ()
    """(status, state): done | now | later"""
    gate: str = ""
    """The gate the person stands on; keys 1 and 2 belong to it."""
    lines: tuple[LineRow, ...] = ()
    stock: tuple[StockLine, ...] = ()
    why: Why = Why()
    owners: tuple[tuple[str, str], ...] = ()
    """(user, name) of whoever owns an after-sales case."""
    history: tuple[HistoryRow, ...] = ()
    acts: tuple[Act, ...] = ()
    form: str = ""
    undo: Undo | None = None
    notice: Text | None = None
    zone: str = "UTC"
    kin: tuple[Kin, ...] = ()
    """Orders it was made from, or that were made of it."""
    terms: tuple[tuple[str, Text], ...] = ()
    """(heading, words): the customer, the terms, the invoice."""
    carriage: tuple[tuple[str, Text], ...] = ()
    word: str = ""
    """How safe a sale is the hub has not answered: by_lease | to_confirm."""
    held: tuple[Text, str] | None = None
    """Why a person stopped it, and who."""
    beside: tuple[Extra, ...] = ()
    """What its channel says beyond what every order has."""
    is_beside_open: bool = False
    is_missing: bool = False
    is_revealed: bool = False
    may_reveal: bool = False
    may_fetch: bool = False


class OrderSheet(Screen[State]):
    """Verbs of the order sheet."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())
        self._commands: dict[str, Command] = {}
        self._known: tuple[Order, Facts] | None = None

    async def open(self, id: str) -> None:
        """Show another order."""
        self._known = None
        is_open = await self.desk.keep(Replica.setting, self._beside_key(), "") == "open"
        self.show(State(id=id, is_beside_open=is_open))
        await self.refresh()

    async def turn_beside(self) -> None:
        """Open or close what the channel says beside: so it stays for this person, on every order."""
        is_open = not self.state.is_beside_open
        self.show(msgspec.structs.replace(self.state, is_beside_open=is_open))
        await self.desk.keep(Replica.set_setting, self._beside_key(), "open" if is_open else "")

    def _beside_key(self) -> str:
        return f"beside:{self.desk.login.user.code}"

    def stand(self, gate: str) -> None:
        """Stand on a gate: the first keys are its repairs now."""
        if self._known is not None and gate != self.state.gate:
            self._commands, acts, form = acts_of(*self._known, self.desk, gate)
            self.show(msgspec.structs.replace(self.state, gate=gate, acts=acts, form=form))

    async def refresh(self, changes: Changes | None = None) -> None:
        """Read the order again if it, or what it needs, changed."""
        order_id = self.state.id
        if not order_id:
            return
        if changes is not None and ("order", order_id) not in changes.keys and not changes.touches("stock"):
            return
        found = await self.desk.look(Views.order, order_id, self.desk.login)
        if found is None:
            self.show(msgspec.structs.replace(self.state, is_missing=True))
            return
        order, facts = found
        history = tuple(await self.desk.look(Views.history, order_id))
        is_unanswered = await self.desk.look(Views.is_unanswered, order_id)
        if order_id == self.state.id:
            self._known = found
            self._commands, acts, form = acts_of(order, facts, self.desk, self.state.gate)
            shown = _state(self.state, order, facts, history, acts, form)
            may_reveal = self.desk.reads_people() and self.desk.may("read_receiver")
            word = _word(order) if is_unanswered else ""
            may_fetch = bool(order.ext_id) and self.desk.may(FETCHES)
            self.show(msgspec.structs.replace(shown, word=word, may_reveal=may_reveal, may_fetch=may_fetch))

    async def act(self, code: str, reason: str = "") -> None:
        """Give the command behind a key."""
        order, command = self.state.order, self._commands.get(code)
        if order is None or command is None:
            return
        if isinstance(command, Cancel) and reason:
            command = msgspec.structs.replace(command, reason=reason)
        others = await others_waiting(self.desk, command)
        done = await self.desk.submit(command, code, order.ver)
        label = next((a.label for a in self.state.acts if a.code == code), code)
        undo = undo_of(done, Text(label), order.number, others)
        notice = done.refusal.text if done.refusal else None
        self.show(msgspec.structs.replace(self.state, undo=undo, notice=notice))
        await self.refresh()

    async def undo(self) -> None:
        """Take the last command back."""
        undo = self.state.undo
        if undo is not None:
            done = await self.desk.submit(undo.command, "undo")
            notice = done.refusal.text if done.refusal else None
            self.show(msgspec.structs.replace(self.state, undo=None, notice=notice))
            await self.refresh()

    async def fetch(self) -> None:
        """Have the hub read this order again from its channel; what is new comes with the news."""
        order = self.state.order
        if order is None or not self.state.may_fetch:
            return
        try:
            await self.desk.ask_hub(lambda hub: hub.fetch_order(order.id))
            said = Text(N_("It is fetched again. What changed at the channel shows here in a moment."))
        except Trouble as trouble:
            said = trouble.hint
        self.show(msgspec.structs.replace(self.state, notice=said))

    async def reveal(self, reason: str) -> None:
        """Show the receiver in full on this sheet, until it is left; why is written down first."""
        order = self.state.order
        if order is None:
            return
        done = await self.desk.submit(ReadReceiver(order=order.id, reason=reason), "reveal")
        if done.refusal is not None:
            self.show(msgspec.structs.replace(self.state, notice=done.refusal.text))
        else:
            self.show(
                msgspec.structs.replace(
                    self.state,
                    is_revealed=True,
                    buyer=order.receiver.name,
                    phone=order.receiver.phone,
                    beside=masked_extras(order.told.beside, is_revealed=True),
                )
            )


def _state(
    before: State,
    order: Order,
    facts: Facts,
    history: tuple[HistoryRow, ...],
    acts: tuple[Act, ...],
    form: str,
) -> State:
    shop = facts.shop_of(order)
    region, receiver, made = order.region, order.receiver, facts.refs.snag_rules
    return msgspec.structs.replace(
        before,
        order=order,
        now=facts.now,
        zone=zone_of(facts.refs, order.shop),
        shop_title=shop.title if shop else order.shop,
        channel=shop.channel if shop else "",
        buyer=receiver.name if before.is_revealed else mask_name(receiver.name),
        phone=receiver.phone if before.is_revealed else mask_phone(receiver.phone),
        address=written(region, receiver.street),
        snags=tuple((s.kind, s.severity, kind_of(s.kind, made).title, s.text) for s in order.snags),
        gates=_gates(order, facts),
        life=_life(order.status),
        lines=tuple(_line(order, i, facts) for i in range(len(order.lines))),
        stock=() if order.status in LEFT else _stock(order, facts),
        why=why_there(order, facts),
        beside=masked_extras(order.told.beside, is_revealed=before.is_revealed),
        owners=tuple((case.owner, facts.refs.called("user", case.owner)) for case in order.returns),
        history=history,
        kin=kin_of(order, facts.order),
        carriage=journey_said(order, facts),
        terms=agreed_said(order, facts),
        held=held_said(order, facts.refs),
        acts=acts,
        form=form,
        is_missing=False,
    )


def _word(order: Order) -> str:
    """Tell what may be said to the buyer before the hub has answered. Source: sync.md section 1, leases."""
    if order.by_lease:
        return "by_lease"
    return "to_confirm" if order.status in EDITABLE and not order.reserved else ""


def _gates(order: Order, facts: Facts) -> tuple[GateCell, ...]:
    """Measure every gate, but none of an order that goes nowhere any more."""
    if order.status in LEFT:
        return ()
    return tuple(_gate(code, measure, order, facts.refs) for code, measure in measures(order, facts).items())


def _gate(code: str, measure: Measure, order: Order, refs: Refs) -> GateCell:
    gate, found = GATES[code], [snag for snag in order.snags if snag.kind in KINDS_OF.get(code, ())]
    held = next((hold for hold in order.holds if hold.gate == code), None)
    person = next((snag.owner for snag in found if snag.owner), "")
    name = {"name": refs.called("user", person)}
    return GateCell(
        code=code,
        title=gate.title,
        state=measure.state,
        text=measure.text,
        missing=found[0].text if found else None,
        clears="" if measure.state == "met" else measure.clears,
        owner=Text("{name}", dict(name)) if person else Text(OWNERS[gate.owner]),
        since=held.opened_at if held is not None else None,
        kinds=tuple(snag.kind for snag in found),
    )


def _life(status: Status) -> tuple[tuple[str, str], ...]:
    if status not in LIFE:
        return ((status, "now"),)
    at = LIFE.index(status)
    return tuple((s, "done" if i < at else "now" if i == at else "later") for i, s in enumerate(LIFE))


def _line(order: Order, at: int, facts: Facts) -> LineRow:
    line = order.lines[at]
    sku = facts.sku(line.sku) if line.sku else None
    is_reserved = any(item.line == line.id for item in order.reserved)
    free = 0
    if line.sku:
        free = max((facts.free(place, line.sku) for place in facts.warehouses_of(order)), default=0)
    mark = "met" if is_reserved else "not_yet" if not line.sku else "met" if free >= line.qty else "waits"
    return LineRow(
        id=line.id,
        sku=line.sku,
        ext_sku=line.ext_sku or (line.kit.sku if line.kit is not None else ""),
        title=sku.title if sku else line.title or line.ext_sku,
        qty=line.qty,
        unit_price_minor=line.unit_price_minor,
        amount_minor=line.unit_price_minor * line.qty,
        free=free,
        is_reserved=is_reserved,
        warehouse=facts.refs.called("warehouse", order.warehouse),
        mark="stops" if line.held else mark,
        is_leased=is_reserved and order.by_lease,
        held=line.held,
    )


def _stock(order: Order, facts: Facts) -> tuple[StockLine, ...]:
    rows = []
    for warehouse in facts.warehouses_of(order):
        for line in order.lines:
            row = facts.stock(warehouse, line.sku) if line.sku else None
            if row is None:
                continue
            rows.append(
                StockLine(
                    warehouse=warehouse,
                    title=facts.refs.called("warehouse", warehouse),
                    sku=line.sku,
                    wanted=line.qty,
                    on_hand=row.on_hand,
                    reserved=row.promised,
                    safety=row.safety,
                    available=row.available_to(facts.by.desk),
                    is_chosen=warehouse == order.warehouse,
                    leased=row.leased - row.leased_to(facts.by.desk),
                    carts=row.in_carts,
                    held=row.held,
                )
            )
    return tuple(rows)
