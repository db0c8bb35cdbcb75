"""The manifest of a shop is mended from a desk: a patch is tried on a real record, kept as a version, undone.

The manifest that came with the program stays as it is. What is signed, checked and called is not changed
from a desk. Source: channels.md section 5; capabilities 9.5.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, insert, select, update

from app.commands.receive import Receive
from app.domain.beside import with_values
from app.domain.company import READS_ALL
from app.domain.mending import AskMending, Bit, Mending, Version, Wrong, is_locked, leaves_of, titled
from app.domain.money import shown
from app.domain.scopes import works_for
from app.domain.tree_edits import difference
from app.text import N_, Text
from app.trouble import Trouble
from sync.channel import Unreadable
from sync.connection_tables import connection, manifest_version, stream
from sync.hub.database import writing
from sync.hub.intake import Delivered
from sync.hub.masking import masked
from sync.hub.polling.connections import Connected, connected
from sync.hub.polling.taking import Tools
from sync.hub.tokens import Session
from sync.manifest.blocks import Manifest
from sync.manifest.mapping import mapped, orders_in
from sync.manifest.reading import (
    BadManifest,
    as_yaml,
    built_in,
    checked,
    from_json,
    from_yaml,
    patched,
)
from sync.manifest.values import document
from sync.manifest.worded import worded_schema
from sync.tables import raw, reveal, subject_key
from sync.wire import new_id

VERSIONS_TOLD = 20
RAWS_LOOKED = 20
BITS_MOST = 400
CELL_MOST = 200
NOT_CONNECTED = Text(N_("The hub does not talk to this shop. Connect it first."))


def mending(tools: Tools, who: Session, shop: str, asked: AskMending | None) -> Mending:
    """Say how the shop is read with a patch over its manifest, tried on its newest record; nothing is kept.

    Raises:
        Trouble: not_connected, locked, or no_patch.
    """
    with writing(tools.engine) as db:
        one = _connected(db, tools, who, shop)
        kept = _kept(db, tools, shop)
        versions = _versions(db, tools, shop)
        record = _record(db, tools, one)
        gone = _gone(db, tools, shop)
        if record is not None and who.user.role in READS_ALL:
            look = {"order_id": record[0], "user_code": who.user.code, "login_id": who.login_id}
            row = {"feed_id": tools.feed_id, "id": new_id(tools.clock()), "at": tools.clock(), **look}
            db.execute(insert(reveal).values(**row))
    shipped = built_in(one.manifest.id)
    patch = _asked(asked, shipped, kept) if asked is not None else kept
    tree = patched(shipped, patch)
    wrong: tuple[Wrong, ...] = ()
    made: tuple[Bit, ...] = ()
    odd: tuple[Text, ...] = ()
    try:
        manifest = checked(tree)
    except BadManifest as bad:
        wrong = tuple(Wrong(block=str(text.params.get("block", "")), text=text) for text in bad.texts)
    else:
        made, odd = _made(tools, one, manifest, record[1] if record is not None else None)
    is_whole = who.user.role in READS_ALL
    shown_record = (record[1] if is_whole else masked(record[1])) if record is not None else {}
    title = one.manifest.title
    return Mending(
        shop=shop,
        channel=one.manifest.id,
        title=titled(title.zh, title.en),
        n=versions[0].n if versions else 0,
        patch=json.dumps(patch, ensure_ascii=False),
        shipped=json.dumps(shipped, ensure_ascii=False),
        schema=worded_schema() if asked is None else "",
        sample=_bits(shown_record),
        made=made if is_whole else tuple(Bit(bit.key, str(masked(bit.value))) for bit in made),
        wrong=wrong,
        odd=odd,
        gone=gone,
        versions=versions,
        exported=as_yaml(tree).decode(),
    )


def keep(tools: Tools, who: Session, shop: str, asked: AskMending) -> Mending:
    """Keep a patch as the next version: the shop is read by it from now on.

    Raises:
        Trouble: not_connected, locked, no_patch, changed: somebody kept another one; or bad_manifest.
    """
    now = tools.clock()
    with writing(tools.engine) as db:
        one = _connected(db, tools, who, shop, lock=True)
        kept = _kept(db, tools, shop)
        versions = _versions(db, tools, shop)
        patch = _patch(asked.patch, kept)
        newest = versions[0].n if versions else 0
        if asked.n != newest:
            raise Trouble("changed", Text(N_("Somebody kept another version meanwhile. Look at it first.")))
        try:
            checked(patched(built_in(one.manifest.id), patch))
        except BadManifest as bad:
            raise Trouble("bad_manifest", bad.texts[0]) from bad
        rows = [(newest + 1, patch)] if versions else [(0, kept), (1, patch)]
        for n, said in rows:
            _write(db, tools, shop, n, said, who.user.code if n else "", now)
        c = connection.c
        changed = {"override": json.dumps(patch, ensure_ascii=False), "rev": c.rev + 1, "shape": ""}
        at = c.feed_id == tools.feed_id, c.shop == shop
        db.execute(update(connection).where(*at).values(**changed))
    return mending(tools, who, shop, None)


def _write(
    db: Connection, tools: Tools, shop: str, n: int, patch: Mapping[str, Any], by: str, now: datetime
) -> None:
    said = json.dumps(patch, ensure_ascii=False)
    row = {"feed_id": tools.feed_id, "shop": shop, "n": n, "patch": said, "user_code": by, "made_at": now}
    db.execute(insert(manifest_version).values(**row))


def _asked(asked: AskMending, shipped: dict[str, Any], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the patch that is asked about; that of a whole manifest is what differs in it."""
    if not asked.whole:
        return _patch(asked.patch, kept)
    try:
        whole = from_yaml(asked.whole.encode())
    except BadManifest as bad:
        raise Trouble("no_patch", bad.texts[0]) from bad
    if whole.get("id") != shipped["id"]:
        raise Trouble(
            "no_patch", Text(N_("This manifest is of another channel. Choose the one of this shop."))
        )
    return _patch(json.dumps(difference(shipped, whole), ensure_ascii=False), kept)


def _patch(typed: str, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Read a patch; what only the program changes must be as it is."""
    try:
        patch = from_json((typed or "{}").encode())
    except BadManifest as bad:
        raise Trouble("no_patch", bad.texts[0]) from bad
    before = {key: value for key, value in leaves_of(kept) if is_locked(key)}
    after = {key: value for key, value in leaves_of(patch) if is_locked(key)}
    if before != after:
        key = next(iter(sorted(before.items() ^ after.items())))[0]
        words = N_("{key} comes with the program: how calls are signed is not changed from a desk.")
        raise Trouble("locked", Text(words, {"key": key[:80]}))
    return patch


def _connected(db: Connection, tools: Tools, who: Session, shop: str, *, lock: bool = False) -> Connected:
    if lock:
        c = connection.c
        db.execute(select(c.shop).where(c.feed_id == tools.feed_id, c.shop == shop).with_for_update())
    found = connected(db, tools.feed_id, tools.seal, shop=shop, are_off=True)
    if not found or not works_for(who.reach, shop):
        raise Trouble("not_connected", NOT_CONNECTED)
    return found[0]


def _kept(db: Connection, tools: Tools, shop: str) -> dict[str, Any]:
    c = connection.c
    found = db.execute(select(c.override).where(c.feed_id == tools.feed_id, c.shop == shop)).scalar()
    return msgspec.json.decode(found or "{}", type=dict[str, Any])


def _versions(db: Connection, tools: Tools, shop: str) -> tuple[Version, ...]:
    """Return what was kept, the newest first, each with the keys it changed."""
    v = manifest_version.c
    mine = select(v.n, v.patch, v.user_code, v.made_at).where(v.feed_id == tools.feed_id, v.shop == shop)
    rows = db.execute(mine.order_by(v.n.desc()).limit(VERSIONS_TOLD + 1)).all()
    told = []
    for row, before in zip(rows, [*rows, None][1:], strict=True):
        was = dict(leaves_of(json.loads(before.patch))) if before is not None else {}
        now = dict(leaves_of(json.loads(row.patch)))
        changed = tuple(key for key in sorted({*was, *now}) if was.get(key) != now.get(key))
        told.append(Version(n=row.n, by=row.user_code, at=row.made_at, patch=row.patch, changed=changed))
    return tuple(told[:VERSIONS_TOLD])


def _gone(db: Connection, tools: Tools, shop: str) -> tuple[str, ...]:
    """Return the fields over which a list of the shop stands still, or warns."""
    at = stream.c.feed_id == tools.feed_id, stream.c.shop == shop, stream.c.code == "drift"
    told = db.execute(select(stream.c.trouble).where(*at)).scalars()
    fields = {str(msgspec.json.decode(text, type=Text).params.get("field", "")) for text in told if text}
    return tuple(sorted(fields - {""}))


def _record(db: Connection, tools: Tools, one: Connected) -> tuple[str, Any] | None:
    """Return the newest record of the shop that is still kept, read or not."""
    r, k = raw.c, subject_key.c
    found = (
        select(r.raw_id, r.subject_id, r.body, k.wrapped)
        .join(subject_key, (k.feed_id == r.feed_id) & (k.subject_id == r.subject_id))
        .where(r.feed_id == tools.feed_id, r.replica_id == one.account)
        .where(r.verdict.in_(("new", "unreadable")))
        .order_by(r.raw_id.desc())
        .limit(RAWS_LOOKED)
    )
    for row in db.execute(found):
        key = tools.seal.unwrap(row.subject_id, bytes(row.wrapped))
        kept = msgspec.json.decode(key.unpack(bytes(row.body)), type=Delivered)
        if not kept.payload or (kept.receive is None and kept.case is None):
            continue
        try:
            content = document(kept.payload.encode())
        except Unreadable:
            continue
        if isinstance(content, dict):
            records = orders_in(one.manifest, content)
            return row.raw_id, records[0] if records and isinstance(records[0], dict) else content
    return None


def _made(
    tools: Tools, one: Connected, manifest: Manifest, record: Any
) -> tuple[tuple[Bit, ...], tuple[Text, ...]]:
    """Return the order a record makes, or why it makes none."""
    if record is None:
        return (), (Text(N_("No order of this shop came yet. Read it once, then look again.")),)
    try:
        found = mapped(manifest, record, one.shop, tools.clock(), tools.plugin(one))
    except Unreadable as unreadable:
        return (), (Text(unreadable.text.message, unreadable.text.params),)
    return _order(found.receive), found.warnings


def _order(said: Receive) -> tuple[Bit, ...]:
    """Write an order as people read it, by the names of our fields."""

    def money(minor: int) -> str:
        return shown(minor, said.currency)

    rows = [
        ("ext_id", said.ext_id), ("ordered_at", said.ordered_at.isoformat(" ", "minutes")),
        ("state", said.channel_state), ("lock", said.lock), ("currency", said.currency),
        ("total", money(said.total_minor)), ("payable", money(said.payable_minor)),
        ("paid", money(said.paid_minor)), ("refunded", money(said.refunded_minor)),
        ("name", said.receiver.name), ("phone", said.receiver.phone), ("province", said.region.province),
        ("city", said.region.city), ("district", said.region.district), ("street", said.receiver.street),
        ("note", said.receiver.note), ("customer", said.customer),
    ]  # fmt: skip
    for nth, line in enumerate(said.lines[:20], 1):
        what = (f"{line.ext_sku} × {line.qty}", money(line.unit_price_minor), line.title)
        rows.append((f"line {nth}", " · ".join(what)))
    rows += [(one.name, one.value) for one in with_values(said.beside)]
    return tuple(Bit(key, str(value)) for key, value in rows if value)


def _bits(record: Any) -> tuple[Bit, ...]:
    """Lay a record out by its paths, as the map names them; of lists the first element."""
    found: list[Bit] = []

    def walk(node: Any, at: str) -> None:
        if len(found) >= BITS_MOST:
            return
        if isinstance(node, dict):
            for name, value in node.items():
                walk(value, f"{at}.{name}" if at else str(name))
        elif isinstance(node, list) and node and isinstance(node[0], dict):
            walk(node[0], f"{at}[]")
        elif at:
            value = json.dumps(node, ensure_ascii=False, default=str) if isinstance(node, list) else node
            found.append(Bit(at, str(value if value is not None else "")[:CELL_MOST]))

    walk(record, "")
    return tuple(found)
