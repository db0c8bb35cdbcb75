"""The orders page: search as you type over every order of the desk, in a view of one's own; take them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import TypeVar

import msgspec

from app.command import Refs
from app.commands.export_orders import ExportOrders
from app.commands.set_view import SetView
from app.desk import Desk, Screen, Undo, zone_of
from app.domain.order import Status
from app.domain.order_view import (
    NAME_MAX,
    SORTS,
    VIEWS_MAX,
    OrderView,
    Question,
    SharedView,
    Shown,
    minor_of,
    shown,
    span_of,
)
from app.kinds import all_kinds
from app.lanes import Lane
from app.ports import (
    Batches,
    Changes,
    OrderQuery,
    OrderRow,
    Person,
    Replica,
    Sheet,
    Sheets,
    Value,
    Views,
    touches,
)
from app.printing import folder_setting
from app.text import N_, Text

T = TypeVar("T")
Say = Callable[[OrderRow, Person | None], Sequence[Value]]
"""Turns a row, and the person in full where that was granted, into the cells of a file."""


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """An export under way or just done. `state`: runs | done | stopped."""

    path: str
    total: int
    done: int = 0
    state: str = "runs"


class State(msgspec.Struct, frozen=True, kw_only=True):
    view: OrderView = OrderView()
    query: OrderQuery = OrderQuery()
    """The question as the replica is asked it."""
    views: tuple[OrderView, ...] = ()
    """What this person saved, by name."""
    shared: tuple[SharedView, ...] = ()
    """What is shared with everybody, by name."""
    may_share: bool = False
    may_plan: bool = False
    """Whether this person may send orders from elsewhere, many together."""
    undo: Undo | None = None
    count: int = 0
    is_counted: bool = True
    """Whether `count` is all; a search is counted when somebody pauses, until then `count` is the least."""
    generation: int = 0
    """Grows with every new question; pages of an older one are thrown away."""
    statuses: tuple[str, ...] = tuple(Status)
    kinds: tuple[tuple[str, str, str], ...] = ()
    """(code, title, severity)"""
    shops: tuple[tuple[str, str], ...] = ()
    warehouses: tuple[tuple[str, str], ...] = ()
    zone: str = "UTC"
    now: datetime | None = None
    may_export_in_full: bool = False
    export_off: Text | None = None
    """Why nothing leaves in full just now: the hub must hear of it first."""
    exports: str = ""
    """The folder this desk has for exports; empty is the usual one."""
    export: Export | None = None
    notice: Text | None = None
    is_loaded: bool = False


class Orders(Screen[State]):
    """Verbs of the orders page; the table asks for rows and their number itself."""

    def __init__(self, desk: Desk, sheets: Sheets, lane: Lane) -> None:
        """`lane` is for exports alone: nobody waits behind one."""
        super().__init__(desk, State())
        self._sheets, self._lane = sheets, lane
        self._loaded_for = ""
        self._counted_for: OrderQuery | None = None
        self._is_stopping = False

    async def refresh(self, changes: Changes | None = None) -> None:
        """Let the table ask again for what it shows; a person who sat down finds the view they left."""
        if changes is not None and not touches(changes, "order", "shop", "view", "snag_rule"):
            return
        refs = await self.desk.look(Views.refs)
        now = await self.desk.now()
        exports = await self.desk.keep(Replica.setting, folder_setting("exports"))
        user, left = self.desk.login.user.code, {}
        if user != self._loaded_for:
            self._loaded_for = user
            views = await self._kept("orders.views", tuple[OrderView, ...])
            last = await self._kept("orders.view", OrderView)
            left = {"views": views or (), "view": last or OrderView()}
        # Nothing is waited for from here on: what somebody asked in the meantime stays asked.
        state = msgspec.structs.replace(
            self.state,
            generation=self.state.generation + 1,
            kinds=tuple((k.code, k.title, k.severity) for k in all_kinds(refs.snag_rules).values()),
            shops=tuple((code, shop.title) for code, shop in refs.shops.items()),
            warehouses=tuple((code, place.title) for code, place in refs.warehouses.items()),
            zone=zone_of(refs),
            now=now,
            shared=_shared(refs),
            may_share=self.desk.may("set_view"),
            may_plan=self.desk.may("change_warehouse"),
            may_export_in_full=self.desk.may("export_orders"),
            export_off=self.desk.off("export_orders"),
            exports=exports,
            is_loaded=True,
            **left,
        )
        self.show(msgspec.structs.replace(state, query=self._query(state)))

    # --- what is shown ------------------------------------------------------------------------------

    def ask(self, question: Question) -> None:
        """Show other orders."""
        if question != self.state.view.question:
            self._turn_to(msgspec.structs.replace(self.state.view, question=question, name=""))

    def sort(self, column: str) -> None:
        """Sort by a column; by the same one again the other way round."""
        view = self.state.view
        if column in SORTS:
            is_rising = column == view.sort and not view.is_rising
            self._turn_to(msgspec.structs.replace(view, sort=column, is_rising=is_rising, name=""))

    def _turn_to(self, view: OrderView) -> None:
        state = msgspec.structs.replace(self.state, view=view)
        query = self._query(state)
        if query == self.state.query:
            self.show(state)
            return
        self.desk.overtake()
        self.show(msgspec.structs.replace(state, query=query, generation=state.generation + 1))

    def _query(self, state: State) -> OrderQuery:
        asked, view = state.view.question, state.view
        since, until = span_of(asked, state.zone, state.now) if state.now else (None, None)
        return OrderQuery(
            text=asked.text,
            status=asked.status,
            shop=asked.shop,
            kind=asked.kind,
            warehouse=asked.warehouse,
            held=asked.held,
            touched=asked.touched,
            after_sales=asked.after_sales,
            since=since,
            until=until,
            least_minor=minor_of(asked.least),
            most_minor=minor_of(asked.most),
            sort=view.sort,
            is_rising=view.is_rising,
            is_masked=not self.desk.reads_people(),
        )

    async def arrange(self, columns: tuple[Shown, ...]) -> None:
        """Show other columns, or the same in another order or width."""
        view = msgspec.structs.replace(self.state.view, columns=shown(columns), name="")
        self.show(msgspec.structs.replace(self.state, view=view))
        await self._keep_last()

    # --- views with a name --------------------------------------------------------------------------

    async def save_view(self, name: str) -> None:
        """Keep what is shown under a name; a name that exists is given its new meaning."""
        name = " ".join(name.split())[:NAME_MAX]
        others = tuple(view for view in self.state.views if view.name != name)
        if not name:
            self._say(Text(N_("Give the view a name.")))
        elif len(others) >= VIEWS_MAX:
            self._say(Text(N_("You have {count} views. Delete one first."), {"count": len(others)}))
        else:
            view = msgspec.structs.replace(self.state.view, name=name)
            views = tuple(sorted((*others, view), key=lambda each: each.name))
            self.show(msgspec.structs.replace(self.state, view=view, views=views, notice=None))
            await self._keep("orders.views", views)
            await self._keep_last()

    async def use_view(self, name: str) -> None:
        """Show what was kept under a name."""
        view = next((view for view in self.state.views if view.name == name), None)
        if view is not None:
            self._turn_to(msgspec.structs.replace(view, columns=shown(view.columns)))
            await self._keep_last()

    async def drop_view(self, name: str) -> None:
        """Forget a view; what is shown stays."""
        views = tuple(view for view in self.state.views if view.name != name)
        self.show(msgspec.structs.replace(self.state, views=views))
        await self._keep("orders.views", views)

    async def use_shared(self, code: str) -> None:
        """Show what somebody shared."""
        one = next((one for one in self.state.shared if one.code == code), None)
        if one is not None:
            self._turn_to(msgspec.structs.replace(one.view, name=one.title, columns=shown(one.view.columns)))
            await self._keep_last()

    async def share_view(self, name: str) -> None:
        """Publish one's own view for everybody; what is shared under its name gets this meaning."""
        view = next((view for view in self.state.views if view.name == name), None)
        if view is not None:
            before = next((one for one in self.state.shared if one.title == name), None)
            code = before.code if before is not None else await self.desk.keep(Replica.fresh_id)
            rev = before.rev if before is not None else 0
            one = SharedView(code=code, title=name, view=view, rev=rev)
            await self._publish(one, Text(N_("View shared")))

    async def withdraw_view(self, code: str) -> None:
        """Take a shared view away; whoever saved it as their own keeps it."""
        one = next((one for one in self.state.shared if one.code == code), None)
        if one is not None:
            gone = msgspec.structs.replace(one, active=False)
            await self._publish(gone, Text(N_("Shared view taken away")))

    async def undo(self) -> None:
        """Take back what was shared or taken away last."""
        if self.state.undo is not None:
            done = await self.desk.submit(self.state.undo.command, "undo")
            notice = done.refusal.text if done.refusal is not None else None
            self.show(msgspec.structs.replace(self.state, undo=None, notice=notice))

    async def _publish(self, one: SharedView, said: Text) -> None:
        command = SetView(view=one)
        refusal = await self.desk.objection(command)
        if refusal is None:
            done = await self.desk.submit(command, "settings")
            refusal, inverse = done.refusal, done.inverse
            undo = Undo(text=said, number=one.title, command=inverse) if inverse is not None else None
            self.show(msgspec.structs.replace(self.state, undo=undo, notice=None))
        if refusal is not None:
            self._say(refusal.text)

    async def _keep_last(self) -> None:
        """Keep columns and sort for the next day; the question begins empty."""
        last = msgspec.structs.replace(self.state.view, name="", question=Question())
        await self._keep("orders.view", last)

    async def _keep(self, key: str, value: object) -> None:
        text = msgspec.json.encode(value).decode()
        await self.desk.keep(Replica.set_setting, f"{key}/{self.desk.login.user.code}", text)

    async def _kept(self, key: str, kind: type[T]) -> T | None:
        text = await self.desk.keep(Replica.setting, f"{key}/{self.desk.login.user.code}", "")
        try:
            return msgspec.json.decode(text, type=kind) if text else None
        except msgspec.MsgspecError:  # an older or newer program kept it
            return None

    # --- rows for the table -------------------------------------------------------------------------

    async def count(self) -> int:
        """Return how many orders answer the current question, and show it."""
        query = self.state.query
        return self._counted(await self.desk.look(Views.count_orders, query), query)

    async def page(self, start: int, size: int) -> Sequence[OrderRow]:
        """Return one page of the question; a first one says how many rows there are, or are at least."""
        query = self.state.query
        rows = await self.desk.look(Views.order_page, query, start, size)
        if not start and len(rows) < size:
            self._counted(len(rows), query)
        elif not start and query.text.strip() and query != self._counted_for:
            self._counted(len(rows), query, is_all=False)
        return rows

    def _counted(self, count: int, query: OrderQuery, *, is_all: bool = True) -> int:
        if query == self.state.query:
            self._counted_for = query if is_all else None
            if (count, is_all) != (self.state.count, self.state.is_counted):
                self.show(msgspec.structs.replace(self.state, count=count, is_counted=is_all))
        return count

    # --- export -------------------------------------------------------------------------------------

    async def export(self, path: str, titles: Sequence[str], say: Say, *, in_full: bool) -> None:
        """Write everything that answers the question to a file, as its columns stand on screen.

        In full, with names, phones and streets, only with the grant, and the hub learns of it.

        Raises:
            Trouble: the file cannot be written; nothing of it stays.
        """
        if self.state.export is not None and self.state.export.state == "runs":
            return
        query = self.state.query
        total = await self.desk.look(Views.count_orders, query)
        if in_full and not await self._is_granted(path, total):
            return
        if not total:
            self._say(Text(N_("There is nothing to export. Change the search.")))
            return
        self._is_stopping = False
        self._exported(Export(path=path, total=total))
        batches = await self.desk.look(Views.order_batches, query, with_people=in_full)
        try:
            done = await self._fill(await self._lane.run(self._sheets.open, path, titles), batches, say)
        except BaseException:
            self._exported(None)
            raise
        finally:
            await self._lane.run(batches.close)
        state = "stopped" if self._is_stopping else "done"
        self._exported(Export(path=path, total=done, done=done, state=state))

    async def _fill(self, sheet: Sheet, batches: Batches, say: Say) -> int:
        """Write batch after batch until the end or until somebody stops; return how many orders."""
        done = 0
        try:
            while not self._is_stopping and (count := await self._lane.run(_write, batches, sheet, say)):
                done += count
                export = self.state.export
                if export is not None:
                    total = max(export.total, done)
                    self._exported(msgspec.structs.replace(export, total=total, done=done))
            await self._lane.run(sheet.drop if self._is_stopping else sheet.close)
        except BaseException:
            await self._lane.run(sheet.drop)
            raise
        return done

    def stop_export(self) -> None:
        """Stop writing and leave no half file behind."""
        self._is_stopping = True

    async def _is_granted(self, path: str, total: int) -> bool:
        asked = msgspec.structs.asdict(self.state.view.question)
        filters = tuple((name, value) for name, value in asked.items() if value and name != "text")
        command = ExportOrders(
            count=total,
            format=PurePath(path).suffix.lstrip(".").lower(),
            columns=tuple(each.code for each in self.state.view.columns),
            filters=filters,
            has_words=bool(asked["text"]),
        )
        done = await self.desk.submit(command)
        if done.refusal is not None:
            self._say(done.refusal.text)
        return done.refusal is None

    def _exported(self, export: Export | None) -> None:
        self.show(msgspec.structs.replace(self.state, export=export, notice=None))

    def _say(self, notice: Text) -> None:
        self.show(msgspec.structs.replace(self.state, notice=notice))


def _shared(refs: Refs) -> tuple[SharedView, ...]:
    return tuple(sorted((one for one in refs.views.values() if one.active), key=lambda one: one.title))


def _write(batches: Batches, sheet: Sheet, say: Say) -> int:
    """Write the next batch; return how many orders that were, 0 at the end."""
    batch = next(batches, ())
    sheet.write([say(row, person) for row, person in batch])
    return len(batch)
