"""Merged and split orders on a real hub: rows, words to the channel, and what the checker holds them to."""

from __future__ import annotations

import pytest
from builders import line, receive
from hub_world import HubWorld, bought

from app.commands.merge import Merge
from app.commands.pack import Pack
from app.commands.pick import Pick
from app.commands.put_back import PutBack
from app.commands.recheck import Recheck
from app.commands.ship import Ship
from app.commands.split import Split
from app.domain.making import Part
from app.domain.order import ChannelState, Status
from app.domain.values import Role
from sync import tables

OTHER = (line(ext_sku="A-2", title="沙发套", unit_price_minor=19_900, qty=2),)
PARTS = (Part("p1", (("1", 1),)), Part("p2", (("1", 2),)))

BREACHES = [
    ("o1", '"replaced_by":["m"]', '"replaced_by":["x"]'),
    ("o1", '"replaced_by":["m"]', '"replaced_by":[]'),
    ("m", '"payable_minor":32000', '"payable_minor":32001'),
    ("m", '"order":"o2"', '"order":"o9"'),
    ("o1", 'replaced"', 'gated"'),
]
"""Which document is changed behind the hub's back, and how."""


@pytest.fixture
def hub(make_hub) -> HubWorld:
    """Two orders merged, one split."""
    hub = make_hub()
    clerk = hub.desk()
    hub.channel.must(receive("o1"), receive("o2", lines=OTHER))
    hub.channel.must(bought("o3", lines=(line(qty=3),)))
    clerk.must(Merge(orders=("o1", "o2"), into="m"), Split(order="o3", parts=PARTS))
    return hub


def ship(hub: HubWorld, order: str) -> None:
    floor = hub.desk(Role.WAREHOUSE)
    picks = [Pick(order=order, line=ln.id, qty=ln.qty) for ln in hub.order(order).lines]
    floor.must(*picks, Pack(order=order), Ship(order=order, carrier="SF", tracking_no=f"SF{order}"))


def test_orders_made_of_others_are_rows_like_any(hub: HubWorld):
    assert {o: hub.order(o).status for o in ("o1", "o2", "m", "o3", "p1", "p2")} == {
        "o1": Status.REPLACED, "o2": Status.REPLACED, "m": Status.RELEASED,
        "o3": Status.REPLACED, "p1": Status.RELEASED, "p2": Status.RELEASED,
    }  # fmt: skip
    assert hub.order("m").receiver == hub.order("o1").receiver
    assert hub.verify().findings == ()


def test_a_merge_taken_back_is_exact_after_a_restart(hub: HubWorld):
    before = {row.line: (row.warehouse, row.qty) for row in hub.rows(tables.reservation, owner="m")}
    hub.restart()

    hub.desk(name="second").must(PutBack(order="m"), PutBack(order="p1"))

    assert {o: hub.order(o).status for o in ("o1", "o2", "o3")} == dict.fromkeys(
        ("o1", "o2", "o3"), "released"
    )
    held = {row.owner: (row.warehouse, row.qty) for row in hub.rows(tables.reservation, state="open")}
    assert held == {"o1": before["1.1"], "o2": before["2.1"], "o3": ("SZ", 3)}
    assert hub.verify().findings == ()


def test_each_channel_order_is_told_once_of_its_parcel(hub: HubWorld):
    ship(hub, "m")

    assert {row.effect_key for row in hub.rows(tables.effect)} == {"confirm:o1:m", "confirm:o2:m"}
    assert [row.order_id for row in hub.rows(tables.shipment)] == ["m"]
    assert hub.verify().findings == ()


def test_news_of_an_original_in_the_same_batch_reaches_what_was_made_of_it(hub: HubWorld):
    hub.channel.must(receive("o2", ext_version="2", lines=OTHER, channel_state=ChannelState.CANCELLED))

    (snag,) = hub.rows(tables.snag, subject_id="m", kind="source_changed")
    assert snag.state == "open"
    hub.desk(name="second").must(PutBack(order="m"))
    assert (hub.order("o1").status, hub.order("o2").status) == (Status.RELEASED, Status.CANCELLED)
    hub.worker.must(Recheck(order="m"))
    assert hub.verify().findings == ()


@pytest.mark.parametrize(("order", "was", "now"), BREACHES, ids=range(len(BREACHES)))
def test_a_breach_between_orders_is_found(hub: HubWorld, order: str, was: str, now: str):
    hub.sql(f"UPDATE orders SET doc = replace(doc, '{was}', '{now}') WHERE id = '{order}'")

    assert "join" in {finding.invariant for finding in hub.verify().findings}
