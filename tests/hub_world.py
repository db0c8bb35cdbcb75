"""A real hub database and writer for tests, and desks, channels and workers that ask it things."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from builders import ARTICLES, NOW, SHOPS, WAREHOUSES, receive, stock
from sqlalchemy import Connection, Table, insert, select

from app.command import Command, Seen
from app.commands.receive import Receive
from app.domain.catalogue import SkuMap
from app.domain.company import Company, User
from app.domain.gazetteer import Gazetteer
from app.domain.order import Order
from app.domain.rules import Rules
from app.domain.scopes import Reach
from app.domain.values import Receiver, Role
from app.engine import spec_of
from sync import tables
from sync.hub.company import install_company
from sync.hub.database import open_database, reading, writing
from sync.hub.seal import Seal, open_document
from sync.hub.verify import Report, verify
from sync.hub.writer import Job, ReplicaInfo, Writer
from sync.signing import Signer
from sync.wire import Answer, SignIn, Wish

FEED = 1
SEAL = Seal(bytes(range(32)))
WAIT_S = 60
ALL = Reach(reads_settings=True)
"""The reach of somebody who works for every shop and every warehouse."""


@dataclass
class Clock:
    """Stands still unless told."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def company(**changes: Any) -> Company:
    """Two shops, two warehouses, three articles both shops know, 10 of each, a colleague of every role."""
    maps = (("A-1", "LN-220"), ("A-2", "SF-001"), ("A-3", "CT-180"))
    known: dict[str, Any] = {
        "title": "青禾",
        "shops": tuple(SHOPS.values()),
        "warehouses": tuple(WAREHOUSES.values()),
        "skus": tuple(ARTICLES.values()),
        "sku_maps": tuple(
            SkuMap(shop=shop, ext_sku=ext, sku=sku, by="trainer", at=NOW)
            for shop in SHOPS
            for ext, sku in maps
        ),
        "users": tuple(User(code=role.value, title=role.value, role=role) for role in Role if role.person),
        "opening": tuple(stock(warehouse, sku) for warehouse in WAREHOUSES for sku in ARTICLES),
        "rules": Rules(),
    }
    return Company(**(known | changes))


def bought(order: str, **changes: Any) -> Receive:
    """What a channel says of an order of a buyer of its own, so that no two look like duplicates."""
    phone = f"138{int.from_bytes(hashlib.sha256(order.encode()).digest()[:6]) % 10**8:08d}"
    return receive(
        order, **({"receiver": Receiver(name="季小雨", phone=phone, street=f"文晖路{phone}号")} | changes)
    )


def signer(pc: str) -> Signer:
    """The key of a PC, the same each time it is asked for."""
    return Signer(hashlib.sha256(pc.encode()).digest())


def entry(user: str, password: str, pc: str, replica: str, told_at: datetime, **more: str) -> SignIn:
    """A sign-in as the desk on this PC makes it."""
    asked = SignIn(user=user, password=password, device=pc, replica=replica, told_at=told_at, **more)
    return signer(pc).sign_in(asked)


class Asker:
    """One replica with its own numbers."""

    def __init__(self, world: HubWorld, info: ReplicaInfo, login: str = "") -> None:
        self.world, self.info, self.login, self.n = world, info, login, 0

    def wish(
        self,
        command: Command,
        *,
        n: int | None = None,
        because: str = "",
        seen: Seen | None = None,
        id: str = "",
    ) -> Wish:
        """Number a command as this replica would."""
        if n is None:
            self.n += 1
            n = self.n
        return Wish(
            n=n,
            id=id or f"{self.info.replica_id}#{n}",
            name=spec_of(command).code,
            rev=spec_of(command).rev,
            args=msgspec.Raw(msgspec.json.encode(command)),
            login=self.login,
            seen=seen,
            because=because,
            at=NOW,
        )

    def send(self, *wishes: Wish) -> list[Answer]:
        """Push and wait for the answers."""
        return self.world.writer.submit(Job(self.info, wishes)).result(WAIT_S)

    def ask(self, command: Command, **more: Any) -> Answer:
        """Push one command and wait for its answer."""
        return self.send(self.wish(command, **more))[0]

    def must(self, *commands: Command) -> int:
        """Push commands that have to pass; return their number in the feed."""
        answers = self.send(*(self.wish(command) for command in commands))
        assert [a.status for a in answers] == ["applied"] * len(commands), answers
        return answers[-1].seq


class HubWorld:
    """A hub on `url` with a company installed and its writer running."""

    def __init__(self, url: str, **changes: Any) -> None:
        self.engine = open_database(url)
        self.clock = Clock()
        self.gazetteer: Gazetteer | None = None
        with writing(self.engine) as db:
            install_company(db, FEED, company(**changes), NOW)
        self.channel = Asker(self, ReplicaInfo("file:TM1", "channel", "file:TM1"))
        self.worker = Asker(self, ReplicaInfo("worker:recheck", "worker", "worker:recheck"))
        self.start()

    def start(self) -> None:
        """Start a writer, as after a restart of the process: it remembers nothing."""
        self.writer = Writer(self.engine, FEED, SEAL, self.clock, self.gazetteer)
        self.writer.start()

    def restart(self) -> None:
        self.writer.stop()
        self.start()

    def close(self) -> None:
        self.writer.stop()
        self.engine.dispose()

    def desk(self, role: Role = Role.CLERK, name: str = "") -> Asker:
        """Enrol a PC and sign the person of that role in."""
        name = name or f"desk-{role.value}"
        common = {"feed_id": FEED, "device_id": name}
        with writing(self.engine) as db:
            db.execute(insert(tables.device).values(**common, enrolled_at=NOW))
            db.execute(
                insert(tables.replica).values(
                    feed_id=FEED, replica_id=name, kind="desk", owner=name, made_at=NOW
                )
            )
            db.execute(
                insert(tables.login).values(
                    **common, login_id=f"login-{name}", token_sha256=name.encode(), user_code=role.value,
                    replica_id=name, made_at=NOW, expires_at=NOW + timedelta(hours=1),
                )
            )  # fmt: skip
        return Asker(self, ReplicaInfo(name, "desk"), f"login-{name}")

    def rows(self, table: Table, **where: Any) -> list[Any]:
        """Rows of a table, by its key."""
        conditions = [table.c[name] == value for name, value in where.items()]
        with reading(self.engine) as db:
            return list(db.execute(select(table).where(*conditions).order_by(*table.primary_key.columns)))

    def order(self, id: str = "o1") -> Order:
        """The order as the database holds it, opened."""
        (row,) = self.rows(tables.orders, id=id)
        keys = self.rows(tables.subject_key, subject_id=id)
        key = SEAL.unwrap(id, keys[0].wrapped) if keys else None
        return msgspec.json.decode(open_document(row.doc.encode(), key), type=Order)

    def head(self) -> int:
        return self.rows(tables.feed)[0].head

    def verify(self) -> Report:
        return verify(self.engine, FEED)

    def sql(self, statement: str) -> None:
        """Change the database behind the hub's back."""
        with writing(self.engine) as db:
            _run(db, statement)


def _run(db: Connection, statement: str) -> None:
    assert db.exec_driver_sql(statement).rowcount > 0, f"nothing changed: {statement}"
