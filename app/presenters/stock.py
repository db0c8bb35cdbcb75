"""Stock: what lies where, what is promised, what is free, and the documents that say why."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec

from app.command import Refs
from app.commands.adjust_stock import AdjustStock
from app.desk import Act, Desk, Screen, Undo, zone_of
from app.domain.goods import DocState, StockDoc
from app.domain.lot import InLots, Lot
from app.domain.values import sku_key, stock_key
from app.form import Shelf
from app.guides import offered
from app.lotting import kept_as, today_in
from app.ports import Changes, StockRow, Views, touches
from app.shelf_why import HOLDERS_MOST, Claim, claims
from app.text import N_, Text

ROWS_MAX = 500
"""No list of stock is longer; who needs more says more."""


class Kept(NamedTuple):
    """The lots of a row, how its article is kept, and which day it is there."""

    lots: tuple[Lot, ...] = ()
    keeping: InLots = InLots()
    today: date | None = None


class State(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[StockRow, ...] = ()
    text: str = ""
    warehouse: str = ""
    warehouses: tuple[tuple[str, str], ...] = ()
    drafts: frozenset[str] = frozenset()
    """Articles nobody has completed yet."""
    row: StockRow | None = None
    docs: tuple[StockDoc, ...] = ()
    """The newest receipts, counts and transfers of the chosen row."""
    acts: tuple[Act, ...] = ()
    """The guides for the chosen row."""
    now: datetime | None = None
    zone: str = "UTC"
    may_adjust: bool = False
    undo: Undo | None = None
    notice: Text | None = None
    is_loaded: bool = False
    is_cut: bool = False
    """There are more rows than are shown."""
    claims: tuple[Claim, ...] = ()
    """Who holds what of the chosen row, and what shops are offered; after somebody asked why."""
    lots: tuple[Lot, ...] = ()
    """The lots of the chosen row, the one that expires first before the others."""
    keeping: InLots = InLots()
    today: date | None = None
    """In the building of the chosen row."""
    expires: bool = False
    """Only what must soon be sold, or may not be sold any more."""
    is_asked: bool = False
    """Somebody asked why the chosen row has so much to sell."""

    @property
    def can_adjust(self) -> bool:
        """The count of the chosen row may be corrected; what is kept in lots is counted lot by lot."""
        return self.may_adjust and not self.lots


class Stock(Screen[State]):
    """Verbs of the stock page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())

    async def refresh(self, changes: Changes | None = None) -> None:
        """Load the rows again."""
        if changes is not None and not touches(changes, "stock", "stock_doc", "sku", "warehouse"):
            return
        text, warehouse, expires = self.state.text, self.state.warehouse, self.state.expires
        rows = tuple(
            await self.desk.look(Views.stock, text=text, warehouse=warehouse, limit=ROWS_MAX, expires=expires)
        )
        refs = await self.desk.look(Views.refs)
        if (text, warehouse, expires) != (self.state.text, self.state.warehouse, self.state.expires):
            return  # a newer question is under way
        is_cut, now = len(rows) == ROWS_MAX, await self.desk.now()
        rows = tuple(row for row in rows if not expires or is_due(row, refs, now))
        known = self.state.row
        current = (known.warehouse, known.sku) if known else ("", "")
        row = next((r for r in rows if (r.warehouse, r.sku) == current), rows[0] if rows else None)
        docs, acts, kept = await self._closer(row)
        asked = self.state.is_asked and row is not None and (row.warehouse, row.sku) == current
        claimed = await self._claims(row) if asked else ()
        self.show(
            msgspec.structs.replace(
                self.state,
                rows=rows,
                row=row,
                docs=docs,
                acts=acts,
                claims=claimed,
                is_asked=asked,
                now=now,
                zone=zone_of(refs),
                warehouses=tuple((code, w.title) for code, w in refs.warehouses.items()),
                drafts=frozenset(code for code, one in refs.articles.items() if one.is_draft),
                may_adjust=self.desk.may("adjust_stock"),
                is_cut=is_cut,
                lots=kept.lots,
                keeping=kept.keeping,
                today=kept.today,
                is_loaded=True,
            )
        )

    async def filter(self, text: str, warehouse: str) -> None:
        """Narrow to an article or a building."""
        self.show(msgspec.structs.replace(self.state, text=text, warehouse=warehouse))
        await self.refresh()

    async def turn_to_expiring(self) -> None:
        """Show only what must soon be sold or held back, or everything again."""
        self.show(msgspec.structs.replace(self.state, expires=not self.state.expires))
        await self.refresh()

    async def choose(self, warehouse: str, sku: str) -> None:
        """Look at one row."""
        row = next((r for r in self.state.rows if (r.warehouse, r.sku) == (warehouse, sku)), None)
        self.show(msgspec.structs.replace(self.state, row=row, notice=None, claims=(), is_asked=False))
        docs, acts, kept = await self._closer(row)
        if self.state.row is row:
            lots, keeping, today = kept
            self.show(
                msgspec.structs.replace(
                    self.state, docs=docs, acts=acts, lots=lots, keeping=keeping, today=today
                )
            )

    async def look_at(self, warehouse: str, sku: str) -> None:
        """Come from another page to one shelf, and say why it has so much to sell."""
        self.show(msgspec.structs.replace(self.state, text=sku, warehouse=warehouse))
        await self.refresh()
        await self.choose(warehouse, sku)
        await self.ask_why()

    async def ask_why(self) -> None:
        """Say who holds what of the chosen row, and what each shop is offered of its article."""
        row = self.state.row
        if row is None:
            return
        claimed = await self._claims(row)
        if self.state.row is row:
            self.show(msgspec.structs.replace(self.state, claims=claimed, is_asked=True))

    async def _claims(self, row: StockRow | None) -> tuple[Claim, ...]:
        if row is None:
            return ()
        refs = await self.desk.look(Views.refs)
        keys = frozenset(stock_key(place, row.sku) for place in (*refs.warehouses, row.warehouse))
        facts = await self.desk.look(Views.known, keys, self.desk.login)
        holders = await self.desk.look(Views.holders, row.warehouse, row.sku, HOLDERS_MOST)
        docs = await self.desk.look(Views.stock_docs, row.warehouse, row.sku)
        stock = facts.stock(row.warehouse, row.sku)
        found = claims(stock, holders, docs, facts) if stock is not None else ()
        return tuple(msgspec.structs.replace(one, who=refs.named(one.who)) for one in found)

    async def _closer(self, row: StockRow | None) -> tuple[tuple[StockDoc, ...], tuple[Act, ...], Kept]:
        """Return the papers of a row, the guides it may be worked on with, and its lots."""
        if row is None:
            return (), _acts((), (), self.desk), Kept()
        papers = await self.desk.look(Views.stock_docs, row.warehouse, row.sku)
        keys = frozenset({stock_key(row.warehouse, row.sku), sku_key(row.sku)})
        facts = await self.desk.look(Views.known, keys, self.desk.login)
        shelf = Shelf(row.warehouse, row.sku, facts.stock(row.warehouse, row.sku), facts.sku(row.sku))
        guides = tuple(
            _guide(self.desk, guide.code, guide.label, guide.key, guide.grant, kind="quiet")
            for guide in offered(shelf, facts, self.desk.may)
        )
        docs = tuple(_named(doc, facts.refs) for doc in papers)
        lots = shelf.stock.lots if shelf.stock is not None else ()
        kept = Kept(lots, kept_as(shelf.article), today_in(row.warehouse, facts))
        return docs, _acts(guides, docs, self.desk), kept

    async def adjust(self, delta: int, reason: str) -> None:
        """Correct the count of the chosen row. Units: `delta` pieces."""
        row = self.state.row
        if row is None:
            return
        if delta == 0 or not reason.strip():
            self._say(Text(N_("Say how many pieces more or less, and why.")))
            return
        command = AdjustStock(warehouse=row.warehouse, sku=row.sku, delta=delta, reason=reason.strip())
        done = await self.desk.submit(command, "count")
        if done.refusal is not None:
            self._say(done.refusal.text)
            return
        undo = None
        if done.inverse is not None:
            noted = Text(N_("{delta} pieces noted"), {"delta": f"{delta:+d}".replace("-", "−")})
            undo = Undo(text=noted, number=row.sku, command=done.inverse)
        is_online = self.desk.link().state == "online"
        notice = None if is_online else Text(N_("Kept here. The count changes when the hub has answered."))
        self.show(msgspec.structs.replace(self.state, undo=undo, notice=notice))
        await self.refresh()

    async def undo(self) -> None:
        """Take the last correction back."""
        if self.state.undo is not None:
            done = await self.desk.submit(self.state.undo.command, "undo")
            notice = done.refusal.text if done.refusal else None
            self.show(msgspec.structs.replace(self.state, undo=None, notice=notice))
            await self.refresh()

    def _say(self, text: Text) -> None:
        self.show(msgspec.structs.replace(self.state, notice=text))


def is_due(row: StockRow, refs: Refs, now: datetime) -> bool:
    """Tell whether a lot of a row may not be sold any more, or only for the days of warning."""
    place, keeping = refs.warehouses.get(row.warehouse), kept_as(refs.articles.get(row.sku))
    if row.held or row.keeps is None or place is None:
        return bool(row.held)
    return row.keeps - place.today(now) <= timedelta(days=keeping.min_days + keeping.warn_days)


def _named(doc: StockDoc, refs: Refs) -> StockDoc:
    """Put the names of today in the place of the codes of warehouses."""
    target = refs.called("warehouse", doc.target) if doc.target else ""
    return msgspec.structs.replace(doc, warehouse=refs.called("warehouse", doc.warehouse), target=target)


def arriving(docs: tuple[StockDoc, ...]) -> StockDoc | None:
    """Return the transfer that has been on its way for longest."""
    return next((doc for doc in reversed(docs) if doc.state is DocState.TRANSIT), None)


def _acts(guides: tuple[Act, ...], docs: tuple[StockDoc, ...], desk: Desk) -> tuple[Act, ...]:
    acts = []
    if desk.may("receive_stock"):
        acts.append(_guide(desk, "receive_stock", N_("Receive stock"), "N", "receive_stock"))
    if desk.may("count_sheet"):
        acts.append(_guide(desk, "count_sheet", N_("Take a count in"), "S", "count_sheet", kind="quiet"))
    if desk.may("receive_transfer") and arriving(docs) is not None:
        acts.append(_guide(desk, "receive_transfer", N_("Take transfer in"), "I", "receive_transfer"))
    return (*acts, *guides)


def _guide(desk: Desk, form: str, label: str, key: str, grant: str, *, kind: str = "plain") -> Act:
    """The key of a guide; off, with the reason, while its command needs a hub that is out of reach."""
    off = desk.off(grant)
    return Act(
        code=f"guide/{form}", label=label, key=key, kind=kind, form=form, is_ready=off is None, reason=off
    )
