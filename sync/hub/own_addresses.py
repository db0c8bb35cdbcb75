"""A person's own addresses for notices: sealed under a key of their own, opened only to send.

Nothing of them travels to desks, stands in a log or is told again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, delete, func, insert, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.domain.own_address import (
    ADDRESSES_MOST,
    Address,
    Allowed,
    NewAddress,
    OwnAddress,
    OwnAddresses,
    read,
)
from app.text import N_, Text
from app.trouble import Trouble
from sync.door_tables import own_address
from sync.hub.database import reading, writing
from sync.hub.directory import Teller
from sync.hub.doorway import Answerer, Doorway, named
from sync.hub.seal import Seal

ASK_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class Post:
    """How a hub reaches people outside; one without a `teller` reaches nobody."""

    allowed: Allowed = field(default_factory=Allowed)
    teller: Teller | None = None
    say: Callable[[Text], str] = str


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses at one hub. Everybody sees and changes their own, nobody those of others."""

    engine: Engine
    feed_id: int
    seal: Seal
    clock: Callable[[], datetime]
    post: Post

    def mine(self, person: str) -> OwnAddresses:
        """Return what there is of a person, masked, and which ways this hub knows."""
        a = own_address.c
        found = select(a.id, a.way, a.mask, a.made_at).where(*_of(self.feed_id, person))
        with reading(self.engine) as db:
            rows = db.execute(found.order_by(a.made_at, a.id)).all()
        items = tuple(OwnAddress(id=one.id, way=one.way, mask=one.mask, made_at=one.made_at) for one in rows)
        allowed = self.post.allowed if self.post.teller is not None else None
        if allowed is None:
            return OwnAddresses(items=items)
        return OwnAddresses(ways=allowed.ways, hosts=allowed.hosts, items=items)

    def keep(self, person: str, asked: NewAddress) -> OwnAddress:
        """Keep a new address.

        Raises:
            Trouble: bad_address, too_many.
        """
        if self.post.teller is None:
            raise Trouble("no_notices", Text(N_("This hub tells nobody outside the program.")))
        understood = read(asked, self.post.allowed)
        if not isinstance(understood, Address):
            raise Trouble("bad_address", understood)
        made = OwnAddress(id=secrets.token_hex(8), way=asked.way, mask=understood.mask, made_at=self.clock())
        key = self.seal.new_key(_subject(person, made.id))
        with writing(self.engine) as db:
            held = select(func.count()).select_from(own_address).where(*_of(self.feed_id, person))
            if db.execute(held).scalar_one() >= ADDRESSES_MOST:
                raise Trouble("too_many", Text(N_("You have 10 addresses. Remove one first.")))
            row = {**msgspec.structs.asdict(made), "feed_id": self.feed_id, "user_code": person}
            sealed = {"wrapped": key.wrapped, "packed": key.pack(asked.value.strip().encode())}
            db.execute(insert(own_address).values(**row, **sealed))
        return made

    def end(self, person: str, id: str) -> None:
        """Send nothing there any more; nothing of it stays."""
        with writing(self.engine) as db:
            db.execute(delete(own_address).where(*_of(self.feed_id, person), own_address.c.id == id))

    def test(self, person: str, id: str) -> None:
        """Send a word there.

        Raises:
            Trouble: no_address, not_taken.
        """
        with reading(self.engine) as db:
            urls = self._opened(db, person, id)
        if not urls or self.post.teller is None:
            raise Trouble("no_address", Text(N_("Nothing is sent there any more.")))
        title = self.post.say(Text(N_("Docket: a test")))
        body = self.post.say(Text(N_("Held orders that wait for you will be told here.")))
        if not self.post.teller.tell(urls, title, body):
            raise Trouble("not_taken", Text(N_("Nobody took it there. Look at the address and try again.")))

    def people(self, db: Connection) -> frozenset[str]:
        """Return who has an address."""
        a = own_address.c
        found = select(a.user_code).where(a.feed_id == self.feed_id).distinct()
        return frozenset(db.execute(found).scalars())

    def of(self, person: str) -> tuple[str, ...]:
        """Return where messages for a person go, as far as the operator still allows it."""
        with reading(self.engine) as db:
            return self._opened(db, person)

    def _opened(self, db: Connection, person: str, id: str = "") -> tuple[str, ...]:
        a = own_address.c
        found = select(a.id, a.way, a.wrapped, a.packed).where(*_of(self.feed_id, person))
        urls = []
        for row in db.execute(found.where(a.id == id) if id else found).all():
            key = self.seal.unwrap(_subject(person, row.id), bytes(row.wrapped))
            typed = NewAddress(way=row.way, value=key.unpack(bytes(row.packed)).decode())
            understood = read(typed, self.post.allowed)
            if isinstance(understood, Address):
                urls.append(understood.url)
        return tuple(urls)


def _of(feed_id: int, person: str) -> tuple[ColumnElement[bool], ...]:
    return own_address.c.feed_id == feed_id, own_address.c.user_code == person


def _subject(person: str, id: str) -> str:
    return f"address:{person}:{id}"


def address_routes(addresses: Addresses, door: Doorway) -> list[Route]:
    """Return the routes by which people look after their own addresses."""
    api = _Own(addresses, door)
    paths: list[tuple[str, str, Answerer]] = [
        ("GET", "/v1/addresses", api.mine),
        ("POST", "/v1/addresses", api.keep),
        ("POST", "/v1/addresses/{id}/test", api.test),
        ("POST", "/v1/addresses/{id}/end", api.end),
    ]
    return [Route(path, door.guarded(answer), methods=[method]) for method, path, answer in paths]


@dataclass(frozen=True, slots=True)
class _Own:
    """The answers. What waits for servers outside has a thread of its own: it holds no desk up."""

    addresses: Addresses
    door: Doorway
    outside: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "addresses"))

    async def mine(self, request: Request) -> Response:
        who = await self.door.session(request)
        return self.door.json(await self.door.on(partial(self.addresses.mine, who.user.code)))

    async def keep(self, request: Request) -> Response:
        who = await self.door.session(request)
        self.door.limits.take("dear", who.device_id)
        asked = await self.door.message(request, ASK_BYTES, NewAddress)
        return self.door.json(await self.door.on(partial(self.addresses.keep, who.user.code, asked)))

    async def test(self, request: Request) -> Response:
        who = await self.door.session(request)
        self.door.limits.take("trial", who.device_id)
        send = partial(self.addresses.test, who.user.code, named(request))
        return self.door.json(await self.door.on(send, self.outside))

    async def end(self, request: Request) -> Response:
        who = await self.door.session(request)
        end = partial(self.addresses.end, who.user.code, named(request))
        return self.door.json(await self.door.on(end))
