"""Every published and computed signing vector, by the strategies of the manifest."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sync.manifest.blocks import Handshake, Sign, Verify
from sync.manifest.reading import manifest_of
from sync.manifest.sign import (
    as_sent,
    clock_text,
    message_signature,
    oauth1_params,
    signature,
)
from sync.manifest.verify import (
    by_ecdsa,
    greeted,
    sha1_of_sorted,
    verified,
    wechat_closed,
    wechat_opened,
)

NOW = datetime(2026, 6, 1, 8, 0, tzinfo=UTC)
WRAPPED = {"strategy": "sorted_kv", "secret": "{{secret}}", "case": "upper"}
TOP = {"md5": "md5", "hmac": "hmac", "hmac-sha256": "hmac-sha256"}
TEMPLATES = {
    "douyin": Sign(
        strategy="template",
        algorithm="hmac-sha256",
        secret="{{secret}}",
        template="{{secret}}app_key{{app_key}}method{{method}}param_json{{param_json}}timestamp{{timestamp}}v2{{secret}}",
    ),
    "douyin_spi": Sign(
        strategy="template",
        algorithm="hmac-sha256",
        secret="{{secret}}",
        template="{{secret}}app_key{{app_key}}param_json{{param_json}}timestamp{{timestamp}}{{secret}}",
    ),
    "kuaidi100_query": Sign(strategy="template", case="upper", template="{{param}}{{key}}{{customer}}"),
    "kuaidi100_order": Sign(strategy="template", case="upper", template="{{param}}{{t}}{{key}}{{secret}}"),
    "kuaidi100_callback": Sign(strategy="template", case="upper", template="{{param}}{{salt}}"),
    "cainiao": Sign(strategy="template", encoding="base64", template="{{content}}{{secret}}"),
    "nuonuo": Sign(
        strategy="template",
        algorithm="hmac-sha1",
        secret="{{secret}}",
        encoding="base64",
        template="a=services&l=v1&p=open&k={{app_key}}&i={{senid}}&n={{nonce}}&t={{timestamp}}&f={{body}}",
    ),
    "x_kingdee": Sign(
        strategy="template",
        algorithm="hmac-sha256",
        secret="{{secret}}",
        encoding="base64_hex",
        template="{{app_id}}{{app_data}}",
    ),
}
SIGNS = {
    "jd": Sign(**WRAPPED, wrap="both"),
    "pdd": Sign(**WRAPPED, wrap="both", bool="lower"),
    "qimen": Sign(**WRAPPED, wrap="both", body="append"),
    "shopify_oauth": Sign(
        strategy="sorted_kv",
        algorithm="hmac-sha256",
        secret="{{secret}}",
        join="=",
        between="&",
        param="hmac",
    ),
}
# The inputs that the vector leaves out stand in the tests it was taken from.
KINGDEE = {
    "app_id": "123456_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4",
    "app_data": "dcid-1,user-1,2052,100",
    "secret": "test-app-secret-value",
}
EBAY_KEY = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF
-----END PRIVATE KEY-----"""
EBAY_KEY_ID = (
    "eyJhbGciOiJBMjU2R0NNS1ciLCJlbmMiOiJBMjU2R0NNIiwiemlwIjoiREVGIiwiaXYiOiJvSzFwdXJNVHQtci14VUwzIiwidGFnIjoi"
    "TjB4WjI4ZklZckFmYkd5UWFrTnpjZyJ9.AYdKU7ObIc7Z764OrlKpwUViK8Rphxl0xMP9v2_o9mI.1DbZiSQNRK6pLeIw.Yzp3IDV8RM"
    "_h_lMAnwGpMA4DXbaDdmqAh-65kO9xyDgzHD6s0kY3p-yO6oPR9kEcAbjGXIULeQKWVYzbfHKwXTY09Npj_mNuO5yxgZtWnL55uIgP2HL"
    "1So2dKkZRK0eyPa6DEXJT71lPtwZtpIGyq9R5h6s3kGMbqA.m4t_MX4VnlXJGx1X_zZ-KQ"
)


def sorted_kv(sign: Sign, given: dict[str, Any]) -> str:
    sent = {key: as_sent(value, sign) for key, value in given.get("params", given.get("query")).items()}
    return signature(sign, sent, {"secret": given["secret"]}, given.get("body", "").encode())


def by_header(name: str, verify: Verify, given: dict[str, Any], expected: str) -> bool:
    settings = {key: given[key] for key in ("secret", "app_key") if key in given}
    return verified(verify, given["raw_body"].encode(), {name: expected}, {}, settings, NOW).is_genuine


def top(given: dict[str, Any]) -> str:
    way = given["sign_method"]
    wrap = "both" if way == "md5" else "none"
    return sorted_kv(Sign(**WRAPPED, algorithm=TOP[way], wrap=wrap), given)


def template(name: str, given: dict[str, Any]) -> str:
    body = given.get("body", "")
    return signature(TEMPLATES[name], {k: str(v) for k, v in given.items()}, given, body.encode())


def sf(given: dict[str, Any]) -> str:
    sign = Sign(
        strategy="template",
        encoding="base64",
        escape="url" if given["urlencode"] else "none",
        template="{{msg_data}}{{timestamp}}{{checkword}}",
    )
    return signature(sign, {}, given)


def ebay_notification(given: dict[str, Any]) -> bool:
    body = msgspec.json.encode(given["message"])
    return by_ecdsa(body, given["x_ebay_signature"], lambda _kid: given["public_key"])


def ebay_message(given: dict[str, Any]) -> dict[str, str]:
    at = datetime.fromtimestamp(given["created"], UTC)
    body = given["payload"].encode()
    headers = message_signature(EBAY_KEY, EBAY_KEY_ID, "POST", "/test", "localhost:8080", body, at)
    return {"content_digest": headers["Content-Digest"], "signature": headers["Signature"]}


def oauth1(given: dict[str, Any]) -> str:
    at = datetime.fromtimestamp(given["timestamp"], UTC)
    key, secret = given["consumer_key"], given["consumer_secret"]
    found = oauth1_params(given["method"], given["url"], given["query"], key, secret, at, given["nonce"])
    return found["oauth_signature"]


def challenge(given: dict[str, Any]) -> str:
    handshake = Handshake(param="code", answer="ebay_challenge", token="{{token}}", endpoint="{{url}}")
    said = greeted(
        handshake,
        {"code": given["challenge_code"]},
        {"token": given["verification_token"], "url": given["endpoint"]},
    )
    return msgspec.json.decode(said)["challengeResponse"]


def wechat(given: dict[str, Any]) -> str:
    key, message = given["encoding_aes_key"], given["msg"].encode()
    closed = wechat_closed(key, given["random16"].encode(), message, given["appid"])
    assert wechat_opened(key, closed, given["appid"]) == message
    assert wechat_opened(key, closed, "another") is None
    return closed


COMPUTED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "top": top,
    "sf": sf,
    "woo_oauth1": oauth1,
    "ebay_challenge": challenge,
    "ebay_notification": ebay_notification,
    "x_ebay_digital_signature": ebay_message,
    "x_kingdee": lambda _given: template("x_kingdee", KINGDEE),
    "wechat_encrypt": wechat,
    "wechat_url_signature": lambda i: sha1_of_sorted(i["token"], i["timestamp"], i["nonce"]),
    "wechat_msg_signature": lambda i: sha1_of_sorted(i["token"], i["timestamp"], i["nonce"], i["encrypt"]),
}
PUSHED = {
    "shopify_webhook": Verify(strategy="hmac_b64", header="X-Sign", secret="{{secret}}"),
    "woo_webhook": Verify(
        strategy="hmac_b64",
        header="X-Sign",
        secret="{{secret}}",
        secret_transform="wp_specialchars_decode",
        trim=True,
    ),
    "douyin_event": Verify(strategy="md5_body", header="X-Sign", key="{{app_key}}", secret="{{secret}}"),
}


def made(vector: dict[str, Any]) -> Any:
    name, given = vector["algorithm"], vector["input"]
    if name in COMPUTED:
        return COMPUTED[name](given)
    return sorted_kv(SIGNS[name], given) if name in SIGNS else template(name, given)


@pytest.fixture(scope="module")
def vectors(shared_data: Callable[..., Path]) -> list[dict[str, Any]]:
    return msgspec.json.decode(shared_data("channels", "signing_vectors.json").read_bytes())["vectors"]


def test_every_vector_is_reproduced(vectors: list[dict[str, Any]]) -> None:
    asked = [vector for vector in vectors if vector["algorithm"] not in PUSHED]
    wrong = {vector["id"]: made(vector) for vector in asked if made(vector) != vector["expected"]}
    assert wrong == {}
    assert len(asked) == 28


def test_every_pushed_vector_is_taken_and_a_changed_one_is_not(vectors: list[dict[str, Any]]) -> None:
    asked = [vector for vector in vectors if vector["algorithm"] in PUSHED]
    assert len(asked) == 3
    for vector in asked:
        verify, given = PUSHED[vector["algorithm"]], vector["input"]
        assert by_header("x-sign", verify, given, vector["expected"]), vector["id"]
        changed = given | {"raw_body": given["raw_body"][:-1] + " " + given["raw_body"][-1]}
        assert not by_header("x-sign", verify, changed, vector["expected"]), vector["id"]
        assert not by_header("x-sign", verify, given | {"secret": ""}, vector["expected"]), vector["id"]


def test_a_timestamp_that_is_old_makes_a_delivery_worthless() -> None:
    verify = Verify(
        strategy="hmac",
        header="X-Signature",
        secret="{{secret}}",
        signed="{{timestamp}}.{{raw_body}}",
        timestamp_header="X-Timestamp",
        encoding=("hex", "base64"),
    )
    stamp = str(int(NOW.timestamp()))
    sign = Sign(strategy="template", algorithm="hmac-sha256", secret="s", template="{{t}}.{{body}}")
    given = {"X-Signature": signature(sign, {"t": stamp}, {}, b"{}"), "X-Timestamp": stamp}
    ask = lambda headers, at: verified(verify, b"{}", headers, {}, {"secret": "s"}, at).is_genuine  # noqa: E731
    assert ask(given, NOW)
    assert not ask(given, NOW.replace(minute=6))
    assert not ask(given | {"X-Timestamp": str(int(stamp) + 1)}, NOW)
    assert not ask(given | {"X-Timestamp": "soon"}, NOW)


def test_wechat_deliveries_are_opened_only_with_their_signature() -> None:
    key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    verify = Verify(strategy="wechat_aes", key="{{key}}", token="{{token}}", app_id="{{app}}")
    closed = wechat_closed(key, b"0123456789abcdef", b'{"Event":"x"}', "wx1")
    body = msgspec.json.encode({"Encrypt": closed})
    query = {"timestamp": "1", "nonce": "n"}
    query["msg_signature"] = sha1_of_sorted("tok", "1", "n", closed)
    settings = {"key": key, "token": "tok", "app": "wx1"}
    assert verified(verify, body, {}, query, settings, NOW).body == b'{"Event":"x"}'
    assert not verified(verify, body, {}, query | {"nonce": "m"}, settings, NOW).is_genuine
    assert not verified(verify, body, {}, query, settings | {"app": "wx2"}, NOW).is_genuine
    assert not verified(verify, b"<xml/>", {}, query, settings, NOW).is_genuine


def test_times_are_written_in_the_zone_of_the_channel() -> None:
    at = datetime(2021, 5, 7, 1, 20, 39, 683000, tzinfo=UTC)
    form = "%Y-%m-%d %H:%M:%S.%f3+0800"
    assert clock_text(form, at, "Asia/Shanghai") == "2021-05-07 09:20:39.683+0800"
    assert clock_text("epoch_ms", at) == 1620350439683
    assert clock_text("epoch_s", at) == 1620350439
    assert clock_text("iso8601", at) == "2021-05-07T01:20:39Z"


def test_files_are_never_part_of_a_signature() -> None:
    sign = Sign(strategy="sorted_kv", exclude=("image",))
    assert signature(sign, {"a": "1", "image": "x", "sign": "old"}, {}) == "8a8bb7cd343aa2ad99b7d762030857a2"


@pytest.mark.parametrize("code", ["shopify", "woocommerce", "generic_webhook", "douyin", "wechat_store"])
def test_a_shop_without_a_secret_takes_nothing_for_genuine(code: str) -> None:
    push = manifest_of(code).push
    assert push is not None
    body, at = b'{"Encrypt": ""}', str(int(NOW.timestamp()))
    for text in (body, f"{at}.".encode() + body):
        made = hmac.new(b"", text, hashlib.sha256).digest()
        for given in (base64.b64encode(made).decode(), made.hex(), hashlib.md5(text).hexdigest()):  # noqa: S324
            headers = {push.verify.header: given, "X-Timestamp": at}
            query = {"timestamp": at, "nonce": "n", "msg_signature": sha1_of_sorted("", at, "n", "")}
            assert not verified(push.verify, body, headers, query, {}, NOW).is_genuine
