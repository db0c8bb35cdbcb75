"""Simulated gateways whose every field is signed: they refuse what the real ones refuse."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
import requests

from sync.simulators import pdd, taobao
from sync.simulators.clock import Clock
from sync.simulators.pdd import Pinduoduo
from sync.simulators.platform import Heard, Platform
from sync.simulators.server import standing
from sync.simulators.shop import Shop
from sync.simulators.sorted_kv import keyed, wall, wrapped_md5
from sync.simulators.taobao import Taobao
from sync.simulators.weather import Weather

NOW = 1_790_000_000
START, END = NOW - 1700, NOW - 200


def shop(count: int = 95) -> Shop:
    return Shop(count, Clock(NOW), span_s=1500)


def told(platform: Platform, path: str, fields: dict[str, str]) -> Any:
    """Post a form; return what the platform says."""
    heard = Heard("POST", path, body=urlencode(fields).encode())
    return json.loads(platform.answer(heard).body)


def pdd_form(platform: Platform, name: str = pdd.INCREMENT, **more: object) -> dict[str, str]:
    fields = {
        "type": name,
        "client_id": pdd.CLIENT,
        "access_token": platform.token,
        "timestamp": str(NOW),
        **{key: str(value) for key, value in more.items()},
    }
    return fields | {"sign": wrapped_md5(fields, pdd.SECRET)}


def pdd_page(platform: Platform, page: int, size: int = 20, **more: object) -> dict[str, str]:
    window = {"start_updated_at": START, "end_updated_at": END, "page": page, "page_size": size}
    kinds = {"is_lucky_flag": 0, "order_status": 5, "refund_status": 5}
    return pdd_form(platform, **window, **kinds, **more)


def top_form(platform: Platform, name: str, **more: str) -> dict[str, str]:
    fields = {
        "method": name,
        "app_key": taobao.KEY,
        "session": platform.token,
        "timestamp": wall(NOW),
        "v": "2.0",
        "sign_method": "hmac-sha256",
        "format": "json",
        **more,
    }
    return fields | {"sign": keyed(fields, taobao.SECRET, "sha256")}


def top_page(platform: Platform, page: int, size: int = 20, **more: str) -> dict[str, str]:
    asked = {
        "fields": "tid,status,modified",
        "start_modified": wall(START),
        "end_modified": wall(END),
        "page_no": str(page),
        "page_size": str(size),
    }
    return top_form(platform, "taobao.trades.sold.increment.get", **asked | more)


def ask_pdd(platform: Platform, fields: dict[str, str]) -> Any:
    return told(platform, "/api/router", fields)


def ask_top(platform: Platform, fields: dict[str, str]) -> Any:
    return told(platform, "/router/rest", fields)


def refusal(said: Any) -> int:
    """Return the code of an error that came with HTTP 200; 0 for none."""
    error = said.get("error_response", {})
    return int(error.get("error_code", error.get("code", 0)))


# --- signatures -----------------------------------------------------------------------------------------


def test_published_signatures_are_computed_alike(shared_data):
    saved = json.loads(shared_data("channels", "signing_vectors.json").read_text(encoding="utf-8"))
    vectors = saved["vectors"]
    known = {one["id"]: one for one in vectors}

    def of(name: str) -> tuple[dict[str, str], str, str]:
        asked = known[name]["input"]
        return asked["params"], asked["secret"], known[name]["expected"]

    for name in ("top-md5-official", "pdd-md5-official", "jd-md5-official"):
        fields, secret, expected = of(name)
        assert wrapped_md5(fields, secret) == expected
    for name, digest in (("top-hmac-computed", "md5"), ("top-hmac-sha256-computed", "sha256")):
        fields, secret, expected = of(name)
        assert keyed(fields, secret, digest) == expected


def test_a_field_nobody_signed_is_refused():
    platform, top = Pinduoduo(shop()), Taobao(shop())

    assert refusal(ask_pdd(platform, pdd_page(platform, 1) | {"version": "V1"})) == 20004
    assert refusal(ask_top(top, top_page(top, 1) | {"simplify": "false"})) == 25


def test_a_field_said_twice_is_refused():
    platform = Pinduoduo(shop())
    body = urlencode(pdd_page(platform, 1)) + "&page=2"

    said = json.loads(platform.answer(Heard("POST", "/api/router", body=body.encode())).body)

    assert said["error_response"]["error_code"] == 10000


def test_a_stale_timestamp_is_refused():
    platform, top = Pinduoduo(shop()), Taobao(shop())
    late, late_top = pdd_page(platform, 1), top_page(top, 1)
    platform.shop.clock.move(601)
    top.shop.clock.move(601)

    assert ask_pdd(platform, late)["error_response"]["error_msg"] == "公共参数错误:timestamp"
    assert refusal(ask_top(top, late_top)) == 31


def test_top_wants_the_wall_time_of_china():
    top = Taobao(shop())
    fields = {**top_page(top, 1), "timestamp": wall(NOW - 8 * 3600)}
    fields["sign"] = keyed(fields, taobao.SECRET, "sha256")

    assert refusal(ask_top(top, fields)) == 31


def test_every_sign_method_of_top_is_taken():
    top = Taobao(shop())
    for method in ("md5", "hmac", "hmac-sha256"):
        fields = {**top_page(top, 1), "sign_method": method}
        fields["sign"] = (
            wrapped_md5(fields, taobao.SECRET)
            if method == "md5"
            else keyed(fields, taobao.SECRET, {"hmac": "md5", "hmac-sha256": "sha256"}[method])
        )
        assert ask_top(top, fields)["trades_sold_increment_get_response"]["total_results"] == 83


# --- lists ----------------------------------------------------------------------------------------------


def test_the_latest_change_comes_first_and_only_what_was_asked():
    top = Taobao(shop())

    trades = ask_top(top, top_page(top, 1))["trades_sold_increment_get_response"]["trades"]["trade"]

    assert [one["modified"] for one in trades] == sorted((one["modified"] for one in trades), reverse=True)
    assert {tuple(sorted(one)) for one in trades} == {("modified", "status", "tid")}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("page_size", 101),
        ("page", 0),
        ("start_updated_at", END - 1801),
        ("end_updated_at", NOW - 100),
        ("start_updated_at", "yesterday"),
    ],
)
def test_limits_of_a_window_are_kept(field: str, value: object):
    platform = Pinduoduo(shop())
    fields = pdd_page(platform, 1) | {field: str(value)}
    fields["sign"] = wrapped_md5(fields, pdd.SECRET)

    assert refusal(ask_pdd(platform, fields)) in (10001, 21001)


def test_top_refuses_more_than_a_day_and_more_than_a_hundred():
    top = Taobao(shop())
    for more in ({"start_modified": wall(END - 86_401)}, {"page_size": "101"}, {"page_no": "0"}):
        assert refusal(ask_top(top, top_page(top, 1, **more))) == 41


@pytest.mark.parametrize(("backward", "lost"), [(False, True), (True, False)], ids=["forward", "backward"])
def test_who_pages_forward_while_orders_change_loses_some(*, backward: bool, lost: bool):
    platform = Pinduoduo(shop(), Weather(change=1))
    first = ask_pdd(platform, pdd_page(platform, 1))["order_sn_increment_get_response"]
    pages = list(range(1, -(-first["total_count"] // 20) + 1))
    was = {sale.no for sale in Shop(95, Clock(NOW), span_s=1500).window(START, END).newest_first(0, 95)}

    seen = set()
    for page in reversed(pages) if backward else pages:
        answer = ask_pdd(platform, pdd_page(platform, page))["order_sn_increment_get_response"]
        seen |= {one["order_sn"] for one in answer["order_sn_list"]}
    stayed = {platform.ext_id(no) for no in was if platform.shop.sale(no).modified < NOW}

    assert bool(stayed - seen) is lost


def test_the_amounts_of_every_order_add_up():
    platform = Pinduoduo(shop(200))
    for sale in platform.shop:
        fields = pdd_form(platform, "pdd.order.information.get", order_sn=platform.ext_id(sale.no))
        order = ask_pdd(platform, fields)["order_info_get_response"]["order_info"]
        paid = order["goods_amount"] - order["discount_amount"] + order["postage"]
        assert round(paid * 100) == round(order["pay_amount"] * 100) == sale.pay_minor
        assert all(piece.net_minor >= 0 for piece in sale.pieces)


def test_the_same_seed_makes_the_same_orders():
    assert list(shop()) == list(shop())
    assert list(shop()) != list(Shop(95, Clock(NOW), span_s=1500, seed=2))


def test_oaid_comes_only_with_the_fields_it_needs():
    top = Taobao(shop())
    name, tid = "taobao.trade.fullinfo.get", top.ext_id(3)
    needed = ",".join(sorted(taobao.OAID_NEEDS))

    thin = ask_top(top, top_form(top, name, tid=tid, include_oaid=tid, fields="tid,oaid"))
    full = ask_top(top, top_form(top, name, tid=tid, include_oaid=tid, fields=f"tid,{needed}"))

    assert "oaid" not in thin["trade_fullinfo_get_response"]["trade"]
    assert full["trade_fullinfo_get_response"]["trade"]["oaid"].startswith("1oaid")


# --- being unwell ---------------------------------------------------------------------------------------


def test_errors_have_the_codes_of_the_platform():
    platform = Pinduoduo(shop(), Weather(throttle=2, fail=2))
    codes = [refusal(ask_pdd(platform, pdd_page(platform, 1))) for _ in range(4)]
    top = Taobao(shop(), Weather(throttle=1))

    assert codes == [0, 70031, 52001, 70031]
    assert refusal(ask_top(top, top_page(top, 1))) == 7


def test_an_expired_token_is_renewed_with_the_refresh_token():
    platform = Pinduoduo(shop(), Weather(expire=2))
    old = pdd_page(platform, 1)
    ask_pdd(platform, old)

    assert refusal(ask_pdd(platform, old)) == 10019

    again = {"grant_type": "refresh_token", "refresh_token": pdd.REFRESH}
    asked = pdd_form(platform, "pdd.pop.auth.token.refresh", **again)
    given = ask_pdd(platform, asked)["pop_auth_token_refresh_response"]

    assert given["access_token"] == platform.token
    assert "order_sn_increment_get_response" in ask_pdd(platform, pdd_page(platform, 1))


# --- writes ---------------------------------------------------------------------------------------------


def paid(platform: Platform) -> str:
    return platform.ext_id(next(sale.no for sale in platform.shop if sale.state == "to_ship"))


def test_a_shipment_is_taken_once():
    platform = Pinduoduo(shop())
    asked = {"order_sn": paid(platform), "logistics_id": 44, "tracking_number": "SF0001"}
    fields = pdd_form(platform, "pdd.logistics.online.send", **asked)

    first, second = ask_pdd(platform, fields), ask_pdd(platform, fields)

    assert first == {"logistics_online_send_response": {"is_success": True}}
    assert second["error_response"]["error_code"] == 10000
    assert platform.shop.shipped_twice == 1


def test_a_shipment_is_accepted_and_the_line_goes_dead():
    top = Taobao(shop(), Weather(hang=1))
    tid = paid(top)
    packages = json.dumps([{"company_code": "SF", "out_sid": "SF0001"}])
    fields = top_form(top, "alibaba.ascp.logistics.offline.send", tid=tid, consign_pkgs=packages)

    said = top.answer(Heard("POST", "/router/rest", body=urlencode(fields).encode()))
    asked = top_form(top, "taobao.trade.fullinfo.get", tid=tid, fields="tid,status,orders")
    trade = ask_top(top, asked)["trade_fullinfo_get_response"]["trade"]

    assert said.hangs
    assert trade["status"] == "WAIT_BUYER_CONFIRM_GOODS"
    assert trade["orders"]["order"][0]["invoice_no"] == "SF0001"


def test_stock_is_absolute_or_a_difference():
    top, platform = Taobao(shop()), Pinduoduo(shop())
    name = "taobao.skus.quantity.update"
    ask_top(top, top_form(top, name, num_iid="1", skuid_quantities="7:10;8:20"))
    ask_top(top, top_form(top, name, num_iid="1", type="2", skuid_quantities="7:-3"))
    many = ";".join(f"{n}:1" for n in range(21))
    ask_pdd(platform, pdd_form(platform, "pdd.goods.quantity.update", goods_id=1, sku_id="9", quantity=4))

    assert top.shop.stock == {"7": 7, "8": 20}
    assert refusal(ask_top(top, top_form(top, name, num_iid="1", skuid_quantities=many))) == 41
    assert platform.shop.stock == {"9": 4}


def test_a_memo_moves_the_order():
    top = Taobao(shop())
    asked = top_form(top, "taobao.trade.memo.update", tid=top.ext_id(1), memo="加急", flag="2")

    assert ask_top(top, asked)["trade_memo_update_response"]["trade"]["modified"] == wall(NOW)
    assert top.shop.sale(1).memo == "加急"
    assert [(one.kind, one.of) for one in top.shop.writes] == [("memo", top.ext_id(1))]


# --- over a real line -----------------------------------------------------------------------------------


def test_it_speaks_http_and_lets_a_trainer_look_in():
    platform = Pinduoduo(shop(), Weather(hang=1))
    ship = {"order_sn": paid(platform), "logistics_id": 44, "tracking_number": "SF0001"}
    sent = pdd_form(platform, "pdd.logistics.online.send", **ship)
    with standing(platform) as base, requests.Session() as line:
        answer = line.post(f"{base}/api/router", pdd_page(platform, 1), timeout=10).json()
        with pytest.raises(requests.ConnectionError):
            line.post(f"{base}/api/router", sent, timeout=10)
        writes = line.get(f"{base}/_simulator/writes", timeout=10).json()
        log = line.get(f"{base}/_simulator/log", timeout=10).json()
        turned = line.post(f"{base}/_simulator/clock?count=60", timeout=10).json()

    assert answer["order_sn_increment_get_response"]["total_count"] == 83
    assert [one["kind"] for one in writes] == ["ship"]
    assert [one["answer"] for one in log] == ["done", "accepted, then silent"]
    assert not [one for one in log if {"sign", "access_token"} & one["asked"].keys()]
    assert turned == {"now": NOW + 60, "orders": 95}
