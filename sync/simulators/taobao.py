"""Taobao and Tmall: TOP, the gateway `eco.taobao.com/router/rest`.

Source: channels.md 2.1; dictionaries of taobao.trades.sold.increment.get, taobao.trade.fullinfo.get,
alibaba.ascp.logistics.offline.send, taobao.skus.quantity.update, taobao.trade.memo.update.
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
    PAID,
    PART_SHIPPED,
    REFUNDED,
    SHIPPED,
    WITHDRAWN,
    Piece,
    Sale,
)  # fmt: skip
from sync.simulators.shop import Shop
from sync.simulators.sorted_kv import Unformed, epoch, form, is_same, keyed, major, wall, wrapped_md5
from sync.simulators.taobao_fields import (
    is_whole,
    listed,
    number_of,
    packages_of,
    refused,
    time_of,
    wanted_of,
)
from sync.simulators.weather import Weather

KEY, SECRET, REFRESH = "12345678", "simulated-top-secret", "simulated-top-refresh"
SKEW_S, LONGEST_S, LARGEST = 600, 86_400, 100
STATES = {
    AWAITING: "WAIT_BUYER_PAY",
    PAID: "WAIT_SELLER_SEND_GOODS",
    PART_SHIPPED: "SELLER_CONSIGNED_PART",
    SHIPPED: "WAIT_BUYER_CONFIRM_GOODS",
    CANCELLED: "TRADE_CLOSED_BY_TAOBAO",
    REFUNDED: "TRADE_CLOSED",
}
REFUNDS = {NO_REFUND: "NO_REFUND", ASKED: "WAIT_SELLER_AGREE", GRANTED: "SUCCESS", WITHDRAWN: "CLOSED"}
MODIFY = "alibaba.ascp.logistics.consign.modify"
SENT_BEFORE = "isv.logistics-offline-service-error:B150"
OAID_NEEDS = {"receiver_name", "receiver_address", "receiver_mobile", "receiver_phone", "created"}


class Taobao(Platform):
    """TOP: signed forms, wall time of China, errors with HTTP 200, the newest change first."""

    code: ClassVar[str] = "taobao"
    title: ClassVar[str] = "淘宝 / 天猫"
    pages: ClassVar[frozenset[str]] = frozenset({"taobao.trades.sold.increment.get"})
    writes: ClassVar[frozenset[str]] = frozenset(
        {
            "alibaba.ascp.logistics.offline.send",
            MODIFY,
            "taobao.skus.quantity.update",
            "taobao.trade.memo.update",
        }
    )

    def __init__(self, shop: Shop, weather: Weather | None = None) -> None:
        super().__init__(shop, weather)
        self.calls = {
            "taobao.trades.sold.increment.get": self._increment,
            "taobao.trade.fullinfo.get": self._fullinfo,
            "taobao.refunds.receive.get": self._refunds,
            "taobao.top.auth.token.refresh": self._refresh,
            "alibaba.ascp.logistics.offline.send": self._send,
            MODIFY: self._modify,
            "taobao.skus.quantity.update": self._stock,
            "taobao.trade.memo.update": self._memo,
        }

    @override
    def settings(self, base: str) -> dict[str, str]:
        return {
            "app_key": KEY,
            "app_secret": SECRET,
            "session": self.token,
            "refresh_token": REFRESH,
            "base_url": f"{base}/router/rest",
        }

    @override
    def ext_id(self, no: int) -> str:
        return str(2_300_000_000_000_000_000 + no * 1000)

    # --- at the door ---------------------------------------------------------------------------------

    @override
    def read(self, heard: Heard) -> Asked:
        if heard.path != "/router/rest":
            raise refused(22, "Invalid method")
        try:
            fields = form(heard)
        except Unformed:
            raise refused(41, "Invalid arguments") from None
        for name in ("method", "app_key", "timestamp", "v", "sign", "sign_method"):
            if not fields.get(name):
                raise refused(40, f"Missing required arguments:{name}")
        if fields["app_key"] != KEY:
            raise refused(29, "Invalid app Key")
        if not is_same(fields["sign"], _signature(fields)):
            raise refused(25, "Invalid signature")
        self._check_clock(fields["timestamp"])
        if fields["method"] != "taobao.top.auth.token.refresh" and not self.is_token(fields.get("session")):
            raise refused(27, "Invalid session", "invalid-sessionkey")
        return Asked(fields["method"], dict(fields))

    def _check_clock(self, timestamp: str) -> None:
        try:
            is_near = abs(epoch(timestamp) - self.shop.clock.now()) <= SKEW_S
        except ValueError:
            is_near = False
        if not is_near:
            raise refused(31, "Invalid timestamp")

    @override
    def throttled(self) -> Refused:
        return refused(7, "App Call Limited", "accesscontrol.limited-by-api-access-count")

    @override
    def unwell(self) -> Refused:
        return refused(15, "Remote service error", "isp.top-remote-connection-timeout")

    @override
    def unknown(self, name: str) -> Refused:
        return refused(22, "Invalid method")

    def _refresh(self, asked: Asked) -> Said:
        if asked.fields.get("refresh_token") != REFRESH:
            raise refused(41, "Invalid arguments:refresh_token", "isv.invalid-refresh-token")
        token = json.dumps({"access_token": self.renew(), "refresh_token": REFRESH, "expires_in": 86_400})
        return as_json({"top_auth_token_refresh_response": {"token_result": token}})

    # --- reading -------------------------------------------------------------------------------------

    def _increment(self, asked: Asked) -> Said:
        fields = asked.fields
        start, end = time_of(fields, "start_modified"), time_of(fields, "end_modified")
        page, size = number_of(fields, "page_no", 1), number_of(fields, "page_size", 40)
        if not 0 <= end - start <= LONGEST_S:
            raise refused(41, "Invalid arguments:start_modified,end_modified", "isv.invalid-parameter")
        if not (page >= 1 and 1 <= size <= LARGEST):
            raise refused(41, "Invalid arguments:page_no,page_size", "isv.invalid-parameter")
        wanted = wanted_of(fields)
        window = self.shop.window(start, end)
        found = window.newest_first((page - 1) * size, size)
        answer: dict[str, Any] = {"trades": {"trade": [_only(self._trade(sale), wanted) for sale in found]}}
        if fields.get("use_has_next") == "true":
            answer["has_next"] = len(window) > page * size
        else:
            answer["total_results"] = len(window)
        return as_json({"trades_sold_increment_get_response": answer})

    def _refunds(self, asked: Asked) -> Said:
        fields, wanted = asked.fields, wanted_of(asked.fields)
        start, end = time_of(fields, "start_modified"), time_of(fields, "end_modified")
        page, size = number_of(fields, "page_no", 1), number_of(fields, "page_size", 40)
        if not (0 <= end - start <= LONGEST_S and page >= 1 and 1 <= size <= LARGEST):
            raise refused(41, "Invalid arguments:page_no,page_size", "isv.invalid-parameter")
        found = self.shop.window(start, end).refunds()
        told = [_only(self._refund(sale, p), wanted) for sale, p in found[(page - 1) * size : page * size]]
        answer = {"total_results": len(found), "refunds": {"refund": told}}
        return as_json({"refunds_receive_get_response": answer})

    def _refund(self, sale: Sale, piece: Piece) -> dict[str, Any]:
        return {
            "refund_id": str(150_000_000_000_000_000 + sale.no * 10 + piece.place),
            "tid": int(self.ext_id(sale.no)),
            "oid": int(self.ext_id(sale.no)) + piece.place + 1,
            "refund_fee": major(piece.net_minor),
            "status": REFUNDS[piece.refund],
            "created": wall(sale.modified),
            "modified": wall(sale.modified),
            "num": piece.qty,
            "dispute_type": "REFUND",
            "has_good_return": False,
            "refund_version": sale.modified * 1000,
        }

    def _fullinfo(self, asked: Asked) -> Said:
        wanted, sale = wanted_of(asked.fields), self._sale(asked)
        trade = self._trade(sale)
        with_oaid = asked.fields.get("include_oaid") == asked.fields["tid"] and wanted >= OAID_NEEDS
        if with_oaid:
            trade["oaid"] = f"1oaid{sale.buyer:09d}"
            wanted |= {"oaid"}
        return as_json({"trade_fullinfo_get_response": {"trade": _only(trade, wanted)}})

    def _trade(self, sale: Sale) -> dict[str, Any]:
        province, city, district, postcode = sale.place
        lines = [self._order(sale, piece) for piece in sale.pieces]
        trade = {
            "tid": int(self.ext_id(sale.no)),
            "type": "guarantee_trade",
            "trade_from": "TAOBAO",
            "status": STATES[sale.state],
            "created": wall(sale.created),
            "modified": wall(sale.modified),
            "payment": major(sale.pay_minor),
            "total_fee": major(sale.goods_minor),
            "post_fee": major(sale.postage_minor),
            "discount_fee": major(sale.platform_minor),
            "adjust_fee": "0.00",
            "received_payment": "0.00",
            "num": sum(piece.qty for piece in sale.pieces),
            "buyer_nick": sale.name_mask,
            "buyer_open_uid": f"SIM{sale.buyer:09d}",
            "buyer_message": sale.words,
            "seller_memo": sale.memo,
            "seller_flag": sale.flag,
            "seller_nick": "示例店铺",
            "shipping_type": "express",
            "receiver_name": sale.name_mask,
            "receiver_mobile": sale.phone_mask,
            "receiver_phone": "",
            "receiver_state": province,
            "receiver_city": city,
            "receiver_district": district,
            "receiver_town": "",
            "receiver_address": sale.street_mask,
            "receiver_zip": postcode,
            "orders": {"order": lines},
        }
        if sale.paid:
            trade["pay_time"] = wall(sale.paid)
        if sale.parcels:
            trade["consign_time"] = wall(sale.parcels[0].at)
        return {name: value for name, value in trade.items() if value != ""}

    def _order(self, sale: Sale, piece: Piece) -> dict[str, Any]:
        share = sale.platform_minor if piece.place == _dearest(sale) else 0
        order = {
            "oid": int(self.ext_id(sale.no)) + piece.place + 1,
            "num_iid": 600_000_000_000 + piece.article,
            "sku_id": str(4_000_000_000_000 + piece.article),
            "outer_sku_id": piece.code,
            "title": piece.title,
            "num": piece.qty,
            "price": major(piece.unit_minor),
            "total_fee": major(piece.net_minor),
            "discount_fee": major(piece.off_minor),
            "part_mjz_discount": major(share),
            "divide_order_fee": major(piece.net_minor - share),
            "payment": major(piece.net_minor - (0 if len(sale.pieces) > 1 else share - sale.postage_minor)),
            "status": STATES[sale.state],
            "refund_status": REFUNDS[piece.refund],
        }
        if piece.refund != NO_REFUND:
            order["refund_id"] = str(150_000_000_000_000_000 + sale.no * 10 + piece.place)
        if holding := [parcel for parcel in sale.parcels if piece.place in parcel.inside]:
            order |= {
                "invoice_no": holding[-1].tracking,
                "logistics_company": holding[-1].carrier,
                "consign_time": wall(holding[-1].at),
            }
        return {name: value for name, value in order.items() if value != ""}

    # --- writing -------------------------------------------------------------------------------------

    def _send(self, asked: Asked) -> Said:
        """Take a parcel: all of an order, or with `consign_type` 1 what is in it and which lines are over."""
        sale, tid = self._sale(asked), str(asked.fields["tid"])
        over = {self._place(sale, one["sub_tid"]) for one in listed(asked.fields, "consign_status")
                if one.get("is_part_consign") is False}  # fmt: skip
        match str(asked.fields.get("consign_type", "0")):
            case "2":
                self._close(sale, tid, over)
            case "1":
                for package in packages_of(asked.fields):
                    inside = {self._place(sale, one["sub_tid"]): int(one["num"]) for one in package["goods"]}
                    self._take(sale, tid, package, inside)
                short = {piece.place for piece in sale.pieces if 0 < piece.sent < piece.qty}
                if short & over:
                    self.shop.close(sale, tid, short & over)
            case _:
                self._take(sale, tid, packages_of(asked.fields)[0], None)
        result = {"result": {"success": True}, "is_success": True}
        return as_json({"alibaba_ascp_logistics_offline_send_response": result})

    def _take(self, sale: Sale, tid: str, package: dict[str, Any], inside: dict[int, int] | None) -> None:
        if not self.shop.ship(sale, tid, package["company_code"], package["out_sid"], inside):
            raise refused(15, "Remote service error", SENT_BEFORE, "发货异常，请稍等后重试")

    def _close(self, sale: Sale, tid: str, places: set[int]) -> None:
        if sale.state not in (PART_SHIPPED, SHIPPED) or not places:
            raise refused(15, "Remote service error", SENT_BEFORE, "发货异常，请稍等后重试")
        self.shop.close(sale, tid, places)

    def _place(self, sale: Sale, sub_tid: object) -> int:
        return int(str(sub_tid)) - int(self.ext_id(sale.no)) - 1

    def _modify(self, asked: Asked) -> Said:
        sale, fields = self._sale(asked), asked.fields
        numbers = [parcel.tracking for parcel in sale.parcels]
        old, new = str(fields.get("old_out_sid", "")), str(fields.get("new_out_sid", ""))
        nth = numbers.index(old) if old in numbers else numbers.index(new) if new in numbers else None
        if nth is None or not new:
            raise refused(15, "Remote service error", "isv.order-not-consigned", "订单未发货")
        carrier = str(fields.get("new_company_code") or sale.parcels[nth].carrier)
        self.shop.renumber(sale, str(fields["tid"]), carrier, new, nth=nth)
        return as_json({"alibaba_ascp_logistics_consign_modify_response": {"result": {"success": True}}})

    def _stock(self, asked: Asked) -> Said:
        fields = asked.fields
        pairs = str(fields.get("skuid_quantities") or fields.get("outerid_quantities") or "").split(";")
        changes = [pair.rpartition(":") for pair in pairs if pair]
        if not fields.get("num_iid") or not changes:
            raise refused(40, "Missing required arguments:num_iid,skuid_quantities")
        if len(changes) > 20 or not all(is_whole(quantity) for _, _, quantity in changes):
            raise refused(41, "Invalid arguments:skuid_quantities", "isv.invalid-parameter")
        for article, _, quantity in changes:
            if fields.get("type", "1") == "1":
                if int(quantity) < 0:
                    raise refused(41, "Invalid arguments:skuid_quantities", "isv.invalid-parameter")
                self.shop.set_stock(article, int(quantity))
            else:
                self.shop.add_stock(article, int(quantity))
        now = wall(self.shop.clock.now())
        skus = [{"sku_id": a, "quantity": self.shop.stock[a], "modified": now} for a, _, _ in changes]
        item = {"num_iid": fields["num_iid"], "modified": now, "skus": {"sku": skus}}
        return as_json({"skus_quantity_update_response": {"item": item}})

    def _memo(self, asked: Asked) -> Said:
        sale, fields = self._sale(asked), asked.fields
        memo, flag = str(fields.get("memo", sale.memo)), str(fields.get("flag", sale.flag))
        if len(memo.encode()) > 1000 or flag not in "012345":
            raise refused(41, "Invalid arguments:memo,flag", "isv.invalid-parameter")
        self.shop.write_memo(sale, str(fields["tid"]), memo, int(flag))
        trade = {"tid": int(str(fields["tid"])), "modified": wall(sale.modified)}
        return as_json({"trade_memo_update_response": {"trade": trade}})

    def _sale(self, asked: Asked) -> Sale:
        if not asked.fields.get("tid"):
            raise refused(40, "Missing required arguments:tid")
        sale = self.find(asked.fields["tid"])
        if sale is None:
            raise refused(15, "Remote service error", "isv.trade-not-exist", "交易订单不存在")
        return sale


def _signature(fields: dict[str, str]) -> str:
    if fields["sign_method"] == "md5":
        return wrapped_md5(fields, SECRET)
    digest = {"hmac": "md5", "hmac-sha256": "sha256"}.get(fields["sign_method"])
    return keyed(fields, SECRET, digest) if digest else "?"


def _only(trade: dict[str, Any], wanted: set[str]) -> dict[str, Any]:
    """Return no field that nobody asked for; a field of lines asks for the lines."""
    tops = {name.partition(".")[0] for name in wanted}
    return {name: value for name, value in trade.items() if name in tops}


def _dearest(sale: Sale) -> int:
    """Which line carries the platform's discount: the dearest, so that none falls below zero."""
    return max(sale.pieces, key=lambda piece: piece.net_minor).place
