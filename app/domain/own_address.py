"""Where a person wants to hear of holds outside the program: addresses of their own. Pure.

An address is kept at the hub and shown to nobody, not even to whom it belongs; a mask says which one it is.
Source: capabilities 4.7.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

import msgspec

from app.text import N_, Text

MAIL, DINGTALK, WECOM, FEISHU, WEB = "mail", "dingtalk", "wecom", "feishu", "web"
WAYS: Mapping[str, str] = {
    DINGTALK: N_("DingTalk robot"),
    WECOM: N_("WeCom robot"),
    FEISHU: N_("Feishu or Lark robot"),
    MAIL: N_("E-mail"),
    WEB: N_("Web hook"),
}
ADDRESSES_MOST = 10
VALUE_MOST = 300
_TOKEN = re.compile(r"[A-Za-z0-9-]{16,128}", re.ASCII)
_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*/?", re.ASCII)
_ROBOTS: Mapping[str, tuple[str, str, str]] = {
    DINGTALK: ("oapi.dingtalk.com", "/robot/send", "access_token"),
    WECOM: ("qyapi.weixin.qq.com", "/cgi-bin/webhook/send", "key"),
}
_FEISHU = {"open.feishu.cn": "feishu", "open.larksuite.com": "lark"}
_HOOK = "/open-apis/bot/v2/hook/"


class OwnAddress(msgspec.Struct, frozen=True, kw_only=True):
    """One address, as its person sees it again."""

    id: str
    way: str
    mask: str
    made_at: datetime


class OwnAddresses(msgspec.Struct, frozen=True, kw_only=True):
    """What the hub has of one person, and which ways it knows; `hosts` are those a web hook may lead to."""

    ways: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    items: tuple[OwnAddress, ...] = ()


class NewAddress(msgspec.Struct, frozen=True, kw_only=True):
    """An address as it was typed."""

    way: str
    value: str


class Allowed(msgspec.Struct, frozen=True):
    """What the operator of a hub allows: the server its e-mail goes through, hosts of web hooks."""

    mail: str = ""
    hosts: tuple[str, ...] = ()

    @property
    def ways(self) -> tuple[str, ...]:
        """Robots always, as their hosts are known; the rest where the operator named a server or a host."""
        mail, web = (MAIL,) if self.mail else (), (WEB,) if self.hosts else ()
        return (DINGTALK, WECOM, FEISHU, *mail, *web)


class Address(NamedTuple):
    """Where a message goes, as Apprise writes it, and what may be shown of it."""

    url: str
    mask: str


def read(asked: NewAddress, allowed: Allowed) -> Address | Text:
    """Understand what was typed, or say why nothing is sent there."""
    value = asked.value.strip()
    if asked.way not in allowed.ways:
        return Text(N_("This hub sends nothing that way. Ask who runs it."))
    if len(value) > VALUE_MOST:
        return Text(N_("An address has up to 300 characters. Shorten it."))
    if asked.way == MAIL:
        return _mail(value, allowed.mail)
    parts = _parts(value)
    if parts is None:
        return Text(N_("Copy the whole address that begins with https://."))
    host = parts.hostname or ""
    if asked.way == WEB:
        return _web(host, parts.path, parts.query, allowed.hosts)
    return _robot(asked.way, host, parts.path, parts.query)


def _parts(value: str) -> SplitResult | None:
    """Take an address apart that leads to the usual door of a host, and to nobody's account there."""
    try:
        parts = urlsplit(value)
        is_plain = parts.port in (None, 443) and "@" not in parts.netloc and not parts.fragment
    except ValueError:
        return None
    return parts if parts.scheme == "https" and parts.hostname and is_plain else None


def _mail(value: str, server: str) -> Address | Text:
    if _MAIL.fullmatch(value) is None:
        return Text(N_("That is no e-mail address. Type it like lin@example.com."))
    name, _, host = value.partition("@")
    to = quote(value, safe="")
    return Address(f"{server}{'&' if '?' in server else '?'}to={to}", f"{name[:1]}***@{host}")


def _web(host: str, path: str, query: str, hosts: tuple[str, ...]) -> Address | Text:
    if host not in hosts:
        return Text(N_("Web hooks lead to {hosts} only. Ask who runs the hub."), {"hosts": ", ".join(hosts)})
    if query or _PATH.fullmatch(path) is None:
        return Text(N_("A web hook here is a host and a path, nothing behind a question mark."))
    return Address(f"jsons://{host}{path}", f"https://{host}/…{path[-4:]}")


def _robot(way: str, host: str, path: str, query: str) -> Address | Text:
    token, scheme = "", way if way != WECOM else "wecombot"
    if way == FEISHU and host in _FEISHU and path.startswith(_HOOK) and not query:
        token, scheme = path.removeprefix(_HOOK), _FEISHU[host]
    elif way in _ROBOTS and (host, path) == _ROBOTS[way][:2]:
        token = "".join(parse_qs(query).get(_ROBOTS[way][2], [])[:1])
    if _TOKEN.fullmatch(token) is None:
        return Text(N_("That is no address of this robot. Copy it from the settings of its group."))
    return Address(f"{scheme}://{token}", f"{host} …{token[-4:]}")
