"""What travels between desk and hub: JSON by msgspec, one struct per message.

Source: sync.md sections 5, 6, 14.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from app.command import Refusal, Seen
from app.domain.company import User
from app.domain.scopes import Reach
from app.text import Text
from sync.chain import Hex, Number

SCHEMA = 2
"""Version of these messages; the hub answers 426 to a desk that is older than it can understand."""
LEAST_SCHEMA = 2
"""The oldest a hub still takes: before it, desks signed nothing."""

PUSH_LIMIT = 100
PUSH_BYTES = 1_000_000
PULL_ROWS = 500
WAIT_S = 25
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec says of bytes that are no message."""
Sum = Annotated[str, Meta(pattern="^[0-9a-f]{1,16}$")]
"""A checksum of a scope."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """One command on its way. `n` counts without gaps per replica; `args` is the command's own JSON."""

    n: Annotated[int, Meta(ge=1, le=2**53)]
    id: Annotated[str, Meta(max_length=128)]
    name: Annotated[str, Meta(max_length=64)]
    rev: Annotated[int, Meta(ge=0, le=2**15)]
    args: msgspec.Raw
    login: Annotated[str, Meta(max_length=64)]
    seen: Seen | None = None
    because: Annotated[str, Meta(max_length=500)] = ""
    confirmed: Annotated[tuple[Annotated[str, Meta(max_length=128)], ...], Meta(max_length=500)] = ()
    """Orders this desk told the buyer are theirs, out of its lease."""
    at: Annotated[datetime, Meta(tz=True)]
    """The desk's clock, advisory only."""
    sig: Annotated[str, Meta(max_length=128)] = ""
    """Of the desk's key over `signing.wish_bytes`; machines of the hub sign nothing."""


class Push(msgspec.Struct, frozen=True, kw_only=True):
    replica: str
    epoch: str
    schema: int
    commands: list[Wish]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The hub's final word on one command, stored for ever under (replica, n)."""

    n: Number
    status: str
    """applied | refused | conflict"""
    seq: Number
    refusal: Refusal | None = None
    fields: tuple[str, ...] = ()
    """Fields that changed since the person looked, for a conflict."""


class PushReply(msgspec.Struct, frozen=True, kw_only=True):
    epoch: str
    results: list[Answer]
    next_n: Number
    head: Number
    protected_seq: Number


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """Why this cannot go on: gap | epoch | fork | upgrade | floor | scope | sign_in | busy | bad_request.

    With `scope` comes the reach the person has now: the desk drops what is outside, then asks for the rest.
    """

    code: str
    text: Text | None = None
    expect: int = 0
    epoch: str = ""
    reach: Reach | None = None


class Change(msgspec.Struct, frozen=True, array_like=True):
    """One row as it is after `seq`; `row` is its JSON, null when it is gone from `scope`."""

    seq: Number
    i: Number
    tbl: str
    op: Literal["U", "D"]
    pk: str
    row: msgspec.Raw
    scope: str = ""


class PullReply(msgspec.Struct, frozen=True, kw_only=True):
    """What follows a cursor within the reach named by `scope_rev`; `sums` by scope, of those it holds.

    `own`: the rows that stand under the person's name are all in here, however old they are.
    """

    epoch: str
    since: Number
    to: Number
    head: Number
    more: bool
    last_n: Number
    protected_seq: Number
    hub_time: datetime
    head_hash: Hex
    sums: dict[str, Sum]
    changes: list[Change]
    head_sig: Hex = ""
    hub_key: Hex = ""
    roots: tuple[Hex, ...] = ()
    """Of every block after `since` up to `head`, where they are few."""
    scope_rev: str = ""
    own: bool = False
    replica: str = ""
    """Whose numbers `last_n` counts: a page may arrive after the desk took another name."""


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """What the hub tells everybody. `hub_time` is what a sign-in is signed with."""

    schema: int
    hub_time: datetime


Short = Annotated[str, Meta(max_length=200)]


class SignIn(msgspec.Struct, frozen=True, kw_only=True):
    """`new_password`: the person chooses another one at the door; a first password opens only with it.

    `key` is the public key of this PC, `proof` its signature over `signing.sign_in_bytes`, `told_at` the time
    the hub told. `next`: the digest of the refresh token the desk has made up and will come with.
    """

    user: str
    password: str
    device: str
    replica: str
    new_password: str = ""
    key: Short = ""
    title: Short = ""
    told_at: Annotated[datetime, Meta(tz=True)] | None = None
    next: Short = ""
    proof: Short = ""


class Refresh(msgspec.Struct, frozen=True, kw_only=True):
    """Changes a refresh token for a new access token; `next` is the digest of the one to come with then.

    The same `refresh` with the same `next` is an honest repetition; with another it is somebody else.
    """

    refresh: Short
    next: Short
    replica: Annotated[str, Meta(max_length=64)]
    proof: Short = ""


class AskEnrolment(msgspec.Struct, frozen=True, kw_only=True):
    """Asks whether this PC has been let in."""

    device: Annotated[str, Meta(max_length=64)]
    key: Short


class Enrolment(msgspec.Struct, frozen=True, kw_only=True):
    """`state`: unknown | waits | approved | revoked."""

    state: str


class GiveFirstPassword(msgspec.Struct, frozen=True, kw_only=True):
    """Ask for a new first password of a colleague: it is told once and stored nowhere."""

    user: str


class FirstPassword(msgspec.Struct, frozen=True, kw_only=True):
    password: str
    until: datetime


class SignedIn(msgspec.Struct, frozen=True, kw_only=True):
    """A token for this person on this device, for minutes; the hub keeps its hash."""

    token: str
    login: str
    user: User
    grants: frozenset[str]
    expires_at: datetime
    epoch: str
    hub_time: datetime


class Reveal(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for the receiver of one order in full; the hub writes down who asked."""

    order: str


class AskRaw(msgspec.Struct, frozen=True, kw_only=True):
    """Asks for what came and nobody could read."""

    case: str


class RawText(msgspec.Struct, frozen=True, kw_only=True):
    """It, as far as whoever asks may read it."""

    text: str


class HistoryEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The feed's `history` row: what one command did to one order."""

    order: str
    seq: int
    at: datetime
    by: str
    command: str
    because: str = ""
    texts: tuple[Text, ...] = ()


def row_mark(tbl: str, pk: str, seq: int) -> int:
    """Return what one row adds to the sum of its scope; `PullReply.sums` add them modulo 2**64, as hex.

    Source: sync.md section 11, sums see which version of a row is there, not its masked content.
    """
    name = f"{tbl}\x1f{pk}\x1f{seq}".encode()
    return int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "big")


def new_id(now: datetime) -> str:
    """Make a UUIDv7: it sorts by time and nobody can guess it."""
    return id_of(now, secrets.randbits(80))


def id_of(at: datetime, chance: int) -> str:
    """Make a UUIDv7 of a time and 80 bits. Source: RFC 9562 section 5.7."""
    ms = int((at - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000)
    value = (ms & (2**48 - 1)) << 80 | chance
    value = value & ~(0xF << 76) | 7 << 76
    value = value & ~(3 << 62) | 2 << 62
    return str(UUID(int=value))
