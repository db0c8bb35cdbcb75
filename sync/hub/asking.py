"""A worker of the hub asks for commands under its own contiguous numbers, like any replica."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import Engine, select

from app.command import Command
from app.engine import spec_of
from sync.hub.database import reading
from sync.hub.writer import Fork, Gap, Job, ReplicaInfo, Writer
from sync.tables import replica
from sync.wire import Answer, Wish, new_id


@dataclass(frozen=True, slots=True)
class Worker:
    """One worker and the writer it asks."""

    engine: Engine
    feed_id: int
    writer: Writer
    info: ReplicaInfo

    def ask(self, commands: Sequence[Command], now: datetime, because: str = "") -> list[Answer]:
        """Ask for commands, in order; nothing where another hub took the numbers first: ask again then."""
        with reading(self.engine) as db:
            last_n = db.execute(
                select(replica.c.last_n).where(
                    replica.c.feed_id == self.feed_id, replica.c.replica_id == self.info.replica_id
                )
            ).scalar_one()
        wishes = [
            Wish(
                n=last_n + 1 + i,
                id=new_id(now),
                name=spec_of(command).code,
                rev=spec_of(command).rev,
                args=msgspec.Raw(msgspec.json.encode(command)),
                login="",
                because=because,
                at=now,
            )
            for i, command in enumerate(commands)
        ]
        try:
            return self.writer.submit(Job(self.info, wishes)).result()
        except (Gap, Fork):
            return []
