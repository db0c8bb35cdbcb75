"""What became of suggestions of guides, read off the commands the hub keeps."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import Engine, select

from app.commands.note_guide import SPEC, NoteGuide
from app.figures import StepFigures
from app.insight.guide_use import by_step
from sync.hub.database import reading
from sync.tables import command

_noted = msgspec.json.Decoder(NoteGuide)


def guide_use(engine: Engine, feed_id: int, since: datetime, until: datetime) -> tuple[StepFigures, ...]:
    """Return the figures of each step from `since` on and before `until`."""
    c = command.c
    kept = select(c.args).where(c.feed_id == feed_id, c.name == SPEC.code, c.status == "applied")
    with reading(engine) as db:
        rows = db.execute(kept.where(c.hub_at >= since, c.hub_at < until).order_by(c.hub_at, c.seq))
        return by_step(_noted.decode(row.args) for row in rows)
