"""What all simulated platforms have alike: they read, check, are sometimes unwell, answer and keep a log."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from sync.simulators.sale import Sale
from sync.simulators.shop import Call, Shop
from sync.simulators.weather import Weather

TOKEN_CALLS = frozenset(
    {
        "token",
        "token.refresh",
        "oauth2.refresh",
        "/cgi-bin/stable_token",
        "pdd.pop.auth.token.refresh",
        "taobao.top.auth.token.refresh",
    }
)
"""Who asks for a token is counted elsewhere, as on the real platforms: the weather is that of the others."""
SECRET = ("sign", "session", "access_token", "refresh_token", "client_secret", "app_secret", "secret")


@dataclass(frozen=True, slots=True)
class Heard:
    """One request, byte for byte; names of headers are in lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer. `hangs`: what was asked is done, but the line goes dead before a word of it."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request turned out to ask for."""

    name: str
    fields: dict[str, Any]


class Refused(Exception):
    """The platform does not do what it was asked; `code` is its own."""

    def __init__(self, code: str, said: Said) -> None:
        super().__init__(code)
        self.code, self.said = code, said


def as_json(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Said:
    """Answer with JSON, letters as they are."""
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Said(status, body, {"Content-Type": "application/json; charset=utf-8"} | dict(headers or {}))


class Platform(ABC):
    """One simulated platform in front of one shop.

    `calls`: name of a call → how it is answered; `pages` are the calls that read a list, `writes` those that
    change something.
    """

    code: ClassVar[str]
    title: ClassVar[str]
    pages: ClassVar[frozenset[str]]
    writes: ClassVar[frozenset[str]]
    shows_unpaid: ClassVar[bool] = True

    def __init__(self, shop: Shop, weather: Weather | None = None) -> None:
        self.shop, self.weather = shop, weather or Weather()
        self.shop.only_paid = not self.shows_unpaid
        self.tokens_given = 1
        self._by_ext_id: dict[str, int] = {}
        self.calls: dict[str, Callable[[Asked], Said]] = {}

    @abstractmethod
    def settings(self, base: str) -> dict[str, str]:
        """What to type where the shop is connected: keys of this simulator, none of anybody's."""

    @abstractmethod
    def ext_id(self, no: int) -> str:
        """The platform's own number of the shop's `no`-th order."""

    @abstractmethod
    def read(self, heard: Heard) -> Asked:
        """Understand a request and check who signed it.

        Raises:
            Refused: it is not what this platform takes.
        """

    @abstractmethod
    def throttled(self) -> Refused:
        """Say that there were too many calls."""

    @abstractmethod
    def unwell(self) -> Refused:
        """Say that something broke at the platform's own side."""

    @abstractmethod
    def unknown(self, name: str) -> Refused:
        """Say that there is no such call."""

    def answer(self, heard: Heard) -> Said:
        """Do what is asked, one request at a time."""
        with self.shop.lock:
            name, fields = heard.path, dict[str, Any]()
            try:
                asked = self.read(heard)
                name, fields = asked.name, asked.fields
                said, word = self._done(asked), "done"
            except Refused as refused:
                said, word = refused.said, refused.code
            if said.hangs:
                word = "accepted, then silent"
            kept = {key: str(value)[:200] for key, value in fields.items() if key not in SECRET}
            self.shop.calls.append(Call(self.shop.clock.now(), name, kept, word))
            if word == "done" and name in self.pages and self.weather.strikes("change"):
                self.shop.change()
            return said

    def _done(self, asked: Asked) -> Said:
        call = self.calls.get(asked.name)
        if call is None:
            raise self.unknown(asked.name)
        if asked.name not in TOKEN_CALLS:
            if self.weather.strikes("throttle"):
                raise self.throttled()
            if self.weather.strikes("fail"):
                raise self.unwell()
        said = call(asked)
        if asked.name in self.writes and self.weather.strikes("hang"):
            return Said(said.status, said.body, said.headers, hangs=True)
        return said

    # --- tokens and numbers --------------------------------------------------------------------------

    @property
    def token(self) -> str:
        """The access token that is valid now."""
        return f"{self.code}-token-{self.tokens_given}"

    def renew(self) -> str:
        """Give a new access token; the one before is worth nothing from now on."""
        self.tokens_given += 1
        return self.token

    def is_token(self, given: object) -> bool:
        """Tell whether a token is the valid one; now and then it has just expired."""
        if given == self.token and self.weather.strikes("expire"):
            self.renew()
        return given == self.token

    def find(self, ext_id: object) -> Sale | None:
        """Return the order the platform knows by a number."""
        for no in range(len(self._by_ext_id), len(self.shop)):
            self._by_ext_id[self.ext_id(no)] = no
        no_found = self._by_ext_id.get(str(ext_id))
        return None if no_found is None else self.shop.sale(no_found)


class Pushing(Platform):
    """A platform that tells of a change by itself."""

    @abstractmethod
    def push(self, sale: Sale, no: int) -> Heard:
        """Return its `no`-th delivery: what it says of an order now."""
