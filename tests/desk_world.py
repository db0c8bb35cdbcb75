"""A desk beside a FakeHub, without a wire: push and pull are plain calls in the order a test wants."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from builders import NOW
from fake_hub import FakeHub

from app.command import Command
from app.domain.company import GRANTS, User
from app.domain.values import Role
from app.ports import Changes, Login, Submitted
from sync.replica.slices import slices
from sync.replica.store import Store
from sync.replica.views import Views
from sync.wire import SCHEMA, Push, PushReply


def login(role: Role = Role.LEAD, warehouse: str = "") -> Login:
    """Somebody at the desk."""
    user = User(code=role.value, title=role.value, role=role, warehouse=warehouse)
    return Login(login_id=f"login-{role.value}", user=user, grants=GRANTS[role])


class World:
    """One desk and its hub."""

    def __init__(self, folder: Path, hub: FakeHub | None = None) -> None:
        self.hub = hub or FakeHub()
        self.folder = folder
        self.store = Store(folder)
        self.store.clock.hear(NOW)
        self.views = Views(self.store)

    def close(self) -> None:
        self.views.close()
        self.store.close()

    def restart(self) -> None:
        """Close the desk and open it again."""
        self.close()
        self.store = Store(self.folder)
        self.views = Views(self.store)

    @property
    def replica(self) -> str:
        return self.store.outbox.meta("replica")

    def pull(self, *, limit: int = 500, slice_rows: int = 100) -> Changes:
        """Fetch one page and take it in."""
        mark = self.store.mark
        reply = self.hub.pull(
            self.replica,
            {
                "cursor": str(mark.cursor),
                "epoch": mark.epoch,
                "last_n": "-1",
                "limit": str(limit),
                "wait": "0",
            },
        )
        told = Changes()
        for part in slices(reply, slice_rows):
            told |= self.store.apply(part)
        return told

    def pull_all(self) -> None:
        """Fetch pages until the desk stands where the hub stands."""
        self.pull()
        while self.store.mark.cursor < self.hub.head:
            self.pull()

    def push(self, role: Role = Role.LEAD, count: int = 100) -> PushReply:
        """Send what waits and write the answers down."""
        wishes = self.store.outbox.unsent()[:count]
        push = Push(replica=self.replica, epoch=self.hub.epoch, schema=SCHEMA, commands=wishes)
        reply = self.hub.push(push, self.hub.people[role.value])
        assert isinstance(reply, PushReply), reply
        self.store.answered(reply.results)
        return reply

    def submit(self, command: Command, who: Login | None = None, seen_ver: int | None = None) -> Submitted:
        """Let a person ask for something."""
        return self.store.submit(command, who or login(), "", seen_ver)

    def must(self, command: Command, who: Login | None = None) -> Submitted:
        """Let a person ask for something that has to pass on the desk."""
        done = self.submit(command, who)
        assert done.refusal is None, done.refusal
        return done

    def order(self, id: str = "o1") -> Any:
        """The order as a screen sees it."""
        found = self.views.order(id, login())
        return found[0] if found else None


def contents(store: Store) -> dict[str, list[Any]]:
    """Everything a desk shows, as plain rows."""
    tables = {
        "row": "SELECT * FROM row ORDER BY tbl, pk",
        "before": "SELECT * FROM before ORDER BY tbl, pk",
        "orders": "SELECT * FROM orders ORDER BY id",
        "snag": "SELECT * FROM snag ORDER BY subject_id, kind",
        "stock": "SELECT * FROM stock ORDER BY sku, warehouse",
    }
    return {name: store._db.execute(sql).fetchall() for name, sql in tables.items()}
