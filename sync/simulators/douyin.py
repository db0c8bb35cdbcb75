"""Douyin shop: `openapi-fxg.jinritemai.com/<method with slashes>`.

Source: channels.md 2.4; order.searchList, order.orderDetail, order.logisticsAdd, sku.syncStock,
token.refresh, event push; platform error codes as public SDKs list them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any, ClassVar
from urllib.parse import parse_qsl

from typing_extensions import override

from sync.simulators.platform import Asked, Heard, Pushing, Refused, Said, as_json
from sync.simulators.sale import (
    ASKED,
    AWAITING,
    CANCELLED,
    GRANTED,
    NO_REFUND,
    PAID,
    PART_SHIPPED,
    REFUNDED,
    SHIPPED,
    WITHDRAWN,
    Piece,
    Sale,
)
from sync.simulators.shop import Shop
from sync.simulators.weather import Weather

KEY, SECRET = "7000000000000000001", "simulated-douyin-secret"
REFRESH = "simulated-douyin-refresh"
SKEW_S, LARGEST = 600, 100
SIGNED = ("app_key", "method", "timestamp", "v", "access_token", "sign_method", "sign")
STATES = {AWAITING: 1, PAID: 2, PART_SHIPPED: 101, SHIPPED: 3, CANCELLED: 4, REFUNDED: 4}
MAIN_STATES = {**STATES, REFUNDED: 21}
MANY, EDIT_ONE = "order.logisticsAddMultiPack", "order.logisticsEditByPack"
SUPPORTED = frozenset(
    {"order.logisticsAdd", MANY, "order.logisticsEdit", EDIT_ONE, "order.addOrderRemark", "sku.syncStock"}
)
REFUNDS = {NO_REFUND: (0, 0), ASKED: (6, 1), GRANTED: (12, 3), WITHDRAWN: (28, 0)}


class Douyin(Pushing):
    """Signed JSON whose keys are sorted, pages from 0, fen as numbers; 10000 means success."""

    code: ClassVar[str] = "douyin"
    title: ClassVar[str] = "抖店"
    pages: ClassVar[frozenset[str]] = frozenset({"order.searchList"})
    writes: ClassVar[frozenset[str]] = SUPPORTED

    def __init__(self, shop: Shop, weather: Weather | None = None) -> None:
        super().__init__(shop, weather)
        self._said: set[str] = set()
        self.calls = {
            "order.searchList": self._search,
            "order.orderDetail": self._detail,
            "afterSale.List": self._after_sales,
            "token.refresh": self._refresh,
            "order.logisticsAdd": self._ship,
            MANY: self._ship_packs,
            EDIT_ONE: self._edit_pack,
            "order.addOrderRemark": self._remark,
            "order.logisticsEdit": self._edit,
            "sku.syncStock": self._stock,
        }

    @override
    def settings(self, base: str) -> dict[str, str]:
        return {
            "app_key": KEY,
            "app_secret": SECRET,
            "access_token": self.token,
            "refresh_token": REFRESH,
            "base_url": base,
        }

    @override
    def ext_id(self, no: int) -> str:
        return str(6_946_000_000_000_000_000 + no * 1009)

    # --- at the door ---------------------------------------------------------------------------------

    @override
    def read(self, heard: Heard) -> Asked:
        pairs = parse_qsl(heard.query, keep_blank_values=True)
        fields = dict(pairs)
        if len(fields) != len(pairs) or fields.keys() - set(SIGNED):
            raise _refused(40003, "isv.parameter-invalid")
        for name in ("app_key", "method", "timestamp", "v", "sign"):
            if not fields.get(name):
                raise _refused(40001, "isv.signature-missing" if name == "sign" else f"isv.{name}-missing")
        if fields["app_key"] != KEY:
            raise _refused(40003, "isv.app-id-invalid")
        self._check_signature(heard, fields)
        stamp = fields["timestamp"]
        if not stamp.isdecimal() or abs(int(stamp) - self.shop.clock.now()) > SKEW_S:
            raise _refused(40003, "isv.timestamp-invalid")
        is_open = fields["method"] == "token.refresh"
        if not is_open and not self.is_token(fields.get("access_token")):
            raise _refused(40003, "isv.access-token-expired")
        return Asked(fields["method"], _object(heard.body))

    def _check_signature(self, heard: Heard, fields: dict[str, str]) -> None:
        """Sign the body as it came, and again as the platform would write it: both must be what was sent."""
        method, body = fields["method"], heard.body.decode(errors="replace")
        is_path = heard.path == "/" + method.replace(".", "/")
        canonical = json.dumps(_object(heard.body), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        wanted = signature(KEY, SECRET, method, body, fields["timestamp"], fields["v"])
        is_ours = hmac.compare_digest(wanted, fields["sign"].lower())
        if not (is_path and is_ours and body == canonical and fields.get("sign_method") == "hmac-sha256"):
            raise _refused(40003, "isv.signature-invalid")

    @override
    def throttled(self) -> Refused:
        return _refused(60000, "isp.api-limited", "触发限流，请稍后重试")

    @override
    def unwell(self) -> Refused:
        return _refused(20001, "isp.service-error:timeout", "内部服务超时")

    @override
    def unknown(self, name: str) -> Refused:
        return _refused(70000, "isp.api-service-off")

    def _refresh(self, asked: Asked) -> Said:
        if asked.fields.get("refresh_token") != REFRESH or asked.fields.get("grant_type") != "refresh_token":
            raise _refused(50001, "dop.token-generate-failed:token-invalid")
        given = {"access_token": self.renew(), "refresh_token": REFRESH, "expires_in": 530_808}
        return _answered(given | {"shop_id": 1, "shop_name": "示例店铺", "scope": "SCOPE"})

    # --- reading -------------------------------------------------------------------------------------

    def _search(self, asked: Asked) -> Said:
        fields = asked.fields
        start, end = _number(fields, "update_time_start"), _number(fields, "update_time_end")
        page, size = _number(fields, "page"), _number(fields, "size")
        if not 1 <= size <= LARGEST or start > end:
            raise _refused(40004, "isv.business-parameter-invalid:size")
        if fields.get("order_by") != "update_time":
            raise _refused(40004, "isv.business-parameter-invalid:order_by")
        window = self.shop.window(start, end)
        piece = window.oldest_first if fields.get("order_asc") is True else window.newest_first
        orders = [self._order(sale) for sale in piece(page * size, size)]
        return _answered({"page": page, "size": size, "total": len(window), "shop_order_list": orders})

    def _after_sales(self, asked: Asked) -> Said:
        fields = asked.fields
        start, end = _number(fields, "update_start_time"), _number(fields, "update_end_time")
        page, size = _number(fields, "page"), _number(fields, "size")
        if not 1 <= size <= LARGEST or start > end:
            raise _refused(40004, "isv.business-parameter-invalid:size")
        found = self.shop.window(start, end).refunds()
        items = [self._after_sale(sale, piece) for sale, piece in found[page * size : (page + 1) * size]]
        return _answered({"page": page, "size": size, "total": len(found), "items": items})

    def _after_sale(self, sale: Sale, piece: Piece) -> dict[str, Any]:
        ident = int(self.ext_id(sale.no))
        return {
            "order_info": {"shop_order_id": ident},
            "aftersale_info": {
                "aftersale_id": 6_986_000_000_000_000_000 + sale.no * 10 + piece.place,
                "related_id": ident + piece.place,
                "update_time": sale.modified,
                "aftersale_type": 2 if sale.state == PAID else 1,
                "aftersale_status": REFUNDS[piece.refund][0],
                "refund_amount": piece.net_minor,
                "aftersale_num": piece.qty,
            },
        }

    def _detail(self, asked: Asked) -> Said:
        return _answered({"shop_order_detail": self._order(self._sale(asked, "shop_order_id"))})

    def _order(self, sale: Sale) -> dict[str, Any]:
        province, city, town, _ = sale.place
        lines = [self._line(sale, piece) for piece in sale.pieces]
        parcels = [
            {
                "tracking_no": p.tracking,
                "company": p.carrier,
                "ship_time": p.at,
                "delivery_id": _pack(sale, n),
            }
            for n, p in enumerate(sale.parcels)
        ]
        return {
            "order_id": self.ext_id(sale.no),
            "order_status": STATES[sale.state],
            "main_status": MAIN_STATES[sale.state],
            "order_type": 0,
            "create_time": sale.created,
            "pay_time": sale.paid,
            "update_time": sale.modified,
            "finish_time": 0,
            "exp_ship_time": sale.paid + 172_800 if sale.paid else 0,
            "ship_time": sale.parcels[0].at if sale.parcels else 0,
            "buyer_words": sale.words,
            "seller_words": sale.memo,
            "seller_remark_stars": sale.flag,
            "cancel_reason": "",
            "order_amount": sale.goods_minor + sale.postage_minor,
            "pay_amount": sale.pay_minor,
            "post_amount": sale.postage_minor,
            "modify_amount": 0,
            "modify_post_amount": 0,
            "promotion_amount": sale.seller_off_minor + sale.platform_minor,
            "promotion_shop_amount": sale.seller_off_minor,
            "promotion_platform_amount": sale.platform_minor,
            "promotion_talent_amount": 0,
            "shop_cost_amount": sale.seller_off_minor,
            "platform_cost_amount": sale.platform_minor,
            "mask_post_receiver": sale.name_mask,
            "mask_post_tel": sale.phone_mask,
            "encrypt_post_receiver": f"##{sale.buyer:09d}{sale.no:06d}#1##",
            "encrypt_post_tel": f"$${sale.buyer:09d}{sale.no:06d}$1$$",
            "encrypt_post_address": f"##a{sale.buyer:09d}{sale.no:06d}#1##",
            "mask_post_addr": _address(province, city, town, sale.street_mask),
            "post_addr": _address(province, city, town, "") | {"encrypt_detail": f"##a{sale.buyer:09d}#1##"},
            "open_address_id": f"#sim{sale.buyer:09d}",
            "logistics_info": parcels,
            "sku_order_list": lines,
        }

    def _line(self, sale: Sale, piece: Piece) -> dict[str, Any]:
        share = sale.platform_minor if piece is max(sale.pieces, key=lambda one: one.net_minor) else 0
        state, refund = REFUNDS[piece.refund]
        return {
            "order_id": str(int(self.ext_id(sale.no)) + piece.place),
            "parent_order_id": self.ext_id(sale.no),
            "order_status": STATES[sale.state],
            "code": piece.code,
            "out_sku_id": "",
            "product_id": 3_775_000_000_000_000_000 + piece.article,
            "sku_id": 3_553_000_000_000_000 + piece.article,
            "product_name": piece.title,
            "item_num": piece.qty,
            "origin_amount": piece.unit_minor,
            "sum_amount": piece.gross_minor,
            "order_amount": piece.gross_minor,
            "pay_amount": piece.net_minor - share,
            "promotion_shop_amount": piece.off_minor,
            "promotion_platform_amount": share,
            "given_product_type": "",
            "after_sale_info": {"after_sale_status": state, "after_sale_type": 2, "refund_status": refund},
        }

    @override
    def push(self, sale: Sale, no: int) -> Heard:
        ident, paid = self.ext_id(sale.no), {"pay_time": sale.paid, "pay_amount": sale.pay_minor}
        data = {
            "p_id": int(ident),
            "s_ids": [int(ident) + piece.place for piece in sale.pieces],
            "shop_id": 1,
            "order_status": STATES[sale.state],
            "update_time": sale.modified,
        } | (paid if sale.paid else {})
        message = {"tag": "110" if sale.paid else "100", "msg_id": f"sim{no}:{ident}", "data": data}
        body = json.dumps([message], ensure_ascii=False, separators=(",", ":")).encode()
        headers = {
            "content-type": "application/json",
            "event-sign": event_signature(KEY, SECRET, body),
            "app-id": KEY,
        }
        return Heard("POST", "", "", headers, body)

    # --- writing -------------------------------------------------------------------------------------

    def _ship(self, asked: Asked) -> Said:
        sale, fields = self._sale(asked, "order_id"), asked.fields
        carrier, tracking = str(fields.get("company_code") or ""), str(fields.get("logistics_code") or "")
        if not carrier or not tracking:
            raise _refused(40002, "isv.business-parameter-missing:logistics_code")
        if not self.shop.ship(sale, self.ext_id(sale.no), carrier, tracking):
            raise _refused(50002, "isv.business-failed:2002", "订单状态不支持发货")
        return _answered({"pack_id": _pack(sale, 0)})

    def _ship_packs(self, asked: Asked) -> Said:
        """Take parcels with what is in them; the same request again changes nothing."""
        sale, fields = self._sale(asked, "order_id"), asked.fields
        request, packs = str(fields.get("request_id") or ""), fields.get("pack_list")
        if not request or not isinstance(packs, list) or not packs:
            raise _refused(40002, "isv.missing-parameter:50050")
        for pack in packs if request not in self._said else ():
            carrier, tracking = str(pack.get("company_code") or ""), str(pack.get("logistics_code") or "")
            inside: dict[int, int] = {}
            for one in pack.get("shipped_order_info") or []:
                place = int(one["shipped_order_id"]) - int(self.ext_id(sale.no))
                inside[place] = inside.get(place, 0) + int(one["shipped_num"])
            if not carrier or not tracking:
                raise _refused(40002, "isv.business-parameter-missing:logistics_code")
            if not self.shop.ship(sale, self.ext_id(sale.no), carrier, tracking, inside):
                raise _refused(50002, "isv.business-failed:60110", "订单已发货，不允许再次执行发货")
        self._said.add(request)
        return _answered({"pack_list": [{"pack_id": _pack(sale, n)} for n in range(len(sale.parcels))]})

    def _edit_pack(self, asked: Asked) -> Said:
        sale, fields = self._sale(asked, "order_id"), asked.fields
        carrier, tracking = str(fields.get("company_code") or ""), str(fields.get("logistics_code") or "")
        packs = [_pack(sale, n) for n in range(len(sale.parcels))]
        if str(fields.get("pack_id")) not in packs or not carrier or not tracking:
            raise _refused(40002, "isv.business-parameter-missing:pack_id")
        nth = packs.index(str(fields["pack_id"]))
        self.shop.renumber(sale, self.ext_id(sale.no), carrier, tracking, nth=nth)
        return _answered({})

    def _edit(self, asked: Asked) -> Said:
        sale, fields = self._sale(asked, "order_id"), asked.fields
        carrier, tracking = str(fields.get("company_code") or ""), str(fields.get("logistics_code") or "")
        if not carrier or not tracking:
            raise _refused(40002, "isv.business-parameter-missing:logistics_code")
        if len(sale.parcels) > 1 or not self.shop.renumber(sale, self.ext_id(sale.no), carrier, tracking):
            raise _refused(50002, "isv.business-failed:2002", "订单未发货")
        return _answered({"pack_id": _pack(sale, 0)})

    def _remark(self, asked: Asked) -> Said:
        sale, fields = self._sale(asked, "order_id"), asked.fields
        star = int(str(fields.get("star") or "0"))
        self.shop.write_memo(sale, self.ext_id(sale.no), str(fields.get("remark") or ""), star)
        return _answered({})

    def _stock(self, asked: Asked) -> Said:
        fields = asked.fields
        article, idempotent = str(fields.get("sku_id") or ""), str(fields.get("idempotent_id") or "")
        quantity = fields.get("stock_num")
        if not article or not isinstance(quantity, int):
            raise _refused(40002, "isv.business-parameter-missing:sku_id,stock_num")
        if idempotent and idempotent in self._said:
            raise _refused(40003, "isv.idempotent-id-existed")
        self._said |= {idempotent} - {""}
        if fields.get("incremental") is True:
            self.shop.add_stock(article, quantity)
        else:
            self.shop.set_stock(article, quantity)
        return _answered({})

    def _sale(self, asked: Asked, name: str) -> Sale:
        sale = self.find(asked.fields.get(name))
        if sale is None:
            raise _refused(50002, "isv.business-failed:2001", "订单不存在")
        return sale


def signature(key: str, secret: str, method: str, body: str, stamp: str, version: str = "2") -> str:
    """Sign a call: its parts in a fixed order between two copies of the secret, under the secret."""
    text = f"{secret}app_key{key}method{method}param_json{body}timestamp{stamp}v{version}{secret}"
    return hmac.new(secret.encode(), text.encode(), "sha256").hexdigest()


def event_signature(key: str, secret: str, body: bytes) -> str:
    """Sign a delivery: MD5 of the key, the body as it is sent and the secret."""
    return hashlib.md5(key.encode() + body + secret.encode(), usedforsecurity=False).hexdigest()


def _pack(sale: Sale, nth: int) -> str:
    return f"47{sale.no:08d}{nth:02d}"


def _answered(data: dict[str, Any]) -> Said:
    told = {"code": 10000, "msg": "success", "sub_code": "", "sub_msg": "", "log_id": "simulated"}
    return as_json(told | {"data": data})


def _refused(code: int, sub_code: str, message: str = "") -> Refused:
    told = {"code": code, "msg": message or sub_code, "sub_code": sub_code, "sub_msg": message}
    return Refused(sub_code, as_json(told | {"log_id": "simulated", "data": None}))


def _object(body: bytes) -> dict[str, Any]:
    try:
        said = json.loads(body or b"{}")
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise _refused(40003, "isv.parameter-format-invalid")
    return said


def _number(fields: dict[str, Any], name: str) -> int:
    text = str(fields.get(name, ""))
    if not text.isdecimal():
        raise _refused(40004, f"isv.business-parameter-invalid:{name}")
    return int(text)


def _address(province: str, city: str, town: str, detail: str) -> dict[str, Any]:
    return {
        "province": {"name": province, "id": "0"},
        "city": {"name": city, "id": "0"},
        "town": {"name": town, "id": "0"},
        "street": {"name": "", "id": "0"},
        "detail": detail,
    }
