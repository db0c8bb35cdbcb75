"""What a channel says of orders reaches them once and in order, whatever is repeated on the way."""

from __future__ import annotations

import msgspec
import pytest
from builders import NOW, SHOPS, line
from hub_world import FEED, SEAL, HubWorld, bought

from app.commands.hear import Hear, Means
from app.domain.order import Order
from app.domain.told import CaseState, ChannelCase
from app.domain.values import Receiver, Region
from sync import tables
from sync.channel import Draft
from sync.hub.database import writing
from sync.hub.drain import Drain
from sync.hub.intake import open_account, take_in
from sync.hub.overheard import Overheard, overhear
from sync.hub.prepare import Preparer

SHOP = SHOPS["TM1"]
ACCOUNT = "poll:TM1"


class Channel:
    """One shop with one order, and what its channel says of it."""

    def __init__(self, hub: HubWorld) -> None:
        self.hub = hub
        self.drain = Drain(hub.engine, FEED, SEAL, hub.writer, {}, Preparer(None), hub.clock)
        with writing(hub.engine) as db:
            open_account(db, FEED, ACCOUNT, NOW)
        receive = bought("x", ext_id="7001", ext_version="1", lines=(line(),))
        drafts = [Draft(receive=msgspec.structs.replace(receive, order=""), rows=())]
        take_in(hub.engine, FEED, SEAL, ACCOUNT, SHOP, "", "test", drafts, hub.clock())
        self.drain.page()

    def says(self, *said: Overheard) -> tuple[str, ...]:
        with writing(self.hub.engine) as db:
            return overhear(db, FEED, SEAL, ACCOUNT, SHOP, "test", said, self.hub.clock())

    def order(self) -> Order:
        (row,) = self.hub.rows(tables.orders)
        return self.hub.order(row.id)


@pytest.fixture
def channel(hub: HubWorld) -> Channel:
    return Channel(hub)


def refund(said_id: str, state: CaseState, ext_id: str = "7001") -> Overheard:
    case = ChannelCase(id="r1", state=state, version=said_id)
    return Overheard(ext_id, said_id, Hear(order="", means=Means.CASE, case=case))


def test_a_word_said_three_times_is_heard_once(channel: Channel):
    word = refund("1", CaseState.REQUESTED)
    assert channel.says(word, word) == ()
    assert channel.says(word) == ()

    assert channel.drain.page() == 1
    assert [snag.kind for snag in channel.order().snags] == ["refund_requested"]
    verdicts = [row.verdict for row in channel.hub.rows(tables.raw)]
    assert (verdicts.count("new"), verdicts.count("duplicate")) == (2, 2)
    assert channel.drain.page() == 0
    assert channel.hub.verify().ok


def test_an_older_word_that_comes_later_is_stale(channel: Channel):
    channel.says(refund("2", CaseState.FAILED))
    channel.says(refund("1", CaseState.REQUESTED))
    channel.drain.page()

    assert channel.order().snags == ()
    assert [row.verdict for row in channel.hub.rows(tables.raw)].count("stale") == 1


def test_an_order_nobody_has_heard_of_is_named_and_read_first(channel: Channel):
    stranger = refund("1", CaseState.REQUESTED, "9999")
    assert channel.says(stranger, refund("1", CaseState.REQUESTED)) == ("9999",)
    assert channel.drain.page() == 1


def test_what_a_channel_says_of_a_buyer_is_sealed(channel: Channel):
    receiver = Receiver(name="周一明", phone="13900000001", street="松岭路888号")
    region = Region(province="浙江省", city="杭州市", district="滨江区")
    hear = Hear(order="", means=Means.ADDRESS, receiver=receiver, region=region)
    channel.says(Overheard("7001", "a1", hear))
    channel.drain.page()

    assert [snag.kind for snag in channel.order().snags] == ["address_changed"]
    for table in (tables.raw, tables.command, tables.receipt):
        for row in channel.hub.rows(table):
            kept = b"".join(bytes(cell) for cell in row if isinstance(cell, bytes))
            assert "周一明".encode() not in kept, table.name
            assert "周一明" not in str(row), table.name
