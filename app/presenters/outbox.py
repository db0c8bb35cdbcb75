"""The outbox: everything this desk did, how safe each thing is, and what to do where that failed."""

from __future__ import annotations

from datetime import datetime

import msgspec

from app.desk import Act, Desk, Screen, zone_of
from app.ports import Changes, Link, OutboxRow, Replica, Views
from app.printing import folder_setting
from app.text import N_, Text

SPLITS = ("all", "waiting", "asks", "changed")
"""All; not at the hub yet; refused or doubtful; where the hub made something else of it."""
WAITING = frozenset({"saved", "doubtful"})
ASKS = frozenset({"refused", "conflict", "doubtful"})
ADVICE = {
    "saved": N_(
        "Sent by itself as soon as the hub is there. It survives a power cut, not the loss of this disk."
    ),
    "doubtful": N_(
        "It is sent all the same and the hub decides. Look at the order before you go on with it."
    ),
    "accepted": N_("The hub has it. It survives the loss of this PC."),
    "protected": N_("A second copy holds it. It survives the loss of the hub's disk."),
    "refused": N_("The order is as if it was not asked for. Decide in the inbox: once more, or let it go."),
    "conflict": N_("Somebody was faster. Compare the three sides in the inbox, then choose."),
    "closed": N_("It was refused and somebody has dealt with that."),
}
"""What a state means for the one who did it, and what to do."""


class State(msgspec.Struct, frozen=True, kw_only=True):
    rows: tuple[OutboxRow, ...] = ()
    """What the split leaves, what waits on top."""
    split: str = "all"
    counts: tuple[tuple[str, int], ...] = ()
    row: OutboxRow | None = None
    link: Link | None = None
    acts: tuple[Act, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    """(user, name) of whoever worked on this desk."""
    now: datetime | None = None
    zone: str = "UTC"
    exports: str = ""
    """The folder this desk has for exports."""
    written: tuple[str, int] | None = None
    """(file, commands) of the last export."""
    is_loaded: bool = False
    notice: Text | None = None


class Outbox(Screen[State]):
    """Verbs of the outbox page."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk, State())

    async def refresh(self, changes: Changes | None = None) -> None:
        """Read the outbox again; the row somebody looks at stays."""
        if changes is not None and not changes.sync and not changes.touches("case"):
            return
        found = tuple(await self.desk.look(Views.outbox))
        refs = await self.desk.look(Views.refs)
        exports = await self.desk.keep(Replica.setting, folder_setting("exports"))
        now = await self.desk.now()
        shown = tuple(row for row in found if in_split(row, self.state.split))
        here = self.state.row.n if self.state.row is not None else 0
        row = next((row for row in shown if row.n == here), shown[0] if shown else None)
        link = self.desk.link()
        self.show(
            msgspec.structs.replace(
                self.state,
                rows=shown,
                counts=tuple((code, sum(1 for r in found if in_split(r, code))) for code in SPLITS),
                row=row,
                link=link,
                acts=_acts(row, link),
                names=tuple((user.code, user.title) for user in refs.users.values()),
                now=now,
                zone=zone_of(refs),
                exports=exports,
                is_loaded=True,
            )
        )

    def choose(self, n: int) -> None:
        """Look at another command."""
        row = next((row for row in self.state.rows if row.n == n), None)
        if row is not None and self.state.link is not None:
            acts = _acts(row, self.state.link)
            self.show(msgspec.structs.replace(self.state, row=row, acts=acts, notice=None))

    async def turn(self, split: str) -> None:
        """Show another part of the outbox."""
        self.show(msgspec.structs.replace(self.state, split=split))
        await self.refresh()

    async def try_now(self) -> None:
        """Ask the hub at once instead of when the next try is due."""
        self.desk.try_now()
        await self.refresh()

    async def write(self, path: str) -> None:
        """Write what only this PC holds to a file.

        Raises:
            Trouble: the file cannot be written there.
        """
        count = await self.desk.keep(Replica.write_unsent, path)
        self.show(msgspec.structs.replace(self.state, written=(path, count)))


def in_split(row: OutboxRow, split: str) -> bool:
    """Tell whether a command belongs to a part of the outbox."""
    if split == "waiting":
        return row.state in WAITING
    if split == "asks":
        return row.state in ASKS
    if split == "changed":
        return bool(row.changed) or row.state in {"refused", "conflict", "closed"}
    return True


def _acts(row: OutboxRow | None, link: Link) -> tuple[Act, ...]:
    """Say what can be done: with the command one looks at first, then with all that wait."""
    acts = []
    if row is not None and row.case:
        acts.append(Act(code="decide", label=N_("Decide now"), key="Enter"))
    if row is not None and row.order:
        acts.append(Act(code="order", label=N_("Open order"), key="O" if acts else "Enter"))
    if link.waiting:
        acts.append(Act(code="try", label=N_("Try again now"), key="T"))
        acts.append(Act(code="write", label=N_("Save as file"), key="E", kind="quiet"))
    if acts and acts[0].kind == "plain":
        acts[0] = msgspec.structs.replace(acts[0], kind="primary")
    return tuple(acts)
