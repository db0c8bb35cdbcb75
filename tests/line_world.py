"""A desk on a real line to a FakeHub; its lanes are called by the test, one exchange at a time."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

from fake_hub import PASSWORD

from app.commands.hold import Hold
from app.domain.values import Role
from app.ports import Changes
from sync.replica.link import Link
from sync.replica.loop import Loop
from sync.replica.store import Store
from sync.replica.views import Views
from sync.signing import Signer

QUIET_PORT = "http://127.0.0.1:9"
"""Where nobody answers."""


class Desk:
    """A desk whose lanes are called by the test: `push` and `pull` do one exchange each."""

    def __init__(self, folder: Path, url: str, on_store=None, key: bytes = b"", **options: float) -> None:
        self.folder, self.url = folder, url
        self.told: list[Changes] = []
        self.moved = threading.Condition()
        self.store = Store(folder, key=key)
        self.views = Views(self.store, key=key)
        on_store = on_store or (lambda work: work())
        self.now_s = 0.0
        self.link = Link(
            url=lambda: self.url,
            store=self.store,
            on_store=on_store,
            device="pc-1",
            tell=self.tell,
            tick=lambda: self.now_s,
            signer=Signer(hashlib.sha256(b"pc-1").digest()),
        )
        self.loop = Loop(
            store=self.store, link=self.link, on_store=on_store, tell=self.tell, wait_s=0, **options
        )
        self.login = None

    def tell(self, changes: Changes) -> None:
        with self.moved:
            self.told.append(changes)
            self.moved.notify_all()

    def wait_for(self, seen) -> None:
        with self.moved:
            assert self.moved.wait_for(seen, 20), "this never happened"

    def sign_in(self, role: Role = Role.LEAD) -> None:
        self.login = self.link.sign_in(role.value, PASSWORD)

    def push(self) -> float:
        return self.loop.exchange("push", self.loop.push_once)

    def pull(self) -> float:
        return self.loop.exchange("pull", self.loop.pull_once)

    def level(self) -> None:
        self.pull()
        while self.store.mark.cursor < self.store.mark.head:
            self.pull()

    def hold(self, order: str = "o1", reason: str = "buyer asked") -> int:
        done = self.store.submit(Hold(order=order, reason=reason), self.login, "", None)
        assert done.refusal is None, done.refusal
        return done.n

    def close(self) -> None:
        self.loop.stop()
        for lane in self.loop.lanes.values():
            lane.drop_session()
        self.views.close()
        self.store.close()
