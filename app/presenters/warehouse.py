"""The floor: scan to pick, pack, ship. One order at a time, the next bin in large letters."""

from __future__ import annotations

import msgspec

from app.command import Command, Facts
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.ship import Ship
from app.desk import Desk, Screen
from app.domain.order import Order, Status
from app.ports import Changes, CutOff, OrderRow, Views, touches
from app.text import N_, Text

STAGES = ("pick", "pack", "ship")
QUEUES = {"pick": ("picking", "released"), "pack": ("picking",), "ship": ("packed",)}


class PickRow(msgspec.Struct, frozen=True, kw_only=True):
    """One bin to go to. `state`: done | now | later. Units: pieces."""

    line: str
    bin: str
    sku: str
    title: str
    barcode: str
    picked: int
    qty: int
    state: str


class Scan(msgspec.Struct, frozen=True, kw_only=True):
    """One scan and what it meant."""

    code: str
    text: Text
    is_right: bool


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
    can_pack: bool = False
    can_ship: bool = False
    requested: bool = False
    """Ship was asked for; the hub has not answered yet."""
    notice: Text | None = None
    is_loaded: bool = False

    @property
    def now(self) -> PickRow | None:
        """The bin to go to now."""
        return next((row for row in self.picks if row.state == "now"), None)


class Warehouse(Screen[State]):
    """Verbs of the floor page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())
        self._last: Command | None = None

    async def refresh(self, changes: Changes | None = None) -> None:
        """Load the queues of this building again."""
        if changes is not None and not touches(changes, "order", "warehouse"):
            return
        refs = await self.desk.look(Views.refs)
        warehouse = self.state.warehouse or self.desk.login.user.warehouse or next(iter(refs.warehouses), "")
        place = refs.warehouses.get(warehouse)
        queues = {s: tuple(await self.desk.look(Views.floor, warehouse, s)) for s in ("released", "picking", "packed")}
        stage = self.state.stage
        queue = tuple(row for status in QUEUES[stage] for row in queues[status])
        current = self.state.order.id if self.state.order else ""
        row = next((r for r in queue if r.id == current), None) or (queue[0] if queue else None)
        cut_offs = await self.desk.look(Views.cut_offs)
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
                cut_off=next((c for c in cut_offs if c.warehouse == warehouse), None),
                is_loaded=True,
            )
        )
        await self._open(row.id if row else "")

    async def turn(self, stage: str) -> None:
        """Pick, pack or ship."""
        self.show(msgspec.structs.replace(self.state, stage=stage, order=None, picks=(), notice=None))
        await self.refresh()

    async def move(self, warehouse: str) -> None:
        """Work in another building."""
        self.show(State(stage=self.state.stage, warehouse=warehouse))
        await self.refresh()

    async def choose(self, id: str) -> None:
        """Take another order from the queue."""
        await self._open(id)

    async def scan(self, code: str) -> None:
        """Understand a scan: an article of this order, or an order, or neither."""
        order = self.state.order
        kind, id = await self.desk.look(Views.by_scan, code, self.state.warehouse)
        if kind == "order":
            self._note(code, Text(N_("Order {number}"), {"number": code}), is_right=True)
            await self._open(id)
            return
        row = next((r for r in self.state.picks if r.sku == id and r.picked < r.qty), None) if kind == "sku" else None
        if order is None or row is None:
            wrong = Text(N_("Not in this order: {code}"), {"code": code})
            self._note(code, wrong if kind == "sku" else Text(N_("Unknown code {code}"), {"code": code}), is_right=False)
            return
        if await self._give(Pick(order=order.id, line=row.line, qty=1)):
            self._note(code, Text(N_("Right, {title}"), {"title": row.title}), is_right=True)

    async def picked(self) -> None:
        """Take one piece of the current bin without a scanner."""
        row, order = self.state.now, self.state.order
        if row is not None and order is not None:
            await self._give(Pick(order=order.id, line=row.line, qty=1))

    async def take_back(self) -> None:
        """Put the last piece back."""
        last = self._last
        if isinstance(last, Pick):
            self._last = None
            await self._give(msgspec.structs.replace(last, qty=-last.qty), is_back=True)

    async def pack(self, weight_g: int = 0) -> None:
        """Close the parcel."""
        order = self.state.order
        if order is not None and await self._give(Pack(order=order.id, weight_g=weight_g)):
            await self.refresh()

    async def ship(self, carrier: str, tracking_no: str) -> None:
        """Ask the hub to ship; the goods leave when it accepted."""
        order = self.state.order
        if order is None:
            return
        if not tracking_no.strip():
            self.show(msgspec.structs.replace(self.state, notice=Text(N_("Scan or type the tracking number first."))))
            return
        command = Ship(order=order.id, carrier=carrier.strip(), tracking_no=tracking_no.strip())
        if await self._give(command):
            self.show(msgspec.structs.replace(self.state, requested=True))

    async def _give(self, command: Command, *, is_back: bool = False) -> bool:
        done = await self.desk.submit(command, "floor")
        if done.refusal is None and not is_back:
            self._last = command
        self.show(msgspec.structs.replace(self.state, notice=done.refusal.text if done.refusal else None))
        if self.state.order is not None:
            await self._open(self.state.order.id)
        return done.refusal is None

    async def _open(self, id: str) -> None:
        found = await self.desk.look(Views.order, id, self.desk.login) if id else None
        if found is None:
            self.show(
                msgspec.structs.replace(self.state, order=None, picks=(), can_pack=False, can_ship=False)
            )
            return
        order, facts = found
        picks = await self._picks(order, facts)
        is_complete = bool(picks) and all(row.picked >= row.qty for row in picks)
        self.show(
            msgspec.structs.replace(
                self.state,
                order=order,
                picks=picks,
                can_pack=is_complete and order.status is Status.PICKING,
                can_ship=order.status is Status.PACKED,
                requested=self.state.requested and order.status is Status.PACKED,
            )
        )

    async def _picks(self, order: Order, facts: Facts) -> tuple[PickRow, ...]:
        rows = []
        for line in order.lines:
            if line.qty <= 0:
                continue
            sku = facts.sku(line.sku) if line.sku else None
            stock = facts.stock(order.warehouse, line.sku) if line.sku and order.warehouse else None
            rows.append(
                PickRow(
                    line=line.id,
                    bin=stock.bin if stock else "",
                    sku=line.sku,
                    title=sku.title if sku else line.title,
                    barcode=sku.barcode if sku else "",
                    picked=line.picked,
                    qty=line.qty,
                    state="done" if line.picked >= line.qty else "later",
                )
            )
        rows.sort(key=lambda r: r.bin)
        first = next((i for i, r in enumerate(rows) if r.state == "later"), None)
        if first is not None:
            rows[first] = msgspec.structs.replace(rows[first], state="now")
        return tuple(rows)

    def _note(self, code: str, text: Text, *, is_right: bool) -> None:
        scans = (Scan(code=code, text=text, is_right=is_right), *self.state.scans)[:3]
        self.show(msgspec.structs.replace(self.state, scans=scans))
