"""A sale confirmed without the network that the lease no longer covers."""

from __future__ import annotations

from datetime import timedelta

from app import engine
from app.commands.adjust_stock import AdjustStock
from app.commands.expire_lease import ExpireLease
from app.commands.recheck import Recheck
from app.domain.order import Status
from app.domain.values import Role
from app.snags.lease_exceeded import KIND
from tests.builders import Company, line
from tests.unit.test_leases import WORKER, at_desk, company, hold, sale

AGAIN, PART, CANCEL = KIND.repairs


def late(*, confirmed: bool = True) -> Company:
    """Desk A sold 4 of its 6, was away for too long, and a channel has sold everything since."""
    made = company()
    hold(made, "A", 6)
    made.now += timedelta(hours=9)
    made.must(ExpireLease(warehouse="SZ", sku="LN-220", holder="A"), WORKER)
    made.receive("o1", lines=(line(qty=8),))
    known = made.facts(sale("s1", 4), at_desk("A"))
    known.confirmed = frozenset({"s1"} if confirmed else ())
    assert isinstance(engine.apply(sale("s1", 4), known), list)
    made.rows |= known.changed
    return made


def test_the_sentence_says_what_was_confirmed_and_how_much_is_short():
    made = late()

    snag = made.order("s1").snag("lease_exceeded")

    assert snag.text.params == {"title": "四件套 酒店款 白 220", "count": 2}
    assert snag.waits_for == ("shop:TM1", "stock:LN-220")
    assert [one.kind for one in made.order("s1").snags] == ["lease_exceeded"]
    assert made.order("s1").status is Status.GATED
    assert made.stock().reserved == 8


def test_a_sale_nobody_had_confirmed_is_only_short():
    assert [one.kind for one in late(confirmed=False).order("s1").snags] == ["short_stock"]


def test_it_closes_by_itself_when_stock_arrives():
    made = late()
    made.must(AdjustStock(warehouse="SZ", sku="LN-220", delta=2, reason="found"), Role.WAREHOUSE)

    made.must(Recheck(order="s1"), WORKER)

    order = made.order("s1")
    assert (order.snags, order.fully_reserved, order.is_overpromised) == ((), True, False)


def test_both_keys_help():
    made = late()
    order = made.order("s1")

    assert made.must(AGAIN.build(order, made.facts(Recheck(order="s1"), at_desk("A")))) == []
    made.must(CANCEL.build(order, made.facts(Recheck(order="s1"), at_desk("A"))))

    assert (made.order("s1").status, made.order("s1").snags) == (Status.CANCELLED, ())
