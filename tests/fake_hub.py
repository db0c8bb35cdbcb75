"""A hub for desk tests: the real engine over rows in memory, real HTTP on loopback, faults on demand."""

from __future__ import annotations

import gzip
import hashlib
import sqlite3
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from builders import NOW, SHOPS, WAREHOUSES, Company, actor

from app import engine
from app.command import OVERTAKEN, Facts, Refusal
from app.commands.open_case import OpenCase
from app.conflict import conflicts, merged
from app.domain.company import GRANTS, User
from app.domain.scopes import Reach, holds, reach_of, scope_of
from app.domain.values import Actor, Key, Role
from app.text import Text
from sync.chain import ChainReply, Life
from sync.mark import MODULUS, sum_of, sums_said
from sync.projection import TYPES, Row, fill
from sync.signing import is_signed, public_key, sign_in_bytes, wish_bytes
from sync.wire import (
    SCHEMA,
    Answer,
    Change,
    Health,
    HistoryEntry,
    PullReply,
    Push,
    PushReply,
    Refresh,
    SignedIn,
    SignIn,
    Stop,
    Wish,
)

PASSWORD = "docket-demo"  # noqa: S105 - public
encode = msgspec.json.encode


class FakeHub:
    """Decides like the hub, keeps answers for ever, publishes changes under numbers without gaps.

    `faults` holds what happens to the next pushes: drop (never arrives), void (reply lost), busy, sign_in.
    """

    def __init__(self, company: Company | None = None) -> None:
        self.company = company or Company()
        self.epoch, self.head, self.floor, self.protected = "E1", 0, 0, 0
        self.now: datetime = NOW
        self.rows: dict[Key, Row] = {}
        self.history: list[Row] = []
        self.feed: list[Row] = []
        self.lives: list[Life] = []
        self.answers: dict[str, dict[int, tuple[bytes, Answer]]] = {}
        self.people = {
            role.value: User(code=role.value, title=role.value, role=role) for role in Role if role.person
        }
        self.tokens: dict[str, SignIn] = {}
        self.chains: dict[str, SignIn] = {}
        """Digests of the refresh tokens that are good now."""
        self.renewed = 0
        self.faults: deque[str] = deque()
        self.pushes: list[list[int]] = []
        self.signed_in = 0
        self.packed = 0
        self.snapshot: bytes | None = None
        """Packed, as it travels; it holds whatever there is."""
        self.size = 0
        self.bends_sums = False
        self.changed = threading.Condition()
        extra = [("shop", s.code, s) for s in SHOPS.values()] + [
            ("warehouse", w.code, w) for w in WAREHOUSES.values()
        ]
        extra += [("user", u.code, u) for u in self.people.values()]
        self.publish({(tbl, pk): row for tbl, pk, row in extra} | self.company.rows)

    # --- deciding -----------------------------------------------------------------------------------

    def publish(self, rows: dict[Key, Any], entries: tuple[HistoryEntry, ...] = ()) -> int:
        """Write rows under the next number."""
        with self.changed:
            self.head += 1
            for (tbl, pk), value in rows.items():
                if tbl in TYPES:
                    known = self.rows.get((tbl, pk))
                    scope = scope_of(tbl, value) if value is not None else known.scope if known else ""
                    row = Row(tbl, pk, self.head, encode(value) if value is not None else None, scope)
                    self.feed.append(row)
                    if row.doc is None:
                        self.rows.pop((tbl, pk), None)
                    else:
                        self.rows[tbl, pk] = row
            for i, entry in enumerate(entries):
                told = self.rows.get(("order", entry.order))
                scope = told.scope if told else "ref"
                row = Row("history", f"{entry.order}:{self.head}:{i}", self.head, encode(entry), scope)
                self.history.append(row)
                self.feed.append(row)
            self.changed.notify_all()
            return self.head

    def decide(self, replica: str, wish: Wish, user: User) -> Answer:
        """Decide one command and publish what follows."""
        spec = engine.SPECS[wish.name]
        command = msgspec.json.decode(wish.args, type=spec.type)
        by = msgspec.structs.replace(actor(user.role, user.code), desk=replica)
        facts: Facts = self.company.facts(command, by)
        facts.now, facts.confirmed = self.now, frozenset(wish.confirmed)
        order = next((facts.order(k[1]) for k in spec.needs(command) if k[0] == "order"), None)
        stale = conflicts(wish.seen, order, command)
        command = merged(command, wish.seen, order)
        if stale:
            seq = self.open_case(replica, wish, Text("changed"))
            return Answer(n=wish.n, status="conflict", seq=seq, fields=stale)
        done = engine.apply(command, facts)
        if isinstance(done, Refusal):
            seq = self.open_case(replica, wish, done.text) if done.code not in OVERTAKEN else self.head
            return Answer(n=wish.n, status="refused", seq=seq, refusal=done)
        self.company.rows |= facts.changed
        said = tuple(text for event in done if (text := event.says()) is not None)
        entries = tuple(
            HistoryEntry(order=id_, seq=self.head + 1, at=self.now, by=user.code, command=wish.name,
                         because=wish.because, texts=said)
            for tbl, id_ in facts.changed if tbl == "order"
        )  # fmt: skip
        return Answer(n=wish.n, status="applied", seq=self.publish(facts.changed, entries))

    def open_case(self, replica: str, wish: Wish, text: Text) -> int:
        """Put a refused command before its person."""
        case = OpenCase(case=f"{replica}/{wish.n}", kind="refused_command", subject_id=wish.id, text=text)
        facts = self.company.facts(case, Actor("hub", Role.WORKER, frozenset({"open_case"})))
        assert not isinstance(engine.apply(case, facts), Refusal)
        self.company.rows |= facts.changed
        return self.publish(facts.changed)

    def receive(self, id: str, **changes: Any) -> int:
        """Let a channel bring an order."""
        before = dict(self.company.rows)
        self.company.receive(id, **changes)
        changed = {key: row for key, row in self.company.rows.items() if before.get(key) is not row}
        return self.publish(changed)

    def restore(self, epoch: str, replica: str, last_n: int) -> None:
        """Come back from a backup that knows this replica's commands up to `last_n` only; rows stay."""
        known = {n: a for n, a in self.answers.get(replica, {}).items() if n <= last_n}
        seq = max((answer.seq for _, answer in known.values()), default=0)
        self.lives.append(Life(epoch, self.epoch, seq, ""))
        self.epoch, self.answers[replica] = epoch, known

    def last_n(self, replica: str, to: int) -> int:
        return max((n for n, (_, a) in self.answers.get(replica, {}).items() if a.seq <= to), default=0)

    def total(self) -> int:
        return sum(sum_of(row.tbl, row.pk, row.seq) for row in self.rows.values()) % MODULUS

    def key_of(self, replica: str) -> bytes:
        keys = [who.key for who in self.tokens.values() if who.replica == replica]
        return public_key(keys[-1]) if keys else b""

    def sums(self, reach: Reach | None) -> dict[str, str]:
        """The checksums of what a reach holds, by scope; bent on demand."""
        sums: dict[str, int] = {"ref": int(self.bends_sums)}
        for row in self.rows.values():
            if reach is None or holds(reach, row.scope):
                sums[row.scope] = (sums.get(row.scope, 0) + sum_of(row.tbl, row.pk, row.seq)) % MODULUS
        return sums_said(sums)

    # --- answering ----------------------------------------------------------------------------------

    def push(self, push: Push, user: User) -> PushReply | Stop:
        if push.epoch != self.epoch:
            return Stop(code="epoch", epoch=self.epoch)
        known = self.answers.setdefault(push.replica, {})
        self.pushes.append([wish.n for wish in push.commands])
        results = []
        for wish in push.commands:
            key = self.key_of(push.replica)  # none: a desk without a wire, where nobody signed in
            if key and not is_signed(key, wish.sig, wish_bytes(push.replica, wish)):
                return Stop(code="signature")
            if wish.n in known:
                if known[wish.n][0] != bytes(wish.args):
                    return Stop(code="fork")
            elif wish.n != len(known) + 1:
                return Stop(code="gap", expect=len(known) + 1)
            else:
                known[wish.n] = (bytes(wish.args), self.decide(push.replica, wish, user))
            results.append(known[wish.n][1])
        return PushReply(
            epoch=self.epoch,
            results=results,
            next_n=len(known) + 1,
            head=self.head,
            protected_seq=self.protected,
        )

    def pull(self, replica: str, ask: dict[str, str], reach: Reach | None = None) -> PullReply | Stop:
        rev = ask.get("scope_rev", "")
        if reach is not None and rev not in ("", reach.rev):
            return Stop(code="scope", reach=reach)
        cursor = int(ask["cursor"])
        if ask["epoch"] and ask["epoch"] != self.epoch:
            return Stop(code="epoch", epoch=self.epoch)
        if cursor < self.floor:
            return Stop(code="floor")
        with self.changed:
            known = int(ask["last_n"])
            self.changed.wait_for(
                lambda: self.head > cursor or self.last_n(replica, self.head) > known, float(ask["wait"])
            )
            later = [
                row for row in self.feed if row.seq > cursor and (reach is None or holds(reach, row.scope))
            ]
            part, limit = later, int(ask["limit"])
            if len(later) > limit:
                part = [row for row in later if row.seq <= later[limit - 1].seq]
            to = self.head if len(part) == len(later) else part[-1].seq
            own = ask.get("own") == "1"
            if own and reach is not None:
                mine = [row for row in self.rows.values() if row.scope == f"user:{reach.user}"]
                part = [*mine, *(row for row in part if row not in mine)]
            changes = [
                Change(
                    r.seq, i, r.tbl, "U" if r.doc is not None else "D", r.pk, msgspec.Raw(r.doc or b"null"),
                    r.scope,
                )
                for i, r in enumerate(part)
            ]  # fmt: skip
            return PullReply(
                epoch=self.epoch, since=cursor, to=to, head=self.head, more=to < self.head,
                last_n=self.last_n(replica, to), protected_seq=self.protected, hub_time=self.now,
                head_hash="",
                sums=self.sums(reach), changes=changes, scope_rev=rev, own=own, replica=replica,
            )  # fmt: skip

    def sign_in(self, asked: SignIn) -> SignedIn | Stop:
        user = self.people.get(asked.user)
        if user is None or asked.password != PASSWORD:
            return Stop(code="wrong_password", text=Text("Name or password is wrong."))
        if not is_signed(public_key(asked.key), asked.proof, sign_in_bytes(asked)):
            return Stop(code="unproved", text=Text("Not signed."))
        self.signed_in += 1
        return self.let_in(asked, user, asked.next)

    def refresh(self, asked: Refresh) -> SignedIn | Stop:
        who = self.chains.pop(hashlib.sha256(asked.refresh.encode()).hexdigest(), None)
        user = self.people.get(who.user) if who else None
        if who is None or user is None:
            return Stop(code="sign_in")
        self.renewed += 1
        return self.let_in(msgspec.structs.replace(who, replica=asked.replica), user, asked.next)

    def let_in(self, asked: SignIn, user: User, next_: str) -> SignedIn:
        token = f"token-of-{asked.user}-{self.signed_in:04d}-{self.renewed:04d}"
        self.tokens[token] = asked
        self.chains[next_] = asked
        return SignedIn(
            token=token, login=f"login-{self.signed_in}", user=user, grants=GRANTS[user.role],
            expires_at=self.now + timedelta(hours=1), epoch=self.epoch, hub_time=self.now,
        )  # fmt: skip

    def build_snapshot(self) -> None:
        """Offer what is there now as one file."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "snapshot.db"
            db = sqlite3.connect(path, isolation_level=None)
            fill(db, [*self.rows.values(), *self.history], epoch=self.epoch, seq=self.head)
            db.close()
            self.size = path.stat().st_size
            self.snapshot = gzip.compress(path.read_bytes(), mtime=0)

    @contextmanager
    def serve(self) -> Iterator[str]:
        """Answer on loopback; return the address."""
        hub = self

        class Handler(_Handler):
            pass

        Handler.hub = hub
        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()
            thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    hub: FakeHub
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._snapshot(with_body=False)

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        if where.path == "/v1/health":
            self._answer(Health(schema=SCHEMA, hub_time=self.hub.now))
            return
        if where.path == "/v1/snapshot":
            self._snapshot(with_body=True)
            return
        ask = {key: values[0] for key, values in parse_qs(where.query, keep_blank_values=True).items()}
        if where.path == "/v1/chain":
            self._answer(ChainReply(since=int(ask["since"]), roots=(), lives=tuple(self.hub.lives)))
            return
        self._with_person(
            lambda who, user: self.hub.pull(who.replica, ask, reach_of(user, GRANTS[user.role]))
        )

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
            self.hub.packed += 1
        if self.path == "/v1/sign_in":
            self._answer(self.hub.sign_in(msgspec.json.decode(body, type=SignIn)))
            return
        if self.path == "/v1/refresh":
            self._answer(self.hub.refresh(msgspec.json.decode(body, type=Refresh)))
            return
        fault = self.hub.faults.popleft() if self.hub.faults else ""
        if fault == "drop":
            self.close_connection = True
            self.connection.close()
        elif fault in {"busy", "sign_in"}:
            self._answer(Stop(code=fault))
        else:
            push = msgspec.json.decode(body, type=Push)
            self._with_person(lambda _who, user: self.hub.push(push, user), is_void=fault == "void")

    def _with_person(self, answer: Callable[[SignIn, User], Any], *, is_void: bool = False) -> None:
        who = self.hub.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        value = answer(who, self.hub.people[who.user]) if who else Stop(code="sign_in")
        if is_void:
            self.close_connection = True
            self.connection.close()
            return
        self._answer(value)

    def _answer(self, value: Any) -> None:
        statuses = {"sign_in": 401, "wrong_password": 403, "busy": 503, "floor": 410, "upgrade": 426}
        status = statuses.get(value.code, 409) if isinstance(value, Stop) else 200
        body = encode(value)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _snapshot(self, *, with_body: bool) -> None:
        whole = self.hub.snapshot
        start = int(self.headers.get("Range", "bytes=0-")[6:-1])
        body = b"" if whole is None else whole[start:]
        self.send_response(404 if whole is None else 206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        if whole is not None:
            self.send_header("docket-sha256", hashlib.sha256(whole).hexdigest())
            self.send_header("docket-size", str(self.hub.size))
        self.end_headers()
        if with_body:
            self.wfile.write(body)
