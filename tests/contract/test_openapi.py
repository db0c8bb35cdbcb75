"""What the hub says of itself is what it does: every route is described, and every answer is as described.

The hub is a real one that listens; schemathesis makes up requests from the document, fitting ones and others.
"""

# ruff: noqa: F811 - fixtures come from another file

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode
from test_rights_matrix import RIGHTS, routes_of, running, token, url  # noqa: F401

from app.boot import hub as hub_verb
from app.boot.metrics import serve_figures
from app.boot.opening import Running
from app.domain.values import Role
from sync.hub.api import application
from sync.hub.doorway import Doorway
from sync.hub.openapi import FIGURES_WAY, WAYS, document
from sync.hub.outward.ways import SYSTEM_WAYS
from sync.hub.way import Way
from sync.wire import Stop

load_all_checks()
AS_DESCRIBED = CHECKS.get_by_names(
    ["status_code_conformance", "content_type_conformance", "response_schema_conformance"]
)
SCHEMA = schemathesis.openapi.from_dict(document("test"))
OPERATIONS = {op.label: op for op in (found.ok() for found in SCHEMA.get_all_operations())}
ASKED = [f"{way.method} {way.path}" for way in WAYS]
FEW = settings(
    max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@pytest.fixture(scope="module")
def line() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def test_every_route_is_described_and_nothing_else(running: Running):
    routes = {
        (method, re.sub(":int", "", path)) for method, path in routes_of(application(running.hub).routes)
    }

    assert routes == {(way.method, way.path) for way in (*WAYS, *SYSTEM_WAYS)}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: f"{way.method} {way.path}")
def test_whom_a_way_is_for_is_what_the_matrix_says(way: Way):
    right = RIGHTS[way.method, way.path.replace("{at}", "{at:int}")]

    assert (way.right, way.is_open) == (right.grant, right.is_open)


@pytest.mark.parametrize(
    "way", [way for way in WAYS if way.asks not in {None, bytes}], ids=lambda way: f"{way.method} {way.path}"
)
def test_a_message_is_read_as_it_is_described_and_no_longer(
    way: Way,
    url: str,
    token: Callable[[Role], str],
    monkeypatch: pytest.MonkeyPatch,
):
    head = {"authorization": f"Bearer {token(Role.ADMIN)}"}
    read: list[tuple[int, Any]] = []

    async def message(_door: Doorway, _request: object, limit: int, kind: Any) -> None:
        read.append((limit, kind))
        raise msgspec.ValidationError

    monkeypatch.setattr(Doorway, "message", message)
    path = re.sub("{.*?}", "nothing", way.path)
    requests.post(f"{url}{path}", headers=head, timeout=30)

    assert read == [(way.most, way.asks)]


@pytest.mark.parametrize("way", [way for way in WAYS if way.asks], ids=lambda way: f"{way.method} {way.path}")
@pytest.mark.parametrize("is_packed", [False, True])
def test_no_more_is_taken_than_is_said(
    way: Way,
    is_packed: bool,
    url: str,
    token: Callable[[Role], str],
    line: requests.Session,
):
    body, head = b" " * (way.most + 1), {"authorization": f"Bearer {token(Role.ADMIN)}"}
    if is_packed:
        body, head["content-encoding"] = gzip.compress(body, 1), "gzip"
    path = way.path.replace("{at}", "0").replace("{file}", "nothing")

    answer = line.request(way.method, f"{url}{path}", data=body, headers=head, timeout=30)

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("label", ASKED)
@given(data=st.data())
@FEW
def test_whatever_is_asked_is_answered_as_described(
    url: str,
    token: Callable[[Role], str],
    line: requests.Session,
    label: str,
    data: st.DataObject,
):
    mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
    case = data.draw(OPERATIONS[label].as_strategy(generation_mode=mode))
    if "wait" in (case.query or {}):
        case.query["wait"] = "0"

    answer = case.call(base_url=url, session=line, headers={"authorization": f"Bearer {token(Role.ADMIN)}"})

    if answer.status_code in {404, 405}:
        return  # nobody is there: the frame answers, not we
    case.validate_response(answer, checks=AS_DESCRIBED)
    if answer.status_code >= 400:
        stop = msgspec.json.decode(answer.content, type=Stop)
        assert stop.text is not None or stop.code in {"epoch", "gap", "fork", "scope"}, stop
        assert answer.status_code < 500 or (answer.status_code, stop.code) == (503, "busy")


def test_the_figures_are_described(url: str):
    door = serve_figures(lambda: "docket_up 1\n", "127.0.0.1:0")
    try:
        answer = requests.get(f"http://127.0.0.1:{door.port}{FIGURES_WAY.path}", timeout=30)
    finally:
        door.stop()

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(FIGURES_WAY.media)
    assert FIGURES_WAY.path in document("test")["paths"]


def test_the_verb_prints_it_without_any_database(capsys: pytest.CaptureFixture[str]):
    assert hub_verb.main(["--openapi"]) == 0

    assert json.loads(capsys.readouterr().out)["paths"] == document("test")["paths"]
