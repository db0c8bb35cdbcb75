"""Calls on real bytes: what is signed is what is sent; answers, pages and tokens."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from app.trouble import Trouble
from sync.manifest.answer import judge
from sync.manifest.blocks import Transport
from sync.manifest.caller import Answer, Caller, Refused, Token
from sync.manifest.paging import Span
from sync.manifest.reading import built_in, checked, manifest_of, patched
from sync.manifest.renewing import Unkept
from sync.manifest.request import Request, build

NOW = datetime(2026, 6, 13, 12, 30, tzinfo=UTC)
SPAN = Span(NOW - timedelta(minutes=30), NOW)
SETTINGS = {
    "taobao": {"app_key": "k", "app_secret": "s", "session": "t"},
    "pdd": {"client_id": "k", "client_secret": "s", "access_token": "t"},
    "jd": {"app_key": "k", "app_secret": "s", "access_token": "t"},
    "douyin": {"app_key": "k", "app_secret": "s", "access_token": "t"},
    "woocommerce": {"base_url": "http://shop.example", "consumer_key": "ck", "consumer_secret": "cs"},
    "shopify": {"base_url": "https://x.myshopify.com", "access_token": "t"},
    "wechat_store": {"app_id": "wx", "app_secret": "s"},
    "ebay": {"client_id": "c", "client_secret": "s", "refresh_token": "r"},
    "amazon": {"client_id": "c", "client_secret": "s", "refresh_token": "r", "marketplace_id": "M"},
    "generic_rest": {"base_url": "https://own.example", "api_key": "a"},
}


class Recorder:
    """A line that answers what it is told to, and keeps what it got."""

    def __init__(self, *answers: Any) -> None:
        self.sent: list[Request] = []
        self._answers = itertools.chain(answers, itertools.repeat(answers[-1]))

    def __call__(self, request: Request, timeout_s: float, most_bytes: int) -> Answer:
        self.sent.append(request)
        answer = next(self._answers)
        if isinstance(answer, Answer):
            return answer
        return Answer(200, {}, json.dumps(answer).encode())


def caller(name: str, line: Recorder, **more: Any) -> Caller:
    naps: list[float] = more.pop("naps", [])
    manifest = checked(patched(built_in(name), more.pop("patch", {})))
    settings = SETTINGS[name] | more.pop("settings", {})
    return Caller(manifest, settings, line, lambda: NOW, naps.append, lambda: "nonce-1", **more)


def form(request: Request) -> dict[str, str]:
    pairs = parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True)
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def query(request: Request) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))


def kv(sent: Mapping[str, str]) -> str:
    return "".join(key + sent[key] for key in sorted(sent) if key != "sign")


def test_taobao_signs_exactly_the_form_it_sends() -> None:
    line = Recorder({"trades_sold_increment_get_response": {"total_results": 0}})
    list(caller("taobao", line).pages("orders", SPAN))
    sent = form(line.sent[0])
    assert sent["sign"] == hmac.new(b"s", kv(sent).encode(), hashlib.sha256).hexdigest().upper()
    assert sent["timestamp"] == "2026-06-13 20:30:00"
    assert (sent["start_modified"], sent["end_modified"]) == ("2026-06-13 20:00:00", "2026-06-13 20:30:00")
    assert "step" in sent["type"].split(",")
    assert urlsplit(line.sent[0].url).query == ""


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("pdd", {"order_sn_increment_get_response": {"total_count": 0}}),
        ("jd", {"jingdong_pop_order_search_responce": {"searchorderinfo_result": {"orderTotal": 0}}}),
    ],
)
def test_wrapped_signatures_cover_exactly_the_form_that_is_sent(name: str, answer: Any) -> None:
    line = Recorder(answer)
    list(caller(name, line).pages("orders", SPAN))
    sent = form(line.sent[0])
    made = hashlib.md5(f"s{kv(sent)}s".encode()).hexdigest().upper()  # noqa: S324 - the channels' choice
    assert sent["sign"] == made
    if name == "jd":
        assert sent["method"] == "jingdong.pop.order.search"
        packed = json.loads(sent["360buy_param_json"])
        assert packed["start_date"] == "2026-06-13 20:00:00"
        assert "method" not in packed
    else:
        assert sent["timestamp"] == str(int(NOW.timestamp()))


def test_lists_and_truth_travel_as_they_are_signed() -> None:
    transport = manifest_of("pdd").transport
    assert transport is not None
    call = {"type": "x", "use_has_next": True, "data_list": [{"b": "张三", "a": 1}], "none": None}
    sent = form(build(transport, call, SETTINGS["pdd"] | {"base_url": "https://pdd.example"}, NOW))
    assert (sent["use_has_next"], sent["data_list"]) == ("true", '[{"b":"张三","a":1}]')
    assert "none" not in sent
    made = hashlib.md5(f"s{kv(sent)}s".encode()).hexdigest().upper()  # noqa: S324 - the channel's choice
    assert sent["sign"] == made


def test_douyin_signs_the_very_bytes_of_its_body() -> None:
    line = Recorder({"code": 10000, "data": {"total": 0}})
    list(caller("douyin", line).pages("orders", SPAN))
    (request,) = line.sent
    sent, body = query(request), request.body.decode()
    text = f"sapp_keykmethodorder.searchListparam_json{body}timestamp{int(NOW.timestamp())}v2s"
    assert sent["sign"] == hmac.new(b"s", text.encode(), hashlib.sha256).hexdigest()
    assert urlsplit(request.url).path == "/order/searchList"
    assert list(json.loads(body)) == sorted(json.loads(body))
    assert "method" not in json.loads(body)
    assert json.loads(body)["page"] == 0


def test_a_shop_without_https_signs_its_address_and_never_shows_its_secret() -> None:
    line = Recorder(Answer(200, {"X-WP-TotalPages": "1"}, b"[]"))
    list(caller("woocommerce", line).pages("orders", SPAN))
    sent = query(line.sent[0])
    assert sent["oauth_signature"]
    assert (sent["modified_after"], sent["page"], sent["status"]) == ("2026-06-13T12:00:00", "1", "any")
    assert "cs" not in line.sent[0].url.split("/")
    assert "Authorization" not in line.sent[0].headers


def test_a_shop_with_https_sends_its_keys_in_the_header() -> None:
    line = Recorder(Answer(200, {"X-WP-TotalPages": "1"}, b"[]"))
    list(caller("woocommerce", line, settings={"base_url": "https://shop.example"}).pages("orders", SPAN))
    given = line.sent[0].headers["Authorization"]
    assert base64.b64decode(given.removeprefix("Basic ")) == b"ck:cs"
    assert "oauth_signature" not in query(line.sent[0])


def test_a_key_never_travels_in_the_open() -> None:
    with pytest.raises(Trouble) as wrong:
        list(caller("shopify", Recorder({}), settings={"base_url": "http://x.example"}).pages("orders", SPAN))
    assert wrong.value.code == "open_address"
    line = Recorder({"data": {"orders": {"edges": [], "pageInfo": {"hasNextPage": False}}}})
    list(caller("shopify", line, settings={"base_url": "http://127.0.0.1:9"}).pages("orders", SPAN))
    assert line.sent[0].headers["X-Shopify-Access-Token"] == "t"
    variables = json.loads(line.sent[0].body)["variables"]
    assert variables == {
        "query": "updated_at:>='2026-06-13T12:00:00Z' AND updated_at:<'2026-06-13T12:30:00Z'",
        "first": 10,
    }


def test_a_token_is_asked_for_once_and_again_when_the_channel_refuses_it() -> None:
    line = Recorder(
        {"access_token": "A", "expires_in": 7200},
        {"errcode": 42001},
        {"access_token": "B", "expires_in": 7200},
        {"errcode": 0, "order_id_list": ["19"], "has_more": False},
        {"errcode": 0, "order": {"order_id": "19"}},
    )
    talk = caller("wechat_store", line)
    (page,) = talk.pages("orders", SPAN)
    assert page == ([{"order_id": "19"}], True)
    assert [query(one).get("access_token") for one in line.sent] == [None, "A", None, "B", "B"]
    assert json.loads(line.sent[0].body) == {"grant_type": "client_credential", "appid": "wx", "secret": "s"}
    assert json.loads(line.sent[3].body) == {
        "update_time_range": {"start_time": 1781352000, "end_time": 1781353800}, "page_size": 100,
    }  # fmt: skip
    assert talk.token == Token("B", NOW + timedelta(seconds=7200))


def test_a_shop_whose_keys_are_wrong_is_to_be_authorised_again() -> None:
    line = Recorder(Answer(400, {}, b'{"error":"invalid_grant"}'))
    with pytest.raises(Refused) as wrong:
        list(caller("ebay", line).pages("orders", SPAN))
    assert wrong.value.verdict.action == "reauthorize"
    assert not wrong.value.retry
    assert line.sent[0].headers["Authorization"].startswith("Basic ")
    assert form(line.sent[0])["grant_type"] == "refresh_token"


THEIRS = {"access_token": "theirs", "refresh_token": "next"}


class Elsewhere(Unkept):
    """Keys that another hub renews while this one asks."""

    def __init__(self) -> None:
        self.looked: list[Any] = []

    def newer(self, settings: Mapping[str, Any]) -> Mapping[str, str] | None:
        self.looked.append(settings["access_token"])
        return THEIRS if len(self.looked) > 1 else None


def test_keys_another_hub_renewed_first_are_used() -> None:
    over = {"error_response": {"error_code": 10019, "error_msg": "access_token"}}
    used = {"error_response": {"error_code": 10001, "error_msg": "refresh_token"}}
    line = Recorder(over, used, {"order_sn_increment_get_response": {"total_count": 0}})
    asked = caller("pdd", line, settings={"refresh_token": "once"}, keys=Elsewhere())

    list(asked.pages("orders", SPAN))

    assert [form(one)["access_token"] for one in line.sent] == ["t", "t", "theirs"]
    assert asked.settings.items() >= THEIRS.items()


def test_a_token_that_lasts_is_not_asked_for_again() -> None:
    line = Recorder({"orders": [], "total": 0})
    list(caller("ebay", line, token=Token("T", NOW + timedelta(hours=1))).pages("orders", SPAN))
    (request,) = line.sent
    assert request.headers["Authorization"] == "Bearer T"
    assert query(request)["filter"] == (
        "lastmodifieddate:[2026-06-13T12:00:00.000Z..2026-06-13T12:30:00.000Z]"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "status", "body", "action"),
    [
        ("taobao", 200, {"error_response": {"code": 7}}, "throttle"),
        ("taobao", 200, {"error_response": {"code": 27}}, "reauthorize"),
        ("taobao", 200, {"error_response": {"code": 15, "sub_code": "isp.top-remote-error"}}, "retry"),
        ("taobao", 200, {"error_response": {"code": 15, "sub_code": "isv.invalid"}}, "fail"),
        ("taobao", 200, {"error_response": {"code": 31}}, "fail"),
        ("taobao", 200, {"error_response": {"code": 999}}, "fail"),
        ("pdd", 200, {"error_response": {"error_code": 70031}}, "throttle"),
        ("pdd", 200, {"error_response": {"error_code": 20004}}, "fail"),
        ("douyin", 200, {"code": 10000, "data": {}}, "ok"),
        ("douyin", 200, {"code": 50002}, "fail"),
        ("douyin", 200, {}, "fail"),
        ("wechat_store", 200, {"errcode": 0}, "ok"),
        ("wechat_store", 200, {"errcode": 48001}, "fail"),
        ("shopify", 200, {"errors": [{"extensions": {"code": "THROTTLED"}}]}, "throttle"),
        ("generic_rest", 429, {}, "throttle"),
        ("generic_rest", 401, {}, "reauthorize"),
        ("generic_rest", 503, {}, "retry"),
        ("generic_rest", 404, {}, "fail"),
        ("generic_rest", 302, {}, "fail"),
        ("generic_rest", 429, {"error": "slow down"}, "throttle"),
        ("shopify", 401, {"errors": "[API] Invalid API key or access token"}, "reauthorize"),
        ("shopify", 503, {"errors": "Service Unavailable"}, "retry"),
        ("shopify", 200, {"errors": [{"message": "Field does not exist"}]}, "fail"),
        ("woocommerce", 429, {"code": "of_some_plugin", "message": "slow down"}, "throttle"),
        ("woocommerce", 404, {"code": "rest_no_route", "message": "no route"}, "fail"),
    ],
)
def test_an_answer_says_what_to_do(name: str, status: int, body: Any, action: str) -> None:
    transport = manifest_of(name).transport
    assert transport is not None
    verdict = judge(transport, status, {"Retry-After": "9"}, json.dumps(body).encode())
    assert verdict.action == action
    assert action == "ok" or verdict.text.message


def test_an_answer_that_is_no_json_is_told_from_one_that_is() -> None:
    transport = Transport()
    assert judge(transport, 502, {}, b"<html>").action == "retry"
    assert judge(transport, 200, {}, b"<html>").action == "fail"
    assert judge(transport, 204, {}, b"").action == "ok"
    assert judge(transport, 429, {"retry-after": "7"}, b"slow").wait_s == 7


def test_a_refusal_names_the_code_of_the_channel_and_never_its_words() -> None:
    for channel, error, code in (
        ("pdd", {"error_code": 21001, "error_msg": "13800138000"}, "21001"),
        ("taobao", {"code": 15, "sub_code": "isv.invalid"}, "isv.invalid"),
        ("taobao", {"code": "wrote 13800138000"}, "error_response"),
    ):
        body = json.dumps({"error_response": error}).encode()
        assert judge(manifest_of(channel).transport, 200, {}, body).text.params == {"code": code}


def test_a_throttled_call_waits_and_is_made_again_until_patience_ends() -> None:
    naps: list[float] = []
    slow, well = {"error_response": {"code": 7}}, {"trades_sold_increment_get_response": {"total_results": 0}}
    list(caller("taobao", Recorder(slow, well), naps=naps).pages("orders", SPAN))
    assert naps == [60.0]
    with pytest.raises(Refused) as wrong:
        list(caller("taobao", Recorder(slow), naps=naps).pages("orders", SPAN))
    assert wrong.value.retry
    assert sum(naps) <= 60 + 120


def test_what_the_channel_will_never_accept_is_asked_once() -> None:
    line = Recorder({"error_response": {"error_code": 20005}})
    with pytest.raises(Refused) as wrong:
        list(caller("pdd", line).pages("orders", SPAN))
    assert len(line.sent) == 1
    assert "白名单" in wrong.value.say.zh


def test_the_words_of_a_channel_are_never_repeated_its_codes_are() -> None:
    words = {"code": "woocommerce_rest_no_route", "message": "Li at Example Street 1"}
    with pytest.raises(Refused) as woo:
        caller("woocommerce", Recorder(words)).one("orders", "7")
    line = Recorder({"data": {"orderUpdate": {"userErrors": [{"field": ["zip"], "message": "Li"}]}}})
    with pytest.raises(Refused) as shopify:
        caller("shopify", line).write("address", {})

    assert woo.value.hint.params == {"code": "woocommerce_rest_no_route, message"}
    assert shopify.value.hint.params == {"code": "userErrors"}


def test_every_channel_that_counts_its_pages_is_read_backward() -> None:
    for name in SETTINGS:
        for key, one in manifest_of(name).streams.items():
            if one.pages.strategy in ("page", "offset"):
                assert one.pages.direction == "backward", (name, key)


@pytest.mark.parametrize("path", ["@elsewhere.example/orders", ".elsewhere.example/", ":8080/"])
def test_a_path_leads_to_no_other_house(path: str) -> None:
    line = Recorder({})
    patch = {"streams": {"orders": {"call": {"path": path}}}}

    with pytest.raises(Trouble, match="foreign_link"):
        list(caller("generic_rest", line, patch=patch).pages("orders", SPAN))

    assert line.sent == []


def test_a_link_to_another_house_is_not_followed() -> None:
    patch = {"streams": {"orders": {"pages": {"strategy": "link"}}}}
    for url, is_followed in (("https://own.example/p2", True), ("https://evil.example/p2", False)):
        line = Recorder(Answer(200, {"Link": f'<{url}>; rel="next"'}, b"{}"), Answer(200, {}, b"{}"))
        pages = caller("generic_rest", line, patch=patch).pages("orders", SPAN)
        if is_followed:
            assert len(list(pages)) == 2
        else:
            with pytest.raises(Trouble):
                list(pages)
        assert len(line.sent) == 1 + is_followed


def test_shipments_stock_and_notes_are_told_in_the_words_of_each_channel() -> None:
    package = {"tracking": "SF1", "items": [{"id": "1"}], "is_last": True, "is_single": True}
    values = {"order": {"ext_id": "77"}, "carrier": {"code": "SF", "name": "顺丰"}, "package": package}
    line = Recorder({"ok": 1})
    caller("woocommerce", line).write("ship", values)
    done, note = line.sent  # the note names the parcel: with it everything is told
    assert (done.method, json.loads(done.body)) == ("PUT", {"status": "completed"})
    assert (note.method, urlsplit(note.url).path) == ("POST", "/wp-json/wc/v3/orders/77/notes")
    assert json.loads(note.body) == {"note": "顺丰 SF1", "customer_note": True}

    line = Recorder({"ok": 1})
    caller("taobao", line).write("ship", values)
    assert form(line.sent[0])["tid"] == "77"
    assert json.loads(form(line.sent[0])["consign_pkgs"]) == [{"company_code": "SF", "out_sid": "SF1"}]

    items = [{"sku": {"id": str(n), "goods_id": "G"}, "stock": {"available": n}} for n in range(45)]
    line = Recorder({"ok": 1})
    caller("taobao", line).write("stock", {}, items)
    assert [len(form(one)["skuid_quantities"].split(";")) for one in line.sent] == [20, 20, 5]
    assert form(line.sent[0])["num_iid"] == "G"


def test_one_order_is_read_again_by_its_number() -> None:
    line = Recorder({"code": 10000, "data": {"shop_order_detail": {"order_id": "5"}}})
    assert caller("douyin", line).one("orders", "5")["data"]["shop_order_detail"] == {"order_id": "5"}
    assert json.loads(line.sent[0].body) == {"shop_order_id": "5"}
    for name in SETTINGS:
        assert manifest_of(name).streams["orders"].one, name


def test_a_number_is_one_step_of_an_address_whatever_stands_in_it() -> None:
    line = Recorder({})
    caller("generic_rest", line).one("orders", "../users?all=1#x")
    assert line.sent[0].url == "https://own.example/orders/..%2Fusers%3Fall%3D1%23x"


def test_a_clock_that_is_off_is_said_where_a_call_is_refused() -> None:
    refused = b'{"error_response":{"code":25}}'
    ago = Answer(200, {"Date": "Sat, 13 Jun 2026 12:15:00 GMT"}, refused)
    with pytest.raises(Trouble) as wrong:
        list(caller("taobao", Recorder(ago)).pages("orders", SPAN))
    assert (wrong.value.code, wrong.value.hint.params) == ("clock_off", {"minutes": 15})
    long_ago = Answer(200, {"Date": "Wed, 10 Jun 2026 12:15:00 GMT"}, refused)
    with pytest.raises(Trouble) as wrong:
        list(caller("taobao", Recorder(long_ago)).pages("orders", SPAN))
    assert wrong.value.hint.params == {"days": 3}
    for date in ("Sat, 13 Jun 2026 12:29:00 GMT", "yesterday", ""):
        with pytest.raises(Refused):
            list(caller("taobao", Recorder(Answer(200, {"Date": date}, refused))).pages("orders", SPAN))
