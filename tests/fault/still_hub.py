"""A hub in virtual time: the real API, writer and jobs on SQLite, its threads replaced by turns."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from place import FEED, SEAL
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import OperationalError
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from still_line import Ask, Reply
from still_outside import SERVED
from still_sabotage import HubDisk, HubGone, Sabotage
from turns import Turns

from app.domain.gazetteer import Gazetteer
from sync.hub.api import Hub, application
from sync.hub.asking import Worker
from sync.hub.database import reading
from sync.hub.drain import Drain
from sync.hub.effects import WORKER as EFFECTS
from sync.hub.effects import Effects
from sync.hub.imports.delivery import CHANNELS
from sync.hub.jobs import WORKER, open_worker, recheck_page
from sync.hub.prepare import Preparer
from sync.hub.provider import Provider
from sync.hub.routing import WORKER as ROUTING
from sync.hub.routing import Routing
from sync.hub.snapshot import Snapshots
from sync.hub.writer import Closed, Job, Writer
from sync.tables import feed
from sync.wire import Answer

WINDOW_S = 0.004
JOBS_S = 0.5


class Inline(Executor):
    """Does at once what a pool of threads would do soon."""

    def __init__(self, *_args: Any, **_more: Any) -> None:
        """Take whatever a pool of threads is made with."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        """Do it now; what it asks of the writer, whom a thread would wait for, is decided at once."""
        done: Future[Any] = Future()
        writer = StillHub.at_work.writer if StillHub.at_work is not None else None
        was = writer is not None and writer.is_inline
        try:
            if writer is not None:
                writer.is_inline = True
            done.set_result(work(*args, **more))
        except BaseException as fault:  # noqa: BLE001 - handed on, as a pool does
            done.set_exception(fault)
        finally:
            if writer is not None:
                writer.is_inline = was
        return done


class StillFile(Response):
    """A file handed out at once, from where it is asked for: the real one needs threads."""

    def __init__(self, path: Path, *, headers: Mapping[str, str], **more: Any) -> None:
        super().__init__(path.read_bytes(), headers=headers, **more)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with all of it, or with what is left."""
        start = int(dict(scope["headers"]).get(b"range", b"bytes=0-")[len("bytes=") : -1])
        if start:
            self.status_code, self.body = 206, self.body[start:]
            self.headers["content-length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


class StillLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is the virtual one."""

    def __init__(self, turns: Turns) -> None:
        super().__init__()
        self._turns = turns

    def time(self) -> float:
        """Return virtual seconds."""
        return self._turns.now_s


class TurnWriter(Writer):
    """The batch writer without its thread: a batch is a thing that happens."""

    def __init__(
        self, turns: Turns, run: Callable[[Callable[[], None]], None], window_s: float, *args: Any
    ) -> None:
        super().__init__(*args)
        self.is_inline = False
        self._window_s = window_s
        self._turns, self._run_guarded = turns, run
        self._is_asked = False

    def start(self) -> None:
        """There is no thread to start."""

    def submit(self, job: Job) -> Future[list[Answer]]:
        """Take a job; it is decided in the next batch, or at once for a job of the hub itself."""
        future = super().submit(job)
        if self.is_inline:
            self.batch()
        elif not self._is_asked:
            self._is_asked = True
            self._turns.after(self._window_s, lambda: self._run_guarded(self.batch))
        return future

    def batch(self) -> None:
        """Decide everything that waits."""
        self._is_asked = False
        while self._people or self._intake:
            taken = self._take()
            try:
                self._do(taken)
            except Exception as fault:  # noqa: BLE001 - told to whoever waits, as the thread does
                logging.getLogger("sync.hub.writer").info("a batch was given up: %s", fault)
                for _, future in taken:
                    if not future.done():
                        future.set_exception(fault)


@dataclass(eq=False)
class StillHub:
    """One life of one hub process. `on_death` is told once."""

    turns: Turns
    engine: Engine
    gazetteer: Gazetteer | None
    clock: Callable[[], datetime]
    rng: random.Random
    folder: Path
    channel: Provider
    on_death: Callable[[StillHub], None]
    is_whole: bool = False
    has_files: bool = False
    """It hands whole replicas out as files; without, rows come by pages."""
    window_s: float = WINDOW_S
    """How long it waits for more before a batch: in a slow one many desks meet."""
    disk: HubDisk = field(default_factory=HubDisk)
    sabotage: Sabotage = field(init=False)
    complaints: list[str] = field(default_factory=list)
    is_up: bool = True
    at_work: ClassVar[StillHub | None] = None
    _open: list[Callable[[Reply | None], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.sabotage = Sabotage(self.disk)
        with reading(self.engine) as db:
            epoch = db.execute(select(feed.c.epoch).where(feed.c.feed_id == FEED)).scalar_one()
        args = (self.engine, FEED, SEAL, self.clock, self.gazetteer)
        self.writer = TurnWriter(self.turns, self.guarded, self.window_s, *args)
        snapshots = Snapshots(self.engine, FEED, SEAL, self.folder / "files")
        self.hub = Hub(self.engine, FEED, epoch, SEAL, self.writer, snapshots, self.clock, is_own=True)
        self._app = application(self.hub)
        self._loop = StillLoop(self.turns)
        self._preparer = Preparer(self.gazetteer)
        self._drain = Drain(self.engine, FEED, SEAL, self.writer, CHANNELS, self._preparer, self.clock)
        self._worker = open_worker(self.engine, FEED, WORKER, self.clock())
        self._more = self._whole_jobs() if self.is_whole else []
        self._pumped_at_s = -1.0
        self.turns.after(JOBS_S * self.rng.random(), self._jobs)

    def _whole_jobs(self) -> list[Callable[[], bool]]:
        """Return what a hub does beside what desks ask: hand out work, and tell the world outside."""
        infos = [open_worker(self.engine, FEED, name, self.clock()) for name in (ROUTING, EFFECTS)]
        handing, telling = (Worker(self.engine, FEED, self.writer, info) for info in infos)
        routing = Routing(handing)
        effects = Effects(telling, lambda _shop, _kind: self.channel, self.clock, kinds=(SERVED,))
        return [lambda: routing.step(self.clock()), effects.carry_out]

    # --- requests -----------------------------------------------------------------------------------

    def ask(self, ask: Ask, on_reply: Callable[[Reply | None], None]) -> None:
        """Take a request."""
        self._open.append(on_reply)
        self.guarded(lambda: self._take(ask, on_reply))

    def _take(self, ask: Ask, on_reply: Callable[[Reply | None], None]) -> None:
        self._loop.create_task(self._answer(ask, on_reply))

    async def _answer(self, ask: Ask, on_reply: Callable[[Reply | None], None]) -> None:
        path, _, query = ask.target.partition("?")
        if path.endswith("/snapshot") and not self.has_files:
            self._reply(on_reply, Reply(404, {"content-length": "0"}, b""))
            return
        headers = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in ask.headers.items()]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": ask.method,
            "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
            "root_path": "", "headers": headers,
            "client": ("127.0.0.1", 1), "server": ("hub", 80), "state": {},
        }  # fmt: skip
        whole = ask.cut_at is None
        body = ask.body if ask.cut_at is None else ask.body[: ask.cut_at]
        parts = [{"type": "http.request", "body": body, "more_body": not whole}]
        said: dict[str, Any] = {"status": 0, "headers": {}, "body": b""}

        async def receive() -> dict[str, Any]:
            if parts:
                return parts.pop()
            if whole:
                await asyncio.Event().wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                said["status"] = message["status"]
                said["headers"] = {k.decode("latin-1"): v.decode("latin-1") for k, v in message["headers"]}
            else:
                said["body"] += message.get("body", b"")

        try:
            await self._app(scope, receive, send)
        except HubGone:
            return
        except Exception as fault:  # noqa: BLE001 - a 500 is a bug, told at the end
            self.complaints.append(f"{ask.method} {path}: {type(fault).__name__} {fault}"[:300])
        if self.is_up:
            body = b"" if ask.method == "HEAD" else said["body"]
            self._reply(on_reply, Reply(said["status"] or 500, said["headers"], body) if whole else None)

    def _reply(self, on_reply: Callable[[Reply | None], None], reply: Reply | None) -> None:
        if on_reply in self._open:
            self._open.remove(on_reply)
            on_reply(reply)

    # --- its own work -------------------------------------------------------------------------------

    def _jobs(self) -> None:
        if self.is_up:
            self.guarded(self._do_jobs)
            self.turns.after(JOBS_S, self._jobs)

    def _do_jobs(self) -> None:
        self.writer.is_inline = True
        try:
            while self._drain.page():
                pass
            while recheck_page(self.engine, FEED, self.writer, self._worker, self.clock()):
                pass
            for job in self._more:
                while job():
                    pass
        except (Closed, OperationalError):
            pass
        except Exception as fault:  # noqa: BLE001 - a job that fails is a bug, told at the end
            self.complaints.append(f"a job failed: {type(fault).__name__} {fault}"[:300])
        finally:
            self.writer.is_inline = False

    # --- life and death -----------------------------------------------------------------------------

    def guarded(self, do: Callable[[], None]) -> None:
        """Do something of the hub's and let its loop run; a death in the middle is a death."""
        if not self.is_up:
            return
        before, StillHub.at_work = StillHub.at_work, self
        try:
            do()
            self._pump()
        except HubGone:
            self.die()
        finally:
            StillHub.at_work = before

    def _pump(self) -> None:
        loop = self._loop
        for _ in range(1000):
            loop.call_soon(loop.stop)
            loop.run_forever()
            if self.sabotage.kind == "dead":
                raise HubGone
            timers = [one for one in loop._scheduled if not one.cancelled()]  # type: ignore[attr-defined]
            soonest_s = min((one.when() for one in timers), default=None)
            if not loop._ready and (soonest_s is None or soonest_s > self.turns.now_s):  # type: ignore[attr-defined]
                break
        if soonest_s is not None and soonest_s != self._pumped_at_s:
            self._pumped_at_s = soonest_s
            self.turns.after(soonest_s - self.turns.now_s, lambda: self.guarded(lambda: None))

    def die(self) -> None:
        """End at once, as kill -9 does."""
        if not self.is_up:
            return
        self.is_up = False
        self.sabotage.kind = ""
        while tasks := asyncio.all_tasks(self._loop):
            for task in tasks:
                task.cancel()
            self._loop.call_soon(self._loop.stop)
            self._loop.run_forever()
        self._loop.close()
        broken, self._open = self._open, []
        for on_reply in broken:
            on_reply(None)
        self.on_death(self)


def watch_engine(engine: Engine) -> None:
    """Let every statement and commit of `engine` pass the hub that makes it."""

    def before(_db: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if StillHub.at_work is not None:
            StillHub.at_work.sabotage.at_statement(statement)

    event.listen(engine, "before_cursor_execute", before)
    real = engine.dialect.do_commit

    def commit(connection: Any) -> None:
        if StillHub.at_work is None:
            real(connection)
        else:
            StillHub.at_work.sabotage.at_commit(lambda: real(connection))

    engine.dialect.do_commit = commit  # type: ignore[method-assign]
