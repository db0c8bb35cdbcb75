"""The way in for other systems, `/api/v1/…`: a key each, JSON, pages with a cursor, problems in a sentence.

Beside the desks' own way, which tells more and promises less: this one only grows.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.domain.news import KINDS
from app.text import N_
from sync.hub.doorway import Answerer, Doorway, as_json
from sync.hub.limits import OVER_COSTS, Limits
from sync.hub.outward.doing import Doing
from sync.hub.outward.keys import Caller, caller_of
from sync.hub.outward.once import Said, once
from sync.hub.outward.pages import Pages, Wanted
from sync.hub.outward.problems import MEDIA, Problematic, retold
from sync.outward_wire import (
    ASK_BYTES,
    ORDER_BYTES,
    ROWS_MOST,
    ArrivalIn,
    CartIn,
    CreditIn,
    OrderIn,
    OrderOut,
    ParcelIn,
    ReceiptIn,
    StockIn,
)
from sync.wire import Stop

T = TypeVar("T")
BEGINS = "/api/v1"
THREADS = 4
WORD_MOST = 200
Answer = Callable[[Request, Caller], Awaitable[Response]]


def system_routes(doing: Doing, describe: Callable[[], bytes]) -> list[Route]:
    """Return the routes of other systems. `describe` gives the OpenAPI document."""
    door = Doorway(doing.engine, doing.feed_id, doing.clock, Limits())
    api = _Systems(
        doing, door, Pages(doing.engine, doing.feed_id), describe, ThreadPoolExecutor(THREADS, "system")
    )
    paths: list[tuple[str, str, str, Answer]] = [
        ("GET", "/openapi.json", "", api.described),
        ("GET", "/orders", "orders:read", api.orders),
        ("POST", "/orders", "orders:write", api.bring),
        ("GET", "/orders/{id}", "orders:read", api.order),
        ("GET", "/orders/{id}/receiver", "orders:personal", api.receiver),
        ("POST", "/orders/{id}/parcel", "shipments:write", api.ship),
        ("GET", "/parcels", "shipments:read", api.parcels),
        ("GET", "/stock", "stock:read", api.shelves),
        ("PUT", "/stock/{warehouse}/{sku}", "stock:write", api.set_stock),
        ("PUT", "/carts/{shop}/{ext_id}", "carts:write", api.hold_cart),
        ("POST", "/receipts", "stock:write", api.receive_stock),
        ("PUT", "/arrivals/{warehouse}/{sku}/{reference}", "stock:write", api.announce_stock),
        ("PUT", "/customers/{code}/credit", "customers:write", api.keep_credit),
        ("GET", "/events", "events:read", api.events),
    ]
    return [
        Route(f"{BEGINS}{path}", api.open(scope, answer), methods=[method])
        for method, path, scope, answer in paths
    ]


@dataclass(frozen=True, slots=True)
class _Systems:
    """The answers; they have threads of their own, so that a busy system holds no desk up."""

    doing: Doing
    door: Doorway
    pages: Pages
    describe: Callable[[], bytes]
    threads: ThreadPoolExecutor

    def open(self, scope: str, answer: Answer) -> Answerer:
        """Let in who has a key with this scope; what cannot be becomes a problem."""

        async def answered(request: Request) -> Response:
            try:
                return await answer(request, await self._caller(request, scope))
            except Problematic as problem:
                return as_json(Stop(code=problem.code, text=problem.hint), problem.status)

        guarded = self.door.guarded(answered)

        async def opened(request: Request) -> Response:
            response = await guarded(request)
            is_stop = response.status_code >= 400 and response.media_type != MEDIA
            return retold(response) if is_stop else response

        return opened

    async def _caller(self, request: Request, scope: str) -> Caller:
        """Return whose key this is; it is counted by itself, a made-up one by where it comes from."""
        token = self.door.token(request)
        if not await self.door.is_ours(token):
            await self.door.count("stranger", request)
            raise _no_key()
        self.door.limits.take("system", token)
        doing = self.doing
        caller = await self._on(partial(caller_of, doing.engine, doing.feed_id, token, doing.clock()))
        if caller is None:
            self.door.limits.take("system", token, OVER_COSTS)
            raise _no_key()
        if scope and scope not in caller.scopes:
            raise Problematic(
                403, "no_scope", N_("This key lacks {scope}. Have one made that has it."), scope=scope
            )
        return caller

    async def _on(self, work: Callable[[], T]) -> T:
        return await self.door.on(work, self.threads)

    # --- reading ------------------------------------------------------------------------------------

    async def described(self, _request: Request, _caller: Caller) -> Response:
        return Response(await self._on(self.describe), media_type="application/json")

    async def orders(self, request: Request, _caller: Caller) -> Response:
        wanted = Wanted(*(_word(request, name) for name in Wanted._fields))
        return as_json(await self._on(partial(self.pages.orders, wanted, _cursor(request), _limit(request))))

    async def order(self, request: Request, _caller: Caller) -> Response:
        found = await self._on(partial(self.pages.order, _named(request, "id")))
        tag = _tag(found)
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"etag": tag})
        return as_json(found, headers={"etag": tag})

    async def receiver(self, request: Request, caller: Caller) -> Response:
        self.door.limits.take("reveal", caller.code)
        doing, order = self.doing, _named(request, "id")
        opened = partial(self.pages.receiver, doing.seal, order, caller.actor, doing.clock)
        return as_json(await self._on(opened))

    async def parcels(self, request: Request, _caller: Caller) -> Response:
        order, cursor = _word(request, "order"), _cursor(request)
        return as_json(await self._on(partial(self.pages.parcels, order, cursor, _limit(request))))

    async def shelves(self, request: Request, _caller: Caller) -> Response:
        where = _word(request, "warehouse"), _word(request, "sku")
        return as_json(await self._on(partial(self.pages.shelves, *where, _cursor(request), _limit(request))))

    async def events(self, request: Request, _caller: Caller) -> Response:
        kinds = [kind for kind in _word(request, "kinds").split(",") if kind]
        if set(kinds) - set(KINDS):
            raise Problematic(400, "bad_kind", N_("There is no such kind of news. See the description."))
        return as_json(await self._on(partial(self.pages.events, kinds, _cursor(request), _limit(request))))

    # --- reporting ----------------------------------------------------------------------------------

    async def bring(self, request: Request, caller: Caller) -> Response:
        body, asked = await self._message(request, ORDER_BYTES, OrderIn)
        return await self._once(request, caller, body, lambda _name: self.doing.bring(caller, asked))

    async def ship(self, request: Request, caller: Caller) -> Response:
        body, asked = await self._message(request, ASK_BYTES, ParcelIn)
        order = _named(request, "id")
        ship = partial(self.doing.ship, caller, order=order, asked=asked)
        return await self._once(request, caller, body, lambda name: ship(name=name))

    async def set_stock(self, request: Request, caller: Caller) -> Response:
        body, asked = await self._message(request, ASK_BYTES, StockIn)
        where = _named(request, "warehouse"), _named(request, "sku")
        return await self._once(
            request, caller, body, lambda name: self.doing.set_stock(caller, name, *where, asked)
        )

    async def hold_cart(self, request: Request, caller: Caller) -> Response:
        body, asked = await self._message(request, ORDER_BYTES, CartIn)
        hold = partial(
            self.doing.hold_cart, caller, shop=_named(request, "shop"), ext_id=_named(request, "ext_id"),
            asked=asked,
        )  # fmt: skip
        return await self._once(request, caller, body, lambda name: hold(name=name))

    async def receive_stock(self, request: Request, caller: Caller) -> Response:
        body, asked = await self._message(request, ASK_BYTES, ReceiptIn)
        return await self._once(
            request, caller, body, lambda name: self.doing.receive_stock(caller, name, asked)
        )

    async def announce_stock(self, request: Request, caller: Caller) -> Response:
        body, asked = await self._message(request, ASK_BYTES, ArrivalIn)
        announce = partial(
            self.doing.announce_stock,
            caller,
            where=(_named(request, "warehouse"), _named(request, "sku")),
            reference=_named(request, "reference"),
            asked=asked,
        )
        return await self._once(request, caller, body, lambda name: announce(name=name))

    async def keep_credit(self, request: Request, caller: Caller) -> Response:
        body, asked = await self._message(request, ASK_BYTES, CreditIn)
        code = _named(request, "code")
        return await self._once(
            request, caller, body, lambda name: self.doing.keep_credit(caller, name, code, asked)
        )

    async def _message(self, request: Request, most: int, kind: type[T]) -> tuple[bytes, T]:
        """Read a message, and say where it is wrong.

        Raises:
            Problematic: what of it cannot be.
        """
        try:
            asked = await self.door.message(request, most, kind)
        except msgspec.ValidationError as fault:
            raise Problematic(
                422, "bad_message", N_("This is not as described: {reason}."), reason=str(fault)[:200]
            ) from fault
        return msgspec.json.encode(asked), asked

    async def _once(
        self, request: Request, caller: Caller, body: bytes, do: Callable[[str], Said]
    ) -> Response:
        doing, name = self.doing, request.headers.get("idempotency-key", "")
        whole = f"{request.method} {request.url.path}"
        digest = doing.seal.args_hash(whole, body)
        place = (doing.engine, doing.feed_id, caller.code, name, digest, doing.clock())
        said = await self._on(partial(once, *place, partial(do, name)))
        headers = {"idempotent-replayed": "true"} if said.is_again else {}
        media = MEDIA if said.status >= 400 else "application/json"
        return Response(said.body, said.status, headers, media_type=media)


def _no_key() -> Problematic:
    return Problematic(401, "no_key", N_("This key opens nothing. Have a new one made in the settings."))


def _tag(order: OrderOut) -> str:
    return f'"{order.version}"'


def _named(request: Request, name: str) -> str:
    return str(request.path_params[name])[:WORD_MOST].replace("\0", "")


def _word(request: Request, name: str) -> str:
    return request.query_params.get(name, "")[:WORD_MOST].replace("\0", "")


def _cursor(request: Request) -> str:
    return request.query_params.get("after", "")


def _limit(request: Request) -> int:
    """Return how many rows a page holds.

    Raises:
        Problematic: it is no number, or too large a one.
    """
    words = request.query_params.get("limit", "50")
    if not (words.isascii() and words.isdigit() and len(words) < 6 and 1 <= int(words) <= ROWS_MOST):
        raise Problematic(400, "bad_limit", N_("A page holds 1 to {most} rows."), most=ROWS_MOST)
    return int(words)
