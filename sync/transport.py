"""HTTP between a desk and its hub: deadlines, JSON by msgspec, refusals of the protocol as values.

Source: sync.md sections 5, 6, 11, 14.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import msgspec

from app.domain.scopes import Reach
from app.domain.values import Receiver
from app.ports import Pc
from sync.chain import ChainReply, Seen
from sync.faults import troubles, unreadable
from sync.mark import SHA256, Snapshot, asked_for, snapshot_of
from sync.trust import PUBLIC, Trust, is_near
from sync.wire import (
    SCHEMA,
    UNREADABLE,
    AskEnrolment,
    Enrolment,
    FirstPassword,
    GiveFirstPassword,
    Health,
    PullReply,
    Push,
    PushReply,
    Refresh,
    Reveal,
    SignedIn,
    SignIn,
    Stop,
)

if TYPE_CHECKING:
    import requests

CONNECT_S = 3.0
READ_S = 35.0
WHOLE_S = 60.0
ANSWER_BYTES = 64_000_000
"""No answer but a download is longer; a page of rows has some hundred thousand bytes."""
RETRY_AFTER_MOST_S = 300.0
"""No hub and no proxy keeps a desk away for longer, whatever it says."""
GZIP_FROM_BYTES = 4096
CHUNK_BYTES = 65_536
PIECE_BYTES = 16_384
"""So much of a download arrives within `WHOLE_S`, or the line is cut and the rest fetched over another."""
_STOPS = {
    401: "sign_in",
    403: "sign_in",
    410: "floor",
    413: "too_large",
    426: "upgrade",
    429: "busy",
    503: "busy",
}

T = TypeVar("T")


class Stopped(Exception):
    """The hub answered, and the answer is that this cannot go on as asked.

    Units: `wait_s` seconds the hub asks for before the next try.
    """

    def __init__(self, stop: Stop, wait_s: float = 0.0) -> None:
        super().__init__(stop.code)
        self.stop = stop
        self.wait_s = wait_s


class Transport:
    """One HTTP session to one hub; used by one lane. `token` names who asks."""

    def __init__(
        self,
        url: str,
        token: Callable[[], str] = lambda: "",
        *,
        connect_s: float = CONNECT_S,
        read_s: float = READ_S,
        whole_s: float = WHOLE_S,
        trust: Trust = PUBLIC,
    ) -> None:
        from sync.deadline import Deadline
        from sync.session import Session

        self.url = url.rstrip("/")
        self._token = token
        self._timeout, self._whole_s = (connect_s, read_s), whole_s
        self._deadline = Deadline()
        self._session = Session(self.url, trust, self._deadline, is_near=is_near(url, trust))

    def close(self) -> None:
        """Drop every connection."""
        self._session.close()

    def break_off(self) -> None:
        """Give up the question under way, if there is one; asked for by another thread."""
        self._deadline.end()

    def sign_in(self, who: SignIn) -> SignedIn:
        """Prove who sits at the desk.

        Raises:
            Stopped: `sign_in`: the hub does not know this name and password.
            Trouble: the hub cannot be reached.
        """
        return self.ask("POST", "/v1/sign_in", SignedIn, body=msgspec.json.encode(who))

    def health(self) -> Health:
        """Ask whether the hub is there, and what time it has."""
        return self.ask("GET", "/v1/health", Health)

    def refresh(self, asked: Refresh) -> SignedIn:
        """Change a refresh token for an access token.

        Raises:
            Stopped: sign_in | stolen | busy | limited.
            Trouble: the hub cannot be reached; whether it changed it is unknown, so the same is asked again.
        """
        return self.ask("POST", "/v1/refresh", SignedIn, body=msgspec.json.encode(asked))

    def enrolment(self, asked: AskEnrolment) -> Enrolment:
        """Ask whether a PC has been let in.

        Raises:
            Trouble: the hub cannot be reached.
        """
        return self.ask("POST", "/v1/enrolment", Enrolment, body=msgspec.json.encode(asked))

    def pcs(self) -> list[Pc]:
        """Return the PCs that asked to work with the hub.

        Raises:
            Stopped: not_allowed | sign_in | busy.
            Trouble: the hub cannot be reached.
        """
        return self.ask("GET", "/v1/pcs", list[Pc])

    def decide_pc(self, id: str, decision: str) -> None:
        """Let a PC in (approve) or put it out (revoke).

        Raises:
            Stopped: not_allowed | no_pc | this_pc | sign_in | busy.
            Trouble: the hub cannot be reached.
        """
        self.ask("POST", f"/v1/pcs/{quote(id, safe='')}/{decision}", type(None))

    def first_password(self, whose: GiveFirstPassword) -> FirstPassword:
        """Get a new first password for a colleague; it is never told again.

        Raises:
            Stopped: not_allowed | no_person | not_yourself | not_held | sign_in | busy.
            Trouble: the hub cannot be reached.
        """
        return self.ask("POST", "/v1/first_password", FirstPassword, body=msgspec.json.encode(whose))

    def told(self, what: str, kind: type[T]) -> T:
        """Ask what the hub alone knows.

        Raises:
            Stopped: not_granted | limited | sign_in | busy.
            Trouble: the hub cannot be reached.
        """
        return self.ask("GET", f"/v1/{what}", kind)

    def figures(self, what: str, kind: type[T], days: int) -> T:
        """Ask for figures of the last days.

        Raises:
            Stopped: not_granted | limited | sign_in | busy.
            Trouble: the hub cannot be reached.
        """
        return self.ask("GET", f"/v1/{what}", kind, params={"days": days})

    def push(self, push: Push) -> PushReply:
        """Send commands in order.

        Raises:
            Stopped: gap | epoch | fork | upgrade | sign_in | busy.
            Trouble: the hub cannot be reached; whether it took them is unknown, so they are sent again.
        """
        return self.ask("POST", "/v1/push", PushReply, body=msgspec.json.encode(push))

    def pull(
        self,
        *,
        epoch: str,
        cursor: int,
        last_n: int,
        limit: int,
        wait: int,
        scope_rev: str = "",
        own: bool = False,
    ) -> PullReply:
        """Ask for the rows after `cursor`; the hub keeps the line for `wait` seconds when there are none.

        `scope_rev` names the reach of the replica they are for; `own` asks for all under the person's name.

        Raises:
            Stopped: epoch | floor | scope | upgrade | sign_in | busy.
            Trouble: the hub cannot be reached.
        """
        params = {
            "epoch": epoch, "cursor": cursor, "last_n": last_n, "limit": limit, "wait": wait,
            "schema": SCHEMA, "scope_rev": scope_rev, "own": int(own),
        }  # fmt: skip
        return self.ask("GET", "/v1/pull", PullReply, params=params)

    def chain(self, since: int, to: int) -> ChainReply:
        """Ask what lies between two heads.

        Raises:
            Stopped: sign_in | busy.
            Trouble: the hub cannot be reached.
        """
        return self.ask("GET", "/v1/chain", ChainReply, params={"since": since, "to": to})

    def witness(self, seen: Seen) -> dict[str, bool]:
        """Tell the hub what this desk has seen of its history.

        Raises:
            Stopped: sign_in | busy.
            Trouble: the hub cannot be reached.
        """
        return self.ask("POST", "/v1/witness", dict[str, bool], body=msgspec.json.encode(seen))

    def receiver(self, order: str) -> Receiver:
        """Ask for one receiver in full.

        Raises:
            Stopped: not_granted | no_order | not_packed | sign_in | busy.
            Trouble: the hub cannot be reached.
        """
        return self.ask("POST", "/v1/receiver", Receiver, body=msgspec.json.encode(Reveal(order=order)))

    def snapshot(self, had: Reach | None = None, begun: str = "", since: int = 0) -> Snapshot | None:
        """Ask what the snapshot of this person's rows is, beside those they `had`; None when there is none.

        `since`: how far those have come. `begun` is the digest of one that was fetched in part: while the hub
        keeps it, that one is named.

        Raises:
            Stopped: sign_in | upgrade | busy.
            Trouble: the hub cannot be reached.
        """
        params = asked_for(had, begun, since)
        headers = {"Accept-Encoding": "identity"}
        with troubles(), self._opened("HEAD", "/v1/snapshot", headers, params=params) as response:
            if response.status_code in {404, 405}:
                return None
            if response.status_code != 200:
                raise _stopped(response.status_code, b"", response.headers)
            found = snapshot_of(response.headers)
            if found is None:
                raise unreadable()
            return found

    def download(
        self, snapshot: Snapshot, start: int, had: Reach | None = None, since: int = 0
    ) -> Iterator[bytes]:
        """Read a snapshot's bytes from `start` on; each piece has its own deadline, the whole has none.

        Raises:
            Stopped: `gone`: the hub has another snapshot by now.
            Trouble: the line broke; ask again from where it stopped.
        """
        headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
        params = asked_for(had, snapshot.sha256, since)
        with troubles(), self._opened("GET", "/v1/snapshot", headers, params=params) as response:
            if response.status_code not in {200, 206}:
                raise self._refused(response)
            if response.headers.get(SHA256) != snapshot.sha256 or (start and response.status_code != 206):
                raise Stopped(Stop(code="gone"))
            yield from self._pieces(response)

    def read(self, path: str) -> Iterator[bytes]:
        """Read a file the hub makes for this person; each piece has its own deadline, the whole has none.

        Raises:
            Stopped: sign_in | busy, or why there is no such file.
            Trouble: the line broke; ask again from the start.
        """
        with troubles(), self._opened("GET", path, {"Accept-Encoding": "identity"}) as response:
            if response.status_code != 200:
                raise self._refused(response)
            yield from self._pieces(response)

    def ask(
        self,
        method: str,
        path: str,
        kind: type[T],
        body: bytes = b"",
        params: dict[str, Any] | None = None,
        media: str = "application/json",
    ) -> T:
        """Ask one thing of the hub and wait for its answer.

        Raises:
            Stopped: the hub says that it cannot be.
            Trouble: the hub cannot be reached.
        """
        headers = {"Content-Type": media} if body else {}
        if len(body) > GZIP_FROM_BYTES:
            body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        with troubles(), self._deadline.within(self._whole_s):
            with self._open(method, path, headers, params, body) as response:
                content = response.raw.read(ANSWER_BYTES + 1, decode_content=True)
            if len(content) > ANSWER_BYTES:
                raise unreadable()
            if response.status_code != 200:
                raise _stopped(response.status_code, content, response.headers)
        try:
            return msgspec.json.decode(content, type=kind)
        except UNREADABLE as error:
            raise unreadable() from error

    @contextmanager
    def _opened(
        self, method: str, path: str, headers: dict[str, str], params: dict[str, str] | None = None
    ) -> Iterator[requests.Response]:
        """Ask for something long: its head has a deadline, its pieces have one each."""
        with self._deadline.within(self._whole_s):
            response = self._open(method, path, headers, params)
        with response:
            yield response

    def _pieces(self, response: requests.Response) -> Iterator[bytes]:
        """Read a long body: the whole has no deadline, but so many bytes must come in the time of a question.

        Source: sync.md section 6: a line that drips is cut like one that is silent.
        """
        while True:
            with self._deadline.within(self._whole_s):
                piece: bytes = response.raw.read(PIECE_BYTES)
            if not piece:
                return
            yield piece

    def _refused(self, response: requests.Response) -> Exception:
        with self._deadline.within(self._whole_s):
            content = response.raw.read(ANSWER_BYTES, decode_content=True)
        return _stopped(response.status_code, content, response.headers)

    def _open(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        params: dict[str, Any] | None = None,
        body: bytes = b"",
    ) -> requests.Response:
        if token := self._token():
            headers["Authorization"] = f"Bearer {token}"
        return self._session.ask(method, path, headers, params, body, self._timeout)


def _stopped(status: int, content: bytes, headers: Any) -> Exception:
    wait_s = retry_after_s(headers.get("Retry-After", ""), datetime.now(UTC))
    try:
        return Stopped(msgspec.json.decode(content, type=Stop), wait_s)
    except UNREADABLE:
        pass
    if status == 404:
        return Stopped(Stop(code="not_found"))
    return Stopped(Stop(code=_STOPS[status]), wait_s) if status in _STOPS else unreadable()


def retry_after_s(said: str, now: datetime) -> float:
    """Return how long a `Retry-After` asks to wait, in seconds or until a date; at most five minutes.

    Source: RFC 9110 section 10.2.3.
    """
    said = said.strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:9]), RETRY_AFTER_MOST_S)
    try:
        left_s = (parsedate_to_datetime(said) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return 0.0
    return min(max(left_s, 0.0), RETRY_AFTER_MOST_S)
