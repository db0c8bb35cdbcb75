"""Services that speak their real protocols on this machine; signatures are computed anew from received bytes.

Each keeps every document it made, by the number it was asked under, and may hang up once it has accepted one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

Answer = dict[str, Any]


class Simulated:
    """One service; `hangs_up_each`: after accepting every so-many-th document it says nothing.

    `cuts`: so many of its next answers break off in the middle.
    """

    def __init__(self) -> None:
        self.made: dict[str, Answer] = {}
        self.asked = self.false = self.again = self.accepted = 0
        self.hangs_up_each = 0
        self.cuts = 0
        self.refuses: set[str] = set()
        self.throttles = 0
        self.is_down = False
        """It hangs up on whoever still has a line to it."""
        self.awake = threading.Event()
        """While it is clear, whoever asks gets no answer; each second question it did hear."""
        self.awake.set()
        self.hung = 0
        self._lock = threading.Lock()

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Answer | str | None:
        """Answer a request; None hangs up."""
        with self._lock:
            if self.is_down:
                return None
            self.asked += 1
            if self.awake.is_set():
                return self.take(path, headers, body)
            self.hung += 1
            if self.hung % 2:
                self.take(path, headers, body)
        self.awake.wait()
        return None

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Answer | str | None:
        raise NotImplementedError

    def accept(self, number: str, document: Answer) -> bool:
        """Make a document once; tell whether to answer."""
        if number in self.made:
            self.again += 1
            return True
        self.made[number] = document
        self.accepted += 1
        return not (self.hangs_up_each and self.accepted % self.hangs_up_each == 0)


class Nuonuo(Simulated):
    secret, key, tax_no = "sk", "ak", "91350100M000100Y43"

    def take(self, path: str, headers: dict[str, str], body: bytes) -> Answer | None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        text = (
            f"a=services&l=v1&p=open&k={asked['appkey']}&i={asked['senid']}&n={asked['nonce']}"
            f"&t={asked['timestamp']}&f={body.decode()}"
        )
        wanted = base64.b64encode(hmac.new(self.secret.encode(), text.encode(), hashlib.sha1).digest())
        if headers["X-Nuonuo-Sign"] != wanted.decode() or headers["userTax"] != self.tax_no:
            self.false += 1
            return {"code": "070301", "describe": "签名错误"}
        said = json.loads(body)
        if headers["method"].endswith("queryInvoiceResult"):
            made = self.made.get(said["orderNos"][0])
            if made is None:
                return {"code": "E0000", "result": []}
            return {
                "code": "E0000",
                "result": [{"status": "2", "invoiceNo": made["no"], "orderNo": made["order"]}],
            }
        if self.throttles:
            self.throttles -= 1
            return {"code": "070510", "describe": "请求过于频繁"}
        order = said["order"]
        if order["buyerName"] in self.refuses:
            return {"code": "E9501", "describe": f"{order['buyerName']} 税号不正确"}
        total = sum(round(float(line["taxIncludedAmount"]) * 100) for line in order["invoiceDetail"])
        number = order["orderNo"]
        if number in self.made:
            self.again += 1
            return {"code": "E9106", "describe": "订单编号重复"}
        document = {"no": f"2432{len(self.made):016d}", "order": number, "total": total, "said": order}
        return (
            {"code": "E0000", "result": {"invoiceSerialNum": number}}
            if self.accept(number, document)
            else None
        )


class Sf(Simulated):
    partner, check_word = "DOCKET", "CHECK"

    def take(self, _path: str, _headers: dict[str, str], body: bytes) -> Answer | None:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        text = quote_plus(form["msgData"] + form["timestamp"] + self.check_word, safe="*-._")
        wanted = base64.b64encode(hashlib.md5(text.encode()).digest()).decode()  # noqa: S324 - theirs
        if form["msgDigest"] != wanted or form["partnerID"] != self.partner:
            self.false += 1
            return {"apiResultCode": "A1006", "apiErrorMsg": "数字签名无效"}
        said = json.loads(form["msgData"])
        number = said["orderId"]
        if form["serviceCode"] == "EXP_RECE_SEARCH_ORDER_RESP":
            if number not in self.made:
                return _sf({"success": False, "errorCode": "8024"})
            return _sf({"success": True, "msgData": self.made[number]["label"]})
        if form["serviceCode"] == "EXP_RECE_UPDATE_ORDER":
            self.made.pop(number, None)
            return _sf({"success": True, "msgData": {"orderId": number}})
        to = said["contactInfoList"][1]
        if to["address"] in self.refuses:
            return _sf({"success": False, "errorCode": "1010", "errorMsg": to["address"]})
        if number in self.made:
            self.again += 1
            return _sf({"success": False, "errorCode": "8016"})
        label = {"orderId": number, "waybillNoInfoList": [{"waybillNo": f"SF{len(self.made):012d}"}]}
        taken = self.accept(number, {"label": label, "to": to})
        return _sf({"success": True, "errorCode": "S0000", "msgData": label}) if taken else None


class Kuaidi100(Simulated):
    key, secret = "KEY1", "SEC1"

    def take(self, _path: str, _headers: dict[str, str], body: bytes) -> Answer | None:
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        text = form["param"] + form["t"] + form["key"] + self.secret
        if form["sign"] != hashlib.md5(text.encode()).hexdigest().upper():  # noqa: S324 - theirs
            self.false += 1
            return {"success": False, "code": 30004, "message": "签名错误"}
        said = json.loads(form["param"])
        number = f"{said['orderId']}#{self.asked}"  # it makes another label each time it is asked
        taken = self.accept(number, {"to": said["recMan"]})
        return (
            {"success": True, "code": 200, "data": {"kuaidinum": f"YT{self.accepted:010d}"}}
            if taken
            else None
        )


def _sf(inner: Answer) -> Answer:
    return {
        "apiResultCode": "A1000",
        "apiErrorMsg": "",
        "apiResultData": json.dumps(inner, ensure_ascii=False),
    }


@contextmanager
def served(service: Simulated, port: int = 0) -> Iterator[str]:
    """Let a service stand on loopback; give its address. It ends for whoever still has a line to it too."""
    service.is_down = False

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            answer = service.answer(self.path, dict(self.headers), body)
            if answer is None:
                self.close_connection = True
                return
            said = (answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            if service.cuts:
                service.cuts -= 1
                said = said[: len(said) // 2]
                self.close_connection = True
            self.wfile.write(said)

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Door)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        service.is_down = True
        server.shutdown()
        server.server_close()
        thread.join()
