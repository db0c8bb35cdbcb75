"""The way in over HTTP: sign-in, the next token, passwords handed over, PCs let in and put out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.commands.open_case import OpenCase
from app.domain.presence import AskPresence, KeepSigner
from app.text import N_, Text
from sync.hub import devices, signers
from sync.hub.access import locked, sign_in
from sync.hub.doorway import Answerer, Doorway, named
from sync.hub.jobs import ask_as_worker
from sync.hub.limits import Limits, TooMany
from sync.hub.passwords import give_first_password
from sync.hub.tokens import Session, Stolen, change_token
from sync.hub.writer import ReplicaInfo, Writer
from sync.signing import public_key
from sync.wire import AskEnrolment, GiveFirstPassword, Refresh, SignedIn, SignIn

ASK_BYTES = 65_536
WORKER = "worker:doors"
PASSWORD_THREADS = 2
"""Passwords checked at once: each costs 19 MB and 40 ms, and guessing them must not cost more."""


@dataclass(frozen=True, slots=True)
class House:
    """What coming in needs to know of a hub."""

    engine: Engine
    feed_id: int
    epoch: str
    clock: Callable[[], datetime]
    writer: Writer
    is_own: bool


def door_routes(hub: House, doorway: Doorway) -> list[Route]:
    """Return the routes by which people and PCs come in."""
    api = _Doors(hub, doorway, ThreadPoolExecutor(PASSWORD_THREADS, "sign-in"))
    paths: list[tuple[str, str, Answerer]] = [
        ("POST", "/v1/sign_in", api.sign_in),
        ("POST", "/v1/refresh", api.refresh),
        ("POST", "/v1/enrolment", api.enrolment),
        ("POST", "/v1/first_password", api.first_password),
        ("GET", "/v1/signer", api.signer),
        ("POST", "/v1/signer", api.keep_signer),
        ("POST", "/v1/presence", api.presence),
        ("GET", "/v1/pcs", api.pcs),
        ("POST", "/v1/pcs/{id}/approve", api.approve),
        ("POST", "/v1/pcs/{id}/revoke", api.revoke),
    ]
    return [Route(path, doorway.guarded(answer), methods=[method]) for method, path, answer in paths]


@dataclass(frozen=True, slots=True)
class _Doors:
    """The answers. Passwords have threads of their own: guessing them holds nobody else up."""

    hub: House
    door: Doorway
    passwords: ThreadPoolExecutor

    async def sign_in(self, request: Request) -> Response:
        asked = await self.door.message(request, ASK_BYTES, SignIn)
        await self.door.count("sign_in_address", request)
        count = partial(_count, self.door.limits, asked.user[:64])
        return self.door.json(await self.door.on(partial(_sign_in, self.hub, asked, count), self.passwords))

    async def refresh(self, request: Request) -> Response:
        asked = await self.door.message(request, ASK_BYTES, Refresh)
        await self.door.count("refresh", request)
        return self.door.json(await self.door.on(partial(_refresh, self.hub, asked)))

    async def enrolment(self, request: Request) -> Response:
        asked = await self.door.message(request, ASK_BYTES, AskEnrolment)
        await self.door.count("refresh", request)
        hub = self.hub
        look = partial(devices.enrolment, hub.engine, hub.feed_id, asked.device, public_key(asked.key))
        return self.door.json(await self.door.on(look))

    async def first_password(self, request: Request) -> Response:
        """Tell an administrator the new first password of a colleague: once, in this answer only."""
        who = await self.door.session(request)
        asked = await self.door.message(request, ASK_BYTES, GiveFirstPassword)
        self.door.limits.take("dear", who.device_id)
        hub = self.hub
        give = partial(give_first_password, hub.engine, hub.feed_id, who, asked.user, hub.clock())
        return self.door.json(await self.door.on(give, self.passwords))

    async def signer(self, request: Request) -> Response:
        hub, who = self.hub, await self.door.session(request)
        return self.door.json(await self.door.on(partial(signers.signer_state, hub.engine, hub.feed_id, who)))

    async def keep_signer(self, request: Request) -> Response:
        """Take a new PIN or badge of whoever asks, with their password once more."""
        hub, who = self.hub, await self.door.session(request)
        asked = await self.door.message(request, ASK_BYTES, KeepSigner)
        self.door.limits.take("dear", who.device_id)
        keep = partial(signers.keep_signer, hub.engine, hub.feed_id, who, asked, hub.clock())
        return self.door.json(await self.door.on(keep, self.passwords))

    async def presence(self, request: Request) -> Response:
        """Let a colleague sign one command on the screen of whoever asks."""
        hub, who = self.hub, await self.door.session(request)
        asked = await self.door.message(request, ASK_BYTES, AskPresence)
        self.door.limits.take("present", who.device_id)
        let = partial(signers.let_sign, hub.engine, hub.feed_id, who, asked, hub.clock())
        return self.door.json(await self.door.on(let, self.passwords))

    async def pcs(self, request: Request) -> Response:
        hub, who = self.hub, await self.door.session(request)
        return self.door.json(await self.door.on(partial(devices.pcs, hub.engine, hub.feed_id, who)))

    async def approve(self, request: Request) -> Response:
        hub, who = self.hub, await self.door.session(request)
        let_in = partial(devices.approve, hub.engine, hub.feed_id, who, named(request), hub.clock())
        return self.door.json(await self.door.on(let_in))

    async def revoke(self, request: Request) -> Response:
        hub, who = self.hub, await self.door.session(request)
        put_out = partial(devices.revoke, hub.engine, hub.feed_id, who, named(request), hub.clock())
        return self.door.json(await self.door.on(put_out))


def _count(limits: Limits, user: str, is_known: bool) -> None:
    if is_known:
        return limits.take("sign_in_person", user)
    try:
        limits.take("sign_in_stranger", user)
    except TooMany:
        raise locked() from None


def _sign_in(hub: House, asked: SignIn, count: Callable[[bool], None]) -> SignedIn:
    now = hub.clock()
    token, session = sign_in(hub.engine, hub.feed_id, asked, now, is_trusted=hub.is_own, count=count)
    return _signed_in(hub, token, session, now)


def _refresh(hub: House, asked: Refresh) -> SignedIn:
    now = hub.clock()
    try:
        token, session = change_token(hub.engine, hub.feed_id, asked, now)
    except Stolen as stolen:
        _tell(hub, stolen, now)
        raise
    return _signed_in(hub, token, session, now)


def _tell(hub: House, stolen: Stolen, now: datetime) -> None:
    """Put a stolen token before people; the PC is marked for the administrators already."""
    text = Text(N_("A sign-in on PC {title} was used from elsewhere."), {"title": stolen.title or "?"})
    case = f"token:{stolen.login_id}"
    opened = OpenCase(case=case, kind="token_stolen", subject_id=stolen.device_id, text=text)
    worker = ReplicaInfo(WORKER, "worker", WORKER)
    ask_as_worker(hub.engine, hub.feed_id, hub.writer, worker, [opened], now)


def _signed_in(hub: House, token: str, session: Session, now: datetime) -> SignedIn:
    return SignedIn(
        token=token,
        login=session.login_id,
        user=session.user,
        grants=session.grants,
        expires_at=session.expires_at,
        epoch=hub.epoch,
        hub_time=now,
    )
