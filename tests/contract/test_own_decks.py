"""What people dealt with becomes a deck at the hub: of the days asked, with nobody in it, for trainers."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest
from builders import NOW, line
from hub_world import FEED, HubWorld, bought

from app.boot.divisions import load_gazetteer
from app.commands.fix_address import FixAddress
from app.commands.set_deck import SetDeck
from app.commands.settle import Settle
from app.domain.company import GRANTS
from app.domain.deck import OwnDeck, Place
from app.domain.values import Receiver, Region, Role
from app.trouble import Trouble
from sync import tables
from sync.hub.figures import Books
from sync.hub.own_decks import own_deck

GAZETTEER = load_gazetteer()
WRONG = Region(province="江苏省", city="杭州市", district="西湖区", verdict="confirm")
RIGHT = Region(province="浙江省", city="杭州市", district="西湖区", postcode="310000", verdict="accept")
SECRET = Receiver(name="季小雨", phone="13800007777", street="文三路88号", note="请放物业，谢谢")
DAY = timedelta(days=1)


@pytest.fixture
def world(make_hub) -> HubWorld:
    made: HubWorld = make_hub()
    made.channel.must(bought("o1", receiver=SECRET, region=WRONG, lines=(line(qty=2),)))
    made.channel.must(bought("o2"))
    clerk = made.desk(Role.CLERK)
    clerk.must(FixAddress(order="o1", receiver=SECRET, region=RIGHT))
    note = made.order("o1").snag("note_request")
    assert note is not None
    clerk.must(Settle(order="o1", kind="note_request", digest=note.digest))
    return made


def test_what_was_dealt_with_is_in_it_and_nobody_is(world: HubWorld):
    deck = own_deck(world.engine, FEED, NOW - DAY, NOW + DAY, "2026_06", GAZETTEER)

    assert sorted((shape.kind, shape.pieces) for shape in deck.shapes) == [
        ("address_invalid", (2,)), ("note_request", (2,)),
    ]  # fmt: skip
    (address,) = (shape for shape in deck.shapes if shape.kind == "address_invalid")
    assert (address.wrong, address.right) == (
        Place("江苏省", "杭州市", "西湖区"), Place("浙江省", "杭州市", "西湖区", "310000"),
    )  # fmt: skip
    text = msgspec.json.encode(deck).decode()
    for word in ("季小雨", "7777", "文三路", "物业", "o1", "DK-"):
        assert word not in text


def test_other_days_and_open_exceptions_are_not_in_it(world: HubWorld):
    world.channel.must(bought("o3", region=WRONG))

    assert own_deck(world.engine, FEED, NOW - 2 * DAY, NOW - DAY, "2026_06", GAZETTEER).shapes == ()
    assert len(own_deck(world.engine, FEED, NOW - DAY, NOW + DAY, "2026_06", GAZETTEER).shapes) == 2


def test_trainers_make_it_and_make_it_again_under_the_next_revision(world: HubWorld):
    books = Books(world.engine, FEED, world.clock, GAZETTEER)
    trainer = SimpleNamespace(grants=GRANTS[Role.TRAINER])
    desk = world.desk(Role.TRAINER)
    for rev in (0, 1):
        deck = books.own_deck(31, trainer)
        assert (deck.code, deck.rev) == ("2026_06", rev)
        shapes = deck.shapes[: 1 + rev]
        desk.must(SetDeck(deck=msgspec.structs.replace(deck, shapes=shapes)))

    (row,) = world.rows(tables.ref, tbl="deck")
    assert msgspec.json.decode(row.doc, type=OwnDeck).rev == 2
    with pytest.raises(Trouble):
        books.own_deck(31, SimpleNamespace(grants=GRANTS[Role.CLERK]))
