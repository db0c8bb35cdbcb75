"""How many other orders go on when a code of their shop is matched: told beside what was done."""

from __future__ import annotations

from app.command import Command
from app.commands.match_sku import MatchSku
from app.commands.new_article import NewArticle
from app.desk import Desk, Undo
from app.ports import Submitted, Views
from app.text import N_, Text


async def others_waiting(desk: Desk, command: Command) -> int:
    """Count the orders beside its own that wait for what this command matches; ask before it is given."""
    if not isinstance(command, MatchSku | NewArticle) or (isinstance(command, MatchSku) and not command.sku):
        return 0
    key = f"sku_map:{command.shop}/{command.ext_sku}"
    waiting = await desk.look(Views.snagged_by, key)
    own = await desk.look(Views.order, command.order, desk.login) if command.order else None
    is_own = own is not None and any(key in snag.waits_for for snag in own[0].snags)
    return max(waiting - is_own, 0)


def undo_of(done: Submitted, said: Text, number: str, others: int, kind: str = "") -> Undo | None:
    """Return the way back of what was done, with how many other orders it lets go on."""
    if done.inverse is None:
        return None
    if others:
        said = Text(N_("{what}, and {count} more orders are matched"), {"what": said, "count": others})
    return Undo(text=said, number=number, command=done.inverse, kind=kind)
