"""The channel speaks of a merged or split order: a person is asked, and nothing it said is lost."""

from __future__ import annotations

from datetime import timedelta

from app import kinds
from app.commands.merge import Merge
from app.commands.put_back import PutBack
from app.commands.recheck import Recheck
from app.commands.split import Split
from app.domain.making import Part
from app.domain.order import ChannelState
from tests.builders import NOW, Company, actor, line, ship_it

OTHER = (line(ext_sku="A-2", title="沙发套", unit_price_minor=19_900, qty=2),)
PARTS = (Part("p1", (("1", 1),)), Part("p2", (("1", 2),)))


def merged() -> Company:
    """Two paid orders of one buyer, sent as one."""
    company = Company()
    company.receive("o1")
    company.receive("o2", lines=OTHER)
    company.must(Merge(orders=("o1", "o2"), into="m"))
    return company


def split() -> Company:
    """One order of three pieces in two parts."""
    company = Company()
    company.receive("o1", lines=(line(qty=3),))
    company.must(Split(order="o1", parts=PARTS))
    return company


def repair(company: Company, code: str, order: str = "m"):
    kind = kinds.KINDS["source_changed"]
    found = next(one for one in kind.repairs if one.code == code)
    return found.build(company.order(order), company.facts(Recheck(order=order), actor()))


def test_what_the_channel_says_of_a_merged_original_is_asked_of_a_person():
    company = merged()

    company.receive("o2", ext_version="2", lines=(line(ext_sku="A-2", qty=3, unit_price_minor=19_900),))

    snag = company.order("m").snag("source_changed")
    assert snag.text.params["number"] == "DK-o2"
    assert company.order("m").status == "gated"
    assert company.order("o2").lines[0].qty == 3
    company.must(PutBack(order="m"))
    assert (company.order("o2").status, company.order("o2").reserved[0].qty) == ("released", 3)


def test_news_answered_with_keep_is_asked_again_when_there_is_more():
    company = merged()
    company.receive("o2", ext_version="2", channel_state=ChannelState.ON_HOLD, lines=OTHER)
    company.must(repair(company, "keep_it"))

    assert company.order("m").snags == ()
    company.receive("o2", ext_version="3", channel_state=ChannelState.UNKNOWN, lines=OTHER)
    assert company.order("m").snag("source_changed")


def test_an_original_called_off_comes_back_cancelled():
    company = merged()
    company.receive("o2", ext_version="2", channel_state=ChannelState.CANCELLED, lines=OTHER)

    company.must(PutBack(order="m"))

    assert (company.order("o1").status, company.order("o2").status) == ("released", "cancelled")
    assert company.order("o2").reserved == ()


def test_news_of_a_split_original_reaches_every_part():
    company = split()

    company.receive("o1", ext_version="2", lines=(line(qty=4),))

    assert [bool(company.order(one).snag("source_changed")) for one in ("p1", "p2")] == [True, True]


def test_a_new_date_is_followed_without_asking():
    company = merged()
    sooner = NOW + timedelta(hours=3)

    company.receive("o2", ext_version="2", lines=OTHER, ship_by_at=sooner)

    assert company.order("m").ship_by_at == sooner
    assert company.order("m").snag("source_changed") is None


def test_news_reaches_the_parts_of_what_was_merged():
    company = merged()
    company.must(Split(order="m", parts=(Part("p1", (("1.1", 1),)), Part("p2", (("2.1", 2),)))))

    company.receive("o1", ext_version="2", channel_state=ChannelState.CANCELLED)

    assert company.order("p1").snag("source_changed")
    company.must(PutBack(order="m"))
    assert company.order("m").snag("source_changed")
    company.must(PutBack(order="m"))
    assert (company.order("o1").status, company.order("o2").status) == ("cancelled", "released")


def test_the_repair_takes_it_back_while_the_warehouse_has_not_begun():
    company = merged()
    company.receive("o1", ext_version="2", channel_state=ChannelState.CANCELLED)

    assert repair(company, "put_back") == PutBack(order="m")
    company.must(repair(company, "put_back"))
    assert company.order("o1").status == "cancelled"


def test_once_it_is_gone_nobody_is_asked():
    company = merged()
    ship_it(company, "m")

    company.receive("o1", ext_version="2", channel_state=ChannelState.DELIVERED)

    assert company.order("m").snags == ()
    assert company.order("o1").channel_state == "delivered"


def test_the_same_said_again_is_no_news():
    company = merged()

    company.receive("o1", ext_version="2")

    assert company.order("m").snags == ()
    assert company.order("m").status == "released"
