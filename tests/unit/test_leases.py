"""A desk holds stock for itself: how much, how long, what it may confirm with it, what takes it away."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app import engine
from app.command import Command
from app.commands.adjust_stock import AdjustStock
from app.commands.amend import Amend
from app.commands.cancel import Cancel
from app.commands.expire_lease import ExpireLease
from app.commands.hold import Hold
from app.commands.lease_stock import LeaseStock
from app.commands.new_order import NewOrder
from app.commands.return_lease import ReturnLease
from app.domain.leasing import Ask, Shelf, p90
from app.domain.order import Line, Status
from app.domain.values import Actor, Role
from app.text import Text
from sync.replica.overlay import confirmed
from tests.builders import NOW, RECEIVER, REGION, Company, actor, line

SHELF = Shelf("SZ", "LN-220")


def at_desk(name: str, role: Role = Role.CLERK) -> Actor:
    return msgspec.structs.replace(actor(role), desk=name)


WORKER = actor(Role.WORKER)


def company(**rules: int) -> Company:
    """Ten pieces in one building; desks may hold all of them unless told otherwise."""
    made = Company(shops={"TM1": msgspec.structs.replace(Company().shops["TM1"], warehouses=("SZ",))})
    made.set_rules(**({"lease_share_pct": 100} | rules))
    return made


def hold(made: Company, desk: str, qty: int) -> int:
    made.must(LeaseStock(items=(Ask("SZ", "LN-220", qty),)), at_desk(desk))
    return made.stock().leased_to(desk)


def sale(id: str, qty: int) -> NewOrder:
    goods = (Line(id="1", ext_sku="", sku="LN-220", qty=qty, unit_price_minor=32_000),)
    return NewOrder(
        order=id, shop="TM1", lines=goods, receiver=RECEIVER, region=REGION, paid_minor=qty * 32_000
    )


# --- how much -------------------------------------------------------------------------------------


def test_what_a_desk_holds_is_out_of_everybody_elses_figure():
    made = company()

    assert hold(made, "A", 6) == 6

    stock = made.stock()
    assert (stock.reserved, stock.promised, stock.leased) == (6, 0, 6)
    assert (stock.available, stock.available_to("A"), stock.available_to("B")) == (4, 10, 4)
    assert stock.leases[0].until == NOW + timedelta(hours=8)
    made.receive("o1", lines=(line(qty=5),))
    assert made.order("o1").snag("short_stock") is not None


@pytest.mark.parametrize(
    ("share", "wanted", "held_by_b", "granted"),
    [(20, 6, 0, 2), (50, 6, 2, 3), (50, 2, 2, 2), (20, 1, 2, 0), (100, 12, 0, 10), (0, 6, 0, 0)],
)
def test_all_desks_together_hold_no_more_than_their_share(share, wanted, held_by_b, granted):
    made = company()
    if held_by_b:
        hold(made, "B", held_by_b)
    made.set_rules(lease_share_pct=share)

    assert hold(made, "A", wanted) == granted


def test_of_an_article_that_runs_out_nobody_holds_any():
    made = company(lease_from_pieces=11)

    assert hold(made, "A", 3) == 0


def test_renewing_moves_the_end_and_never_takes_what_may_be_sold_already():
    made = company()
    hold(made, "A", 6)
    made.now += timedelta(hours=3)

    assert hold(made, "A", 2) == 6

    assert made.stock().leases[0].until == made.now + timedelta(hours=8)


def test_only_a_desk_holds_and_not_everything_at_once():
    made = company()

    assert made.refused(LeaseStock(items=(Ask("SZ", "LN-220", 1),))) == "no_desk"
    assert made.refused(ReturnLease(items=(SHELF,))) == "no_desk"
    assert made.refused(LeaseStock(items=()), at_desk("A")) == "too_many"
    assert made.refused(ReturnLease(items=(SHELF,) * 101), at_desk("A")) == "too_many"


def test_nine_of_ten_windows_are_covered():
    assert p90([]) == 0
    assert p90([4]) == 4
    assert p90([1, 1, 1, 1, 1, 1, 1, 1, 1, 9]) == 1
    assert p90([0, 0, 2, 5]) == 5


# --- given back, run out, taken ----------------------------------------------------------------------


def test_what_is_given_back_serves_who_waited():
    made = company()
    hold(made, "A", 6)
    made.receive("o1", lines=(line(qty=5),))

    events = made.must(ReturnLease(items=(SHELF,)), at_desk("A"))

    assert made.stock().leases == ()
    assert events[0].wakes() == ("stock:LN-220",)
    assert made.must(ReturnLease(items=(SHELF,)), at_desk("A")) == []


def test_a_lease_ends_one_renewal_after_its_time_by_the_clock_of_the_hub():
    made = company()
    hold(made, "A", 6)
    over = ExpireLease(warehouse="SZ", sku="LN-220", holder="A")

    made.now = NOW + timedelta(hours=8, minutes=59)
    assert made.refused(over, WORKER) == "not_over"

    made.now = NOW + timedelta(hours=9)
    made.must(over, WORKER)
    assert made.stock().reserved == 0
    assert made.refused(over, WORKER) == "unchanged"


def test_a_count_that_finds_less_takes_leases_back_but_no_order():
    made = company()
    hold(made, "A", 3)
    made.receive("o1", lines=(line(qty=5),))
    counted = AdjustStock(warehouse="SZ", sku="LN-220", delta=-4, reason="broken")

    made.must(counted, Role.WAREHOUSE)

    assert (made.stock().on_hand, made.stock().promised, made.stock().leased_to("A")) == (6, 5, 1)
    assert made.refused(msgspec.structs.replace(counted, delta=-2), Role.WAREHOUSE) == "promised"


# --- selling ------------------------------------------------------------------------------------------


def test_a_sale_uses_up_the_lease_of_its_desk_first():
    made = company()
    hold(made, "A", 6)

    made.must(sale("s1", 8), at_desk("A"))

    stock = made.stock()
    assert (stock.reserved, stock.promised, stock.leases) == (8, 8, ())
    assert made.order("s1").status is Status.RELEASED
    assert not made.order("s1").by_lease


def test_without_the_hub_a_desk_confirms_exactly_what_it_holds():
    made = company()
    hold(made, "A", 6)
    made.at_hub = False

    made.must(sale("s1", 4), at_desk("A"))
    made.must(sale("s2", 2), at_desk("A"))
    made.must(sale("s3", 3), at_desk("A"))

    assert [made.order(one).by_lease for one in ("s1", "s2", "s3")] == [True, True, False]
    assert made.stock().leased_to("A") == 0
    assert made.order("s1").status is Status.GATED
    measured = engine.measures(made.order("s1"), made.facts(sale("s1", 4), at_desk("A")))["stock"]
    assert measured.text == Text("{promised}/{pieces} from this desk's lease", {"promised": 4, "pieces": 4})
    assert made.order("s3").reserved == ()


def test_what_the_hub_may_take_for_an_earlier_order_a_desk_confirms_to_nobody():
    made = company()
    hold(made, "A", 6)
    made.at_hub = False

    made.must(sale("s1", 8), at_desk("A"))
    made.must(sale("s2", 2), at_desk("A"))

    assert [made.order(one).by_lease for one in ("s1", "s2")] == [False, False]


def test_a_desk_confirms_nothing_with_anothers_lease_or_when_its_time_is_over():
    made = company()
    hold(made, "A", 6)
    made.at_hub = False

    made.must(sale("s1", 1), at_desk("B"))
    made.now += timedelta(hours=8)
    made.must(sale("s2", 1), at_desk("A"))

    assert [made.order(one).reserved for one in ("s1", "s2")] == [(), ()]


def test_changing_a_confirmed_sale_offline_asks_the_lease_again():
    made = company()
    hold(made, "A", 6)
    made.at_hub = False
    made.must(sale("s1", 4), at_desk("A"))
    more = msgspec.structs.replace(made.order("s1").lines[0], qty=5)

    made.must(Amend(order="s1", lines=(more,)), at_desk("A"))

    assert (made.order("s1").by_lease, made.order("s1").reserved) == (False, ())
    assert made.stock().promised == 0


def said_to_the_hub(made: Company, command: Command) -> tuple[str, ...]:
    facts = made.facts(command, at_desk("A"))
    assert isinstance(engine.apply(command, facts), list)
    said = confirmed(facts)
    made.rows |= facts.changed
    return said


def test_a_confirmed_sale_that_is_changed_and_confirmed_again_is_said_to_the_hub_again():
    made = company()
    hold(made, "A", 6)
    made.at_hub = False

    assert said_to_the_hub(made, sale("s1", 4)) == ("s1",)
    fewer = msgspec.structs.replace(made.order("s1").lines[0], qty=2)
    assert said_to_the_hub(made, Amend(order="s1", lines=(fewer,))) == ("s1",)
    assert said_to_the_hub(made, Hold(order="s1", reason="asks")) == ()


def test_a_cancelled_sale_gives_its_pieces_to_everybody():
    made = company()
    hold(made, "A", 6)
    made.must(sale("s1", 4), at_desk("A"))

    made.must(Cancel(order="s1", reason="asked"), at_desk("A"))

    assert (made.stock().available, made.stock().leased_to("A")) == (8, 2)
