"""One right call to each simulated platform, as its documentation writes it."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from sync.simulators import amazon, douyin, ebay, jd, wechat_store, woocommerce
from sync.simulators.clock import Clock
from sync.simulators.platform import Heard, Platform
from sync.simulators.shop import Shop
from sync.simulators.sorted_kv import wall, wrapped_md5

NOW = 1_790_000_000
START, END = NOW - 1700, NOW - 200
COUNT = 83


def shop() -> Shop:
    return Shop(95, Clock(NOW), span_s=1500)


def said(platform: Platform, heard: Heard) -> Any:
    answer = platform.answer(heard)
    return json.loads(answer.body) if answer.body.startswith((b"{", b"[")) else answer.status


def iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def compact(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


# --- one right call for each ----------------------------------------------------------------------------


def ask_jd(platform: Platform, name: str = jd.SEARCH, **more: object) -> Any:
    stamp = f"{wall(platform.shop.clock.now())}.123+0800"
    fields = {
        "method": name,
        "app_key": jd.KEY,
        "access_token": platform.token,
        "timestamp": stamp,
        "v": "2.0",
    }
    states = "WAIT_SELLER_STOCK_OUT,WAIT_GOODS_RECEIVE_CONFIRM,TRADE_CANCELED,LOCKED"
    packed = {
        "start_date": wall(START),
        "end_date": wall(END),
        "order_state": states,
        "optional_fields": "orderId,modified",
        "dateType": 0,
        "sortType": 1,
        "page": 1,
        "page_size": 100,
    }
    fields["360buy_param_json"] = compact(packed | more)
    fields["sign"] = wrapped_md5(fields, jd.SECRET)
    return said(platform, Heard("POST", "/routerjson", body=urlencode(fields).encode()))


def douyin_line(platform: Platform, name: str, body: str) -> str:
    stamp = str(platform.shop.clock.now())
    query = {"app_key": douyin.KEY, "method": name, "access_token": platform.token, "timestamp": stamp}
    signature = douyin.signature(douyin.KEY, douyin.SECRET, name, body, stamp)
    return urlencode(query | {"v": "2", "sign_method": "hmac-sha256", "sign": signature})


def ask_douyin(platform: Platform, name: str = "order.searchList", **more: object) -> Any:
    asked = {
        "update_time_start": START,
        "update_time_end": END,
        "order_by": "update_time",
        "page": 0,
        "size": 100,
    }
    body = compact(asked | {"size": 100} | more if name == "order.searchList" else more)
    stamp = str(platform.shop.clock.now())
    query = {
        "app_key": douyin.KEY,
        "method": name,
        "access_token": platform.token,
        "timestamp": stamp,
        "v": "2",
    }
    signature = douyin.signature(douyin.KEY, douyin.SECRET, name, body, stamp)
    line = urlencode(query | {"sign_method": "hmac-sha256", "sign": signature})
    return said(platform, Heard("POST", "/" + name.replace(".", "/"), line, body=body.encode()))


def ask_wechat(platform: Platform, path: str = wechat_store.LIST, **more: object) -> Any:
    asked = {"update_time_range": {"start_time": START, "end_time": END}, "page_size": 100}
    body = json.dumps(asked | more if path == wechat_store.LIST else more).encode()
    return said(platform, Heard("POST", path, f"access_token={platform.token}", body=body))


def ask_shopify(platform: Platform, query: str, **variables: object) -> Any:
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"x-shopify-access-token": platform.token}
    return said(platform, Heard("POST", "/admin/api/2026-01/graphql.json", "", headers, body))


def ask_woo(platform: Platform, path: str = "/orders", **more: object) -> Any:
    asked = {
        "modified_after": iso(START - 1)[:-1],
        "modified_before": iso(END + 1)[:-1],
        "dates_are_gmt": "true",
        "orderby": "id",
        "order": "asc",
        "per_page": 100,
        "status": "any",
    }
    key = base64.b64encode(f"{woocommerce.KEY}:{woocommerce.SECRET}".encode()).decode()
    headers = {"authorization": f"Basic {key}"}
    query = urlencode(asked | more if path == "/orders" else more)
    return said(platform, Heard("GET", woocommerce.ROOT + path, query, headers))


def ask_amazon(platform: Platform, path: str = amazon.ORDERS, method: str = "GET", **more: object) -> Any:
    asked = {
        "lastUpdatedAfter": iso(START),
        "lastUpdatedBefore": iso(END),
        "marketplaceIds": amazon.MARKET,
        "includedData": "PROCEEDS,FULFILLMENT",
        "maxResultsPerPage": 100,
    }
    headers = {"x-amz-access-token": platform.token}
    query = urlencode(asked | more) if method == "GET" else ""
    body = b"" if method == "GET" else json.dumps(more).encode()
    return said(platform, Heard(method, path, query, headers, body))


def ask_ebay(platform: Platform, path: str = ebay.ORDER, method: str = "GET", **more: object) -> Any:
    asked = {"filter": f"lastmodifieddate:[{iso(START)}..{iso(END)}]", "limit": 200, "offset": 0}
    headers = {"authorization": f"Bearer {platform.token}"}
    query = urlencode(asked | more) if method == "GET" and path == ebay.ORDER else ""
    body = b"" if method == "GET" else json.dumps(more).encode()
    return said(platform, Heard(method, path, query, headers, body))


ORDERS = """query Changed($after: String, $q: String!) {
  orders(first: 100, after: $after, query: $q, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    edges { node { id updatedAt totalPriceSet { shopMoney { amount currencyCode } }
      lineItems(first: 50) { edges { node { sku quantity } } } } }
  }
}"""


def shopify_page(platform: Platform, after: str | None = None) -> Any:
    wanted_of = f"updated_at:>='{iso(START)}' AND updated_at:<='{iso(END)}'"
    return ask_shopify(platform, ORDERS, after=after, q=wanted_of)["data"]["orders"]
