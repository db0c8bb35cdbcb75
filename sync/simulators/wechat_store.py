"""WeChat store: `api.weixin.qq.com/channels/ec/…`, a token in the address, nothing signed but its pushes.

Source: channels.md 2.5; order/list/get (numbers only), order/get, order/delivery/send, product/stock/update,
cgi-bin/stable_token, encrypted event push.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from typing_extensions import override

from sync.simulators.platform import Asked, Heard, Pushing, Refused, Said, as_json
from sync.simulators.sale import (
    ASKED,
    AWAITING,
    CANCELLED,
    GRANTED,
    PAID,
    PART_SHIPPED,
    REFUNDED,
    SHIPPED,
    WITHDRAWN,
    Sale,
)
from sync.simulators.shop import Shop
from sync.simulators.weather import Weather

APP, SECRET, TOKEN = "wxsimulated0000001", "simulated-wechat-secret", "simulatedpush"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
LONGEST_S, LARGEST = 7 * 86_400, 100
LIST, GET = "/channels/ec/order/list/get", "/channels/ec/order/get"
SEND, STOCK = "/channels/ec/order/delivery/send", "/channels/ec/product/stock/update"
AFTER_SALES = "/channels/ec/aftersale/getaftersalelist"
AFTER_SALE = "/channels/ec/aftersale/getaftersaleorder"
NOTES, GIVE_TOKEN = "/channels/ec/order/merchantnotes/update", "/cgi-bin/stable_token"
STATES = {AWAITING: 10, PAID: 20, PART_SHIPPED: 21, SHIPPED: 30, REFUNDED: 200, CANCELLED: 250}
REFUNDS = {ASKED: "MERCHANT_PROCESSING", GRANTED: "MERCHANT_REFUND_SUCCESS", WITHDRAWN: "USER_CANCELD"}
AFTER_SALE_NO, SPAN_S = 9_000_000_000, 86_400


class WechatStore(Pushing):
    """A list that gives numbers only, a call for each order, fen as numbers, encrypted events."""

    code: ClassVar[str] = "wechat_store"
    title: ClassVar[str] = "微信小店"
    pages: ClassVar[frozenset[str]] = frozenset({LIST, AFTER_SALES})
    writes: ClassVar[frozenset[str]] = frozenset({SEND, STOCK, NOTES})

    def __init__(self, shop: Shop, weather: Weather | None = None) -> None:
        super().__init__(shop, weather)
        self.calls = {
            GIVE_TOKEN: self._give_token,
            LIST: self._list,
            GET: self._get,
            AFTER_SALES: self._after_sales,
            AFTER_SALE: self._after_sale,
            SEND: self._send,
            STOCK: self._stock,
            NOTES: self._notes,
        }

    @override
    def settings(self, base: str) -> dict[str, str]:
        return {
            "app_id": APP,
            "app_secret": SECRET,
            "push_token": TOKEN,
            "encoding_aes_key": AES_KEY,
            "base_url": base,
        }

    @override
    def ext_id(self, no: int) -> str:
        return str(3_704_000_000_000_000_000 + no * 257)

    # --- at the door ---------------------------------------------------------------------------------

    @override
    def read(self, heard: Heard) -> Asked:
        if heard.method != "POST":
            raise _refused(43002, "require POST method")
        try:
            said = json.loads(heard.body or b"{}")
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise _refused(47001, "data format error")
        if heard.path != GIVE_TOKEN:
            given = dict(parse_qsl(heard.query)).get("access_token")
            if not given:
                raise _refused(41001, "access_token missing")
            if not self.is_token(given):
                raise _refused(42001 if given.startswith(self.code) else 40001, "access_token expired")
        return Asked(heard.path, said)

    def _give_token(self, asked: Asked) -> Said:
        fields = asked.fields
        known = (APP, SECRET, "client_credential")
        if (fields.get("appid"), fields.get("secret"), fields.get("grant_type")) != known:
            raise _refused(40125, "invalid appsecret")
        token = self.renew() if fields.get("force_refresh") else self.token
        return as_json({"access_token": token, "expires_in": 7200})

    @override
    def throttled(self) -> Refused:
        return _refused(45011, "api minute-quota reach limit, must slower, retry next minute")

    @override
    def unwell(self) -> Refused:
        return _refused(-1, "system error")

    @override
    def unknown(self, name: str) -> Refused:
        return _refused(40066, "invalid url")

    # --- reading -------------------------------------------------------------------------------------

    def _list(self, asked: Asked) -> Said:
        fields = asked.fields
        span = fields.get("update_time_range") or {}
        start, end, size = span.get("start_time"), span.get("end_time"), fields.get("page_size")
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= end - start <= LONGEST_S):
            raise _refused(40097, "invalid args: update_time_range")
        if not (isinstance(size, int) and 1 <= size <= LARGEST):
            raise _refused(40097, "invalid args: page_size")
        at, no = _position(fields.get("next_key"))
        found = self.shop.window(start, end).behind(at, no, size + 1)
        page = found[:size]
        next_key = f"{page[-1].modified}-{page[-1].no}" if page else ""
        ids = [self.ext_id(sale.no) for sale in page]
        return _answered({"order_id_list": ids, "next_key": next_key, "has_more": len(found) > size})

    def _get(self, asked: Asked) -> Said:
        return _answered({"order": self._order(self._sale(asked))})

    def _after_sales(self, asked: Asked) -> Said:
        fields = asked.fields
        start, end = fields.get("begin_update_time"), fields.get("end_update_time")
        if not (isinstance(start, int) and isinstance(end, int) and 0 <= end - start <= SPAN_S):
            raise _refused(40097, "invalid args: begin_update_time")
        found = self.shop.window(start, end).refunds()
        ids = [str(AFTER_SALE_NO + sale.no * 10 + piece.place) for sale, piece in found]
        return _answered({"after_sale_order_id_list": ids, "next_key": "", "has_more": False})

    def _after_sale(self, asked: Asked) -> Said:
        number = str(asked.fields.get("after_sale_order_id") or "")
        no, place = divmod(int(number) - AFTER_SALE_NO, 10) if number.isdecimal() else (-1, 0)
        if not 0 <= no < len(self.shop) or place >= len(self.shop.sale(no).pieces):
            raise _refused(10020050, "售后单不存在")
        sale = self.shop.sale(no)
        piece = sale.pieces[place]
        told = {
            "after_sale_order_id": number,
            "status": REFUNDS.get(piece.refund, "USER_CANCELD"),
            "type": "REFUND",
            "order_id": self.ext_id(no),
            "product_info": {
                "product_id": str(10_000_000 + piece.article),
                "sku_id": str(20_000_000 + piece.article),
                "count": piece.qty,
            },
            "refund_info": {"amount": piece.net_minor, "refund_reason": 1},
            "create_time": sale.modified,
            "update_time": sale.modified,
        }
        return _answered({"after_sale_order": told})

    def _order(self, sale: Sale) -> dict[str, Any]:
        province, city, county, postcode = sale.place
        products = []
        for piece in sale.pieces:
            share = sale.platform_minor if piece is max(sale.pieces, key=lambda one: one.net_minor) else 0
            products.append(
                {
                    "product_id": str(10_000_000 + piece.article),
                    "sku_id": str(20_000_000 + piece.article),
                    "sku_code": piece.code,
                    "title": piece.title,
                    "sku_cnt": piece.qty,
                    "sale_price": piece.unit_minor,
                    "real_price": piece.net_minor - share,
                    "on_aftersale_sku_cnt": piece.qty if piece.refund == ASKED else 0,
                    "finish_aftersale_sku_cnt": 0,
                }
            )
        return {
            "order_id": self.ext_id(sale.no),
            "openid": f"SIM{sale.buyer:09d}",
            "status": STATES[sale.state],
            "create_time": sale.created,
            "update_time": sale.modified,
            "order_detail": {
                "product_infos": products,
                "pay_info": {"pay_time": sale.paid, "payment_method": 1},
                "price_info": {
                    "product_price": sale.goods_minor,
                    "order_price": sale.pay_minor,
                    "freight": sale.postage_minor,
                    "discounted_price": sale.seller_off_minor + sale.platform_minor,
                    "is_discounted": sale.seller_off_minor + sale.platform_minor > 0,
                },
                "delivery_info": {
                    "address_info": {
                        "user_name": sale.name_mask,
                        "tel_number": sale.phone_mask,
                        "postal_code": postcode,
                        "province_name": province,
                        "city_name": city,
                        "county_name": county,
                        "detail_info": sale.street_mask,
                        "hash_code": f"sim{sale.buyer:09d}",
                    },
                    "delivery_product_info": [
                        {"waybill_id": parcel.tracking, "delivery_id": parcel.carrier, "deliver_type": 1}
                        for parcel in sale.parcels
                    ],
                },
                "ext_info": {"customer_notes": sale.words, "merchant_notes": sale.memo},
            },
            "aftersale_detail": {"aftersale_order_list": [], "on_aftersale_order_cnt": len(sale.asked)},
        }

    @override
    def push(self, sale: Sale, no: int) -> Heard:
        told = {
            "ToUserName": "gh_simulated",
            "FromUserName": f"SIM{sale.buyer:09d}",
            "CreateTime": sale.modified,
            "MsgType": "event",
            "Event": "channels_ec_order_pay" if sale.paid else "channels_ec_order_new",
            "order_info": {"order_id": self.ext_id(sale.no)},
        }
        message = json.dumps(told, ensure_ascii=False).encode()
        encrypted = encrypt(AES_KEY, f"{no:016d}", message, APP)
        stamp, nonce = str(self.shop.clock.now()), f"sim{no}"
        signature = message_signature(TOKEN, stamp, nonce, encrypted)
        query = urlencode({"timestamp": stamp, "nonce": nonce, "msg_signature": signature})
        body = json.dumps({"ToUserName": "gh_simulated", "Encrypt": encrypted}).encode()
        return Heard("POST", "", query, {"content-type": "application/json"}, body)

    # --- writing -------------------------------------------------------------------------------------

    def _send(self, asked: Asked) -> Said:
        sale = self._sale(asked)
        for one in asked.fields.get("delivery_list") or [{}]:
            carrier, tracking = str(one.get("delivery_id") or ""), str(one.get("waybill_id") or "")
            if not carrier or not tracking or not one.get("product_infos"):
                raise _refused(40097, "invalid args: delivery_list")
            inside = _inside(sale, one["product_infos"])
            if not self.shop.ship(sale, self.ext_id(sale.no), carrier, tracking, inside):
                raise _refused(10020051, "订单状态不支持发货")
        return _answered({})

    def _stock(self, asked: Asked) -> Said:
        fields = asked.fields
        article, number = str(fields.get("sku_id") or ""), fields.get("num")
        if not article or not isinstance(number, int) or number < 0:
            raise _refused(40097, "invalid args: sku_id, num")
        match fields.get("diff_type"):
            case 1:
                self.shop.add_stock(article, number)
            case 2:
                self.shop.add_stock(article, -number)
            case 3:
                self.shop.set_stock(article, number)
            case _:
                raise _refused(40097, "invalid args: diff_type")
        return _answered({})

    def _notes(self, asked: Asked) -> Said:
        sale = self._sale(asked)
        memo = str(asked.fields.get("merchant_notes") or "")
        self.shop.write_memo(sale, self.ext_id(sale.no), memo, sale.flag)
        return _answered({})

    def _sale(self, asked: Asked) -> Sale:
        sale = self.find(asked.fields.get("order_id"))
        if sale is None:
            raise _refused(10020050, "订单不存在")
        return sale


def _answered(told: dict[str, Any]) -> Said:
    return as_json({"errcode": 0, "errmsg": "ok"} | told)


def _refused(code: int, message: str) -> Refused:
    return Refused(str(code), as_json({"errcode": code, "errmsg": f"{message} rid: simulated"}))


def _position(text: Any) -> tuple[int, int]:
    if not text:
        return -1, -1
    at, _, no = str(text).partition("-")
    if not (at.isdecimal() and no.isdecimal()):
        raise _refused(40097, "invalid args: next_key")
    return int(at), int(no)


def _inside(sale: Sale, products: list[dict[str, Any]]) -> dict[int, int]:
    """Share out the pieces of an article over the lines that sold it; too many are left with the last."""
    inside: dict[int, int] = {}
    for one in products:
        count = int(one["product_cnt"])
        lines = [piece for piece in sale.pieces if str(20_000_000 + piece.article) == str(one["sku_id"])]
        for piece in lines:
            some = min(count, piece.qty - piece.sent - inside.get(piece.place, 0))
            inside[piece.place] = inside.get(piece.place, 0) + (count if piece is lines[-1] else some)
            count -= some
    return {place: count for place, count in inside.items() if count}


def message_signature(token: str, stamp: str, nonce: str, encrypted: str) -> str:
    """Sign a delivery: SHA-1 of its four parts, sorted."""
    text = "".join(sorted((token, stamp, nonce, encrypted))).encode()
    return hashlib.sha1(text, usedforsecurity=False).hexdigest()


def encrypt(aes_key: str, first16: str, message: bytes, app: str) -> str:
    """Encrypt as WeChat does: 16 bytes of anything, the length, the message, the app, padded to 32."""
    plain = first16.encode() + struct.pack(">I", len(message)) + message + app.encode()
    padding = 32 - len(plain) % 32
    key = base64.b64decode(aes_key + "=")
    cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    sealed = cipher.update(plain + bytes([padding]) * padding) + cipher.finalize()
    return base64.b64encode(sealed).decode()
