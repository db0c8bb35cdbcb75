"""Why a shelf has so much to sell: orders and desks add up to the figure, shops are told theirs."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW, Company, actor, line
from hypothesis import given, settings
from hypothesis import strategies as st

from app.commands.lease_stock import LeaseStock
from app.commands.recheck import Recheck
from app.commands.send_transfer import SendTransfer
from app.commands.set_stock_policy import SetStockPolicy
from app.domain.goods import StockDoc
from app.domain.leasing import Ask
from app.domain.offering import Mode, StockPolicy
from app.domain.stock import Lease
from app.domain.values import Role, stock_key
from app.rows import Holder
from app.shelf_why import claims


def why(company: Company, holders: tuple[Holder, ...] = (), sku: str = "LN-220", desk: str = "d1"):
    by = msgspec.structs.replace(actor(Role.CLERK), desk=desk)
    facts = company.facts(Recheck(order="o1"), by)
    facts.rows = {
        **facts.rows,
        **{stock_key(place, sku): company.stock(place, sku) for place in ("SZ", "WH")},
    }
    docs = [row for row in company.rows.values() if isinstance(row, StockDoc)]
    return claims(company.stock("SZ", sku), holders, docs, facts)


@pytest.fixture
def company():
    made = Company()
    made.set_stock(20)
    made.receive("o1", lines=(line(qty=3),))
    return made


def pieces(found, *kinds: str) -> int:
    return sum(one.pieces for one in found if one.kind in kinds)


def test_an_order_that_holds_pieces_is_named_and_opens(company):
    (held,) = [one for one in why(company, (Holder(order="o1", number="DK-o1", pieces=3),)) if one.order]

    assert (held.who.params["number"], held.pieces, held.order) == ("DK-o1", -3, "o1")


def test_what_is_held_by_orders_nobody_may_see_here_is_one_line(company):
    (rest,) = [one for one in why(company) if one.kind == "rest"]

    assert (rest.pieces, rest.order) == (-3, "")


def test_a_lease_of_this_desk_lowers_nothing_and_one_of_another_does(company):
    shelf = company.stock()
    leases = (Lease(desk="d1", qty=2, until=NOW + timedelta(hours=1)), Lease(desk="d2", qty=4, until=NOW))
    company.rows["stock", "SZ/LN-220"] = msgspec.structs.replace(shelf, reserved=9, leases=leases)

    desks = [(one.pieces, one.who.params["minutes"]) for one in why(company) if one.kind == "desk"]

    assert desks == [(0, 60), (-4, 0)]


def test_a_transfer_on_its_way_is_named_and_not_counted(company):
    company.must(
        SendTransfer(doc="t1", warehouse="WH", sku="LN-220", qty=4, target="SZ", reference="W-1"),
        Role.WAREHOUSE,
    )

    (way,) = [one for one in why(company) if one.kind == "way"]

    assert (way.pieces, way.who.params["qty"]) == (0, 4)


def test_each_shop_is_told_what_its_policy_leaves_and_the_policy_is_named(company):
    policy = StockPolicy(code="K", title="Keeps 5", mode=Mode.BUFFER, amount=5, shops=("TM1",))
    company.must(SetStockPolicy(policy=policy), Role.LEAD)

    shops = {one.who.params["shop"]: (one.pieces, one.who.params.get("title")) for one in why(company)[-2:]}

    assert shops == {"TM1": (32, "Keeps 5"), "DY1": (17, None)}


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 30),
    st.integers(0, 4),
    st.lists(st.integers(1, 6), max_size=4),
    st.integers(0, 5),
    st.sampled_from(["d1", "d2"]),
)
def test_on_hand_less_every_claim_and_safety_is_what_is_free(on_hand, safety, orders, leased, desk):
    company = Company()
    company.set_stock(on_hand, warehouses=("SZ", "WH"))
    shelf = msgspec.structs.replace(company.stock(), safety=min(safety, on_hand))
    company.rows["stock", "SZ/LN-220"] = shelf
    for n, qty in enumerate(orders):
        company.receive(f"o{n}", ext_id=f"e{n}", number=f"DK-o{n}", lines=(line(qty=qty),))
    if leased:
        holder = msgspec.structs.replace(actor(Role.CLERK), desk="d2")
        company.must(LeaseStock(items=(Ask("SZ", "LN-220", leased),)), holder)
    company.rows.setdefault(("order", "o1"), company.receive("o1", ext_id="x", lines=(line(qty=1),)))
    shelf = company.stock()
    found = why(company, desk=desk)

    between = shelf.on_hand + pieces(found, "order", "rest", "desk") - shelf.safety
    assert max(0, between) == shelf.available_to(desk)
