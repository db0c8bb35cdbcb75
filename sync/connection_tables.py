"""The hub's tables of shops it talks to: keys, how far each stream was read, what was delivered and waits.

Part of `sync.tables` and under its rules.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, UniqueConstraint

from sync.columns import at, int_, table, text, texts


def _sealed(name: str) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=False)


connection = table(
    "connection", ("shop",), *texts("shop", "manifest"), text("override", "{}"), _sealed("settings"),
    _sealed("wrapped"), *texts("hook_key", "state"), int_("rev"), at("since"), at("made_at"),
    text("shape", ""),
    UniqueConstraint("feed_id", "hook_key"), CheckConstraint("state IN ('on', 'off')", "state"),
)  # fmt: skip
"""A shop and the keys to it. `settings` are sealed under a key of their own, `override` is the shop's own.

Orders that changed before `since` are not asked for. `shape` is what its records always held.
"""

stream = table(
    "stream", ("shop", "name"), *texts("shop", "name"), at("read_to", known=False), int_("fence", "0"),
    at("lease_until", known=False), at("not_before", known=False), int_("tries", "0"), text("code", ""),
    text("trouble", ""), at("well_at", known=False), at("newest_at", known=False), int_("orders", "0"),
)  # fmt: skip
"""How far a list of a shop was read. `read_to` moves with the last page of a window, in its transaction.

`trouble` is a `Text` that says what to do, `newest_at` when the newest order in it was made.
"""

hook_delivery = table(
    "hook_delivery", ("shop", "delivery"), *texts("shop", "delivery", "state", "topic"), at("received_at"),
    _sealed("wrapped"), _sealed("body"), at("not_before", known=False),
    CheckConstraint("state IN ('todo', 'done')", "state"), Index(None, "feed_id", "state", "received_at"),
)  # fmt: skip
"""What a channel sent by itself, kept before anybody looked into it; of what is done only the name stays."""

manifest_version = table(
    "manifest_version", ("shop", "n"), *texts("shop", "patch", "user_code"), int_("n"), at("made_at"),
)  # fmt: skip
"""What a company laid over the manifest of a shop, each time somebody kept it; the newest one is in use."""

wanted = table(
    "wanted", ("shop", "ext_id"), *texts("shop", "ext_id", "why"), at("asked_at"), at("not_before"),
    int_("tries", "0"), Index(None, "feed_id", "not_before"),
)  # fmt: skip
"""Orders to be read again from their channel."""

listing = table(
    "listing", ("shop", "ext_sku", "item", "goods"), *texts("shop", "ext_sku", "item", "goods"),
)  # fmt: skip
"""Where a channel sells an article, by the channel's own numbers; empty where it has none."""

turn = table("turn", ("name",), *texts("name", "holder"), at("until"))
"""What one of several hubs does at a time: which one, and until when if it says no more."""

quota = table("quota", ("name",), text("name"), int_("calls"), at("rests_until"))
"""A channel's budget that several hubs share: how many calls it has seen, and until when nobody calls."""

quota_place = table("quota_place", ("name", "place"), text("name"), int_("place"), at("free_at"))
"""The calls of a budget that still count: each place of its ring, and when it may be taken again."""

service = table(
    "service", ("name",), *texts("name", "manifest", "doc", "state"), _sealed("settings"),
    _sealed("wrapped"), int_("rev"), at("made_at"), CheckConstraint("state IN ('on', 'off')", "state"),
)  # fmt: skip
"""A system the hub does something at. `doc` is what it calls ours; `settings` are sealed, as a shop's."""
