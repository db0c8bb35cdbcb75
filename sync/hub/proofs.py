"""What shows later that a command came from the PC it names: its signature, kept beside it.

A signature tells whoever guesses the arguments that they guessed right, so where arguments are sealed it is
sealed too, under the same key. What was signed is read off the row; only what a row does not hold is kept.
Source: sync.md section 14; DECISIONS 45 and 60.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, select

from app.command import Refusal
from app.upcast import read
from sync import tables as t
from sync.hub.bulk import Of
from sync.hub.finding import Finding
from sync.hub.numbering import Asked, first_id
from sync.hub.seal import PREFIX, Seal, SubjectKey, Unreadable, open_document
from sync.signing import is_signed, seen_digest, wish_bytes
from sync.tables import micros
from sync.wire import Wish

SMALL_INT = 2**31 - 1
AT_ONCE = 500
_KEYS = Of(t.subject_key, ("subject_id", "wrapped"), ("subject_id",))
_encode = msgspec.msgpack.encode


class _Told(msgspec.Struct, frozen=True, array_like=True):
    """A signature, and of what was signed the part that the row does not hold."""

    sig: bytes
    seen: bytes = b""
    confirmed: tuple[str, ...] = ()
    wish: bytes = b""
    """The whole command as it came, where the row holds it in other words."""


class _Kept(msgspec.Struct, frozen=True, array_like=True):
    """What stands in the column; `body` is sealed under the key of `subject`, if one is named."""

    body: bytes
    subject: str = ""


class Signatures(msgspec.Struct, frozen=True, kw_only=True):
    """How many commands of desks were looked at; what could not be is counted, not hidden.

    `sealed`: opened only with the hub's master key; `erased`: with nothing any more; `missing`: from before
    signatures were kept, the last of them at `missing_to`.
    """

    checked: int = 0
    sealed: int = 0
    erased: int = 0
    missing: int = 0
    missing_to: int = 0
    findings: tuple[Finding, ...] = ()


def fitting(wish: Wish) -> Wish:
    """Return a wish that every table can hold, so that even the strangest gets its stored answer."""
    if "\0" not in wish.id + wish.login + wish.name + wish.because and abs(wish.rev) <= SMALL_INT:
        return wish
    texts = {field: getattr(wish, field).replace("\0", "") for field in ("id", "login", "name", "because")}
    return msgspec.structs.replace(wish, **texts, rev=-1)


def proof_of(asked: Asked, rev: int, subject: str | None, keys: Mapping[str, SubjectKey]) -> bytes | None:
    """Return what is kept of a signature, sealed where its command has a `subject`; None for a machine's."""
    wish = asked.wish
    if asked.replica.kind != "desk" or not wish.sig:
        return None
    sig = _raw(wish.sig)
    if sig and bytes(wish.args) == asked.args and wish.rev == rev and fitting(wish) is wish:
        told = _Told(sig, seen_digest(wish) if wish.seen else b"", wish.confirmed)
    else:
        told = _Told(b"", wish=msgspec.json.encode(wish))
    if subject is None:
        return _encode(_Kept(_encode(told)))
    key = keys.get(subject)
    return _encode(_Kept(key.pack(_encode(told)) if key else b"", subject))


def _raw(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except ValueError:
        return b""


def check_proofs(db: Connection, feed_id: int, seal: Seal | None, most: int = 50) -> Signatures:
    """Look at the signature of every command that came from a desk; without `seal` at those in clear."""
    c, d, r = t.command.c, t.device.c, t.replica.c
    asked = (
        select(t.command, d.public_key)
        .join(t.replica, (r.feed_id == c.feed_id) & (r.replica_id == c.replica_id))
        .outerjoin(t.device, (d.feed_id == r.feed_id) & (d.device_id == r.owner))
        .where(c.feed_id == feed_id, r.kind == "desk")
        .order_by(c.seq, c.replica_id, c.n)
    )
    db.execution_options(yield_per=AT_ONCE)
    counts = dict.fromkeys(("checked", "sealed", "erased", "missing"), 0)
    missing_to, findings = 0, list[Finding]()
    for rows in db.execute(asked).partitions():
        kept = [_kept(row) for row in rows]
        keys = _keys(db, feed_id, seal, {one.subject for one in kept if one is not None and one.subject})
        for row, one in zip(rows, kept, strict=True):
            state = _state(one, keys)
            counts[state] += 1
            if state == "missing":
                missing_to = row.seq
            elif state == "checked" and one is not None and not _holds(row, one, keys.get(one.subject)):
                detail = "its signature is not of this PC over this command"
                findings.append(Finding("signature", f"{row.replica_id}/{row.n}", detail))
    return Signatures(**counts, missing_to=missing_to, findings=tuple(findings[:most]))


def _kept(row: Any) -> _Kept | None:
    if row.proof is None:
        return None
    try:
        return msgspec.msgpack.decode(bytes(row.proof), type=_Kept)
    except msgspec.MsgspecError:
        return _Kept(b"?")


def _keys(
    db: Connection, feed_id: int, seal: Seal | None, subjects: Collection[str]
) -> dict[str, SubjectKey | None]:
    """Return the keys that are there still; None stands for one that another master key wrapped."""
    rows = _KEYS.read(db, feed_id, [(subject,) for subject in sorted(subjects)])
    return {subject: _opened(seal, subject, bytes(wrapped)) for subject, wrapped in rows}


def _opened(seal: Seal | None, subject: str, wrapped: bytes) -> SubjectKey | None:
    try:
        return seal.unwrap(subject, wrapped) if seal else None
    except Unreadable:
        return None


def _state(kept: _Kept | None, keys: Mapping[str, SubjectKey | None]) -> str:
    if kept is None:
        return "missing"
    if not kept.subject:
        return "checked"
    if not kept.body or kept.subject not in keys:
        return "erased"
    return "checked" if keys[kept.subject] else "sealed"


def _holds(row: Any, kept: _Kept, key: SubjectKey | None) -> bool:
    """Tell whether the PC of this replica signed what stands in the row."""
    try:
        told = msgspec.msgpack.decode(key.unpack(kept.body) if key else kept.body, type=_Told)
        args = _args(row.args, key)
        wish = msgspec.json.decode(told.wish, type=Wish) if told.wish else _wish(row, told, args)
    except (msgspec.MsgspecError, Unreadable):
        return False
    seen = (told.seen or None) if not told.wish else None
    if not is_signed(bytes(row.public_key or b""), wish.sig, wish_bytes(row.replica_id, wish, seen)):
        return False
    return not told.wish or _says(row, wish, args)


def _wish(row: Any, told: _Told, args: bytes) -> Wish:
    """Return the command as its desk sent it, but for what its author saw: of that there is a digest."""
    return Wish(
        n=row.n,
        id=_id(row),
        name=row.name,
        rev=row.rev,
        args=msgspec.Raw(args),
        login=row.login_id,
        because=row.because,
        confirmed=told.confirmed,
        at=row.client_at,
        sig=base64.b64encode(told.sig).decode(),
    )


def _says(row: Any, wish: Wish, args: bytes) -> bool:
    """Tell whether a row says in our words what a command said in its own."""
    said, found = fitting(wish), read(wish.name, wish.rev, bytes(wish.args))
    read_args = bytes(wish.args) if isinstance(found, Refusal) else msgspec.json.encode(found)
    told = (wish.n, said.id, said.name, said.login, said.because, micros(said.at), read_args)
    held = (row.n, _id(row), row.name, row.login_id, row.because, micros(row.client_at), args)
    return told == held


def _id(row: Any) -> str:
    """Return the id a command came with; one that came before is stored under a longer one."""
    return first_id(str(row.cmd_id), row.replica_id, row.n)


def _args(stored: str, key: SubjectKey | None) -> bytes:
    """Return the arguments as they came, opened; those nobody could read are sealed as one text."""
    if key is not None and stored.startswith(f'"{PREFIX}'):
        return key.open(msgspec.json.decode(stored, type=str))
    return open_document(stored.encode(), key)
