"""Warehouses and trackers that speak their real protocols; signatures are computed anew from received bytes.

Source: the dictionary of Qimen in the test data; channels.md section 3.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from xml.sax.saxutils import escape

from service_world import Simulated

XML = '<?xml version="1.0" encoding="utf-8"?>'


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest().upper()  # noqa: S324 - theirs


def qimen_sign(query: dict[str, str], body: str, secret: str) -> str:
    joined = "".join(f"{key}{query[key]}" for key in sorted(query) if key != "sign")
    return md5(f"{secret}{joined}{body}{secret}")


class Tracker(Simulated):
    """Kuaidi100: takes subscriptions and sends what it scans."""

    key, salt = "KEY1", "SALT1"

    def take(self, _path: str, _headers: dict[str, str], body: bytes) -> dict[str, Any] | None:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        said = json.loads(form["param"])
        if form["schema"] != "json" or said["key"] != self.key:
            self.false += 1
            return {"result": False, "returnCode": "600", "message": "您不是合法的订阅者"}
        if said["number"] in self.made:
            self.again += 1
            return {"result": False, "returnCode": "501", "message": "重复订阅"}
        taken = self.accept(said["number"], said)
        return {"result": True, "returnCode": "200", "message": "提交成功"} if taken else None

    def push(self, number: str, *scans: tuple[str, str], salt: str = "") -> bytes:
        data = [{"time": at, "ftime": at, "context": "…", "status": word} for word, at in scans]
        result = {"message": "ok", "state": "0", "com": "yuantong", "nu": number, "data": data}
        said = {"status": "polling", "message": "", "lastResult": result}
        param = json.dumps(said, ensure_ascii=False)
        return urlencode({"param": param, "sign": md5(param + (salt or self.salt))}).encode()


class Wms(Simulated):
    """A warehouse behind Qimen: takes delivery orders once, tells when they left."""

    secret, app_key, customer = "qs", "qk", "c1"

    def __init__(self) -> None:
        super().__init__()
        self.cancelled: list[str] = []
        self.early: list[str] = []
        """What it was told to take back before it had it."""
        self.sent: set[str] = set()

    def take(self, path: str, _headers: dict[str, str], body: bytes) -> str | None:
        query = dict(parse_qsl(urlsplit(path).query))
        if (
            query["sign"] != qimen_sign(query, body.decode(), self.secret)
            or query["customerId"] != self.customer
        ):
            self.false += 1
            return f"{XML}<error_response><code>25</code><msg>Invalid signature</msg></error_response>"
        tree = ET.fromstring(body)  # noqa: S314 - we wrote it
        match query["method"]:
            case "deliveryorder.create":
                return self._created(tree)
            case "orderprocess.query":
                known = tree.findtext("orderCode") in self.made
                inner = "<orderProcess><processes/><orderCode>x</orderCode></orderProcess>" if known else ""
                return self._said("success" if known else "failure", inner)
            case "order.cancel":
                code = tree.findtext("orderCode") or ""
                if code in self.sent:
                    return self._said("failure")
                if code not in self.made:
                    self.early.append(code)
                if code in self.cancelled:
                    self.again += 1
                else:
                    self.cancelled.append(code)
                return self._said("success")
        return self._said("failure")

    def _created(self, tree: ET.Element) -> str | None:
        code = tree.findtext("deliveryOrder/deliveryOrderCode") or ""
        if code in self.made:
            self.again += 1
            return self._said("failure")
        address = tree.findtext("deliveryOrder/receiverInfo/detailAddress")
        lines = [
            (line.findtext("itemCode"), int(line.findtext("planQty") or 0))
            for line in tree.findall("orderLines/orderLine")
        ]
        about = {
            "address": address,
            "lines": lines,
            "warehouse": tree.findtext("deliveryOrder/warehouseCode"),
        }
        is_heard = self.accept(code, about)
        return (
            self._said("success", f"<deliveryOrderId>W{len(self.made)}</deliveryOrderId>")
            if is_heard
            else None
        )

    def _said(self, flag: str, inner: str = "") -> str:
        return f"{XML}<response><flag>{flag}</flag><code>0</code><message>…</message>{inner}</response>"

    def confirm(
        self, code: str, number: str, status: str = "DELIVERED", lacks: int = 0
    ) -> tuple[bytes, dict[str, str]]:
        """Return what it sends when a delivery order left: body and URL."""
        lines = "".join(
            f"<orderLine><itemCode>{sku}</itemCode><actualQty>{qty - lacks}</actualQty></orderLine>"
            for sku, qty in self.made[code]["lines"]
        )
        body = (
            f"{XML}<request><deliveryOrder><deliveryOrderCode>{escape(code)}</deliveryOrderCode>"
            f"<status>{status}</status></deliveryOrder><packages><package><logisticsCode>SF</logisticsCode>"
            f"<expressCode>{number}</expressCode></package></packages><orderLines>{lines}</orderLines></request>"
        )
        query = {
            "method": "deliveryorder.confirm", "app_key": self.app_key, "customerId": self.customer,
            "timestamp": "2026-06-12 09:00:00", "format": "xml", "v": "2.0", "sign_method": "md5",
        }  # fmt: skip
        query["sign"] = qimen_sign(query, body, self.secret)
        return body.encode(), query


class Crm(Simulated):
    """A CRM: takes JSON with its token, each number once."""

    token = "T1"  # noqa: S105 - made up

    def take(self, path: str, headers: dict[str, str], body: bytes) -> dict[str, Any] | None:
        if headers["Authorization"] != f"Bearer {self.token}" or path != "/customers":
            self.false += 1
            return {"error": "who"}
        taken = self.accept(headers["Idempotency-Key"], json.loads(body))
        return {"id": f"C{len(self.made)}"} if taken else None


class Kingdee(Simulated):
    """A bookkeeping system: makes a voucher each time it is asked, where both sides are equal."""

    app_id, secret, appdata = "A1", "KS", "acct,user,2052,100"
    accounts = frozenset({"1122", "6001.01", "2221"})

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Any:
        text = f"{self.app_id}{self.appdata}".encode()
        digest = hmac.new(self.secret.encode(), text, hashlib.sha256).hexdigest()
        if headers["X-Kd-Signature"] != base64.b64encode(digest.encode()).decode():
            self.false += 1
            return {"Result": {"ResponseStatus": {"IsSuccess": False}}}
        said = json.loads(body)
        if "ExecuteBillQuery" in path:
            words = said["data"]["FilterString"].split("'")[1]
            return [[self.made[words]["number"]]] if words in self.made else []
        model = said["data"]["Model"]
        rows = model["FEntity"]
        sides = [sum(round(float(row[side]) * 100) for row in rows) for side in ("FDEBIT", "FCREDIT")]
        is_known = {row["FACCOUNTID"]["FNumber"] for row in rows} <= self.accounts
        if sides[0] != sides[1] or not is_known:
            return {"Result": {"ResponseStatus": {"IsSuccess": False}}}
        words = rows[0]["FEXPLANATION"]
        made = {
            "number": f"V{self.asked}",
            "day": model["FDate"],
            "book": model["FAccountBookID"],
            "sum": sides[0],
        }
        taken = self.accept(f"{words}" if words not in self.made else f"{words} again", made)
        return (
            {"Result": {"ResponseStatus": {"IsSuccess": True}, "Number": made["number"]}} if taken else None
        )
