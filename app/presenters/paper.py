"""The print page: what a paper will look like, which printer takes it, how often it was printed."""

from __future__ import annotations

import msgspec

from app import printing
from app.command import Refusal
from app.commands.print_paper import copies
from app.desk import Desk, Screen
from app.domain.paper import PRINTABLE, BinLabel, Content, Label, Paper, is_masked, is_printable
from app.ports import Changes, Views, touches
from app.printing import Job, Setup
from app.text import N_, Text


class State(msgspec.Struct, frozen=True, kw_only=True):
    paper: Paper = Paper.LABEL
    papers: tuple[Paper, ...] = ()
    """What may be printed here."""
    number: str = ""
    content: Content | None = None
    setup: Setup | None = None
    prints: int = 0
    """How often it was printed already."""
    is_hidden: bool = False
    """The receiver is opened when it prints, not before."""
    off: Text | None = None
    """Why it cannot be printed now."""
    said: Text | None = None
    """Where the last one came out."""
    is_fallback: bool = False
    notice: Text | None = None
    is_loaded: bool = False


class Papers(Screen[State]):
    """Verbs of the print page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())
        self._ids: dict[Paper, tuple[str, ...]] = {}
        self._shelf = ("", "")

    async def open(self, order: str, among: tuple[str, ...] = (), paper: str = "") -> None:
        """Show the papers of an order; a pick list takes those of `among` along.

        Which one is first is what the order needs where it is: a list before it is picked, then its label.
        """
        one = (order,)
        found = await self.desk.look(Views.order, order, self.desk.login)
        self._shelf = ("", "")
        self._ids = {Paper.LABEL: one, Paper.SLIP: one, Paper.LIST: among or one}
        if found is not None and found[0].contracts:
            self._ids[Paper.CONTRACT] = one
        is_early = found is not None and found[0].status in PRINTABLE[Paper.LIST]
        likely = Paper.LIST if is_early else Paper.LABEL
        self.show(State(papers=tuple(self._ids), paper=Paper(paper) if paper in self._ids else likely))
        await self.refresh()

    async def open_bin(self, warehouse: str, sku: str) -> None:
        """Show the label of the shelf where an article lies."""
        self._ids, self._shelf = {}, (warehouse, sku)
        self.show(State(papers=(Paper.BIN,), paper=Paper.BIN))
        await self.refresh()

    async def turn(self, paper: str) -> None:
        """Show another paper."""
        self.show(msgspec.structs.replace(self.state, paper=Paper(paper), said=None, notice=None))
        await self.refresh()

    async def refresh(self, changes: Changes | None = None) -> None:
        """Lay the paper out again: somebody may have changed the order meanwhile."""
        if changes is not None and not touches(changes, "order", "stock"):
            return
        paper = self.state.paper
        if paper is not Paper.BIN and paper not in self._ids:
            return  # other papers are being opened
        made = await self._made(paper)
        setup = await printing.setup(self.desk, paper)
        if paper is not self.state.paper:
            return
        if isinstance(made, Refusal):
            self.show(
                msgspec.structs.replace(self.state, content=None, setup=setup, off=made.text, is_loaded=True)
            )
            return
        self.show(msgspec.structs.replace(self.state, content=made, setup=setup, off=None, is_loaded=True))
        await self._judge(paper)

    async def print(self) -> Job | None:
        """Note the print and return what goes to the printer now; None when it may not.

        Raises:
            Trouble: the receiver is at the hub alone, and it does not answer.
        """
        paper, content = self.state.paper, self.state.content
        if content is None or self.state.off is not None:
            return None
        if isinstance(content, BinLabel):
            return Job(content=content, setup=await printing.setup(self.desk, paper))
        job = await printing.note(self.desk, paper, self._ids[paper])
        if isinstance(job, Refusal):
            self.show(msgspec.structs.replace(self.state, notice=job.text))
            return None
        return job

    async def printed(self, said: Text, *, is_fallback: bool) -> None:
        """Say where it came out."""
        self.show(msgspec.structs.replace(self.state, said=said, is_fallback=is_fallback, notice=None))
        await self.refresh()

    async def _made(self, paper: Paper) -> Content | Refusal:
        if paper is not Paper.BIN:
            return await printing.content(self.desk, paper, self._ids[paper])
        warehouse, sku = self._shelf
        rows = await self.desk.look(Views.stock, text=sku, warehouse=warehouse)
        row = next((row for row in rows if row.sku == sku), None)
        if row is None:
            return printing.GONE
        known = (await self.desk.look(Views.refs)).articles.get(sku)
        return printing.bin_label(row, known.barcode if known else "")

    async def _judge(self, paper: Paper) -> None:
        """Say how often it was printed, whether the receiver is hidden, and why it may not be printed now."""
        content = self.state.content
        if isinstance(content, BinLabel) or content is None:
            self.show(msgspec.structs.replace(self.state, number=content.bin if content else ""))
            return
        first = self._ids[paper][0]
        found = await self.desk.look(Views.order, first, self.desk.login)
        if found is None or paper is not self.state.paper:
            return
        order = found[0]
        refused = None
        if not self.desk.may("print_paper"):
            refused = Text(N_("You may not print. Ask your lead."))
        elif len(self._ids[paper]) == 1 and not is_printable(paper, order):
            refused = printing.TOO_SOON[paper].text
        self.show(
            msgspec.structs.replace(
                self.state,
                number=order.number,
                prints=copies(order, paper),
                is_hidden=isinstance(content, Label) and is_masked(order),
                off=refused,
            )
        )
