"""Some desks in one process, a child of the sync bench: sign in, submit at a clerk's pace, note what is seen.

Speaks in lines of JSON: `ready`, then after `go` the clerks work, `sent` when every answer is there, after
`stop` everything noted. Times are of the machine's monotonic clock, the same in every process.
"""

from __future__ import annotations

import hashlib
import json
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from disk_floor import DiskFloor

from app.boot.demo_company import PASSWORD
from app.command import Command
from app.commands.hold import Hold
from app.commands.resume import Resume
from app.lanes import Lane
from app.ports import Changes, Submitted
from sync.replica.link import Link
from sync.replica.loop import Loop
from sync.replica.slices import Slice
from sync.replica.store import Store
from sync.signing import Signer
from sync.transport import Transport
from sync.wire import Answer, PullReply, Push, PushReply

PATIENCE_S = 60.0


class WatchedStore(Store):
    """A store that notes when answers and rows came."""

    def __init__(self, folder: Path, **more: Any) -> None:
        super().__init__(folder, **more)
        self.accepted_s: dict[int, float] = {}
        self.seqs: dict[int, int] = {}
        self.statuses: dict[str, int] = {}
        self.seen_s: dict[int, float] = {}

    def answered(self, answers: Sequence[Answer], asked: Push | None = None) -> Changes:
        changes = super().answered(answers, asked)
        now_s = time.monotonic()
        for answer in answers:
            self.accepted_s.setdefault(answer.n, now_s)
            self.seqs[answer.n] = answer.seq
            self.statuses[answer.status] = self.statuses.get(answer.status, 0) + 1
        return changes

    def apply(self, part: Slice) -> Changes:
        changes = super().apply(part)
        now_s = time.monotonic()
        for seq in {row.seq for row in part.rows}:
            self.seen_s.setdefault(seq, now_s)
        return changes


class WatchedTransport(Transport):
    """A line that notes when commands left, when they were answered, and when rows came."""

    def __init__(self, url: str, link: WatchedLink, **more: Any) -> None:
        super().__init__(url, link.token, **more)
        self._link = link

    def push(self, push: Push) -> PushReply:
        left_s = time.monotonic()
        reply = super().push(push)
        now_s = time.monotonic()
        for wish in push.commands:
            self._link.left_s.setdefault(wish.n, left_s)
            self._link.answered_s.setdefault(wish.n, now_s)
        return reply

    def pull(self, **asked: Any) -> PullReply:
        reply = super().pull(**asked)
        now_s = time.monotonic()
        for seq in {change.seq for change in reply.changes}:
            self._link.came_s.setdefault(seq, now_s)
        return reply


class WatchedLink(Link):
    """A link whose lines are watched."""

    def __init__(self, **more: Any) -> None:
        self.left_s: dict[int, float] = {}
        self.answered_s: dict[int, float] = {}
        self.came_s: dict[int, float] = {}
        super().__init__(**more)

    def connect(self) -> Transport:
        return WatchedTransport(self._url(), self, trust=self._trust)


class Clerk:
    """One desk and the person at it."""

    def __init__(self, number: int, url: str, folder: Path) -> None:
        self.number = number
        self.store = WatchedStore(folder / f"desk-{number}", key=hashlib.sha256(b"bench").digest())
        self._lane = Lane(f"store-{number}")
        self._link = WatchedLink(
            url=lambda: url,
            store=self.store,
            on_store=self._lane.call,
            device=f"bench-{number}",
            signer=Signer(hashlib.sha256(f"bench-{number}".encode()).digest()),
            tell=_ignore,
        )
        self._loop = Loop(store=self.store, link=self._link, on_store=self._lane.call, tell=_ignore)
        self._floor = DiskFloor(self.store.folder)
        self._login = self._link.sign_in("lin", PASSWORD)
        self._loop.start()
        self.submitted_s: dict[int, float] = {}
        self.submit_ms: list[float] = []
        self.submit_cpu_ms: list[float] = []
        self.refused = 0

    def wait_level(self) -> None:
        """Wait until the desk stands where the hub stands."""
        until_s = time.monotonic() + PATIENCE_S
        mark = self.store.mark
        while not (mark.epoch and mark.head and mark.cursor == mark.head):
            if time.monotonic() > until_s:
                raise TimeoutError(f"desk {self.number} stands at {mark.cursor} of {mark.head}")
            time.sleep(0.02)
            mark = self.store.mark

    def work(self, orders: Sequence[str], commands: int, pause_s: float) -> None:
        """Hold and resume orders of one's own."""
        next_s = time.monotonic() + pause_s * (self.number % 20) / 20
        for i in range(commands):
            time.sleep(max(0.0, next_s - time.monotonic()))
            next_s += pause_s
            order = orders[i // 2 % len(orders)]
            command: Command = Resume(order=order) if i % 2 else Hold(order=order, reason="bench")
            self._submit(command)
            time.sleep(max(0.0, next_s - time.monotonic()) / 2)  # the command has left the desk
            self._floor.write()

    def _submit(self, command: Command) -> None:
        began_s = time.monotonic()
        done, cpu_s = self._lane.call(lambda: self._decided(command))
        ended_s = time.monotonic()
        if done.refusal is not None:
            self.refused += 1
            return
        self.submit_ms.append((ended_s - began_s) * 1e3)
        self.submit_cpu_ms.append(cpu_s * 1e3)
        self.submitted_s[done.n] = began_s

    def _decided(self, command: Command) -> tuple[Submitted, float]:
        began_s = time.thread_time()
        done = self.store.submit(command, self._login, "", None)
        return done, time.thread_time() - began_s

    def wait_answers(self) -> None:
        until_s = time.monotonic() + PATIENCE_S
        while len(self.store.accepted_s) < len(self.submitted_s) and time.monotonic() < until_s:
            time.sleep(0.01)

    def wait_rows(self, seq: int) -> None:
        """Wait until the rows published under a number are here, however late they are."""
        until_s = time.monotonic() + PATIENCE_S
        while self.store.mark.cursor < seq and time.monotonic() < until_s:
            time.sleep(0.02)

    def report(self) -> dict[str, Any]:
        store, link = self.store, self._link
        taken = [n for n in self.submitted_s if n in store.accepted_s]
        return {
            "submit_ms": self.submit_ms,
            "submit_cpu_ms": self.submit_cpu_ms,
            "disk_ms": self._floor.ms,
            "refused": self.refused,
            "statuses": store.statuses,
            "unanswered": len(self.submitted_s) - len(store.accepted_s),
            "commands": [[self.submitted_s[n], store.accepted_s[n], store.seqs[n]] for n in taken],
            "lines": [[link.left_s[n], link.answered_s[n]] for n in taken],
            "came_s": {str(seq): at_s for seq, at_s in link.came_s.items()},
            "seen_s": {str(seq): at_s for seq, at_s in store.seen_s.items()},
        }

    def leave(self) -> None:
        self._loop.stop()
        self._floor.close()
        self._lane.close()
        self.store.close()


def _ignore(_changes: Changes) -> None:
    """There is no screen here."""


def main(asked: dict[str, Any]) -> None:
    clerks = [
        Clerk(n, asked["url"], Path(folder))
        for n, folder in zip(asked["desks"], asked["folders"], strict=True)
    ]
    for clerk in clerks:
        clerk.wait_level()
    _say("ready")
    sys.stdin.readline()
    threads = [
        threading.Thread(target=clerk.work, args=(asked["orders"][i], asked["commands"], asked["pause_s"]))
        for i, clerk in enumerate(clerks)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for clerk in clerks:
        clerk.wait_answers()
    _say("sent")
    sys.stdin.readline()
    last_seq = max((seq for clerk in clerks for seq in clerk.store.seqs.values()), default=0)
    for clerk in clerks:
        clerk.wait_rows(last_seq)
    _say([clerk.report() for clerk in clerks])
    for clerk in clerks:
        clerk.leave()


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
