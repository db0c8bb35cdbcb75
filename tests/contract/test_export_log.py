"""Who took orders out in full is written down at the hub for good, and nobody else can do it."""

from __future__ import annotations

import msgspec
from builders import receive
from hub_world import HubWorld

from app.commands.export_orders import ExportOrders
from app.domain.values import Role
from sync import tables

EXPORT = ExportOrders(
    count=812, format="xlsx", columns=("number", "buyer"), filters=(("shop", "TM1"),), has_words=True
)


def test_the_hub_keeps_who_exported_what_and_no_row_changes(hub: HubWorld):
    hub.channel.must(receive())
    before = hub.order()

    hub.desk(Role.LEAD).must(EXPORT)

    (kept,) = hub.rows(tables.command, name="export_orders")
    assert (kept.user_code, kept.status) == ("lead", "applied")
    assert msgspec.json.decode(kept.args, type=ExportOrders) == EXPORT
    assert hub.order() == before
    assert hub.verify().findings == ()


def test_a_clerk_is_refused_and_that_is_kept_too(hub: HubWorld):
    answer = hub.desk().ask(EXPORT)

    assert answer.refusal is not None
    assert answer.refusal.code == "not_allowed"
    assert hub.rows(tables.command, name="export_orders")[0].status == "refused"
