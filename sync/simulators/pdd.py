"""Pinduoduo: the gateway `gw-api.pinduoduo.com/api/router`.

Source: channels.md 2.3; pdd.order.number.list.increment.get, pdd.order.information.get,
pdd.refund.list.increment.get, pdd.logistics.online.send, pdd.goods.quantity.update.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

from typing_extensions import override

from sync.simulators.platform import Asked, Heard, Platform, Refused, Said, as_json
from sync.simulators.sale import (
    ASKED,
    AWAITING,
    CANCELLED,
    GRANTED,
    NO_REFUND,
    SHIPPED,
    WITHDRAWN,
    Piece,
    Sale,
)
from sync.simulators.shop import Shop
from sync.simulators.sorted_kv import Unformed, form, is_same, major, wall, wrapped_md5
from sync.simulators.weather import Weather

CLIENT, SECRET, REFRESH = "simulated-client", "simulated-pdd-secret", "simulated-pdd-refresh"
SKEW_S, LONGEST_S, LAG_S, LARGEST = 600, 1800, 180, 100
NOTE, MORE = "pdd.order.note.update", "pdd.order.upload.extra.logistics"
INCREMENT, REFUNDS = "pdd.order.number.list.increment.get", "pdd.refund.list.increment.get"
AFTER_SALES = {ASKED: 2, GRANTED: 10, WITHDRAWN: 11}


class Pinduoduo(Platform):
    """PDD: signed forms, seconds since 1970, yuan as JSON numbers, errors with HTTP 200."""

    code: ClassVar[str] = "pdd"
    title: ClassVar[str] = "拼多多"
    pages: ClassVar[frozenset[str]] = frozenset({INCREMENT, REFUNDS})
    writes: ClassVar[frozenset[str]] = frozenset(
        {"pdd.logistics.online.send", MORE, "pdd.goods.quantity.update", NOTE}
    )

    def __init__(self, shop: Shop, weather: Weather | None = None) -> None:
        super().__init__(shop, weather)
        self.calls = {
            INCREMENT: self._increment,
            REFUNDS: self._refunds,
            "pdd.order.information.get": self._information,
            "pdd.pop.auth.token.refresh": self._refresh,
            "pdd.logistics.online.send": self._send,
            MORE: self._more,
            "pdd.goods.quantity.update": self._stock,
            NOTE: self._note,
        }

    @override
    def settings(self, base: str) -> dict[str, str]:
        return {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "access_token": self.token,
            "refresh_token": REFRESH,
            "base_url": f"{base}/api/router",
        }

    @override
    def ext_id(self, no: int) -> str:
        return f"261127-{no * 7919 + 100_000_000_000_000:015d}"

    # --- at the door ---------------------------------------------------------------------------------

    @override
    def read(self, heard: Heard) -> Asked:
        if heard.method != "POST" or heard.path != "/api/router":
            raise _refused(10001, "公共参数错误:type")
        try:
            fields = form(heard)
        except Unformed:
            raise _refused(10000, "参数错误") from None
        for name in ("type", "client_id", "timestamp", "sign"):
            if not fields.get(name):
                raise _refused(10001, f"公共参数错误:{name}")
        if fields["client_id"] != CLIENT:
            raise _refused(10001, "公共参数错误:client_id")
        if not is_same(fields["sign"], wrapped_md5(fields, SECRET)):
            raise _refused(20004, "签名sign校验失败")
        timestamp = fields["timestamp"]
        if not timestamp.isdecimal() or abs(int(timestamp) - self.shop.clock.now()) > SKEW_S:
            raise _refused(10001, "公共参数错误:timestamp")
        is_open = fields["type"] == "pdd.pop.auth.token.refresh"
        if not is_open and not self.is_token(fields.get("access_token")):
            raise _refused(10019, "access_token已过期")
        return Asked(fields["type"], dict(fields))

    @override
    def throttled(self) -> Refused:
        return _refused(70031, "调用过于频繁，请调整调用频率")

    @override
    def unwell(self) -> Refused:
        return _refused(52001, "网络超时，请稍后重试")

    @override
    def unknown(self, name: str) -> Refused:
        return _refused(10001, "公共参数错误:type")

    def _refresh(self, asked: Asked) -> Said:
        if asked.fields.get("refresh_token") != REFRESH:
            raise _refused(10001, "公共参数错误:refresh_token")
        given = {"access_token": self.renew(), "refresh_token": REFRESH, "expires_in": 86_400}
        return as_json({"pop_auth_token_refresh_response": given})

    # --- reading -------------------------------------------------------------------------------------

    def _increment(self, asked: Asked) -> Said:
        fields = asked.fields
        for name in ("is_lucky_flag", "order_status", "refund_status"):
            _number(fields, name)
        start, end, page, size = self._window(fields)
        window = self.shop.window(start, end)
        found = [self._order(sale) for sale in window.newest_first((page - 1) * size, size)]
        answer: dict[str, Any] = {"order_sn_list": found}
        if fields.get("use_has_next") == "true":
            answer["has_next"] = len(window) > page * size
        else:
            answer["total_count"] = len(window)
        return as_json({"order_sn_increment_get_response": answer})

    def _information(self, asked: Asked) -> Said:
        return as_json({"order_info_get_response": {"order_info": self._order(self._sale(asked))}})

    def _refunds(self, asked: Asked) -> Said:
        fields = asked.fields
        for name in ("after_sales_status", "after_sales_type"):
            _number(fields, name)
        start, end, page, size = self._window(fields)
        window = self.shop.window(start, end)
        asking = [sale for sale in window.newest_first(0, len(window)) if _refund(sale) != NO_REFUND]
        found = [self._refund(sale) for sale in asking[(page - 1) * size : page * size]]
        return as_json({"refund_increment_get_response": {"total_count": len(asking), "refund_list": found}})

    def _window(self, fields: dict[str, Any]) -> tuple[int, int, int, int]:
        start, end = _number(fields, "start_updated_at"), _number(fields, "end_updated_at")
        page, size = _number(fields, "page"), _number(fields, "page_size")
        if not 0 <= end - start <= LONGEST_S:
            raise _refused(21001, "时间范围不能超过30分钟")
        if end > self.shop.clock.now() - LAG_S:
            raise _refused(21001, "结束时间必须早于当前时间3分钟")
        if page < 1 or not 1 <= size <= LARGEST:
            raise _refused(21001, "page_size不能超过100")
        return start, end, page, size

    def _order(self, sale: Sale) -> dict[str, Any]:
        province, city, town, _ = sale.place
        off_minor = sale.seller_off_minor + sale.platform_minor
        parcel = sale.parcels[0] if sale.parcels else None
        return {
            "order_sn": self.ext_id(sale.no),
            "trade_type": 0,
            "is_lucky_flag": 1,
            "group_status": 2 if sale.state == CANCELLED else 1,
            "confirm_status": 0 if sale.state == AWAITING else 2 if sale.state == CANCELLED else 1,
            "order_status": 2 if sale.state == SHIPPED else 1,
            "refund_status": {NO_REFUND: 1, ASKED: 2, GRANTED: 4, WITHDRAWN: 1}[_refund(sale)],
            "after_sales_status": AFTER_SALES.get(_refund(sale), 0),
            "risk_control_status": 0,
            "is_pre_sale": 0,
            "invoice_status": 0,
            "gift_list": [],
            "capital_free_discount": 0,
            "seller_discount": _float(sale.seller_off_minor),
            "platform_discount": _float(sale.platform_minor),
            "goods_amount": _float(sale.goods_minor),
            "discount_amount": _float(off_minor),
            "order_change_amount": 0,
            "pay_amount": _float(sale.pay_minor),
            "postage": _float(sale.postage_minor),
            "remark": sale.memo,
            "buyer_memo": sale.words,
            "created_time": wall(sale.created),
            "pay_time": wall(sale.paid),
            "confirm_time": wall(sale.paid),
            "updated_at": wall(sale.modified),
            "last_ship_time": wall(sale.paid + 172_800) if sale.paid else "",
            "shipping_time": wall(parcel.at) if parcel else "",
            "tracking_number": parcel.tracking if parcel else "",
            "logistics_id": int(parcel.carrier) if parcel and parcel.carrier.isdecimal() else 0,
            "extra_delivery_list": [
                {"tracking_number": one.tracking, "logistics_id": int(one.carrier)}
                for one in sale.parcels[1:]
            ],
            "country": "中国",
            "province": province,
            "city": city,
            "town": town,
            "receiver_name": f"~Ag{sale.buyer:09d}{sale.no:06d}=~1~",
            "receiver_phone": f"$Ag{sale.buyer:09d}{sale.no:06d}=$1$",
            "receiver_address": f"~Ad{sale.buyer:09d}{sale.no:06d}=~1~",
            "address": f"~Aa{sale.buyer:09d}{sale.no:06d}=~1~",
            "receiver_name_mask": sale.name_mask,
            "receiver_phone_mask": sale.phone_mask,
            "receiver_address_mask": sale.street_mask,
            "address_mask": f"{province}{city}{town}{sale.street_mask}",
            "open_address_id": f"SIMADDR{sale.buyer:09d}",
            "item_list": [_item(piece) for piece in sale.pieces],
        }

    def _refund(self, sale: Sale) -> dict[str, Any]:
        piece = next(piece for piece in sale.pieces if piece.refund != NO_REFUND)
        return {
            "id": 900_000_000_000 + sale.no,
            "order_sn": self.ext_id(sale.no),
            "after_sales_type": 2,
            "after_sales_status": AFTER_SALES[piece.refund],
            "refund_amount": major(piece.net_minor),
            "order_amount": major(sale.pay_minor),
            "goods_number": str(piece.qty),
            "goods_name": piece.title,
            "sku_id": str(1_742_000_000_000 + piece.article),
            "outer_id": piece.code,
            "after_sale_reason": "不想要了",
            "tracking_number": "",
            "speed_refund_flag": 0,
            "created_time": str(sale.modified),
            "updated_time": str(sale.modified),
        }

    # --- writing -------------------------------------------------------------------------------------

    def _send(self, asked: Asked) -> Said:
        sale, fields = self._sale(asked), asked.fields
        tracking, carrier = str(fields.get("tracking_number", "")), _number(fields, "logistics_id")
        if not tracking:
            raise _refused(10001, "参数错误:tracking_number")
        if str(fields.get("redelivery_type", "1")) == "2":
            if sale.state != SHIPPED or not self.shop.renumber(
                sale, str(fields["order_sn"]), str(carrier), tracking, nth=0
            ):
                raise _refused(10000, "订单未发货")
        elif not self.shop.ship(sale, str(fields["order_sn"]), str(carrier), tracking):
            raise _refused(10000, "订单已发货，请勿重复发货" if sale.parcels else "订单状态不支持发货")
        return as_json({"logistics_online_send_response": {"is_success": True}})

    def _more(self, asked: Asked) -> Said:
        """Take the numbers of more parcels, for the buyer to look at: the order is sent already."""
        sale, fields = self._sale(asked), asked.fields
        try:
            said = json.loads(str(fields.get("extra_track_list") or "[]"))
            told = [(str(int(one["shipping_id"])), str(one["tracking_number"])) for one in said]
        except (ValueError, TypeError, KeyError):
            told = []
        if not told or str(fields.get("extra_track_type")) not in ("1", "2", "3"):
            raise _refused(10001, "参数错误:extra_track_list")
        if sale.state != SHIPPED:
            raise _refused(10000, "订单未发货")
        for carrier, number in told:
            self.shop.add_number(sale, str(fields["order_sn"]), carrier, number)
        return as_json({"upload_extra_logistics_response": {"success": True}})

    def _stock(self, asked: Asked) -> Said:
        fields = asked.fields
        _number(fields, "goods_id")
        article = str(fields.get("sku_id") or fields.get("outer_id") or "")
        text = str(fields.get("quantity", ""))
        if not article or not text.removeprefix("-").isdecimal():
            raise _refused(10001, "参数错误:sku_id,quantity")
        if str(fields.get("update_type", "1")) == "1":
            if int(text) < 0:
                raise _refused(10001, "参数错误:quantity")
            self.shop.set_stock(article, int(text))
        else:
            self.shop.add_stock(article, int(text))
        return as_json({"goods_quantity_update_response": {"is_success": True}})

    def _note(self, asked: Asked) -> Said:
        sale, fields = self._sale(asked), asked.fields
        if len(str(fields.get("note", ""))) > 300:
            raise _refused(10001, "参数错误:note")
        self.shop.write_memo(sale, str(fields["order_sn"]), str(fields.get("note", "")), sale.flag)
        return as_json({"order_note_update_response": {"is_success": True}})

    def _sale(self, asked: Asked) -> Sale:
        sale = self.find(asked.fields.get("order_sn"))
        if sale is None:
            raise _refused(10000, "订单不存在")
        return sale


def _refused(code: int, message: str) -> Refused:
    told = {
        "error_code": code,
        "error_msg": message,
        "sub_msg": "",
        "sub_code": None,
        "request_id": "simulated",
    }
    return Refused(str(code), as_json({"error_response": told}))


def _number(fields: dict[str, Any], name: str) -> int:
    text = str(fields.get(name, ""))
    if not text.isdecimal():
        raise _refused(10001, f"参数错误:{name}")
    return int(text)


def _float(minor: int) -> float:
    return minor / 100


def _refund(sale: Sale) -> str:
    """Return where the order's refund stands; its lines say more than it does."""
    return next((piece.refund for piece in sale.pieces if piece.refund != NO_REFUND), NO_REFUND)


def _item(piece: Piece) -> dict[str, Any]:
    return {
        "goods_id": str(753_000_000_000 + piece.article),
        "sku_id": str(1_742_000_000_000 + piece.article),
        "outer_id": piece.code,
        "outer_goods_id": "",
        "goods_name": piece.title,
        "goods_spec": "",
        "goods_price": _float(piece.unit_minor),
        "goods_count": piece.qty,
    }
