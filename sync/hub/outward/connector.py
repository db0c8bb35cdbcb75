"""A service reached over HTTP by its manifest: asked once; what is unclear is looked up before anything else.

Nobody reached: it certainly did not happen, and is sent again later. No answer, or one nobody understands: it
may have happened. Their own words are not repeated, they may quote a person; codes of ours are.
Source: channels.md section 3; sync.md section 10.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import requests
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from app.domain.billing import FIELDS
from app.domain.waybill import is_number, label_key
from app.text import N_, Text
from sync.hub.label_folder import refused
from sync.hub.outward.errand_rows import code_of
from sync.hub.provider import Done, Pending, Rejected, Unclear, Unsent
from sync.manifest.answer import judge
from sync.manifest.durations import duration
from sync.manifest.errands import Deed, Errand, Service
from sync.manifest.paths import filled, get, holds, written
from sync.manifest.request import Request, build, put
from sync.manifest.values import document

MOST_BYTES = 1 << 20
REF = 20
"""So long a number of ours may be for the strictest of them."""
AUTHORISE_S = 300.0
ZONE = ZoneInfo("Asia/Shanghai")
NUMBER_MOST = 64


class Connector:
    """One kind of effect at one service. `line` sends a request and returns status, headers and body."""

    def __init__(
        self,
        service: Service,
        kind: str,
        settings: Mapping[str, str],
        clock: Callable[[], datetime],
        session: requests.Session | None = None,
    ) -> None:
        deed: Deed = service.does[kind]
        self._service, self._deed, self._kind, self._settings = service, deed, kind, settings
        self._clock, self._session = clock, session or requests.Session()
        self.takes_keys = deed.takes_key
        self.can_look_up = deed.look_up is not None
        self.settle_s = duration(deed.settle).total_seconds()

    def send(self, key: str, payload: bytes) -> Done | Rejected | Pending:
        """Ask for it.

        Raises:
            Unsent: nobody was reached, or they asked to come later.
            Unclear: no answer came, or none that says what became of it.
        """
        values = self._values(key) | {"effect": with_yuan(msgspec.json.decode(payload))}
        if not holds(values, self._deed.only):
            return Rejected(Text(N_("This service does not do that. Do it there by hand.")), "other")
        outcome = self._ask(self._deed.send, values)
        if outcome is None:
            raise Unclear("it is not known there")
        return outcome

    def look_up(self, key: str) -> Done | Rejected | Pending | None:
        """Return what became of a key; None where it never arrived.

        Raises:
            Unsent: nobody could be asked.
            Unclear: no answer that says so.
        """
        if self._deed.look_up is None:
            raise Unclear("nobody can be asked")
        return self._ask(self._deed.look_up, self._values(key))

    def _values(self, key: str) -> dict[str, Any]:
        now = self._clock()
        return {
            **self._settings,
            "ref": ref_of(key),
            "code": code_of(key),
            "label_ref": ref_of(label_key(key)) if self._kind == "void" else "",
            "senid": secrets.token_hex(16),
            "nonce": f"{secrets.randbelow(10**8):08d}",
            "now": f"{now.astimezone(ZONE):%Y-%m-%d %H:%M:%S}",
        }

    def _ask(self, errand: Errand, values: Mapping[str, Any]) -> Done | Rejected | Pending | None:
        call: dict[str, Any] = said_only(filled(errand.call, values))
        if errand.each:
            items = get(values, errand.items) or []
            put(call, errand.each, [filled(errand.item, {**values, **one}) for one in items])
        transport = self._service.transport
        request = build(transport, call, values, self._clock(), nonce=str(values["nonce"]))
        status, headers, body = self._said(request)
        verdict = judge(transport, status, headers, body)
        if verdict.action == "throttle":
            raise Unsent("they ask for patience", verdict.wait_s)
        if verdict.action == "reauthorize":
            raise Unsent("they do not accept our authorisation", AUTHORISE_S)
        if verdict.action != "ok":
            raise Unclear(f"HTTP {status}")
        return self._outcome(errand, _unpacked(errand, verdict.data))

    def _outcome(self, errand: Errand, data: Any) -> Done | Rejected | Pending | None:
        reply = next((one for one in errand.replies if holds(data, one.when)), None)
        if reply is None:
            raise Unclear("the answer says nothing we know")
        wait_s = duration(reply.wait).total_seconds()
        match reply.then:
            case "missing":
                return None
            case "later":
                raise Unsent("they ask for patience", wait_s)
            case "pending":
                return Pending(wait_s)
            case "rejected":
                return rejected(self._kind, reply.field or "other")
        return self._done(written(get(data, reply.ref)) if reply.ref else "")

    def _done(self, ref: str) -> Done:
        if self._kind == "label" and not is_number(ref):
            raise Unclear("the answer has no tracking number that bars could say")
        if self._kind == "invoice" and not (0 < len(ref) <= NUMBER_MOST and ref.isprintable()):
            raise Unclear("the answer has no number")
        if self._kind == "label":
            return Done(ref, Text(N_("Label given, {tracking_no}"), {"tracking_no": ref}))
        if self._kind == "invoice":
            return Done(ref, Text(N_("Invoice {number} was made"), {"number": ref}))
        return Done(ref[:NUMBER_MOST], Text(N_("{service} has done it"), {"service": self._service.title.en}))

    def _said(self, request: Request) -> tuple[int, Mapping[str, str], bytes]:
        timeout_s = duration(self._service.transport.timeout).total_seconds()
        try:
            with self._session.request(
                request.method,
                request.url,
                headers=request.headers,
                data=request.body or None,
                timeout=timeout_s,
                allow_redirects=False,
                stream=True,
            ) as answer:
                body = answer.raw.read(MOST_BYTES + 1, decode_content=True)
                if len(body) > MOST_BYTES:
                    raise Unclear("the answer is too large")
                return answer.status_code, dict(answer.headers), body
        except requests.ConnectTimeout as fault:
            raise Unsent(type(fault).__name__) from fault
        except requests.RequestException as fault:
            if _was_not_reached(fault):
                raise Unsent("nobody was reached") from fault
            raise Unclear(type(fault).__name__) from fault
        except (OSError, HTTPError) as fault:
            raise Unclear(type(fault).__name__) from fault


def rejected(kind: str, field: str) -> Rejected:
    """Say that they refuse, and what of it."""
    if kind == "invoice":
        known = field if field in FIELDS else "other"
        return Rejected(Text(N_("The invoice was refused: {field}"), {"field": Text(FIELDS[known])}), known)
    return refused(field)


def ref_of(key: str) -> str:
    """Return the number under which a service knows an effect: the same for ever, and short enough."""
    return hashlib.sha256(key.encode()).hexdigest()[:REF]


def said_only(tree: Any) -> Any:
    """Leave out of a tree what nobody said: it travels as no field, not as an empty one."""
    if not isinstance(tree, dict):
        return tree
    return {name: said_only(value) for name, value in tree.items() if value is not None}


def with_yuan(tree: Any) -> Any:
    """Put beside every amount in minor units how it is written there, and beside a percentage its share."""
    if isinstance(tree, list):
        return [with_yuan(one) for one in tree]
    if not isinstance(tree, dict):
        return tree
    more: dict[str, Any] = {}
    for name, value in tree.items():
        if name.endswith("_minor") and isinstance(value, int):
            more[f"{name.removesuffix('_minor')}_yuan"] = f"{Decimal(value) / 100:.2f}"
        elif name.endswith("_pct") and isinstance(value, int):
            more[f"{name.removesuffix('_pct')}_rate"] = f"{Decimal(value) / 100:.2f}"
    return {name: with_yuan(value) for name, value in tree.items()} | more


def _unpacked(errand: Errand, data: Any) -> Any:
    """Return an answer with what it holds as text read too."""
    packed = get(data, errand.unpack) if errand.unpack else None
    if not isinstance(data, dict) or not isinstance(packed, str):
        return data
    try:
        return data | {"inner": document(packed.encode())}
    except Exception as fault:
        raise Unclear("the answer cannot be read") from fault


def _was_not_reached(fault: requests.RequestException) -> bool:
    """Tell whether not even a line came about."""
    cause: Any = fault.args[0] if fault.args else None
    return isinstance(getattr(cause, "reason", cause), NewConnectionError | ConnectTimeoutError)
