"""The counts beside the places, and the bell: what waits is seen from every page, and heard once."""

from __future__ import annotations

from app.desk import Desk
from app.domain.bell import Bell, Notice
from app.domain.values import bell_key
from app.engine import GATES
from app.ports import Views
from app.text import Text
from widgets import words
from widgets.rail import RailState
from widgets.shell import Shell
from widgets.tray import Tray

SAID_MOST = 3
"""So many notices are said one by one; of more, how many."""


class Counts:
    """Reads what waits for whoever sits here, and shows it."""

    def __init__(self, shell: Shell, desk: Desk) -> None:
        self._shell, self._desk, self._tray = shell, desk, Tray(shell)
        self._person, self._heard = "", frozenset[str]()
        self.is_quiet = False
        """The system says nothing of it."""

    async def show(self) -> None:
        """Put the counts on the rail and the bell; what is new is said by the system too."""
        login = self._desk.login
        waiting = await self._desk.look(Views.waiting, login)
        self._shell.show_rail(
            RailState(
                counts={"inbox": waiting.snags, "review": waiting.reviews, "warehouse": waiting.to_pick}
            )
        )
        key = bell_key(login.user.code)
        facts = await self._desk.look(Views.known, frozenset({key}), login)
        bell: Bell = facts.row(key) or Bell(person=login.user.code)
        self._shell.top_bar.bell.show_unread(bell.unread)
        self._hear(login.login_id, bell)

    def _hear(self, login: str, bell: Bell) -> None:
        """Say what came since the last look; what waited before somebody sat down is on the bell alone."""
        unread = {f"{one.key}/{one.since}": one for one in bell.notices if one.read_at is None}
        new = [one for said, one in unread.items() if said not in self._heard]
        if login == self._person and new and not self.is_quiet:
            self._tray.say(_title(new), "\n".join(map(_line, new)) if len(new) <= SAID_MOST else "")
        self._person, self._heard = login, frozenset(unread)


def _title(new: list[Notice]) -> str:
    held = sum(one.over_at is None for one in new)
    if held:
        return words.tr("Held until you do something: {count}", count=held)
    return words.tr("Not held any more: {count}", count=len(new))


def _line(one: Notice) -> str:
    gate = words.trn(Text(GATES[one.gate].title)) if one.gate in GATES else one.gate
    return words.tr("{number}, {gate}: {said}", number=one.number, gate=gate, said=words.trn(one.said))
