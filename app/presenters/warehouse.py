"""The floor: scan to pick, pack, ship. One order at a time, the next bin in large letters."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app import printing
from app.carrying import carrier_called
from app.command import Refusal
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.refuse_order import RefuseOrder
from app.commands.ship import Ship
from app.commands.withdraw_refusal import WithdrawRefusal
from app.desk import Desk, Screen
from app.domain.gs1 import Scanned, barcodes_of, scanned
from app.domain.lot_events import NOT_FOUND
from app.domain.mask import mask_name
from app.domain.order import Order, Status
from app.domain.paper import Paper
from app.labelling import label_number
from app.lotting import recalled_in
from app.picking import PickRow, laying_back, pick_rows
from app.ports import Changes, CutOff, OrderRow, Replica, Views, touches
from app.printing import Job
from app.text import N_, Text

STAGES = ("pick", "pack", "ship")
SCANS_MAX = 3
BACK_MAX = 50
QUEUES = {"pick": ("picking", "released"), "pack": ("picking",), "ship": ("packed",)}


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """One scan and what it meant."""

    code: str
    text: Text
    is_right: bool
    at: datetime
    at_label: bool = False
    """A label was waited for, not an article."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    stage: str = "pick"
    warehouse: str = ""
    warehouse_title: str = ""
    counts: tuple[tuple[str, int], ...] = ()
    queue: tuple[OrderRow, ...] = ()
    order: Order | None = None
    picks: tuple[PickRow, ...] = ()
    scans: tuple[Scan, ...] = ()
    cut_off: CutOff | None = None
    buyer: str = ""
    """Masked."""
    place: str = ""
    channel: str = ""
    carrier: str = ""
    """The carrier used last on this desk."""
    takes: str = ""
    """Who shall take this order, by its name."""
    given_no: str = ""
    """The tracking number that carrier gave for its label."""
    tracking_no: str = ""
    """Scanned from the label, or given for it."""
    now_at: datetime | None = None
    zone: str = "Asia/Shanghai"
    can_pack: bool = False
    can_ship: bool = False
    can_take_back: bool = False
    label_said: Text | None = None
    """Where the label of this order came out, just now."""
    can_take_other: bool = False
    """A lot was scanned that does not expire first; it may go with a reason."""
    can_refuse: bool = False
    refused: str = ""
    """Number of the order this warehouse has just said no to; it can still be taken back."""
    requested: bool = False
    """Ship was asked for; the hub has not answered yet."""
    is_online: bool = True
    notice: Text | None = None
    is_loaded: bool = False
    """What stands here is all there is; else the order at hand may come back with the rows still missing."""

    @property
    def is_labelled(self) -> bool:
        """Its label was printed already."""
        return self.order is not None and self.order.prints.get(Paper.LABEL, 0) > 0

    @property
    def now(self) -> PickRow | None:
        """The bin to go to now."""
        return next((row for row in self.picks if row.state == "now"), None)


class Warehouse(Screen[State]):
    """Verbs of the floor page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())
        self._picked: list[Pick] = []
        self._asked: set[str] = set()
        self._refused = ""
        self._other: Pick | None = None
        self._is_other = False
        self._at_hand = ""

    async def refresh(self, changes: Changes | None = None) -> None:
        """Load the queues of this building again."""
        if changes is not None and not (changes.sync or touches(changes, "order", "warehouse")):
            return
        stage = self.state.stage
        refs = await self.desk.look(Views.refs)
        warehouse = self.state.warehouse or self.desk.login.user.warehouse or next(iter(refs.warehouses), "")
        place = refs.warehouses.get(warehouse)
        queues: dict[str, tuple[OrderRow, ...]] = {}
        for status in ("released", "picking", "packed"):
            rows = tuple(await self.desk.look(Views.floor, warehouse, status))
            moved = {row.id for row in rows}  # while one looked: it stands where it was seen last
            queues = {s: tuple(row for row in seen if row.id not in moved) for s, seen in queues.items()}
            queues[status] = rows
        queue = tuple(row for status in QUEUES[stage] for row in queues[status])
        link = self.desk.link()
        everything = tuple(row for rows in queues.values() for row in rows)
        current = self._next(everything, queue, is_filling=link.is_filling)
        is_loaded = bool(current) or not link.is_filling
        cut_offs = await self.desk.look(Views.cut_offs)
        usual, now = await self.desk.keep(Replica.setting, "carrier"), await self.desk.now()
        if stage != self.state.stage:
            return  # another stage is on its way
        self.show(
            msgspec.structs.replace(
                self.state,
                warehouse=warehouse,
                warehouse_title=place.title if place else warehouse,
                counts=(
                    ("pick", len(queues["released"]) + len(queues["picking"])),
                    ("pack", len(queues["picking"])),
                    ("ship", len(queues["packed"])),
                ),
                queue=queue,
                carrier=self.state.carrier or usual,
                zone=place.zone if place else "Asia/Shanghai",
                now_at=now,
                is_online=link.state == "online",
                cut_off=next((c for c in cut_offs if c.warehouse == warehouse), None),
                is_loaded=is_loaded,
                notice=self.state.notice if self.state.is_loaded or not is_loaded else None,
            )
        )
        await self._open(current)

    def _next(
        self, everything: tuple[OrderRow, ...], queue: tuple[OrderRow, ...], *, is_filling: bool
    ) -> str:
        """Stay with the order at hand until it was handed over, also while its rows are fetched anew."""
        current = self._at_hand
        if current and current not in self._asked:
            if any(row.id == current for row in everything):
                return current
            if is_filling:
                return ""
        return next((row.id for row in queue if row.id not in self._asked), "")

    async def turn(self, stage: str) -> None:
        """Pick, pack or ship."""
        self._at_hand = ""
        self.show(msgspec.structs.replace(self.state, stage=stage, order=None, picks=(), notice=None))
        await self.refresh()

    async def move(self, warehouse: str) -> None:
        """Work in another building."""
        self._at_hand = ""
        self.show(State(stage=self.state.stage, warehouse=warehouse))
        await self.refresh()

    async def choose(self, id: str) -> None:
        """Take another order from the queue."""
        await self._open(id)

    async def scan(self, code: str) -> None:
        """Understand a scan: an article of this order, an order, a label of a packed order, or neither."""
        order = self.state.order
        read = scanned(code)
        if read is not None and read.fault:
            await self._note(code, Text(read.fault), is_right=False)
            return
        kind, found = await self._meant(code, read)
        if kind == "order":
            await self._note(code, Text(N_("Order {number}"), {"number": code}), is_right=True)
            await self._open(found)
            return
        if kind != "sku":
            if self.state.can_ship:
                self.show(msgspec.structs.replace(self.state, tracking_no=code, notice=None))
                await self._note(code, Text(N_("Label")), is_right=True)
            else:
                await self._note(code, Text(N_("Unknown code. Scan again.")), is_right=False)
            return
        row = next((r for r in self.state.picks if r.sku == found and r.picked < r.qty), None)
        if order is None or row is None:
            is_full = any(r.sku == found for r in self.state.picks)
            wrong = N_("Enough of these. Put it back.") if is_full else N_("Not in this order. Put it back.")
            await self._note(code, Text(wrong), is_right=False)
            return
        pick = Pick(
            order=order.id, line=row.line, qty=1, lot=read.lot if read is not None and row.in_lots else ""
        )
        if await self._give(pick):
            await self._note(code, Text(N_("Right, {title}"), {"title": row.title}), is_right=True)
        elif pick.lot and self.state.notice is not None:
            await self._note(code, self.state.notice, is_right=False)
            self._other = pick if self._is_other else None
            self.show(msgspec.structs.replace(self.state, can_take_other=self._other is not None))

    async def _meant(self, code: str, read: Scanned | None) -> tuple[str, str]:
        """Return what a code stands for; one that also names a lot by the number of its article."""
        for known in barcodes_of(read.gtin) if read is not None else (code,):
            kind, found = await self.desk.look(Views.by_scan, known, self.state.warehouse)
            if kind:
                return kind, found
        return "", ""

    async def other_lot(self) -> None:
        """Take the lot that was scanned last: the one that expires first is not to be found."""
        pick, self._other = self._other, None
        if pick is not None:
            await self._give(msgspec.structs.replace(pick, why=NOT_FOUND))

    async def picked(self) -> None:
        """Take one piece of the current bin without a scanner."""
        row, order = self.state.now, self.state.order
        if row is not None and order is not None:
            await self._give(Pick(order=order.id, line=row.line, qty=1))

    async def take_back(self) -> None:
        """Put the last piece of this order back; or send what was refused a moment ago after all."""
        order = self.state.order
        if self._refused:
            refused, self._refused = self._refused, ""
            self._asked.discard(refused)
            self.show(msgspec.structs.replace(self.state, refused=""))
            await self._give(WithdrawRefusal(order=refused))
            await self.refresh()
            return
        recalled = await self._recalled()
        if recalled is not None:
            await self._give(recalled, is_back=True)
            return
        last = next((p for p in reversed(self._picked) if order is not None and p.order == order.id), None)
        if last is not None:
            self._picked.remove(last)
            await self._give(msgspec.structs.replace(last, qty=-last.qty), is_back=True)

    async def _recalled(self) -> Pick | None:
        """Return what lays recalled pieces of the order at hand back."""
        order = self.state.order
        found = await self.desk.look(Views.order, order.id, self.desk.login) if order is not None else None
        return laying_back(*found) if found is not None else None

    async def refuse(self, why: str) -> None:
        """Say that this order does not leave from here, and go on with the next one."""
        order = self.state.order
        if order is None or not self.state.can_refuse:
            return
        done = await self.desk.submit(RefuseOrder(order=order.id, why=why), "floor")
        if done.refusal is not None:
            self.say(done.refusal.text)
            return
        self._refused = order.id
        self._asked.add(order.id)
        self._picked = [pick for pick in self._picked if pick.order != order.id]
        self.show(msgspec.structs.replace(self.state, refused=order.number, notice=None))
        await self.refresh()

    async def pack(self, weight_g: int = 0) -> None:
        """Close the parcel."""
        order = self.state.order
        if order is not None and await self._give(Pack(order=order.id, weight_g=weight_g)):
            await self.refresh()

    async def label(self) -> Job | None:
        """Note the print of the label; return what goes to the printer now, or None when it may not.

        Raises:
            Trouble: the receiver is at the hub alone, and it does not answer.
        """
        order = self.state.order
        if order is None:
            return None
        job = await printing.note(self.desk, Paper.LABEL, (order.id,))
        if isinstance(job, Refusal):
            self.say(job.text)
            return None
        await self._open(order.id)
        return job

    def labelled(self, said: Text) -> None:
        """Say where the label came out."""
        self.show(msgspec.structs.replace(self.state, label_said=said, notice=None))

    async def ship(self, carrier: str, tracking_no: str) -> None:
        """Ask the hub to ship; the goods leave when it accepted."""
        order = self.state.order
        if order is None:
            return
        if not tracking_no.strip():
            self.say(Text(N_("Scan or type the tracking number first.")))
            return
        if not carrier.strip():
            self.say(Text(N_("Which carrier? Type it once, this desk remembers it.")))
            return
        await self.desk.keep(Replica.set_setting, "carrier", carrier.strip())
        command = Ship(order=order.id, carrier=carrier.strip(), tracking_no=tracking_no.strip())
        self._asked.add(order.id)
        self.show(msgspec.structs.replace(self.state, carrier=carrier.strip()))
        if await self._give(command):
            await self.refresh()
        else:
            self._asked.discard(order.id)

    async def _give(self, command: Pick | Pack | Ship | WithdrawRefusal, *, is_back: bool = False) -> bool:
        done = await self.desk.submit(command, "floor")
        if done.refusal is None and not isinstance(command, WithdrawRefusal):
            self._refused = ""
            self.show(msgspec.structs.replace(self.state, refused=""))
        if done.refusal is None and isinstance(command, Pick) and not is_back:
            self._picked = [*self._picked[-BACK_MAX:], command]
        self._is_other = done.refusal is not None and done.refusal.code == "other_lot"
        if not self._is_other:
            self.show(msgspec.structs.replace(self.state, can_take_other=False))
        self.say(done.refusal.text if done.refusal else None)
        await self._open(command.order)
        return done.refusal is None

    def say(self, text: Text | None) -> None:
        """Put a sentence over the keys, or take it away."""
        self.show(msgspec.structs.replace(self.state, notice=text))

    async def _open(self, id: str) -> None:
        found = await self.desk.look(Views.order, id, self.desk.login) if id else None
        if found is None:
            self.show(
                msgspec.structs.replace(
                    self.state, order=None, picks=(), can_pack=False, can_ship=False, requested=False
                )
            )
            return
        order, facts = found
        self._at_hand = order.id
        shop = facts.shop_of(order)
        picks = pick_rows(order, facts)
        is_same = self.state.order is not None and self.state.order.id == order.id
        is_complete = bool(picks) and all(row.picked >= row.qty for row in picks)
        self.show(
            msgspec.structs.replace(
                self.state,
                order=order,
                picks=picks,
                can_pack=is_complete and order.status is Status.PICKING,
                can_ship=order.status is Status.PACKED and order.id not in self._asked,
                can_take_back=bool(self._refused)
                or any(pick.order == order.id for pick in self._picked)
                or recalled_in(order, facts) is not None,
                can_refuse=order.status in (Status.RELEASED, Status.PICKING) and order.id not in self._asked,
                requested=order.status is Status.PACKED and order.id in self._asked,
                takes=carrier_called(order, facts),
                given_no=label_number(order),
                tracking_no=(self.state.tracking_no if is_same else "") or label_number(order),
                label_said=self.state.label_said if is_same else None,
                buyer=mask_name(order.receiver.name),
                place=" ".join(filter(None, (order.region.province, order.region.city))),
                channel=shop.channel if shop else "",
            )
        )

    async def _note(self, code: str, text: Text, *, is_right: bool) -> None:
        step = self.state.can_ship
        scan = Scan(code=code, text=text, is_right=is_right, at=await self.desk.now(), at_label=step)
        self.show(msgspec.structs.replace(self.state, scans=(scan, *self.state.scans)[:SCANS_MAX]))
