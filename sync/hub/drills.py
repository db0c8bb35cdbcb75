"""Put past mistakes before reviewers, at the share the rules say; who gets one when, nobody can tell before.

What stands in a person's list follows from their verdicts and from chance of the hub, so several hubs on one
database want the same drills under the same names, and each is planted once.
Source: capabilities 10.3.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, select

from app.command import Command
from app.commands.plant_drill import PlantDrill
from app.domain.drill import Drill
from app.domain.rules import Rules
from app.domain.values import RULES_KEY, digest
from sync.hub.asking import Worker
from sync.hub.database import reading
from sync.hub.seal import Seal
from sync.tables import mistake, ref, verdict

WORKER = "worker:drills"
LOOKS_BACK = timedelta(hours=12)
"""Of verdicts older than that nothing follows any more: nobody finds a heap of them after a quiet week."""
MISTAKES_MOST = 500
"""So many of the newest are drawn from."""


class Drills:
    """Looks at what reviewers did of late."""

    def __init__(self, worker: Worker, seal: Seal) -> None:
        self._worker, self._seal = worker, seal

    def step(self, now: datetime) -> bool:
        """Plant what is due; nothing where no mistake is known or no share is asked for."""
        with reading(self._worker.engine) as db:
            pct = self._pct(db)
            kept = self._mistakes(db) if pct else []
            due = self._due(db, now, pct) if kept else []
            known = self._known(db) if due else {}
        commands: list[Command] = []
        for person, name in due:
            had = known.setdefault(person, {})
            fresh = [one for one in kept if one not in had.values()]
            if name in had or not fresh:
                continue
            had[name] = fresh[self._seal.draw(f"mistake/{name}") % len(fresh)]
            commands.append(PlantDrill(person=person, drill=name, mistake=had[name]))
        if commands:
            self._worker.ask(commands, now)
        return False

    def _pct(self, db: Connection) -> int:
        tbl, pk = RULES_KEY
        mine = ref.c.feed_id == self._worker.feed_id, ref.c.tbl == tbl, ref.c.pk == pk
        doc = db.execute(select(ref.c.doc).where(*mine)).scalar()
        return (msgspec.json.decode(doc, type=Rules) if doc else Rules()).review_seeded_pct

    def _mistakes(self, db: Connection) -> list[str]:
        found = select(mistake.c.id).where(mistake.c.feed_id == self._worker.feed_id)
        return list(db.execute(found.order_by(mistake.c.kept_at.desc()).limit(MISTAKES_MOST)).scalars())

    def _due(self, db: Connection, now: datetime, pct: int) -> list[tuple[str, str]]:
        """Return whose verdicts of late chance has met, and the name of the drill that follows."""
        rows = db.execute(
            select(verdict.c.user_code, verdict.c.order_id, verdict.c.slot).where(
                verdict.c.feed_id == self._worker.feed_id, verdict.c.given_at > now - LOOKS_BACK
            )
        )
        names = [(person, digest("drill", order, slot)) for person, order, slot in rows]
        return [(person, name) for person, name in names if self._seal.draw(f"drill/{name}") < pct * 100]

    def _known(self, db: Connection) -> dict[str, dict[str, str]]:
        """Return the drills of each person, by name, with their mistakes."""
        rows = db.execute(
            select(ref.c.doc).where(ref.c.feed_id == self._worker.feed_id, ref.c.tbl == "drill")
        ).scalars()
        known: dict[str, dict[str, str]] = {}
        for doc in rows:
            drill = msgspec.json.decode(doc, type=Drill)
            known.setdefault(drill.person, {})[drill.id] = drill.mistake
        return known
