"""A call as bytes: what the manifest says, with the shop's settings, at one instant.

What is signed is made of exactly what is sent.
Source: channels.md sections 2 and 5.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.sax.saxutils import escape

import msgspec

from app.text import N_, Text
from app.trouble import Trouble
from sync.manifest.blocks import Auth, Transport
from sync.manifest.paths import fill, filled, filled_path
from sync.manifest.sign import as_sent, compact, oauth1_params, signature, stamped

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_NO_CHARACTER = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot say: it would spoil the whole message."""
_TYPES = {
    "form": "application/x-www-form-urlencoded;charset=utf-8",
    "json": "application/json",
    "canonical_json": "application/json",
    "xml": "text/xml;charset=utf-8",
}


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What goes over the line."""

    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""


def build(
    transport: Transport,
    call: Mapping[str, Any],
    settings: Mapping[str, Any],
    now: datetime,
    *,
    method: str = "",
    kind: str = "",
    token: str = "",
    nonce: str = "",
    says: str = "",
) -> Request:
    """Make one request. `kind` is how its body is written, `token` what an authorisation gave us.

    `says` is how the token is said, where that is another way than that of the transport.

    Raises:
        Trouble: a secret would travel unprotected, or elsewhere.
    """
    return _Building(transport, dict(call), settings, now, method, kind, token, nonce, says).request()


def put(tree: dict[str, Any], path: str, value: Any) -> None:
    """Write a value at a dotted path."""
    *above, last = path.split(".")
    for step in above:
        inner = tree.get(step)
        inner = dict(inner) if isinstance(inner, Mapping) else {}
        tree[step] = inner
        tree = inner
    tree[last] = value


class _Building:
    """One request being put together."""

    def __init__(
        self,
        transport: Transport,
        call: dict[str, Any],
        settings: Mapping[str, Any],
        now: datetime,
        method: str,
        kind: str,
        token: str,
        nonce: str,
        says: str,
    ) -> None:
        self._says = says
        self._transport, self._settings, self._now, self._token = transport, settings, now, token
        self._nonce = nonce
        self._values = {**settings, "call": dict(call), "token": token}
        self._method = method or transport.method
        wanted = kind or transport.body
        self._kind = "none" if self._method in ("GET", "DELETE") else wanted
        self._path = str(call.pop("path", "") or self._own_path())
        for name in transport.outside:
            call.pop(name, None)
        self._said = {key: value for key, value in call.items() if value is not None}
        self._query = self._as_text(filled(transport.query, self._values))
        self._headers = {name: fill(value, self._values) for name, value in transport.headers.items()}

    def request(self) -> Request:
        common = {k: v for k, v in filled(self._transport.common, self._values).items() if v is not None}
        said = self._said
        if self._transport.pack is not None:
            said = {self._transport.pack.param: compact(said, is_sorted=True).decode()}
        params = common | said
        if self._kind == "none":
            self._query |= self._as_text(params)
            params = {}
        form = self._as_text(params) if self._kind == "form" else {}
        self._stamp(params, form)
        if self._path and self._path[0] not in "/?":  # it would make the host another one, keys and all
            raise Trouble("foreign_link", Text(N_("A path of a call must begin with a slash. Correct it.")))
        url = fill(self._transport.base, self._settings).rstrip("/") + self._path
        self._authorise(url)
        body = b"" if self._kind == "form" else self._body(params)
        form = self._signed(form, body)
        if self._kind == "form":
            body = urlencode(form).encode()
        if body:
            self._headers.setdefault("Content-Type", _TYPES[self._kind])
        if self._query:
            url += ("&" if "?" in url else "?") + urlencode(self._query)
        return Request(method=self._method, url=url, headers=self._headers, body=body)

    def _own_path(self) -> str:
        path = self._transport.path
        if isinstance(path, str):
            return filled_path(path, self._values)
        return "/" + fill(path.from_, self._values).replace(".", path.dots)

    def _as_text(self, params: Mapping[str, Any]) -> dict[str, str]:
        sign = self._transport.sign
        return {key: as_sent(value, sign) for key, value in params.items() if value is not None}

    def _stamp(self, params: dict[str, Any], form: dict[str, str]) -> None:
        clock = self._transport.clock
        if clock is None:
            return
        text = stamped(clock, self._now)
        if clock.place == "header":
            self._headers[clock.param] = text
        elif clock.place == "query" or self._kind == "none":
            self._query[clock.param] = text
        elif self._kind == "form":
            form[clock.param] = text
        else:
            params[clock.param] = text

    def _body(self, params: dict[str, Any]) -> bytes:
        match self._kind:
            case "json":
                return compact(params)
            case "canonical_json":
                return compact(params, is_sorted=True)
            case "xml":
                return b'<?xml version="1.0" encoding="utf-8"?>' + _xml("request", params).encode()
            case _:
                return b""

    def _authorise(self, url: str) -> None:
        auth = self._transport.auth
        if auth is None:
            return
        is_open = not url.startswith("https://")
        if auth.strategy == "oauth1" or (is_open and auth.fallback == "oauth1"):
            self._oauth1(auth, url)
            return
        if is_open and auth.require_https and urlsplit(url).hostname not in _LOOPBACK:
            raise Trouble("open_address", Text(N_("The address begins with http. Write it with https.")))
        if auth.strategy == "basic":
            pair = f"{fill(auth.user, self._settings)}:{fill(auth.password, self._settings)}"
            self._headers[auth.header] = "Basic " + base64.b64encode(pair.encode()).decode()
        elif auth.strategy == "header":
            self._headers[auth.header] = fill(auth.value, self._values)
        elif auth.place == "query":
            self._query[auth.param] = self._token
        else:
            self._headers[auth.header] = (
                fill(self._says or auth.value, self._values) or f"Bearer {self._token}"
            )

    def _oauth1(self, auth: Auth, url: str) -> None:
        user, secret = fill(auth.user, self._settings), fill(auth.password, self._settings)
        added = oauth1_params(self._method, url, self._query, user, secret, self._now, self._nonce)
        self._query |= added

    def _signed(self, form: dict[str, str], body: bytes) -> dict[str, str]:
        """Sign what is in the URL and in the form, and put the signature where it belongs."""
        sign = self._transport.sign
        if sign.strategy in ("none", "python"):
            return form
        made = signature(sign, {**self._query, **form}, self._settings, body)
        if sign.place == "header":
            self._headers[sign.param] = made
        elif sign.place == "query" or self._kind != "form":
            self._query[sign.param] = made
        else:
            return form | {sign.param: made}
        return form


def _xml(tag: str, value: Any) -> str:
    if isinstance(value, Mapping):
        inner = "".join(_xml(str(key), one) for key, one in value.items())
    elif isinstance(value, list | tuple):
        return "".join(_xml(tag, one) for one in value)
    else:
        inner = escape(_NO_CHARACTER.sub(" ", "" if value is None else str(value)))
    return f"<{tag}>{inner}</{tag}>"
