"""Calls of one shop: made, paced, tried again, and its token kept fresh.

The clock, the line and the waiting are given, so that tests need neither network nor time.
Source: channels.md section 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

import msgspec

from app.text import N_, Text, both
from app.trouble import Trouble
from sync.manifest.answer import Verdict, judge
from sync.manifest.block import Words
from sync.manifest.blocks import Auth, Budget, Manifest, Stream, Transport
from sync.manifest.durations import duration
from sync.manifest.pace import Bucket, Counts, Pace
from sync.manifest.paging import Heard, Page, Span, call_of, walk
from sync.manifest.paths import fill, filled, get, holds, number
from sync.manifest.plugin import NOTHING, Plugin, called
from sync.manifest.renewing import Keys, Unkept, asks, gained
from sync.manifest.request import Request, build, put
from sync.manifest.writing import Told, tell

TRIES = 4
PATIENCE_S = 120.0
EARLY = timedelta(minutes=5)
"""A token is renewed so long before it ends."""


class Answer(msgspec.Struct, frozen=True):
    """What came back over the line."""

    status: int
    headers: dict[str, str]
    body: bytes


class Line(Protocol):
    """Sends one request; raises `Trouble` where nobody answers or too much comes back."""

    def __call__(self, request: Request, timeout_s: float, most_bytes: int) -> Answer: ...


class Token(msgspec.Struct, frozen=True):
    """What an authorisation gave us, and until when."""

    value: str
    until: datetime


class Refused(Trouble):
    """A channel said no; `verdict` says what to do, `say` are the words of its manifest."""

    def __init__(self, verdict: Verdict) -> None:
        retry = verdict.action in ("retry", "throttle")
        super().__init__(f"channel_{verdict.action}", verdict.text, retry=retry)
        self.verdict = verdict

    @property
    def say(self) -> Words:
        """The words of the manifest, empty where it has none."""
        return self.verdict.say

    @property
    def said(self) -> Text:
        """What to do about it: in the words of the manifest, in both languages, else in ours."""
        words = both(self.say.zh or self.say.en, self.say.en)
        return Text("{what}", {"what": Text(words)}) if words else self.hint


class Caller:
    """Talks to one shop. Not for several threads at once."""

    def __init__(
        self,
        manifest: Manifest,
        settings: Mapping[str, str],
        line: Line,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        nonce: Callable[[], str],
        token: Token | None = None,
        plugin: Plugin = NOTHING,
        bucket_of: Callable[[Budget], Counts] = Bucket,
        keys: Keys | None = None,
    ) -> None:
        if manifest.transport is None:
            raise Trouble("no_transport", Text(N_("This channel cannot be called: it only sends.")))
        self._manifest, self._transport = manifest, manifest.transport
        self._settings = with_defaults(manifest, settings)
        self._line, self._clock, self._sleep, self._nonce = line, clock, sleep, nonce
        self._token, self._plugin = token, plugin
        self._keys: Keys = keys or Unkept()
        self._pace = Pace(manifest.budget, bucket_of)

    @property
    def settings(self) -> Mapping[str, str]:
        """The settings of the shop, with the defaults of the manifest."""
        return self._settings

    @property
    def token(self) -> Token | None:
        """The token in use, to be kept for the next time."""
        return self._token

    def pages(self, name: str, span: Span) -> Iterator[Page]:
        """Read a window of a stream page by page, each record in full.

        Raises:
            Refused: the channel said no; records of earlier pages are good, the cursor must stay.
        """
        stream = self._manifest.streams[name]
        for page in walk(
            stream, call_of(stream, span, self._settings), lambda call: self._ask(name, stream, call)
        ):
            yield Page([self._in_full(name, stream, record) for record in page.records], page.is_last)

    def one(self, name: str, id: str) -> Any:
        """Read one record again, as it is now: the whole payload."""
        stream = self._manifest.streams[name]
        call = filled(stream.one, {**self._settings, "id": id})
        return self._ask(name, stream, call).data

    def write(
        self, name: str, values: Mapping[str, Any], items: Sequence[Mapping[str, Any]] = ()
    ) -> list[Any]:
        """Tell the channel something, in as many calls as it needs; return what each was answered.

        Raises:
            Refused: the channel said no.
        """

        def ask(told: Told) -> Any:
            return self.ask(told.call, stream=name, method=told.method).data

        return tell(self._manifest.writes[name], {**self._settings, **values}, items, ask)

    def _in_full(self, name: str, stream: Stream, record: Any) -> Any:
        if stream.detail is None or not holds(record, stream.detail.when):
            return record
        call = filled(stream.detail.call, {**self._settings, "record": record})
        found = get(self._ask(name, stream, call).data, stream.detail.record)
        if found is not None and stream.detail.into and isinstance(record, dict):
            whole = dict(record)
            put(whole, stream.detail.into, found)
            return whole
        if found is None:
            raise Trouble(
                "no_detail",
                Text(N_("A record of the list cannot be read in full. It is asked again."), {}),
                retry=True,
            )
        return found

    def _ask(self, name: str, stream: Stream, call: Mapping[str, Any]) -> Heard:
        return self.ask(call, stream=name, method=stream.method, kind=stream.body, says=stream.auth)

    def ask(
        self,
        call: Mapping[str, Any],
        *,
        stream: str = "",
        method: str = "",
        kind: str = "",
        says: str = "",
        is_once: bool = False,
    ) -> Heard:
        """Make one call, again where the channel asks for it, with a fresh token where that one is over.

        `is_once`: what broke at its side may have been done there, so that is not made again.

        Raises:
            Refused: it said no, or went on asking for patience.
            Trouble: nobody answers.
        """
        fresh, waited, attempt = False, 0.0, 0
        while True:
            attempt += 1
            self._pace.wait(stream, self._clock, self._sleep)
            answer = self._send(call, method, kind, says)
            verdict = judge(self._transport, answer.status, answer.headers, answer.body)
            self._pace.hear(verdict.data)
            if verdict.action == "ok":
                parse = self._plugin.parse
                data = verdict.data
                if parse is not None:
                    data = called(self._manifest.id, parse, data)
                return Heard(data, {name.lower(): value for name, value in answer.headers.items()})
            if verdict.action == "reauthorize" and not fresh and (self._renews or self._has_new_keys()):
                fresh, self._token = True, None
                continue
            wait_s = max(verdict.wait_s, float(2**attempt))
            if verdict.action == "fail":
                self._check_clock(answer)
            again = ("throttle",) if is_once else ("retry", "throttle")
            is_hopeless = verdict.action not in again or attempt >= TRIES
            if is_hopeless or waited + wait_s > PATIENCE_S:
                raise Refused(verdict)
            waited += wait_s
            self._sleep(wait_s)

    def _has_new_keys(self) -> bool:
        """Renew the keys of the shop where its channel gives new ones for old.

        Raises:
            Refused: the channel asks to come later.
        """
        renewal, now = self._transport.renew, self._clock()
        if renewal is None or not self._settings.get(renewal.needs):
            return False
        with self._keys.alone():
            found = self._keys.newer(self._settings)
            if found is None:
                request = asks(self._transport, renewal, self._settings, now, self._nonce())
                answer = self._over_the_line(request)
                verdict = judge(self._transport, answer.status, answer.headers, answer.body)
                if verdict.action in ("retry", "throttle"):
                    raise Refused(verdict)
                found = gained(renewal, verdict.data, now) if verdict.action == "ok" else {}
                if found:
                    self._settings.update(found)
                    self._keys.keep(found)
                else:  # another hub may have been first: what it got is good
                    found = self._keys.newer(self._settings) or {}
        self._settings.update(found)
        return bool(found)

    def _check_clock(self, answer: Answer) -> None:
        """Say that our clock is wrong where that is why a call was refused.

        Raises:
            Trouble: the channel's clock is further away than it accepts.
        """
        clock = self._transport.clock
        said = next((text for name, text in answer.headers.items() if name.lower() == "date"), "")
        if clock is None or not said:
            return
        try:
            theirs = parsedate_to_datetime(said)
        except ValueError:
            return
        off = abs(self._clock() - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)))
        if off > duration(clock.max_skew):
            text = N_("The hub's clock is {minutes} minutes off. Set it, then try again.")
            if off >= timedelta(days=1):
                text = N_(
                    "The hub's clock is {days} days off. Set it, then try again. "
                    "The demo company has a calendar of its own: give its simulator --demo."
                )
                raise Trouble("clock_off", Text(text, {"days": off.days}))
            raise Trouble("clock_off", Text(text, {"minutes": off // timedelta(minutes=1)}))

    @property
    def _renews(self) -> bool:
        auth = self._transport.auth
        return auth is not None and auth.strategy in ("oauth2_refresh", "token_call")

    def _send(self, call: Mapping[str, Any], method: str, kind: str, says: str) -> Answer:
        token = self._fresh_token() if self._renews else ""
        if "url" in call:
            request = self._linked(str(call["url"]), token)
        else:
            request = build(
                self._transport,
                call,
                self._settings,
                self._clock(),
                method=method,
                kind=kind,
                token=token,
                nonce=self._nonce(),
                says=says,
            )
        if self._transport.sign.strategy == "python":
            request = self._by_hand(request)
        return self._over_the_line(request)

    def _by_hand(self, request: Request) -> Request:
        """Sign by the plugin of the channel.

        Raises:
            Trouble: there is none, or it makes no request.
        """
        sign = self._plugin.sign
        signed = None
        if sign is not None:
            signed = called(self._manifest.id, sign, request, dict(self._settings))
        if not isinstance(signed, Request):
            raise Trouble(
                "no_plugin",
                Text(
                    N_("The plugin {name} must have sign(request, settings)."),
                    {"name": f"{self._manifest.id}.py"},
                ),
            )
        return signed

    def _over_the_line(self, request: Request) -> Answer:
        timeout_s = duration(self._transport.timeout).total_seconds()
        return self._line(request, timeout_s, self._transport.most_mb * 2**20)

    def _linked(self, url: str, token: str) -> Request:
        """Follow a link of the channel, and nowhere else with its keys.

        Raises:
            Trouble: the link leads to another host.
        """
        base = build(self._transport, {}, self._settings, self._clock(), token=token, nonce=self._nonce())
        if urlsplit(url)[:2] != urlsplit(base.url)[:2]:
            raise Trouble(
                "foreign_link", Text(N_("The channel names a page at another address. It is not read."))
            )
        return msgspec.structs.replace(base, url=url)

    def _fresh_token(self) -> str:
        now = self._clock()
        if self._token is None or self._token.until - EARLY <= now:
            self._token = self._new_token(now)
        return self._token.value

    def _new_token(self, now: datetime) -> Token:
        auth = self._transport.auth
        if auth is None:
            raise LookupError("no authorisation")
        asks = Transport(
            base=fill(auth.url, self._settings),
            method=auth.method,
            body=auth.body,
            auth=Auth(strategy="basic", user=auth.user, password=auth.password) if auth.user else None,
            errors=self._transport.errors,
        )
        request = build(asks, filled(auth.ask, self._settings), self._settings, now)
        answer = self._over_the_line(request)
        verdict = judge(asks, answer.status, answer.headers, answer.body)
        value = get(verdict.data, auth.token)
        if verdict.action != "ok" or not isinstance(value, str):
            action = verdict.action if verdict.action in ("retry", "throttle") else "reauthorize"
            text = Text(
                N_("The channel gives no token ({code}). Check the keys of the shop."),
                {"code": answer.status},
            )
            raise Refused(Verdict(action=action, text=text, say=verdict.say, wait_s=verdict.wait_s))
        lives_s = int(number(get(verdict.data, auth.ttl) or 7200))
        return Token(value, now + timedelta(seconds=max(60, min(lives_s, 365 * 86_400))))


def with_defaults(manifest: Manifest, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the settings of a shop with what its manifest says where it says nothing."""
    known = {name: one.value or one.default for name, one in manifest.settings.items()}
    return known | {name: value for name, value in settings.items() if value}
