"""Whatever comes over the wire: answered with a sentence and never with a stack trace, on every endpoint.

The hub is asked in this process, so that an error it did not expect is raised here.
"""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from hub_world import FEED, entry
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_rights_matrix import RIGHTS, running  # noqa: F401 - the fixture

from app.boot.opening import Running
from app.domain.systems import Again, NewHook, NewKey
from app.domain.values import Role
from app.imports import Reading
from sync.hub.access import sign_in
from sync.hub.api import application
from sync.import_wire import AskMatch, AskRows, NewFile
from sync.signing import is_signed, public_key
from sync.wire import AskEnrolment, GiveFirstPassword, Push, Refresh, Reveal, SignIn, Stop, Wish

PASSWORD = "a quiet evening"  # noqa: S105 - of people who live for one test
STRUCTS = (
    Push, Wish, SignIn, Refresh, AskEnrolment, GiveFirstPassword, Reveal, NewFile, AskMatch, AskRows, Reading,
    NewKey, NewHook, Again,
)  # fmt: skip
BODIES = [(method, path) for method, path in RIGHTS if method != "GET"]
QUERIES = [(method, path) for method, path in RIGHTS if method == "GET"]
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
NAMES = sorted({field.name for kind in STRUCTS for field in msgspec.structs.fields(kind)})
SHAPED = st.dictionaries(st.sampled_from(NAMES), JUNK, max_size=9)
"""Messages whose fields have the right names and anything in them."""
ODD = st.text(max_size=40) | st.sampled_from(["-1", "9" * 40, "٣", "1e9", "0x1", "null", "\0", "../../etc"])
Heads = tuple[tuple[bytes, bytes], ...]
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def ask(
    app: Any, method: str, path: str, query: bytes, body: bytes, token: str, head: Heads = ()
) -> tuple[int, bytes]:
    """Put one request to the hub as its server would, and read the answer."""
    said: dict[str, Any] = {"status": 0, "body": b""}
    parts: list[dict[str, Any]] = [{"type": "http.request", "body": body, "more_body": False}]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode("utf-8", "replace"), "root_path": "", "query_string": query,
        "headers": [(b"authorization", f"Bearer {token}".encode()), *head], "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return parts.pop(0) if parts else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        said["status"] = message.get("status", said["status"])
        said["body"] += message.get("body", b"")

    asyncio.run(app(scope, receive, send))
    return said["status"], said["body"]


@pytest.fixture(scope="module")
def hub(running: Running) -> tuple[Any, str]:  # noqa: F811 - the fixture
    """The hub, and a token of an administrator."""
    name, house = Role.ADMIN.value, running.hub
    asked = entry(name, PASSWORD, f"pc-{name}", f"r-{name}", house.clock())
    token, _ = sign_in(house.engine, FEED, asked, house.clock(), is_trusted=True)
    return application(house), token


def filled(path: str, word: str) -> str:
    for name in ("{id}", "{file}", "{at:int}"):
        path = path.replace(name, word if name != "{at:int}" else "0")
    return path


def is_said_well(status: int, body: bytes) -> bool:
    """An answer, or a refusal with a code; a body of a refusal names nothing of our insides."""
    if status < 400:
        return True
    if not body:
        return status in {404, 405, 499}
    if status in {404, 405}:
        return True
    stop = msgspec.json.decode(body, type=Stop)
    return status != 500 and bool(stop.code) and b"Traceback" not in body and b"sqlalchemy" not in body


@pytest.mark.parametrize(("method", "path"), BODIES)
@given(body=SHAPED.map(msgspec.json.encode) | st.binary(max_size=60) | JUNK.map(msgspec.json.encode))
@FEW
def test_any_body_is_answered_with_a_sentence(hub: tuple[Any, str], method: str, path: str, body: bytes):
    status, answer = ask(hub[0], method, filled(path, "nothing"), b"", body, hub[1])

    assert is_said_well(status, answer), (status, answer)


@pytest.mark.parametrize(("method", "path"), QUERIES)
@given(name=st.sampled_from(["cursor", "limit", "schema", "epoch", "since", "to", "lang", "had"]), value=ODD)
@FEW
def test_any_question_in_the_address_is_answered_with_a_sentence(
    hub: tuple[Any, str], method: str, path: str, name: str, value: str
):
    from urllib.parse import quote

    query = f"{name}={quote(value.encode('utf-8', 'replace'))}".encode()

    status, answer = ask(hub[0], method, filled(path, "nothing"), query, b"", hub[1])

    assert is_said_well(status, answer), (status, answer)


@given(token=st.text(max_size=250))
@FEW
def test_any_token_opens_nothing(hub: tuple[Any, str], token: str):
    said = token.encode("ascii", "ignore").decode()

    status, answer = ask(hub[0], "GET", "/v1/pull", b"", b"", said)

    assert (status, msgspec.json.decode(answer, type=Stop).code) in {(401, "sign_in"), (429, "limited")}


@pytest.mark.parametrize("kind", STRUCTS)
@given(body=SHAPED.map(msgspec.json.encode) | st.binary(max_size=80))
@settings(max_examples=60, deadline=None)
def test_every_message_is_read_or_refused_and_nothing_else(kind: type, body: bytes):
    try:
        read = msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return
    assert isinstance(read, kind)


@given(key=st.text(max_size=80), signature=st.text(max_size=120), message=st.binary(max_size=40))
@settings(max_examples=80, deadline=None)
def test_any_key_and_signature_are_read_or_refused(key: str, signature: str, message: bytes):
    assert not is_signed(public_key(key) or bytes(32), signature, message)


def test_the_fuzzed_hub_still_keeps_its_promises(hub: tuple[Any, str], running: Running):  # noqa: F811
    from sync.hub.verify import verify

    assert verify(running.hub.engine, FEED).findings == ()
