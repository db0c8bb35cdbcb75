"""JD for shops of other sellers (POP): JOS, the gateway `api.jd.com/routerjson`.

Source: channels.md 2.2; jingdong.pop.order.search, jingdong.pop.order.get, jingdong.pop.order.shipment,
jingdong.ware.stock.sku.set.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, ClassVar

from typing_extensions import override

from sync.simulators.platform import Asked, Heard, Platform, Refused, Said, as_json
from sync.simulators.sale import ASKED, CANCELLED, GRANTED, NO_REFUND, PAID, SHIPPED, WITHDRAWN, Piece, Sale
from sync.simulators.shop import Shop
from sync.simulators.sorted_kv import Unformed, epoch, form, is_same, major, wall, wrapped_md5
from sync.simulators.weather import Weather

KEY, SECRET, REFRESH = "simulated-jd-key", "simulated-jd-secret", "simulated-jd-refresh"
SKEW_S, LONGEST_S, LARGEST, MOST_PAGES = 360, 31 * 86_400, 100, 100
SEARCH, GET = "jingdong.pop.order.search", "jingdong.pop.order.get"
SHIP, STOCK = "jingdong.pop.order.shipment", "jingdong.ware.stock.sku.set"
REFUNDS = "jingdong.pop.afs.soa.refundapply.queryPageList"
STATES = {
    PAID: "WAIT_SELLER_STOCK_OUT",
    SHIPPED: "WAIT_GOODS_RECEIVE_CONFIRM",
    CANCELLED: "TRADE_CANCELED",
}
PACKED = "360buy_param_json"
NEVER = "0001-01-01 00:00:00"


class Jd(Platform):
    """JOS: signed forms, what is asked packed as JSON, wall time of China with thousandths."""

    code: ClassVar[str] = "jd"
    title: ClassVar[str] = "京东 POP"
    pages: ClassVar[frozenset[str]] = frozenset({SEARCH})
    writes: ClassVar[frozenset[str]] = frozenset({SHIP, STOCK})
    shows_unpaid: ClassVar[bool] = False

    def __init__(self, shop: Shop, weather: Weather | None = None) -> None:
        super().__init__(shop, weather)
        self.calls = {
            SEARCH: self._search,
            GET: self._get,
            REFUNDS: self._refunds,
            SHIP: self._ship,
            STOCK: self._stock,
            "oauth2.refresh": self._refresh,
        }

    @override
    def settings(self, base: str) -> dict[str, str]:
        return {
            "app_key": KEY,
            "app_secret": SECRET,
            "access_token": self.token,
            "refresh_token": REFRESH,
            "base_url": f"{base}/routerjson",
            "token_url": f"{base}/oauth2/refresh_token",
        }

    @override
    def ext_id(self, no: int) -> str:
        return str(249_000_000_000 + no * 31)

    # --- at the door ---------------------------------------------------------------------------------

    @override
    def read(self, heard: Heard) -> Asked:
        try:
            fields = form(heard)
        except Unformed:
            raise _refused(61, "参数格式错误") from None
        if heard.path == "/oauth2/refresh_token":
            return Asked("oauth2.refresh", dict(fields))
        if heard.path != "/routerjson":
            raise _refused(15, "不存在的方法名")
        for name in ("method", "app_key", "timestamp", "v", "sign"):
            if not fields.get(name):
                raise _refused(40, f"缺少参数:{name}")
        if fields["app_key"] != KEY:
            raise _refused(21, "无效app_key")
        if not is_same(fields["sign"], wrapped_md5(fields, SECRET)):
            raise _refused(12, "无效签名")
        self._check_clock(fields["timestamp"])
        if not self.is_token(fields.get("access_token")):
            raise _refused(19, "无效access_token")
        return Asked(fields["method"], fields | self._unpacked(fields.get(PACKED, "{}")))

    def _check_clock(self, timestamp: str) -> None:
        try:
            near = datetime.strptime(timestamp, "%Y-%m-%d %H:%M:%S.%f%z").timestamp()
            is_near = abs(near - self.shop.clock.now()) <= SKEW_S
        except ValueError:
            is_near = False
        if not is_near:
            raise _refused(8, "非法的时间戳参数")

    def _unpacked(self, text: str) -> dict[str, Any]:
        try:
            packed = json.loads(text)
        except ValueError:
            packed = None
        if not isinstance(packed, dict):
            raise _refused(10, f"参数格式错误:{PACKED}")
        return packed

    @override
    def throttled(self) -> Refused:
        return _refused(2, "限制时间内调用失败次数")

    @override
    def unwell(self) -> Refused:
        return _refused(65, "平台连接后端服务超时")

    @override
    def unknown(self, name: str) -> Refused:
        return _refused(15, "不存在的方法名")

    def _refresh(self, asked: Asked) -> Said:
        wanted = (KEY, SECRET, "refresh_token", REFRESH)
        if (
            tuple(asked.fields.get(n) for n in ("app_key", "app_secret", "grant_type", "refresh_token"))
            != wanted
        ):
            raise _refused(401, "refresh_token无效")
        return as_json({"access_token": self.renew(), "refresh_token": REFRESH, "expires_in": 86_400})

    # --- reading -------------------------------------------------------------------------------------

    def _search(self, asked: Asked) -> Said:
        fields = asked.fields
        start, end = _time(fields, "start_date"), _time(fields, "end_date")
        page, size = _number(fields, "page"), _number(fields, "page_size")
        if not 0 <= end - start <= LONGEST_S or page < 1 or not 1 <= size <= LARGEST:
            raise _refused(61, "参数不合法:start_date,end_date,page,page_size")
        if str(fields.get("dateType")) != "0" or str(fields.get("sortType")) != "1":
            raise _refused(61, "模拟平台只支持按修改时间查询、倒序排列")
        states, wanted = _names(fields, "order_state"), _names(fields, "optional_fields")
        if not states:
            raise _refused(40, "缺少参数:order_state")
        window = self.shop.window(start, end)
        asked_for = [STATES[PAID], STATES[SHIPPED], STATES[CANCELLED], "LOCKED"]
        if states >= set(asked_for):
            total, found = len(window), window.newest_first((page - 1) * size, size)
        else:
            those = [s for s in window.newest_first(0, len(window)) if self._state(s) in states]
            total, found = len(those), those[(page - 1) * size : page * size]
        if page > MOST_PAGES:
            found = []
        orders = [{k: v for k, v in self._order(sale).items() if k in wanted} for sale in found]
        return _answered("pop_order_search", {"orderTotal": total, "orderInfoList": orders})

    def _get(self, asked: Asked) -> Said:
        order, wanted = self._order(self._sale(asked)), _names(asked.fields, "optional_fields")
        result = {"apiResult": _FINE, "orderInfo": {k: v for k, v in order.items() if k in wanted}}
        return as_json({"jingdong_pop_order_get_responce": {"code": "0", "orderDetailInfo": result}})

    def _refunds(self, asked: Asked) -> Said:
        fields = asked.fields
        by = "check" if fields.get("checkTimeStart") else "apply"
        start, end = _time(fields, f"{by}TimeStart"), _time(fields, f"{by}TimeEnd")
        page, size = _number(fields, "pageIndex"), _number(fields, "pageSize")
        if not 0 <= end - start <= LONGEST_S or page < 1 or not 1 <= size <= 50:
            raise _refused(61, "参数不合法:pageIndex,pageSize")
        states = {"apply": {ASKED}, "check": {GRANTED, WITHDRAWN}}[by]
        found = [(s, p) for s, p in self.shop.window(start, end).refunds() if p.refund in states]
        part = found[(page - 1) * size : page * size]
        result = [_refund(self.ext_id(sale.no), sale, piece) for sale, piece in part]
        told = {"totalCount": len(found), "result": result, "success": True}
        name = "jingdong_pop_afs_soa_refundapply_queryPageList_responce"
        return as_json({name: {"code": "0", "queryResult": told}})

    def _state(self, sale: Sale) -> str:
        is_locked = sale.state == PAID and any(piece.refund == ASKED for piece in sale.pieces)
        return "LOCKED" if is_locked else STATES[sale.state]

    def _order(self, sale: Sale) -> dict[str, Any]:
        province, city, county, _ = sale.place
        secret, carried = f"AAS/{sale.buyer:09d}{sale.no:06d}=", dict[str, list[str]]()
        for parcel in sale.parcels:
            carried.setdefault(parcel.carrier, []).append(parcel.tracking)
        return {
            "orderId": self.ext_id(sale.no),
            "parentOrderId": "0",
            "orderType": "22",
            "orderState": self._state(sale),
            "orderStateRemark": "",
            "orderStartTime": wall(sale.created),
            "paymentConfirmTime": wall(sale.paid) or NEVER,
            "outBoundDate": wall(sale.parcels[0].at) if sale.parcels else NEVER,
            "orderEndTime": NEVER,
            "modified": wall(sale.modified),
            "dataVersion": f"{sale.modified * 1000 + min(sale.version, 999)}",
            "orderTotalPrice": major(sale.goods_minor),
            "orderSellerPrice": major(sale.pay_minor - sale.postage_minor),
            "orderPayment": major(sale.pay_minor),
            "freightPrice": major(sale.postage_minor),
            "sellerDiscount": major(sale.seller_off_minor),
            "balanceUsed": "0.00",
            "payType": "4-在线支付",
            "orderRemark": sale.words,
            "venderRemark": sale.memo,
            "couponDetailList": [],
            "invoiceEasyInfo": {"invoiceState": "0", "invoiceType": "0", "invoiceTitle": ""},
            "waybill": "|".join(",".join(numbers) for numbers in carried.values()),
            "logisticsId": "|".join(carried),
            "consigneeInfo": {
                "fullname": secret,
                "fullAddress": secret,
                "mobile": sale.phone_mask,
                "telephone": sale.phone_mask,
                "desen_mobile": f"sim{sale.buyer:09d}",
                "desen_telephone": f"sim{sale.buyer:09d}",
                "province": province,
                "city": city,
                "county": county,
                "town": "",
            },
            "itemInfoList": [_item(self.ext_id(sale.no), piece) for piece in sale.pieces],
        }

    # --- writing -------------------------------------------------------------------------------------

    def _ship(self, asked: Asked) -> Said:
        sale, fields = self._sale(asked), asked.fields
        carriers = str(fields.get("logiCoprId", "")).split("|")
        groups = [numbers.split(",") for numbers in str(fields.get("logiNo", "")).split("|")]
        is_even = len(carriers) == len(groups) and all(number for numbers in groups for number in numbers)
        if not is_even or not all(carrier.isdecimal() for carrier in carriers):
            raise _refused(61, "参数不合法:logiCoprId,logiNo")
        told = [(who, number) for who, some in zip(carriers, groups, strict=True) for number in some]
        is_taken = self.shop.ship(sale, self.ext_id(sale.no), *told[0])
        for carrier, number in told[1:] if is_taken else ():
            self.shop.add_number(sale, self.ext_id(sale.no), carrier, number)
        result = _FINE if is_taken else _FINE | {"success": False, "chineseErrCode": "订单状态不支持出库"}
        answer = {"code": "0", "sopjosshipment_result": result}
        return as_json({"jingdong_pop_order_shipment_responce": answer})

    def _stock(self, asked: Asked) -> Said:
        quantity = _number(asked.fields, "quantity")
        if not asked.fields.get("skuId"):
            raise _refused(40, "缺少参数:skuId")
        self.shop.set_stock(str(asked.fields["skuId"]), quantity)
        return as_json({"jingdong_ware_stock_sku_set_responce": {"code": "0", "success": True}})

    def _sale(self, asked: Asked) -> Sale:
        name = "orderId" if "orderId" in asked.fields else "order_id"
        sale = self.find(asked.fields.get(name))
        if sale is None:
            raise _refused(61, "订单不存在")
        return sale


_FINE = {"success": True, "chineseErrCode": "", "englishErrCode": "", "numberCode": 0}


def _answered(name: str, told: dict[str, Any]) -> Said:
    result = {"apiResult": _FINE} | told
    return as_json({f"jingdong_{name}_responce": {"code": "0", "searchorderinfo_result": result}})


def _refused(code: int, message: str) -> Refused:
    return Refused(
        str(code), as_json({"error_response": {"code": str(code), "zh_desc": message, "en_desc": ""}})
    )


def _item(order_id: str, piece: Piece) -> dict[str, Any]:
    return {
        "id": int(order_id) * 10 + piece.place,
        "skuId": str(10_054_000_000_000 + piece.article),
        "wareId": str(10_020_000_000_000 + piece.article),
        "outerSkuId": piece.code,
        "productNo": "",
        "skuName": piece.title,
        "itemTotal": str(piece.qty),
        "jdPrice": major(piece.unit_minor),
        "giftPoint": "0",
        "refundState": piece.refund if piece.refund != NO_REFUND else "",
    }


def _refund(order_id: str, sale: Sale, piece: Piece) -> dict[str, Any]:
    is_checked = piece.refund != ASKED
    return {
        "id": int(order_id) * 10 + piece.place,
        "orderId": int(order_id),
        "applyRefundSum": piece.net_minor,
        "applyTime": wall(sale.modified),
        "checkTime": wall(sale.modified) if is_checked else None,
        "status": {ASKED: 0, GRANTED: 3, WITHDRAWN: 2}[piece.refund],
        "skuId": str(10_054_000_000_000 + piece.article),
        "reason": "不想要了",
    }


def _names(fields: dict[str, Any], name: str) -> set[str]:
    return {one.strip() for one in str(fields.get(name) or "").split(",") if one.strip()}


def _time(fields: dict[str, Any], name: str) -> float:
    try:
        return epoch(str(fields.get(name)))
    except ValueError:
        raise _refused(10, f"参数不合法:{name}") from None


def _number(fields: dict[str, Any], name: str) -> int:
    text = str(fields.get(name, ""))
    if not text.isdecimal():
        raise _refused(10, f"参数不合法:{name}")
    return int(text)
