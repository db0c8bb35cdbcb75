"""How a desk sees the shops, lets one rest or be read again, and has one order fetched again.

Nothing here talks to a channel: what is asked for is written down, and the reader of the shop does it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import msgspec
from sqlalchemy import Connection, select
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.domain.channels import FETCHES, KEEPS_SHOPS, Channels
from app.domain.scopes import Reach, holds, order_scope, works_for
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import writing
from sync.hub.doorway import Answerer, Doorway, named
from sync.hub.polling.connections import Connected, connected, switch
from sync.hub.polling.health import health
from sync.hub.polling.streams import read_again
from sync.hub.polling.taking import Tools
from sync.hub.polling.wanting import ASKED, want
from sync.tables import orders

NOT_CONNECTED = Text(N_("The hub does not talk to this shop. Look at Settings, Channels."))
NOT_SINGLE = Text(N_("This channel tells no single order. Read the shop again instead."))
NOT_ALLOWED = Text(N_("You may look. Leads let a shop rest or be read again."))
NOT_FETCHED = Text(N_("You may not fetch orders. Ask a lead for the right."))


def shops_routes(api: Shops) -> list[Route]:
    """Return the routes by which a desk sees shops and asks for something about them."""
    paths: list[tuple[str, str, Answerer]] = [
        ("GET", "/v1/shops", api.shops),
        ("POST", "/v1/shops/{id}/rest", api.rest),
        ("POST", "/v1/shops/{id}/go_on", api.go_on),
        ("POST", "/v1/shops/{id}/again", api.again),
        ("POST", "/v1/orders/{id}/fetch", api.fetch),
    ]
    return [Route(path, api.door.guarded(answer), methods=[method]) for method, path, answer in paths]


@dataclass(frozen=True, slots=True)
class Shops:
    """The answers."""

    tools: Tools
    door: Doorway

    async def shops(self, request: Request) -> Response:
        who = await self.door.session(request)
        return self.door.json(await self.door.on(partial(seen, self.tools, who.reach)))

    async def rest(self, request: Request) -> Response:
        return await self._do(request, KEEPS_SHOPS, NOT_ALLOWED, rest)

    async def go_on(self, request: Request) -> Response:
        return await self._do(request, KEEPS_SHOPS, NOT_ALLOWED, go_on)

    async def again(self, request: Request) -> Response:
        return await self._do(request, KEEPS_SHOPS, NOT_ALLOWED, again)

    async def fetch(self, request: Request) -> Response:
        return await self._do(request, FETCHES, NOT_FETCHED, fetch)

    async def _do(
        self, request: Request, right: str, no: Text, change: Callable[[Connection, Tools, Reach, str], None]
    ) -> Response:
        who = await self.door.session(request)
        if right not in who.grants:
            raise Trouble("not_allowed", no)
        name = named(request)

        def done() -> None:
            with writing(self.tools.engine) as db:
                change(db, self.tools, who.reach, name)

        return self.door.json(await self.door.on(done))


def seen(tools: Tools, reach: Reach) -> Channels:
    """Say how the shops do that somebody works for."""
    every = health(tools.engine, tools.feed_id, tools.seal, tools.clock())
    return msgspec.structs.replace(
        every, shops=tuple(one for one in every.shops if works_for(reach, one.shop))
    )


def rest(db: Connection, tools: Tools, reach: Reach, shop: str) -> None:
    """Let a shop rest.

    Raises:
        Trouble: not_connected; so is a shop they do not work for.
    """
    _check_shop(reach, shop)
    if not switch(db, tools.feed_id, shop, tools.clock(), is_on=False):
        raise Trouble("not_connected", NOT_CONNECTED)


def go_on(db: Connection, tools: Tools, reach: Reach, shop: str) -> None:
    """Let a shop go on where it was left.

    Raises:
        Trouble: not_connected; so is a shop they do not work for.
    """
    _check_shop(reach, shop)
    if not switch(db, tools.feed_id, shop, tools.clock(), is_on=True):
        raise Trouble("not_connected", NOT_CONNECTED)


def again(db: Connection, tools: Tools, reach: Reach, shop: str) -> None:
    """Have a shop read at once, its last three days once more.

    Raises:
        Trouble: not_connected; so is a shop they do not work for.
    """
    _check_shop(reach, shop)
    streams = _connected(db, tools, shop).manifest.streams
    read_again(db, tools.feed_id, shop, list(streams))


def fetch(db: Connection, tools: Tools, reach: Reach, id: str) -> None:
    """Have one order read again, by our id.

    Raises:
        Trouble: not_connected; so is an order they do not hold; not_single: its channel tells only lists.
    """
    o = orders.c
    found = select(o.shop, o.warehouse, o.signatures_needed, o.ext_id)
    row = db.execute(found.where(o.feed_id == tools.feed_id, o.id == id)).one_or_none()
    if row is None or not row.ext_id or not holds(reach, order_scope(*row[:3])):
        raise Trouble("not_connected", NOT_CONNECTED)
    streams = _connected(db, tools, row.shop).manifest.streams.values()
    if not any(one.kind == "orders" and one.one for one in streams):
        raise Trouble("not_single", NOT_SINGLE)
    want(db, tools.feed_id, row.shop, row.ext_id, ASKED, tools.clock())


def _check_shop(reach: Reach, shop: str) -> None:
    """Answer about a shop of others as about one nobody knows.

    Raises:
        Trouble: not_connected.
    """
    if not works_for(reach, shop):
        raise Trouble("not_connected", NOT_CONNECTED)


def _connected(db: Connection, tools: Tools, shop: str) -> Connected:
    found = connected(db, tools.feed_id, tools.seal, shop=shop)
    if not found:
        raise Trouble("not_connected", NOT_CONNECTED)
    return found[0]
