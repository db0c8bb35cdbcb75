"""Other systems of the company: what a key opens, what is read page by page, what is reported once."""

# ruff: noqa: F811 - fixtures come from another file

from __future__ import annotations

import json
import re
import shlex
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from hub_world import FEED
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode
from sqlalchemy import select
from systems_world import ALL, NAME, House, house, order, said  # noqa: F401

import resources
from app.domain.company import GRANTS
from app.domain.systems import NewKey
from app.domain.values import Role
from app.trouble import Trouble
from sync.hub.database import reading
from sync.hub.limits import RATES, Rate
from sync.hub.openapi import document
from sync.hub.outward.keys import keys, make_key, revoke_key
from sync.hub.outward.posting import signature
from sync.hub.outward.ways import SYSTEM_WAYS
from sync.hub.verify import verify
from sync.tables import api_key, reveal

load_all_checks()
AS_DESCRIBED = CHECKS.get_by_names(
    ["status_code_conformance", "content_type_conformance", "response_schema_conformance"]
)
OPERATIONS = {
    op.label: op
    for op in (found.ok() for found in schemathesis.openapi.from_dict(document("test")).get_all_operations())
}
ASKED = [f"{way.method} {way.path}" for way in SYSTEM_WAYS]
# --- keys -----------------------------------------------------------------------------------------


def test_a_key_is_told_once_and_kept_as_a_digest(house: House):
    key = house.make("erp", ("orders:read",), days=30)
    with reading(house.engine) as db:
        row = db.execute(select(api_key).where(api_key.c.code == "erp")).one()

    assert key not in str(tuple(row))
    assert house.get("/orders", key).status_code == 200
    (told,) = [one for one in keys(house.engine, FEED) if one.code == "erp"]
    assert (told.scopes, told.made_by, told.used_at) == (("orders:read",), "admin", house.clock())
    assert told.expires_at == house.clock() + timedelta(days=30)


def test_a_key_opens_what_its_scopes_say_and_nothing_else(house: House):
    key = house.make("stock-only", ("stock:read",))

    assert house.get("/stock", key).status_code == 200
    assert "orders:read" in said(house.get("/orders", key), 403, "no_scope")
    said(house.send("/orders", order("X1"), "x", key), 403, "no_scope")


def test_a_made_up_a_revoked_and_an_old_key_open_nothing(house: House):
    old, gone = house.make("old", ALL, days=1), house.make("gone", ALL)
    revoke_key(house.engine, FEED, "admin", "gone", house.clock())
    house.clock.move(days=2)

    for key in ("x" * 43, old, gone):
        assert "settings" in said(house.get("/orders", key), 401, "no_key")


def test_nobody_makes_a_key_that_may_do_more_than_they(house: House):
    asked = NewKey(code="wms2", title="WMS", scopes=("stock:write",))

    with pytest.raises(Trouble) as caught:
        make_key(house.engine, FEED, "reviewer", GRANTS[Role.REVIEWER], asked, house.clock())

    assert caught.value.code == "not_held"


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "two words"},
        {"title": ""},
        {"scopes": ()},
        {"scopes": ("orders:burn",)},
        {"days": -1},
        {"code": "all"},
    ],
)
def test_a_key_that_makes_no_sense_is_not_made(house: House, wrong: dict[str, Any]):
    asked = {"code": "fine", "title": "Fine", "scopes": ("orders:read",)} | wrong

    with pytest.raises(Trouble) as caught:
        make_key(house.engine, FEED, "admin", GRANTS[Role.ADMIN], NewKey(**asked), house.clock())

    assert caught.value.code == "bad_key"


def test_who_asks_too_often_is_told_when_to_come_again(house: House, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(RATES, "system", Rate(3, 0.001))
    key = house.make("busy", ("stock:read",))

    answers = [house.get("/stock", key) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    said(answers[-1], 429, "limited")
    assert int(answers[-1].headers["retry-after"]) > 100


# --- reading --------------------------------------------------------------------------------------


def test_pages_tell_every_order_once_while_orders_change_and_come(house: House):
    known = {house.brought(f"P{i}") for i in range(7)}
    told: list[str] = []
    after, rounds = "", 0
    while True:
        page = house.get("/orders", limit=3, after=after).json()
        told += [one["id"] for one in page["items"]]
        if rounds == 0:
            changed = house.send("/orders", order("P0", paid_minor=5_000, version="2"), "P0 changes")
            assert changed.status_code == 201
        after, rounds = page["next"], rounds + 1
        if not after:
            break

    assert len(told) == len(set(told))
    assert known <= set(told)


def test_orders_are_found_by_what_the_shop_calls_them(house: House):
    wanted = house.brought("FIND-ME")

    found = house.get("/orders", shop="TM1", ext_id="FIND-ME").json()["items"]

    assert [one["id"] for one in found] == [wanted]
    assert found[0]["lines"][0] | {"id": ""} == {
        "id": "", "ext_sku": "A-1", "sku": "LN-220", "title": "", "qty": 1, "picked": 0,
        "unit_price_minor": 32_000,
    }  # fmt: skip


def test_an_order_that_did_not_change_is_not_told_again(house: House):
    known = house.brought("TAG-1")
    first = house.get(f"/orders/{known}")

    again = house.web.get(
        f"{house.url}/api/v1/orders/{known}",
        headers=house.head() | {"if-none-match": first.headers["etag"]},
        timeout=30,
    )

    assert (again.status_code, again.content) == (304, b"")
    said(house.get("/orders/nothing"), 404, "no_order")


def test_no_page_tells_who_buys_and_reading_it_in_full_is_written_down(house: House):
    known, reader = house.brought("WHO-1"), house.make("crm", ("orders:personal",))

    pages = [
        house.get("/orders").text,
        house.get(f"/orders/{known}").text,
        house.get("/events", limit=200).text,
    ]
    told = house.get(f"/orders/{known}/receiver", reader).json()

    assert all(NAME not in page and "文晖路" not in page and "1390" not in page for page in pages)
    assert told["name"] == NAME
    with reading(house.engine) as db:
        rows = db.execute(select(reveal.c.user_code).where(reveal.c.order_id == known)).scalars().all()
    assert rows == ["key:crm"]
    said(house.get(f"/orders/{known}/receiver", house.make("erp2", ("orders:read",))), 403, "no_scope")


@pytest.mark.parametrize("word", ["x", "W10", "WyJhIiwiYiJd", "é", "A" * 3_000])
def test_a_cursor_nobody_gave_is_told_so(house: House, word: str):
    said(house.get("/parcels", after=word), 400, "bad_cursor")


def test_news_are_told_in_order_and_gone_on_with(house: House):
    after = ""
    while True:
        page = house.get("/events", after=after, limit=200).json()
        after = page["next"]
        if not page["items"]:
            break
    known = house.brought("NEWS-1")

    first = house.get("/events", after=after, limit=1).json()
    rest = house.get("/events", after=first["next"], kinds="order.status,stock.changed").json()

    assert [(one["kind"], one["subject"]) for one in first["items"]] == [("order.received", known)]
    assert first["items"][0]["about"]["ext_id"] == "NEWS-1"
    assert {one["kind"] for one in rest["items"]} <= {"order.status", "stock.changed"}
    said(house.get("/events", kinds="gossip"), 400, "bad_kind")


# --- as described ---------------------------------------------------------------------------------

FEW = settings(
    max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@pytest.mark.parametrize("label", ASKED)
@given(data=st.data())
@FEW
def test_whatever_a_system_asks_is_answered_as_described(house: House, label: str, data: st.DataObject):
    mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
    case = data.draw(OPERATIONS[label].as_strategy(generation_mode=mode))

    answer = case.call(session=house.web, base_url=house.url, headers=house.head())

    if answer.status_code in {404, 405} and "problem" not in answer.headers.get("content-type", ""):
        return  # nobody is there: the frame answers, not we
    case.validate_response(answer, checks=AS_DESCRIBED)
    assert answer.status_code < 500


def test_a_system_reads_its_description_and_the_hub_keeps_its_promises(house: House):
    told = house.get("/openapi.json").json()

    assert set(told["paths"]) >= {way.path for way in SYSTEM_WAYS}
    assert json.dumps(told).count("orders:personal") == 1
    assert verify(house.engine, FEED).findings == ()


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_examples_of_the_help_work_as_they_stand(house: House, language: str):
    page = resources.read("help", language, "systems.md").decode()
    examples = [
        line for block in re.findall("```sh\n(.*?)```", page, re.DOTALL) for line in block.splitlines()
    ]

    for example in examples:
        words = shlex.split(example.replace("$HUB", house.url).replace("$KEY", house.key))
        assert words[0] == "curl"
        said = {
            flag: [words[i + 1] for i, word in enumerate(words) if word == flag]
            for flag in ("-X", "-H", "-d")
        }
        (address,) = [word for word in words if word.startswith(house.url)]
        head = dict(line.split(": ", 1) for line in said["-H"])
        body = said["-d"][0].encode() if said["-d"] else None
        answer = house.web.request((*said["-X"], "GET")[0], address, headers=head, data=body, timeout=30)
        assert answer.status_code in {200, 201}, (example, answer.text)
    assert len(examples) == 9


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_check_of_the_help_knows_our_signature(language: str):
    page = resources.read("help", language, "systems.md").decode()
    (code,) = re.findall("```python\n(.*?)```", page, re.DOTALL)
    made: dict[str, Any] = {}
    exec(code, made)  # noqa: S102 - our own words

    body, secret = b'{"id":"1.0"}', "0f" * 32
    headers = {
        "Docket-Timestamp": "1780000000",
        "Docket-Signature": f"v1={signature(secret, '1780000000', body)}",
    }
    assert made["is_ours"](secret, headers, body)
    assert not made["is_ours"](secret, headers, body + b" ")
