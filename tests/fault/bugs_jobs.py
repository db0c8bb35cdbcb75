"""Mistakes somebody could make in what the hub does by itself, and in what it tells the world outside."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bug import Put, bug
from sqlalchemy import Engine, update

from app.commands.assign import Assign
from app.domain.effect import EffectState
from app.text import Text
from sync.hub import batch, effects, routing
from sync.hub.database import writing
from sync.hub.keeping import restore
from sync.tables import snag
from sync.wire import Answer


@bug("hub", is_whole=True)
def sends_blindly(put: Put) -> None:
    """What may have happened outside is sent again without a look whether it has."""
    attend = effects.Effects._attend

    def blind(self: Any, leased: Any, provider: Any, payload: bytes) -> None:
        attend(self, dataclasses.replace(leased, is_doubtful=False), provider, payload)

    put(effects.Effects, "_attend", blind)


@bug("hub", is_whole=True)
def takes_silence_for_yes(put: Put) -> None:
    """No answer came from outside, and that counts as done."""
    put_back = effects.Effects._put_back

    def trusting(self: Any, leased: Any, state: EffectState, later_s: float) -> None:
        if state is EffectState.UNKNOWN:
            self._tell(leased, EffectState.DONE, Text("told"))
        else:
            put_back(self, leased, state, later_s)

    put(effects.Effects, "_put_back", trusting)


@bug("hub", "take a backup", "restore the hub", is_whole=True)
def trusts_its_backup(put: Put) -> None:
    """What had not been told when the backup was made is told by the restored hub, as if nobody had since."""
    put(restore, "doubt_all", lambda _db, _feed_id, _now: None)


@bug("hub", "take a backup", "restore the hub", is_whole=True)
def tells_again_what_comes_again(put: Put) -> None:
    """Work that desks send again to a restored hub is told outside, as if the lost one had not."""
    put(batch, "doubt_older", lambda _db, _feed_id, _seq, _asked_at: None)


@bug("hub", is_whole=True)
def hands_out_behind_the_journal(put: Put) -> None:
    """Whose an exception is gets written into its row, and nobody decided it."""
    step = routing.Routing.step

    def direct(self: Any, now: datetime) -> bool:
        worker = self._worker
        self._worker = _Hasty(worker.engine, worker.feed_id)
        try:
            return step(self, now)
        finally:
            self._worker = worker

    put(routing.Routing, "step", direct)


@dataclass(frozen=True, slots=True)
class _Hasty:
    """A worker that writes instead of asking."""

    engine: Engine
    feed_id: int

    def ask(self, commands: Sequence[Assign], _now: datetime) -> list[Answer]:
        s = snag.c
        with writing(self.engine) as db:
            for one in commands:
                mine = (s.feed_id == self.feed_id, s.subject_id == one.order, s.kind == one.kind)
                db.execute(update(snag).where(*mine).values(owner=one.to))
        return []
