# ruff: noqa: F811 - the fixture is asked for by its name
"""What a thief, a forger, a flood and a slow hand find at the hub's door, over real HTTP."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from hub_world import FEED, HubWorld, bought, signer
from sqlalchemy import update
from test_api import PASSWORD, Desk, Served, served  # noqa: F401 - the fixture

from app.commands.cancel import Cancel
from app.commands.hold import Hold
from app.domain.scopes import Reach
from sync.hub import doorway, limits, pulls
from sync.hub.database import writing
from sync.hub.doorway import Doorway
from sync.hub.limits import DEPTH, Limits, Rate
from sync.hub.tokens import LASTS, sessions_of
from sync.replica.renewal import digest
from sync.tables import command, device, orders, snag
from sync.wire import LEAST_SCHEMA, SCHEMA, Refresh

CANCEL = Cancel(order="o1", reason="asked")
_CHUNKED = b"POST /v1/sign_in HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n"


def untouched(hub: HubWorld) -> bool:
    """Nothing of any desk was decided, and no number of it was used."""
    return not [row for row in hub.rows(command) if row.replica_id.startswith("replica-")]


@pytest.mark.parametrize(
    "change",
    [
        {"sig": ""},
        {"sig": "x"},
        {"args": msgspec.Raw(b'{"order":"o1","reason":"other"}')},
        {"n": 3},
        {"id": "another"},
        {"name": "resume"},
        {"because": "somebody wrote this"},
        {"login": "another"},
    ],
    ids=lambda change: next(iter(change)) + str(len(str(change))),
)
def test_a_push_that_was_changed_after_it_was_signed_is_refused_whole(
    hub: HubWorld,
    served: Served,
    change: dict[str, Any],
):
    hub.channel.must(bought("o1"))
    desk = served("clerk")
    good = desk.wish(CANCEL, 1)
    bent = msgspec.structs.replace(desk.wish(Hold(order="o1", reason="x"), 2), **change)

    answer = desk.push(good, bent)

    assert (answer.status_code, answer.json()["code"]) == (403, "signature")
    assert answer.json()["text"]
    assert untouched(hub)
    assert hub.order().status != "cancelled"


def test_a_stolen_token_without_the_key_pushes_nothing_and_burns_no_number(hub: HubWorld, served: Served):
    hub.channel.must(bought("o1"))
    desk = served("clerk")
    (forged,) = signer("pc of a thief").signed(desk.replica, [desk.wish(CANCEL, 1)])

    assert desk.push(forged).json()["code"] == "signature"

    assert desk.push(desk.wish(CANCEL, 1)).json()["results"][0]["status"] == "applied"


def test_a_signature_of_one_replica_is_none_of_another(served: Served):
    clerk, lead = served("clerk"), served("lead")

    answer = lead.push(clerk.wish(CANCEL, 1))

    assert answer.json()["code"] == "signature"


def test_a_pc_revoked_while_its_push_is_on_the_way_has_nothing_done(hub: HubWorld, served: Served):
    hub.channel.must(bought("o1"))
    desk = served("clerk")
    taken = hub.writer.submit

    def revoked_first(job):
        with writing(hub.engine) as db:
            db.execute(update(device).where(device.c.device_id == "pc-clerk").values(revoked_at=hub.clock()))
        return taken(job)

    hub.writer.submit = revoked_first  # type: ignore[method-assign]

    answer = desk.push(desk.wish(CANCEL, 1))

    (result,) = answer.json()["results"]
    assert (result["status"], result["refusal"]["code"]) == ("refused", "revoked")
    assert [row.status for row in hub.rows(orders)] != ["cancelled"]
    assert desk.push(desk.wish(CANCEL, 2)).status_code == 401
    assert desk.pull(cursor=0).status_code == 401


def test_a_desk_that_signs_nothing_yet_is_told_to_update_and_its_work_stays(served: Served):
    desk = served("clerk")

    answer = desk.push(schema=1)

    assert (answer.status_code, answer.json()["code"]) == (426, "upgrade")


@pytest.mark.parametrize(
    ("schema", "status"), [(LEAST_SCHEMA - 1, 426), (LEAST_SCHEMA, 200), (SCHEMA + 1, 426)]
)
def test_a_desk_is_told_nothing_it_would_take_for_something_else(served: Served, schema: int, status: int):
    assert served("clerk").pull(cursor=0, schema=schema).status_code == status


def refresh(desk: Desk, current: str, following: str, pc: str = "") -> Any:
    asked = Refresh(refresh=current, next=digest(following), replica=desk.replica)
    signed = signer(pc or desk.pc).refresh(asked)
    return desk.http.post(f"{desk.url}/v1/refresh", data=msgspec.json.encode(signed))


def test_a_token_is_changed_over_the_wire_and_a_thief_ends_the_login(
    hub: HubWorld, served: Served, expect_log
):
    desk = served("clerk")
    fresh = refresh(desk, desk.refresh, "second" * 8)
    desk.http.headers["authorization"] = f"Bearer {fresh.json()['token']}"
    assert desk.pull(cursor=0).status_code == 200

    stolen = refresh(desk, desk.refresh, "third" * 8)

    assert (stolen.status_code, stolen.json()["code"]) == (401, "stolen")
    assert desk.pull(cursor=0).status_code == 401
    (case,) = hub.rows(snag)
    assert (case.kind, case.subject_id, case.state) == ("token_stolen", "pc-clerk", "open")
    assert [pc["alarm_at"] for pc in served("admin").http.get(f"{desk.url}/v1/pcs").json()].count(None) == 1
    expect_log("came from another hand")


def test_guessing_is_slowed_down_and_told_when_to_come_again(
    served: Served,
    monkeypatch: pytest.MonkeyPatch,
):
    desk = served("clerk")
    monkeypatch.setitem(limits.RATES, "sign_in_person", Rate(2, 0.001))

    answers = [desk.sign_in("wrong") for _ in range(4)]

    assert [a.status_code for a in answers][-1] == 429
    assert answers[-1].json()["code"] == "limited"
    assert int(answers[-1].headers["retry-after"]) > 60
    assert served("lead")


def test_a_pc_that_asks_without_end_waits_and_others_do_not(
    served: Served,
    monkeypatch: pytest.MonkeyPatch,
):
    desk, other = served("clerk"), served("lead")
    monkeypatch.setitem(limits.RATES, "pc", Rate(3, 0.001))

    codes = [desk.pull(cursor=0).status_code for _ in range(5)]

    assert codes[-1] == 429
    assert other.pull(cursor=0).status_code == 200


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every token the hub looks up in its database."""
    seen = list[str]()

    def counted(db: Any, feed_id: int, tokens: Sequence[str], now: Any) -> Any:
        seen.extend(tokens)
        return sessions_of(db, feed_id, tokens, now)

    monkeypatch.setattr(doorway, "sessions_of", counted)
    monkeypatch.setattr(pulls, "sessions_of", counted)
    return seen


def test_a_pc_has_so_many_files_built_and_no_more_whatever_it_says_it_has(
    served: Served, monkeypatch: pytest.MonkeyPatch
):
    desk, colleague = served("clerk"), Desk(served("lead").url, "clerk")
    colleague.pc, colleague.replica = "pc-2", "replica-2"
    colleague.sign_in().raise_for_status()
    monkeypatch.setitem(limits.RATES, "build", Rate(2, 0.001))
    url = f"{desk.url}/v1/snapshot"
    had = [msgspec.json.encode(Reach(shops=(f"S{i}",))).decode() for i in range(5)]

    codes = [desk.http.get(url, params={"had": each}).status_code for each in had]

    assert codes == [200, 200, 429, 429, 429]
    assert desk.http.get(url, params={"had": had[0]}).status_code == 200  # that one is here already
    assert colleague.http.get(url, params={"had": had[3]}).status_code == 200
    assert desk.http.get(url, params={"had": had[3]}).status_code == 200  # built for a colleague, and shared


def test_a_pc_reads_labels_one_after_the_other_and_no_address_book(
    served: Served, monkeypatch: pytest.MonkeyPatch
):
    floor = served("warehouse")
    monkeypatch.setitem(limits.RATES, "reveal", Rate(2, 0.001))

    assert [floor.receiver(f"o{i}").status_code for i in range(4)] == [403, 403, 429, 429]


@pytest.mark.parametrize(
    ("path", "kind", "answer"), [("addresses/x/test", "trial", 403), ("practising", "dear", 200)]
)
def test_a_pc_floods_no_mailbox_and_no_table(
    served: Served, monkeypatch: pytest.MonkeyPatch, path: str, kind: str, answer: int
):
    desk = served("clerk")
    monkeypatch.setitem(limits.RATES, kind, Rate(2, 0.001))

    codes = [desk.http.post(f"{desk.url}/v1/{path}", data=b"{}").status_code for _ in range(4)]

    assert codes == [answer, answer, 429, 429]


@pytest.mark.parametrize("made_up", ["", "x" * 43, f"{'x' * 43}.{'y' * 22}", "é" * 43], ids=len)
def test_a_stranger_who_makes_tokens_up_is_counted_and_costs_no_look(
    served: Served, looked_up: list[str], monkeypatch: pytest.MonkeyPatch, made_up: str
):
    desk = served("clerk")
    monkeypatch.setitem(limits.RATES, "stranger", Rate(3, 0.001))
    desk.http.headers["authorization"] = f"Bearer {made_up}".encode()

    codes = [desk.pull(cursor=0).status_code for _ in range(5)]

    assert codes == [401, 401, 401, 429, 429]
    assert looked_up == []


def test_a_stranger_behind_the_same_address_locks_nobody_out(
    hub: HubWorld, served: Served, monkeypatch: pytest.MonkeyPatch
):
    desk, stranger = served("clerk"), served("lead")
    stranger.http.headers["authorization"] = "Bearer " + "x" * 43
    for kind in ("stranger", "refresh", "health"):
        monkeypatch.setitem(limits.RATES, kind, Rate(3, 0.001))

    for _ in range(5):
        stranger.pull(cursor=0)
        stranger.http.get(f"{desk.url}/v1/health")
        last = refresh(stranger, "guessed" * 8, "second" * 8)

    assert last.status_code == 429
    assert desk.pull(cursor=0).status_code == 200
    assert desk.http.get(f"{desk.url}/v1/health").status_code == 200
    hub.clock.now += LASTS
    assert desk.pull(cursor=0).status_code == 401  # its token is over, and it is told so, not to wait
    fresh = refresh(desk, desk.refresh, "second" * 8)
    assert fresh.status_code == 200
    desk.http.headers["authorization"] = f"Bearer {fresh.json()['token']}"
    assert desk.pull(cursor=0).status_code == 200


def test_a_token_that_is_over_is_looked_up_once_a_second_and_no_more(
    hub: HubWorld, served: Served, looked_up: list[str], monkeypatch: pytest.MonkeyPatch
):
    desk = served("clerk")
    monkeypatch.setitem(limits.RATES, "token", Rate(600, 0.001))
    hub.clock.now += LASTS

    codes = [desk.pull(cursor=0).status_code for _ in range(9)]

    assert codes == [401] * 3 + [429] * 6
    assert len(looked_up) == 3


def test_a_token_of_another_hub_of_the_company_is_known(hub: HubWorld, served: Served):
    desk = served("clerk")
    other = Doorway(hub.engine, FEED, hub.clock, Limits())
    token = str(desk.http.headers["authorization"]).removeprefix("Bearer ")

    assert asyncio.run(other.is_ours(token))
    assert not asyncio.run(other.is_ours(token[:-1] + ("A" if token[-1] != "A" else "B")))


@pytest.mark.parametrize("deep", [b"[" * 40 + b"]" * 40, b'{"a":' * 40 + b"1" + b"}" * 40, b"[" * 900])
def test_what_is_nested_too_deep_is_not_understood(served: Served, deep: bytes):
    desk = served("clerk")

    answer = desk.http.post(f"{desk.url}/v1/push", data=b'{"replica":' + deep + b"}")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


def test_brackets_that_somebody_typed_are_no_depth(hub: HubWorld, served: Served):
    hub.channel.must(bought("o1"))
    desk = served("clerk")
    typed = Cancel(order="o1", reason='a \\" ' + "[{" * (DEPTH * 2))

    assert desk.push(desk.wish(typed, 1)).json()["results"][0]["status"] == "applied"


def test_too_many_header_lines_and_too_long_an_address_are_turned_away(served: Served):
    desk = served("clerk")

    many = desk.http.get(f"{desk.url}/v1/health", headers={f"x-{i}": "1" for i in range(100)})
    long = desk.pull(cursor="0" * 8_000)

    assert (many.status_code, long.status_code) == (431, 414)
    assert many.json()["text"]


def test_a_head_that_never_ends_is_hung_up_on(served: Served, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "HEAD_S", 0.3)
    where = urlsplit(served("clerk").url)
    begun_s = time.monotonic()

    with socket.create_connection((where.hostname, where.port), 10) as line:
        line.sendall(b"GET /v1/health HTTP/1.1\r\nhost: h\r\nx: ")
        try:
            ended = line.recv(1) == b""
        except ConnectionResetError:
            ended = True

    assert ended
    assert time.monotonic() - begun_s < 5


@pytest.mark.parametrize(
    "parts",
    [
        (
            b"GET /v1/health HTTP/1.1\r\nhost: h\r\n",
            *[b"x-%d: %s\r\n" % (i, b"y" * 4_000) for i in range(40)],
        ),
        (b"GET /v1/health?" + b"x" * 200_000,),
        (_CHUNKED, b"1\r\n{\r\n0\r\n", *[b"x: %s\r\n" % (b"y" * 4_000)] * 40),
        (_CHUNKED, b"1\r\n{\r\n0\r\nx: ", *[b"y" * 4_000] * 40),
        (_CHUNKED, *[b"1;%s\r\n{\r\n" % (b"y" * 4_000)] * 40),
    ],
    ids=["header", "address", "trailers", "trailer", "chunks"],
)
def test_what_is_no_body_has_an_end_or_the_line_has(
    served: Served, parts: Sequence[bytes], expect_log: Callable[[str], None]
):
    where = urlsplit(served("clerk").url)

    with socket.create_connection((where.hostname, where.port), 10) as line, suppress(ConnectionError):
        for part in parts:
            line.sendall(part)
        while line.recv(65_536):
            pass
    expect_log("Invalid HTTP request")


def test_a_desk_that_rests_between_two_requests_is_not_hung_up_on_early(served: Served):
    desk = served("clerk")
    begun_s = time.monotonic()
    while time.monotonic() - begun_s < 0.6:
        assert desk.pull(cursor=0).status_code == 200
