"""Simulated platforms beyond the signed forms: each takes its own protocol and refuses what it would."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from platform_calls import (
    COUNT,
    END,
    NOW,
    ORDERS,
    START,
    ask_amazon,
    ask_douyin,
    ask_ebay,
    ask_jd,
    ask_shopify,
    ask_wechat,
    ask_woo,
    iso,
    said,
    shop,
    shopify_page,
)

from sync.simulators import amazon, douyin, ebay, jd, shopify, wechat_store, woocommerce
from sync.simulators.amazon import Amazon
from sync.simulators.douyin import Douyin
from sync.simulators.ebay import Ebay
from sync.simulators.jd import Jd
from sync.simulators.known import PLATFORMS
from sync.simulators.platform import Heard, Platform, Pushing
from sync.simulators.shopify import Shopify
from sync.simulators.sorted_kv import wall
from sync.simulators.weather import Weather
from sync.simulators.wechat_store import WechatStore
from sync.simulators.woocommerce import Woo


def found() -> Iterator[tuple[str, int, list[str]]]:
    """For every platform: how many orders its first page says there are, and their numbers."""
    answer = ask_jd(Jd(shop()))["jingdong_pop_order_search_responce"]["searchorderinfo_result"]
    yield "jd", answer["orderTotal"], [one["orderId"] for one in answer["orderInfoList"]]
    answer = ask_douyin(Douyin(shop()))["data"]
    yield "douyin", answer["total"], [one["order_id"] for one in answer["shop_order_list"]]
    answer = ask_wechat(WechatStore(shop()))
    yield "wechat_store", len(answer["order_id_list"]), answer["order_id_list"]
    edges = shopify_page(Shopify(shop()))["edges"]
    yield "shopify", len(edges), [one["node"]["id"].rpartition("/")[2] for one in edges]
    answer = ask_woo(Woo(shop()))
    yield "woocommerce", len(answer), [str(one["id"]) for one in answer]
    answer = ask_amazon(Amazon(shop()))["orders"]
    yield "amazon", len(answer), [one["orderId"] for one in answer]
    answer = ask_ebay(Ebay(shop()))
    yield "ebay", answer["total"], [one["orderId"] for one in answer["orders"]]


def test_every_platform_lists_what_changed():
    listed = {code: (count, ids) for code, count, ids in found()}
    numbers = set(shop().window(START, END).numbers())

    assert listed.keys() | {"taobao", "pdd"} == PLATFORMS.keys()
    for code, (count, ids) in listed.items():
        platform = PLATFORMS[code](shop())
        assert count == len(ids) == COUNT, code
        assert {platform.find(ident).no for ident in ids} == numbers, code


# --- signatures -----------------------------------------------------------------------------------------


def test_published_signatures_are_computed_alike(shared_data):
    saved = json.loads(shared_data("channels", "signing_vectors.json").read_text(encoding="utf-8"))
    known = {one["id"]: one for one in saved["vectors"]}

    def of(name: str) -> tuple[dict[str, Any], str]:
        return known[name]["input"], known[name]["expected"]

    asked, expected = of("douyin-hmac-computed")
    found = douyin.signature(
        asked["app_key"], asked["secret"], asked["method"], asked["param_json"], asked["timestamp"]
    )
    assert found == expected
    asked, expected = of("douyin-event-sign-computed")
    assert douyin.event_signature(asked["app_key"], asked["secret"], asked["raw_body"].encode()) == expected
    asked, expected = of("woo-oauth1-lib")
    fields = asked["query"] | {
        "oauth_consumer_key": asked["consumer_key"],
        "oauth_timestamp": str(asked["timestamp"]),
        "oauth_nonce": asked["nonce"],
        "oauth_signature_method": "HMAC-SHA256",
    }
    assert woocommerce.oauth_signature("GET", asked["url"], fields, asked["consumer_secret"]) == expected
    asked, expected = of("wechat-aes-sdk")
    sealed = wechat_store.encrypt(
        asked["encoding_aes_key"], asked["random16"], asked["msg"].encode(), asked["appid"]
    )
    assert sealed == expected
    asked, expected = of("wechat-msg-signature-computed")
    signed = wechat_store.message_signature(
        asked["token"], asked["timestamp"], asked["nonce"], asked["encrypt"]
    )
    assert signed == expected


def test_douyin_wants_the_very_bytes_it_would_write_itself():
    platform = Douyin(shop())
    body = '{"size": 100, "page": 0}'
    stamp, name = str(NOW), "order.searchList"
    query = {
        "app_key": douyin.KEY,
        "method": name,
        "access_token": platform.token,
        "timestamp": stamp,
        "v": "2",
    }
    signature = douyin.signature(douyin.KEY, douyin.SECRET, name, body, stamp)
    line = urlencode(query | {"sign_method": "hmac-sha256", "sign": signature})

    answer = said(platform, Heard("POST", "/order/searchList", line, body=body.encode()))

    assert answer["sub_code"] == "isv.signature-invalid"


def test_woo_takes_oauth_over_plain_http():
    platform = Woo(shop())
    fields = {
        "oauth_consumer_key": woocommerce.KEY,
        "oauth_timestamp": str(NOW),
        "oauth_nonce": "n",
        "oauth_signature_method": "HMAC-SHA256",
    }
    url = f"http://shop.test{woocommerce.ROOT}/orders/700"
    signature = woocommerce.oauth_signature("GET", url, fields, woocommerce.SECRET)
    headers = {"host": "shop.test"}

    def ask(**more: str) -> Any:
        query = urlencode(fields | {"oauth_signature": signature} | more)
        return said(platform, Heard("GET", woocommerce.ROOT + "/orders/700", query, headers))

    assert ask()["id"] == 700
    assert ask(page="2")["code"] == "woocommerce_rest_authentication_error"
    platform.shop.clock.move(901)
    assert ask()["message"] == "Invalid timestamp."


@pytest.mark.parametrize("code", [code for code, kind in PLATFORMS.items() if issubclass(kind, Pushing)])
def test_every_delivery_has_its_own_number_and_proof(code: str):
    platform = PLATFORMS[code](shop())
    assert isinstance(platform, Pushing)
    sale = platform.shop.sale(5)

    first, second = platform.push(sale, 1), platform.push(sale, 2)

    assert first.body
    assert (first.headers, first.query, first.body) != (second.headers, second.query, second.body)


# --- limits and errors ----------------------------------------------------------------------------------


def test_each_platform_says_errors_its_own_way():
    assert ask_jd(Jd(shop(), Weather(throttle=1)))["error_response"]["code"] == "2"
    assert ask_douyin(Douyin(shop(), Weather(throttle=1)))["code"] == 60000
    assert ask_wechat(WechatStore(shop(), Weather(throttle=1)))["errcode"] == 45011
    assert ask_woo(Woo(shop(), Weather(throttle=1)))["code"] == "too_many_requests"
    assert ask_amazon(Amazon(shop(), Weather(throttle=1)))["errors"][0]["code"] == "QuotaExceeded"
    assert ask_ebay(Ebay(shop(), Weather(throttle=1)))["errors"][0]["errorId"] == 2001
    throttled = ask_shopify(Shopify(shop(), Weather(throttle=1)), ORDERS, q="")
    assert throttled["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert ask_woo(Woo(shop(), Weather(fail=1))) == 503
    assert ask_douyin(Douyin(shop(), Weather(fail=1)))["code"] == 20001


def test_each_platform_refuses_an_expired_token():
    assert ask_jd(Jd(shop(), Weather(expire=1)))["error_response"]["code"] == "19"
    assert ask_douyin(Douyin(shop(), Weather(expire=1)))["sub_code"] == "isv.access-token-expired"
    assert ask_wechat(WechatStore(shop(), Weather(expire=1)))["errcode"] == 42001
    assert ask_amazon(Amazon(shop(), Weather(expire=1)))["errors"][0]["code"] == "Unauthorized"
    assert ask_ebay(Ebay(shop(), Weather(expire=1)))["errors"][0]["errorId"] == 1001


def test_limits_are_kept():
    assert ask_jd(Jd(shop()), start_date=wall(END - 32 * 86_400))["error_response"]["code"] == "61"
    assert ask_douyin(Douyin(shop()), size=101)["code"] == 40004
    assert ask_wechat(WechatStore(shop()), page_size=101)["errcode"] == 40097
    assert ask_woo(Woo(shop()), orderby="modified")["code"] == "rest_invalid_param"
    assert ask_amazon(Amazon(shop()), lastUpdatedBefore=iso(NOW - 60))["errors"][0]["code"] == "InvalidInput"
    assert ask_ebay(Ebay(shop()), offset=7)["errors"][0]["errorId"] == 30810


def test_a_page_token_stands_only_for_its_own_question():
    platform = Amazon(shop())
    token = ask_amazon(platform, maxResultsPerPage=50)["pagination"]["nextToken"]

    rest = ask_amazon(platform, maxResultsPerPage=50, paginationToken=token)
    other = ask_amazon(platform, maxResultsPerPage=50, paginationToken=token, includedData="BUYER")

    assert len(rest["orders"]) == COUNT - 50
    assert other["errors"][0]["code"] == "InvalidInput"


def test_the_bucket_of_shopify_empties_and_fills():
    platform = Shopify(shop())
    answers = [ask_shopify(platform, ORDERS, q="") for _ in range(20)]
    empty = ask_shopify(platform, ORDERS, q="")
    platform.shop.clock.move(2)

    assert answers[-1]["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"] < 0.05 * shopify.BUCKET
    assert empty["errors"][0]["message"] == "Throttled"
    assert "data" in ask_shopify(platform, ORDERS, q="")


def test_a_cursor_of_shopify_survives_changes():
    platform = Shopify(shop(), Weather(change=1))
    query = ORDERS.replace("first: 100", "first: 20")
    seen, after = set(), None
    before = {shop().sale(no).no for no in shop().window(START, END).numbers()}
    while True:
        asked = {"after": after, "q": f"updated_at:>='{iso(START)}' updated_at:<='{iso(END)}'"}
        page = ask_shopify(platform, query, **asked)["data"]["orders"]
        seen |= {platform.find(edge["node"]["id"].rpartition("/")[2]).no for edge in page["edges"]}
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    stayed = {no for no in before if platform.shop.sale(no).modified < NOW}

    assert platform.shop.changes > 0
    assert stayed <= seen


# --- writes ---------------------------------------------------------------------------------------------


def paid(platform: Platform) -> str:
    return platform.ext_id(next(sale.no for sale in platform.shop if sale.state == "to_ship"))


def test_each_platform_takes_a_shipment_once():
    platforms = {code: PLATFORMS[code](shop()) for code in ("jd", "douyin", "wechat_store", "amazon", "ebay")}
    order = {code: paid(platform) for code, platform in platforms.items()}
    fulfil = """mutation F($f: FulfillmentInput!) { fulfillmentCreate(fulfillment: $f) {
      fulfillment { id } userErrors { message } } }"""
    store = Shopify(shop())
    ident = paid(store)
    said_to_shopify = {
        "lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": shopify.group_of(ident)}],
        "trackingInfo": {"number": "1Z1", "company": "UPS"},
    }
    sold = {code: platforms[code].find(number) for code, number in order.items()}
    products = [
        {
            "product_id": str(10_000_000 + one.article),
            "sku_id": str(20_000_000 + one.article),
            "product_cnt": one.qty,
        }
        for one in sold["wechat_store"].pieces
    ]
    items = [
        {"orderItemId": str(79_000_000_000_000 + sold["amazon"].no * 10 + one.place), "quantity": one.qty}
        for one in sold["amazon"].pieces
    ]
    lines = [
        {"lineItemId": str(10_081_000_000_000 + sold["ebay"].no * 10 + one.place), "quantity": one.qty}
        for one in sold["ebay"].pieces
    ]
    package = {"carrierCode": "UPS", "trackingNumber": "1Z1", "orderItems": items}
    for _ in range(2):
        ask_jd(platforms["jd"], jd.SHIP, orderId=order["jd"], logiCoprId=467, logiNo="1Z1")
        douyin_said = {"order_id": order["douyin"], "company_code": "shunfeng", "logistics_code": "1Z1"}
        ask_douyin(platforms["douyin"], "order.logisticsAdd", **douyin_said)
        deliveries = [{"delivery_id": "SF", "waybill_id": "1Z1", "product_infos": products}]
        ask_wechat(
            platforms["wechat_store"],
            wechat_store.SEND,
            order_id=order["wechat_store"],
            delivery_list=deliveries,
        )
        path = f"/orders/v0/orders/{order['amazon']}/shipmentConfirmation"
        ask_amazon(platforms["amazon"], path, "POST", marketplaceId=amazon.MARKET, packageDetail=package)
        path = f"{ebay.ORDER}/{order['ebay']}/shipping_fulfillment"
        ask_ebay(
            platforms["ebay"], path, "POST", lineItems=lines, shippingCarrierCode="UPS", trackingNumber="1Z1"
        )
        ask_shopify(store, fulfil, f=said_to_shopify)
    platforms["shopify"] = store

    for code, platform in platforms.items():
        kinds = [write.kind for write in platform.shop.writes]
        assert kinds == ["ship", "ship"], code
        assert platform.shop.shipped_twice == 1, code
        assert platform.find(order.get(code, ident)).parcels[0].tracking == "1Z1", code
