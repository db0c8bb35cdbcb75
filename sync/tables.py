"""The hub's tables: one schema for SQLite and PostgreSQL.

Rules, linted by a test: `feed_id` leads every key; keys are made by the client; no sequences, triggers or
foreign keys; instants are microseconds since 1970 (`Instant`), documents are JSON text, so both engines hold
the same values. Nothing personal stands in clear: `receiver` inside a document is "sealed:…" under the key of
its order in `subject_key`.

Source: sync.md sections 1 and 17.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    false,
)

from sync.columns import Instant, instant, metadata, micros
from sync.columns import at as _at
from sync.columns import ats as _ats
from sync.columns import counts as _counts
from sync.columns import int_ as _int
from sync.columns import ints as _ints
from sync.columns import table as _table
from sync.columns import text as _text
from sync.columns import texts as _texts
from sync.connection_tables import connection, hook_delivery, stream
from sync.door_tables import credential, device, login, presence, refresh_token, signer, user_grant
from sync.outward_tables import api_key, api_request, delivery, hook, news
from sync.review_tables import handover, mistake, verdict

__all__ = [
    "Instant",
    "account",
    "api_key",
    "api_request",
    "audit_block",
    "block",
    "change",
    "command",
    "connection",
    "credential",
    "delivery",
    "device",
    "effect",
    "event",
    "feed",
    "handover",
    "hold",
    "hook",
    "hook_delivery",
    "instant",
    "login",
    "metadata",
    "micros",
    "mistake",
    "news",
    "notice",
    "orders",
    "presence",
    "raw",
    "receipt",
    "recheck",
    "ref",
    "refresh_token",
    "replica",
    "reservation",
    "reveal",
    "scope_sum",
    "shipment",
    "signature",
    "signer",
    "snag",
    "stock",
    "stock_doc",
    "stream",
    "subject_key",
    "user_grant",
    "verdict",
    "wait",
]  # fmt: skip

# --- the feed -------------------------------------------------------------------------------------

feed = _table(
    "feed",
    (),
    _text("epoch"),
    _int("head", "0"),
    Column("head_hash", LargeBinary, nullable=False),
    _int("floor", "0"),
    _int("compacted", "0"),
    _int("protected_seq", "0"),
    _int("ref_rev", "0"),
    _at("hub_at"),
)
"""The counter row: whoever holds it writes. `ref_rev` grows with every change of a `ref` row.

Up to `compacted` images that a newer one replaced may be gone; up to `floor` also the word that a row is
gone, so a desk that stands below loads everything again."""

scope_sum = _table("scope_sum", ("scope",), _text("scope"), _int("sum64"))
"""Σ `wire.row_mark(tbl, pk, seq)` of the rows of a scope, modulo 2**64, as a signed number."""

change = _table(
    "change",
    ("seq", "i"),
    _int("seq"),
    Column("i", Integer, nullable=False),
    *_texts("scope", "tbl", "pk", "op"),
    Column("row", Text),
    Index(None, "feed_id", "scope", "seq"),
    CheckConstraint("op IN ('U', 'D')", "op"),
)
"""What desks pull. `row` is the whole row as it is after `seq`, with a sealed receiver; NULL when it is gone
from that scope."""

audit_block = _table(
    "audit_block",
    ("seq",),
    _int("seq"),
    Column("n", Integer, nullable=False),
    Column("changes_root", LargeBinary),
    Column("root", LargeBinary, nullable=False),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
"""One block per batch: `hash = SHA-256(prev_hash ‖ root)`, `root` over its commands and `changes_root`, the
digest of its changes; blocks from before that was kept have none."""

# --- who asks -------------------------------------------------------------------------------------

replica = _table(
    "replica",
    ("replica_id",),
    *_texts("replica_id", "kind", "owner"),
    _int("last_n", "0"),
    Column("scope_rev", Integer, nullable=False, server_default="0"),
    _at("made_at"),
    CheckConstraint("kind IN ('desk', 'channel', 'worker')", "kind"),
)
"""Whoever numbers commands. `owner`: the device of a desk, the account or worker that acts otherwise."""

NOTED = {"guides": "note_guide", "focus": "note_focus"}
command = _table(
    "command",
    ("replica_id", "n"),
    _text("replica_id"),
    _int("n"),
    *_texts("cmd_id", "user_code"),
    _text("login_id", ""),
    _text("name"),
    Column("rev", Integer, nullable=False),
    _text("args"),
    Column("args_hash", LargeBinary, nullable=False),
    _text("because", ""),
    Column("seen_ver", Integer),
    _text("status"),
    *(Column(name, Text) for name in ("refusal", "conflict")),
    Column("rules_rev", Integer, nullable=False),
    _int("seq"),
    *_ats("hub_at", "client_at"),
    Column("proof", LargeBinary),
    UniqueConstraint("feed_id", "cmd_id"),
    Index(None, "feed_id", "seq"),
    CheckConstraint("status IN ('applied', 'refused', 'conflict')", "status"),
)
for _what, _name in NOTED.items():
    _is = command.c.name == _name
    Index(f"ix_command_{_what}", command.c.feed_id, command.c.hub_at, sqlite_where=_is, postgresql_where=_is)
"""Every answer ever given, under (replica, n). `client_at` is advisory, `proof` see `hub.proofs`. What
is noted of guides and of people's time is counted by time, so those few rows have indexes of their own."""

# --- deliveries -----------------------------------------------------------------------------------

raw = _table(
    "raw",
    ("raw_id",),
    *_texts("raw_id", "replica_id", "via", "verdict"),
    _text("reason", ""),
    _text("source", ""),
    Column("row_no", Integer, nullable=False, server_default="0"),
    _at("received_at"),
    _text("headers", ""),
    _text("subject_id", ""),
    Column("body", LargeBinary, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    CheckConstraint("via IN ('webhook', 'poll', 'file', 'manual')", "via"),
    CheckConstraint("verdict IN ('new', 'duplicate', 'stale', 'unreadable')", "verdict"),
)
"""Deliveries as they came. `body` is sealed under `subject_id`, the order's own key where it has an order, so
that erasing a buyer erases what was delivered about them too; a duplicate keeps only its digest. `source`,
`row_no`: file and row; `reason` is the `Text` of a delivery that is unreadable."""

receipt = _table(
    "receipt",
    ("replica_id", "n"),
    _text("replica_id"),
    _int("n"),
    *_texts("channel", "shop", "ext_id", "version"),
    Column("content_hash", LargeBinary, nullable=False),
    *_texts("order_id", "raw_id"),
    _at("withdrawn_at", known=False),
    UniqueConstraint("feed_id", "channel", "shop", "ext_id", "version"),
)
"""The outbox of a channel account: a number only for a record never seen before."""

account = _table(
    "account", ("replica_id",), *_texts("replica_id"), _int("next_n", "1"), _text("cursor", ""),
    _int("fence", "0"), _at("lease_until", known=False),
)  # fmt: skip
"""Where a channel account stands: next number to give, how far it has read, who reads now."""

# --- orders and what follows from them ------------------------------------------------------------

orders = _table(
    "orders",
    ("id",),
    _text("id"),
    _int("seq"),
    Column("ver", Integer, nullable=False),
    *_texts("number", "status", "channel_state", "shop", "ext_id", "maker"),
    Column("signatures_needed", Integer, nullable=False),
    *_texts("content_hash", "approved_hash", "currency"),
    _int("payable_minor"),
    _text("warehouse"),
    *_ats("ordered_at", "received_at"),
    _at("released_at", known=False),
    Column("touched", Boolean, nullable=False),
    _text("doc"),
    CheckConstraint(
        "signatures_needed = 0 OR (approved_hash <> '' AND approved_hash = content_hash)"
        " OR status NOT IN ('released', 'picking', 'packed', 'shipped', 'completed')",
        "released_needs_approval",
    ),
)
"""`doc` is the order with a sealed receiver; the columns are what the hub filters and checks."""

signature = _table(
    "signature",
    ("order_id", "slot"),
    _text("order_id"),
    Column("slot", Integer, nullable=False),
    *_texts("user_code", "content_hash", "maker"),
    _at("signed_at"),
    UniqueConstraint("feed_id", "order_id", "content_hash", "user_code"),
    CheckConstraint("user_code <> maker", "maker_is_not_checker"),
)

snag = _table(
    "snag",
    ("id",),
    *_texts("id", "subject", "subject_id", "kind", "severity", "state"),
    _text("owner", ""),
    *_ats("opened_at", "due_at"),
    _at("closed_at", known=False),
    _text("doc"),
    _int("seq"),
    Column("claimed", Boolean, nullable=False, server_default=false()),
    Column("asleep", Boolean, nullable=False, server_default=false()),
    _text("why", ""),
    Index(None, "feed_id", "state", "owner"),
    CheckConstraint("subject IN ('order', 'raw', 'command')", "subject"),
    CheckConstraint("state IN ('open', 'closed')", "state"),
)
"""Exceptions: of an order (`id` = order:kind) read off its document, else the case itself."""

hold = _table(
    "hold",
    ("order_id", "gate"),
    *_texts("order_id", "gate", "state", "text"),
    _at("opened_at"),
    _at("closed_at", known=False),
    CheckConstraint("state IN ('waits', 'stops', 'closed')", "state"),
)

notice = _table(
    "notice",
    ("order_id", "gate", "person"),
    *_texts("order_id", "gate", "person", "state", "teller"),
    Column("tries", Integer, nullable=False),
    _at("told_at"),
    _at("read_at", known=False),
    _at("over_at", known=False),
    Index(None, "feed_id", "state"),
    Index(None, "feed_id", "over_at"),
    CheckConstraint("state IN ('todo', 'sent', 'failed')", "state"),
)
"""Who was told of which hold, once; `teller` is the hub process that told it outside the program too."""

wait = _table(
    "wait", ("key", "order_id"), _text("key"), _text("order_id"), Index(None, "feed_id", "order_id")
)
"""Which orders wait for what: `sku_map:TM1/A-1`, `stock:LN-220`."""

recheck = _table(
    "recheck", ("order_id", "cause"), _text("order_id"), _text("cause"), _at("not_before"),
    Index(None, "feed_id", "not_before"),
)  # fmt: skip
"""Orders a worker must look at again; any later change of the order takes care of it too."""

event = _table(
    "event",
    ("order_id", "seq", "i"),
    _text("order_id"),
    _int("seq"),
    Column("i", Integer, nullable=False),
    *_texts("command", "by"),
    _at("at"),
    _text("body"),
)
"""The journal: one row per order and command; `body` is the `wire.HistoryEntry` that desks show."""

block = _table("block", ("key_hash",), _text("key_hash"), _text("doc"))
"""Possible duplicates: the last orders under one blinded phone or address."""

stock = _table(
    "stock",
    ("warehouse", "sku"),
    *_texts("warehouse", "sku"),
    *_ints("on_hand", "reserved"),
    *_counts("safety", "opening", "adjusted", "lotted", "held", "set_aside", "coming", "awaited"),
    _text("bin", ""),
    _text("counting", ""),
    *(_text(name, "[]") for name in ("leases", "lots", "arrivals")),
    _int("seq"),
    CheckConstraint("0 <= reserved AND reserved <= on_hand", "never_oversold"),
    CheckConstraint("lots = '[]' OR lotted = on_hand", "lots_add_up"),
    CheckConstraint("0 <= awaited AND awaited <= coming", "never_sold_ahead_uncovered"),
)
"""`on_hand`: `opening + adjusted`, what papers moved and returns gave, less parcels; `lotted`: all `lots`."""

stock_doc = _table(
    "stock_doc",
    ("id",),
    *_texts("id", "kind", "state", "warehouse", "sku", "target"),
    _text("doc"),
    _int("seq"),
    Index(None, "feed_id", "warehouse", "sku"),
    CheckConstraint("kind IN ('receipt', 'count', 'transfer', 'arrival', 'quota')", "kind"),
    CheckConstraint("state IN ('asks', 'transit', 'expected', 'done', 'withdrawn')", "state"),
)
"""Receipts, counts and transfers: why there is as much as there is. `doc` is the whole document."""

reservation = _table(
    "reservation",
    ("owner", "line"),
    *_texts("owner", "line", "kind", "warehouse", "sku"),
    _int("qty"),
    _text("state"),
    _at("expires_at", known=False),
    Index(None, "feed_id", "kind", "expires_at"),
    CheckConstraint("qty > 0", "something"),
    CheckConstraint("state IN ('open', 'released', 'shipped')", "state"),
)
"""Who holds how much: lines of orders, and for a time desks (`kind` lease, `owner` a replica) and carts."""

effect = _table(
    "effect",
    ("effect_key",),
    *_texts("effect_key", "kind", "order_id", "payload", "state"),
    _at("not_before"),
    _int("fence", "0"),
    _at("lease_until", known=False),
    _int("tries", "0"),
    _text("provider_ref", ""),
    _int("seq"),
    Index(None, "feed_id", "state", "not_before"),
    CheckConstraint("state IN ('todo', 'leased', 'done', 'rejected', 'unknown')", "state"),
)
"""What must happen in the world outside, once. `fence` counts leases, `tries` what came to nothing since the
last outcome."""

shipment = _table(
    "shipment",
    ("order_id", "parcel"),
    _text("order_id"),
    Column("parcel", Integer, nullable=False),
    *_texts("carrier", "tracking_no"),
    _at("shipped_at"),
    UniqueConstraint("feed_id", "tracking_no"),
)

ref = _table("ref", ("tbl", "pk"), _text("tbl"), _text("pk"), _text("doc"), _int("seq"))
"""shop, warehouse, user, rules, customer, shift, sku, sku_map: the struct of `app.domain` as JSON."""

subject_key = _table(
    "subject_key", ("subject_id",), _text("subject_id"), Column("wrapped", LargeBinary, nullable=False)
)
"""One key per order (or delivery), wrapped under the hub's master key. Deleting the row is erasure."""

reveal = _table("reveal", ("id",), *_texts("id", "order_id", "user_code", "login_id"), _at("at"))
"""Every time a receiver was opened for a desk that holds masks: who read whose, and when."""
