"""How an administrator's desk connects systems, looks after them and disconnects them.

Who may type an address must not reach what only the hub can reach: it is a public one over TLS, or one of a
host the operator has named. A key that is kept goes to no other address. A test call changes nothing there.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import msgspec
import requests
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from typing_extensions import override

from app.domain.outbound import CONNECTS_SERVICES, AskService, SaidService
from app.text import N_, Text
from app.trouble import Trouble
from sync.hub.database import reading
from sync.hub.doorway import Answerer, Doorway, named
from sync.hub.outward.addresses import House, check_reach
from sync.hub.outward.connected_services import Services, end, keep, kept, switch
from sync.hub.outward.connector import Connector
from sync.hub.outward.service_file import Named, ready
from sync.hub.outward.service_health import health
from sync.hub.provider import Unclear, Unsent
from sync.manifest.errands import service_ids, service_of

ASK_BYTES = 200_000
AT_ONCE = 2
TRY_S = 10.0
NAME_MOST = 40
HEARS_AT = "callback_url"
"""The one address that leads to us."""
NOT_ALLOWED = Text(N_("Administrators connect systems."))
NOT_CONNECTED = Text(N_("No desk has connected this system. Look at the list again."))
IN_FILE = Text(N_("The operator connects this one in a file. Change it there."))
log = logging.getLogger(__name__)


class ServicesApi:
    """The answers; calls to a system are made on threads of their own."""

    def __init__(self, services: Services, door: Doorway, house: House) -> None:
        self._services, self._door, self._house = services, door, house
        self._calls = ThreadPoolExecutor(AT_ONCE, "try_service")

    def routes(self) -> list[Route]:
        """Return the routes."""
        paths: list[tuple[str, str, Answerer]] = [
            ("GET", "/v1/services", self.services),
            ("POST", "/v1/services/{id}", self.ask),
        ]
        return [Route(path, self._door.guarded(answer), methods=[method]) for method, path, answer in paths]

    async def services(self, request: Request) -> Response:
        await self._door.allowed(request, CONNECTS_SERVICES, NOT_ALLOWED)
        return await self._door.said(partial(health, self._services))

    async def ask(self, request: Request) -> Response:
        who = await self._door.allowed(request, CONNECTS_SERVICES, NOT_ALLOWED)
        asked = await self._door.message(request, ASK_BYTES, AskService)
        name = named(request)
        if asked.deed == "try":
            self._door.limits.take("dear", who.device_id)
            work = partial(try_out, self._services, name, asked, self._house)
            return self._door.json(await self._door.on(work, self._calls))
        answer = await self._door.said(partial(done, self._services, name, asked, self._house))
        log.info("service %s: %s by %s", name, asked.deed, who.user.code)
        return answer


def done(services: Services, name: str, asked: AskService, house: House) -> SaidService:
    """Do what a person wants of a system.

    Raises:
        Trouble: not_connected, in_file, services, bad_hook.
    """
    place = services.engine, services.feed_id
    if name in services.written.services:
        raise Trouble("in_file", IN_FILE)
    about: dict[str, str | int | Text] = {"name": name}
    if asked.deed == "keep":
        one = _typed(services, name, asked, house)
        keep(*place, services.seal, name, one, services.clock(), labels=asked.labels)
        return SaidService(text=Text(N_("{name} is connected."), about))
    if asked.deed == "end":
        if not end(*place, name):
            raise Trouble("not_connected", NOT_CONNECTED)
        return SaidService(text=Text(N_("{name} is disconnected, and its keys are forgotten."), about))
    if not switch(*place, name, services.clock(), is_on=asked.deed == "go_on"):
        raise Trouble("not_connected", NOT_CONNECTED)
    rests = N_("{name} rests. What is meant for it waits here.")
    return SaidService(text=Text(N_("{name} goes on.") if asked.deed == "go_on" else rests, about))


def try_out(services: Services, name: str, asked: AskService, house: House) -> SaidService:
    """Ask for a document nobody made, where one can ask; else see whether anybody answers there.

    Raises:
        Trouble: services, bad_hook.
    """
    one = services.written.services.get(name) or _typed(services, name, asked, house)
    known, settings = ready(name, one)
    kind = next((kind for kind, deed in known.does.items() if deed.look_up is not None), "")
    if not kind:
        return _reached(settings.get("base_url", ""))
    session = _Short()
    try:
        Connector(known, kind, settings, services.clock, session).look_up(f"{kind}:try:0")
    except Unsent as trouble:
        return SaidService(text=_why(str(trouble)), wrong=True)
    except Unclear:
        words = N_("Something answers, but not as this service does. Look at the address and the keys.")
        return SaidService(text=Text(words), wrong=True)
    finally:
        session.close()
    return SaidService(text=Text(N_("It answers and accepts these keys. Nothing was made there.")))


class _Short(requests.Session):
    """Let nobody before a screen wait as long as a document at night."""

    @override
    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        return super().send(request, **(kwargs | {"timeout": TRY_S}))


def _why(trouble: str) -> Text:
    if "authorisation" in trouble:
        return Text(N_("It answers, but does not accept these keys. Type them again."))
    if "patience" in trouble:
        return Text(N_("It answers, but asks for patience. Try again in a minute."))
    return Text(N_("Nobody answers there. Look at the address, or try later."))


def _reached(url: str) -> SaidService:
    try:
        requests.get(url, timeout=TRY_S, allow_redirects=False, stream=True).close()
    except requests.RequestException:
        return SaidService(text=_why(""), wrong=True)
    words = N_("Somebody answers there. Whether the keys are right shows with the first document.")
    return SaidService(text=Text(words))


def _typed(services: Services, name: str, asked: AskService, house: House) -> Named:
    """Put what was typed over what is kept, and look where it leads."""
    if not (0 < len(name) <= NAME_MOST and name.isascii() and name.replace("_", "").isalnum()):
        raise Trouble("services", Text(N_("Name it in letters, digits and _, like wms_east.")))
    if asked.manifest not in service_ids():
        raise Trouble("services", Text(N_("There is no service {id}."), {"id": asked.manifest}))
    with reading(services.engine) as db:
        row = kept(db, services.feed_id, services.seal).get(name)
    same = row.named if row is not None and row.named.manifest == asked.manifest else None
    had = same.settings if same is not None else {}
    typed = {key: value.strip() for key, value in asked.settings.items() if value.strip()}
    known = service_of(asked.manifest)
    secrets = {key for key, one in known.settings.items() if one.type == "secret"}
    moves = False
    for key, setting in known.settings.items():
        url = typed.get(key, "") or had.get(key, "") or setting.default
        if setting.type != "url" or key == HEARS_AT or not url:
            continue
        moves = moves or (key in had and url != had[key])
        if url == setting.default:
            continue
        check_reach(url, house)
    if moves and any(had.get(key) and key not in typed for key in secrets):
        raise Trouble("services", Text(N_("The address is another one. Type the secret keys again too.")))
    plain = {key: value for key, value in typed.items() if key not in secrets}
    secret = {key: typed.get(key, "") or had.get(key, "") for key in secrets}
    settings = plain | {key: value for key, value in secret.items() if value}
    tree = {name: value for name, value in msgspec.structs.asdict(asked).items() if name in _DOC}
    try:
        return msgspec.convert({"manifest": asked.manifest, "settings": settings, **tree}, Named)
    except msgspec.ValidationError:
        raise Trouble("services", Text(N_("There is an account nobody knows. Look at the help."))) from None


_DOC = ("carriers", "warehouses", "shops", "accounts", "reads")
