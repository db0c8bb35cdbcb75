"""Make every table."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("replica_id", sa.Text(), nullable=False),
        sa.Column("next_n", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("cursor", sa.Text(), server_default="", nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("feed_id", "replica_id", name=op.f("pk_account")),
    )
    op.create_table(
        "audit_block",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "seq", name=op.f("pk_audit_block")),
    )
    op.create_table(
        "block",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "key_hash", name=op.f("pk_block")),
    )
    op.create_table(
        "change",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("i", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("tbl", sa.Text(), nullable=False),
        sa.Column("pk", sa.Text(), nullable=False),
        sa.Column("op", sa.Text(), nullable=False),
        sa.Column("row", sa.Text(), nullable=True),
        sa.CheckConstraint("op IN ('U', 'D')", name=op.f("ck_change_op")),
        sa.PrimaryKeyConstraint("feed_id", "seq", "i", name=op.f("pk_change")),
    )
    op.create_table(
        "command",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("replica_id", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("cmd_id", sa.Text(), nullable=False),
        sa.Column("user_code", sa.Text(), nullable=False),
        sa.Column("login_id", sa.Text(), server_default="", nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("args_hash", sa.LargeBinary(), nullable=False),
        sa.Column("because", sa.Text(), server_default="", nullable=False),
        sa.Column("seen_ver", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("conflict", sa.Text(), nullable=True),
        sa.Column("rules_rev", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hub_at", sa.BigInteger(), nullable=False),
        sa.Column("client_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("status IN ('applied', 'refused', 'conflict')", name=op.f("ck_command_status")),
        sa.PrimaryKeyConstraint("feed_id", "replica_id", "n", name=op.f("pk_command")),
        sa.UniqueConstraint("feed_id", "cmd_id", name=op.f("uq_command_feed_id_cmd_id")),
    )
    op.create_index(op.f("ix_command_feed_id_seq"), "command", ["feed_id", "seq"], unique=False)
    op.create_table(
        "credential",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_code", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("feed_id", "user_code", name=op.f("pk_credential")),
    )
    op.create_table(
        "device",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("enrolled_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("feed_id", "device_id", name=op.f("pk_device")),
    )
    op.create_table(
        "effect",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("effect_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("provider_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "state IN ('todo', 'leased', 'done', 'rejected', 'unknown')", name=op.f("ck_effect_state")
        ),
        sa.PrimaryKeyConstraint("feed_id", "effect_key", name=op.f("pk_effect")),
    )
    op.create_index(
        op.f("ix_effect_feed_id_state_not_before"), "effect", ["feed_id", "state", "not_before"], unique=False
    )
    op.create_table(
        "event",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("i", sa.Integer(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "order_id", "seq", "i", name=op.f("pk_event")),
    )
    op.create_table(
        "feed",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("head", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("head_hash", sa.LargeBinary(), nullable=False),
        sa.Column("floor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("protected_seq", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("ref_rev", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("hub_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", name=op.f("pk_feed")),
    )
    op.create_table(
        "hold",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("gate", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("state IN ('waits', 'stops', 'closed')", name=op.f("ck_hold_state")),
        sa.PrimaryKeyConstraint("feed_id", "order_id", "gate", name=op.f("pk_hold")),
    )
    op.create_table(
        "login",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("login_id", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.LargeBinary(), nullable=False),
        sa.Column("user_code", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("replica_id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("feed_id", "login_id", name=op.f("pk_login")),
        sa.UniqueConstraint("feed_id", "token_sha256", name=op.f("uq_login_feed_id_token_sha256")),
    )
    op.create_table(
        "orders",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("ver", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("channel_state", sa.Text(), nullable=False),
        sa.Column("shop", sa.Text(), nullable=False),
        sa.Column("ext_id", sa.Text(), nullable=False),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("signatures_needed", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("approved_hash", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("payable_minor", sa.BigInteger(), nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.Column("touched", sa.Boolean(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "signatures_needed = 0 OR (approved_hash <> '' AND approved_hash = content_hash)"
            " OR status NOT IN ('released', 'picking', 'packed', 'shipped', 'completed')",
            name=op.f("ck_orders_released_needs_approval"),
        ),
        sa.PrimaryKeyConstraint("feed_id", "id", name=op.f("pk_orders")),
    )
    op.create_table(
        "raw",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("raw_id", sa.Text(), nullable=False),
        sa.Column("replica_id", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("row_no", sa.Integer(), server_default="0", nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("headers", sa.Text(), server_default="", nullable=False),
        sa.Column("subject_id", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('new', 'duplicate', 'stale', 'unreadable')", name=op.f("ck_raw_verdict")
        ),
        sa.CheckConstraint("via IN ('webhook', 'poll', 'file', 'manual')", name=op.f("ck_raw_via")),
        sa.PrimaryKeyConstraint("feed_id", "raw_id", name=op.f("pk_raw")),
    )
    op.create_table(
        "receipt",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("replica_id", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("shop", sa.Text(), nullable=False),
        sa.Column("ext_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("raw_id", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("feed_id", "replica_id", "n", name=op.f("pk_receipt")),
        sa.UniqueConstraint(
            "feed_id",
            "channel",
            "shop",
            "ext_id",
            "version",
            name=op.f("uq_receipt_feed_id_channel_shop_ext_id_version"),
        ),
    )
    op.create_table(
        "recheck",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "order_id", "cause", name=op.f("pk_recheck")),
    )
    op.create_index(op.f("ix_recheck_feed_id_not_before"), "recheck", ["feed_id", "not_before"], unique=False)
    op.create_table(
        "ref",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tbl", sa.Text(), nullable=False),
        sa.Column("pk", sa.Text(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "tbl", "pk", name=op.f("pk_ref")),
    )
    op.create_table(
        "replica",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("replica_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("last_n", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("scope_rev", sa.Integer(), server_default="0", nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("kind IN ('desk', 'channel', 'worker')", name=op.f("ck_replica_kind")),
        sa.PrimaryKeyConstraint("feed_id", "replica_id", name=op.f("pk_replica")),
    )
    op.create_table(
        "reservation",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("qty", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'released', 'shipped')", name=op.f("ck_reservation_state")),
        sa.CheckConstraint("qty > 0", name=op.f("ck_reservation_something")),
        sa.PrimaryKeyConstraint("feed_id", "owner", "line", name=op.f("pk_reservation")),
    )
    op.create_table(
        "scope_sum",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("sum64", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "scope", name=op.f("pk_scope_sum")),
    )
    op.create_table(
        "shipment",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("parcel", sa.Integer(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("tracking_no", sa.Text(), nullable=False),
        sa.Column("shipped_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "order_id", "parcel", name=op.f("pk_shipment")),
        sa.UniqueConstraint("feed_id", "tracking_no", name=op.f("uq_shipment_feed_id_tracking_no")),
    )
    op.create_table(
        "signature",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("user_code", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("maker", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("user_code <> maker", name=op.f("ck_signature_maker_is_not_checker")),
        sa.PrimaryKeyConstraint("feed_id", "order_id", "slot", name=op.f("pk_signature")),
        sa.UniqueConstraint(
            "feed_id",
            "order_id",
            "content_hash",
            "user_code",
            name=op.f("uq_signature_feed_id_order_id_content_hash_user_code"),
        ),
    )
    op.create_table(
        "snag",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_snag_state")),
        sa.CheckConstraint("subject IN ('order', 'raw', 'command')", name=op.f("ck_snag_subject")),
        sa.PrimaryKeyConstraint("feed_id", "id", name=op.f("pk_snag")),
    )
    op.create_table(
        "stock",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("warehouse", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("safety", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("bin", sa.Text(), server_default="", nullable=False),
        sa.Column("opening", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("adjusted", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("0 <= reserved AND reserved <= on_hand", name=op.f("ck_stock_never_oversold")),
        sa.PrimaryKeyConstraint("feed_id", "warehouse", "sku", name=op.f("pk_stock")),
    )
    op.create_table(
        "subject_key",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "subject_id", name=op.f("pk_subject_key")),
    )
    op.create_table(
        "user_grant",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_code", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "user_code", "code", name=op.f("pk_user_grant")),
    )
    op.create_table(
        "wait",
        sa.Column("feed_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed_id", "key", "order_id", name=op.f("pk_wait")),
    )
    op.create_index(op.f("ix_wait_feed_id_order_id"), "wait", ["feed_id", "order_id"], unique=False)
