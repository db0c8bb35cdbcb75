"""Every endpoint against every role and against nobody: who may ask what, row by row.

A new endpoint needs a row here: whom it is for is decided, not found out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest
import requests
import uvicorn
from hub_world import FEED, company, entry
from starlette.routing import Mount, Route

from app.boot.opening import Running, open_hub
from app.domain.company import GRANTS
from app.domain.outbound import AskService
from app.domain.own_address import NewAddress
from app.domain.presence import AskPresence, KeepSigner
from app.domain.systems import Again, NewHook, NewKey
from app.domain.values import Role
from app.figures import GateReport, GuideReport, Report
from sync.hub.access import set_passwords
from sync.hub.api import application
from sync.hub.company import install_company
from sync.hub.database import writing
from sync.hub.outward.ways import SYSTEM_WAYS
from sync.transport import Transport
from sync.wire import AskEnrolment, AskRaw, GiveFirstPassword, Push, Refresh, Reveal, SignIn

PASSWORD = "a quiet evening"  # noqa: S105 - of people who live for one test
ROLES = [role for role in Role if role.person]
REFUSED = {"not_allowed", "not_granted"}


class Right(NamedTuple):
    """Whom an endpoint is for: everybody (also without a token), anybody signed in, or who holds `grant`."""

    grant: str = ""
    is_open: bool = False
    body: bytes = b""


def _body(message: msgspec.Struct) -> bytes:
    return msgspec.json.encode(message)


SIGNED_IN = Right()
FILES = Right("import_file", body=b"{}")
EVERYBODY = {
    ("GET", "/v1/health"): b"",
    ("POST", "/v1/sign_in"): _body(SignIn(user="nobody", password="x", device="d", replica="r")),
    ("POST", "/v1/refresh"): _body(Refresh(refresh="x", next="y", replica="r")),
    ("POST", "/v1/enrolment"): _body(AskEnrolment(device="d", key="k")),
    ("GET", "/hooks/{key}"): b"",
    ("POST", "/hooks/{key}"): b"{}",
    ("POST", "/services/{name}"): b"{}",
}
RIGHTS: dict[tuple[str, str], Right] = {
    **{route: Right(is_open=True, body=body) for route, body in EVERYBODY.items()},
    ("POST", "/v1/push"): Right(body=_body(Push(replica="r", epoch="", schema=2, commands=[]))),
    ("GET", "/v1/pull"): SIGNED_IN,
    ("GET", "/v1/snapshot"): SIGNED_IN,
    ("POST", "/v1/receiver"): Right("print_paper", body=_body(Reveal(order="nothing"))),
    ("POST", "/v1/raw"): Right("let_go", body=_body(AskRaw(case="nothing"))),
    ("POST", "/v1/first_password"): Right("set_user", body=_body(GiveFirstPassword(user="nobody"))),
    ("GET", "/v1/signer"): SIGNED_IN,
    ("POST", "/v1/signer"): Right(body=_body(KeepSigner(password="x"))),
    ("POST", "/v1/presence"): Right(body=_body(AskPresence(user="x", secret="x", command="x", digest="x"))),
    ("GET", "/v1/addresses"): SIGNED_IN,
    ("POST", "/v1/addresses"): Right(body=_body(NewAddress(way="web", value="x"))),
    ("POST", "/v1/addresses/{id}/test"): SIGNED_IN,
    ("POST", "/v1/addresses/{id}/end"): SIGNED_IN,
    ("GET", "/v1/pcs"): Right("approve_pc"),
    ("POST", "/v1/pcs/{id}/approve"): Right("approve_pc"),
    ("POST", "/v1/pcs/{id}/revoke"): Right("approve_pc"),
    ("POST", "/v1/screening/on"): Right("switch_model"),
    ("POST", "/v1/screening/off"): Right("switch_model"),
    ("GET", "/v1/keys"): Right("set_key"),
    ("POST", "/v1/keys"): Right("set_key", body=_body(NewKey(code="", title="", scopes=()))),
    ("POST", "/v1/keys/{id}/revoke"): Right("set_key"),
    ("GET", "/v1/hooks"): Right("set_key"),
    ("POST", "/v1/hooks"): Right("set_key", body=_body(NewHook(code="", url=""))),
    ("POST", "/v1/hooks/{id}/end"): Right("set_key"),
    ("GET", "/v1/hooks/{id}/deliveries"): Right("set_key"),
    ("POST", "/v1/hooks/{id}/again"): Right("set_key", body=_body(Again(id="1.0"))),
    ("GET", "/v1/services"): Right("set_key"),
    ("POST", "/v1/services/{id}"): Right("set_key", body=_body(AskService(deed="rest"))),
    ("GET", "/v1/shops"): SIGNED_IN,
    ("POST", "/v1/shops/{id}/rest"): Right("set_shop"),
    ("POST", "/v1/shops/{id}/go_on"): Right("set_shop"),
    ("POST", "/v1/shops/{id}/again"): Right("set_shop"),
    ("GET", "/v1/shops/{id}/manifest"): Right("set_shop"),
    ("POST", "/v1/shops/{id}/manifest/try"): Right("set_shop", body=b"{}"),
    ("POST", "/v1/shops/{id}/manifest"): Right("set_shop", body=b"{}"),
    ("GET", "/v1/shops/{id}/platforms"): Right("set_shop"),
    ("POST", "/v1/shops/{id}/try"): Right("set_shop", body=b'{"channel": "generic_webhook"}'),
    ("POST", "/v1/shops/{id}/connect"): Right("set_shop", body=b'{"channel": "generic_webhook"}'),
    ("POST", "/v1/orders/{id}/fetch"): Right("fetch_order"),
    ("GET", "/v1/handling"): SIGNED_IN,
    ("GET", "/v1/people_time"): SIGNED_IN,
    ("GET", "/v1/reviewers"): SIGNED_IN,
    ("GET", "/v1/roster"): Right("read_figures"),
    ("GET", "/v1/gates"): Right("read_figures"),
    ("GET", "/v1/replans"): Right("read_figures"),
    ("GET", "/v1/vouchers"): Right("read_books"),
    ("GET", "/v1/backlog"): SIGNED_IN,
    ("GET", "/v1/notices"): Right("read_figures"),
    ("GET", "/v1/guide_use"): Right("read_figures"),
    ("GET", "/v1/training"): SIGNED_IN,
    ("GET", "/v1/own_deck"): Right("set_deck"),
    ("POST", "/v1/practising"): Right(body=b"{}"),
    ("GET", "/v1/chain"): SIGNED_IN,
    ("POST", "/v1/witness"): SIGNED_IN,
    ("POST", "/v1/files"): FILES,
    ("PUT", "/v1/files/{file}/{at:int}"): FILES,
    ("POST", "/v1/files/{file}/look"): FILES,
    ("POST", "/v1/files/{file}/rows"): FILES,
    ("POST", "/v1/imports/match"): FILES,
    ("POST", "/v1/imports/retake"): FILES,
    ("POST", "/v1/imports/sample"): FILES,
    ("POST", "/v1/imports/rehearse"): FILES,
    ("POST", "/v1/imports"): FILES,
    ("GET", "/v1/imports"): FILES,
    ("GET", "/v1/imports/{id}"): FILES,
    ("POST", "/v1/imports/{id}/stop"): FILES,
    ("GET", "/v1/imports/{id}/undo"): FILES,
    ("POST", "/v1/imports/{id}/undo"): FILES,
    ("GET", "/v1/imports/{id}/rejected"): FILES,
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder: Path = tmp_path_factory.mktemp("matrix")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKET_HOME", str(folder / "home"))
        made = open_hub(f"sqlite:///{folder / 'hub.db'}")
    with writing(made.hub.engine) as db:
        install_company(db, FEED, company(), made.hub.clock())
        set_passwords(db, FEED, [role.value for role in ROLES], PASSWORD)
    made.hub.is_own = True
    yield made
    made.close()


@pytest.fixture(scope="module")
def url(running: Running) -> Iterator[str]:
    config = uvicorn.Config(application(running.hub), port=0, log_config=None, lifespan="off", http="h11")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    pause = threading.Event()
    while not server.started:
        pause.wait(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def token(url: str) -> Callable[[Role], str]:
    """`token(Role.CLERK)`: of somebody with that role, signed in."""
    known: dict[Role, str] = {}

    def of(role: Role) -> str:
        if role not in known:
            line = Transport(url)
            told_at = line.health().hub_time
            name = role.value
            known[role] = line.sign_in(entry(name, PASSWORD, f"pc-{name}", f"r-{name}", told_at)).token
            line.close()
        return known[role]

    return of


def ask(url: str, method: str, path: str, body: bytes, token: str = "") -> requests.Response:
    filled = path.replace("{at:int}", "0").replace("{id}", "nothing").replace("{file}", "nothing")
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return requests.request(method, url + filled, data=body, headers=headers, timeout=30)


def code_of(answer: requests.Response) -> str:
    try:
        found = answer.json()
    except ValueError:
        return ""
    return str(found.get("code", "")) if isinstance(found, dict) else ""


def routes_of(routes: list[object]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for route in routes:
        if isinstance(route, Mount):
            found |= routes_of(list(route.routes))
        elif isinstance(route, Route):
            found |= {(method, route.path) for method in route.methods or () if method != "HEAD"}
    return found


def test_every_endpoint_has_a_row_and_every_row_an_endpoint(running: Running):
    routes = routes_of(list(application(running.hub).routes))

    assert routes == set(RIGHTS) | {(way.method, way.path) for way in SYSTEM_WAYS}


@pytest.mark.parametrize(("method", "path"), [key for key, right in RIGHTS.items() if not right.is_open])
@pytest.mark.parametrize("token", ["", "x" * 43], ids=["no token", "a made-up token"])
def test_without_a_token_nothing_is_told(url: str, method: str, path: str, token: str):
    answer = ask(url, method, path, RIGHTS[method, path].body, token)

    assert (answer.status_code, code_of(answer)) == (401, "sign_in")


@pytest.mark.parametrize(("method", "path"), list(EVERYBODY))
def test_what_is_open_to_everybody_tells_no_row(url: str, method: str, path: str):
    answer = ask(url, method, path, RIGHTS[method, path].body)

    assert answer.status_code in {200, 401, 426}
    told = {name for name, value in answer.json().items() if value}
    assert told <= {"schema", "hub_time", "state", "code", "text"}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path"), [key for key, right in RIGHTS.items() if not right.is_open])
def test_a_role_is_answered_what_its_rights_allow(
    url: str, token: Callable[[Role], str], role: Role, method: str, path: str
):
    right = RIGHTS[method, path]

    answer = ask(url, method, path, right.body, token(role))

    is_refused = answer.status_code == 403 and code_of(answer) in REFUSED
    assert is_refused == (bool(right.grant) and right.grant not in GRANTS[role]), answer.text
    assert answer.status_code not in {401, 405, 500}


def test_a_desk_is_told_figures_as_it_reads_them(url: str, token: Callable[[Role], str]):
    desk = Transport(url, lambda: token(Role.TRAINER))

    told, guides = desk.figures("handling", Report, 1), desk.figures("guide_use", GuideReport, 28)
    gates = desk.figures("gates", GateReport, 7)
    desk.close()

    assert (told.closed.n, told.is_own, guides.steps) == (0, False, ())
    assert (gates.moves, gates.passages) == (0, ())
    assert (told.until - told.since, guides.until - guides.since) == (timedelta(days=1), timedelta(days=28))
