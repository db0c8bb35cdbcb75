"""Two desks confirm on one credit at once: one order passes, the other holds."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest
from builders import RECEIVER, REGION, line
from hub_world import HubWorld

from app.commands.new_order import NewOrder
from app.commands.set_customer import SetCustomer
from app.domain.company import Customer
from app.domain.order import Status
from app.domain.values import Role

ROUNDS = 100
SIXTY = 6_000


def on_account(order: str, customer: str, door: int) -> NewOrder:
    receiver = msgspec.structs.replace(RECEIVER, phone=f"139{door:08}", street=f"文三路{door}号1室")
    return NewOrder(
        order=order,
        shop="TM1",
        receiver=receiver,
        region=REGION,
        lines=(line(sku="LN-220", ext_sku="", unit_price_minor=SIXTY, qty=1),),
        customer=customer,
        is_on_account=True,
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what decides is the same on both
def test_of_two_orders_that_fit_one_by_one_exactly_one_passes_a_hundred_times(hub: HubWorld):
    """Source: capabilities 4.4."""
    customers = [f"C{n}" for n in range(ROUNDS)]
    known = [Customer(code=code, title=code, credit_minor=10_000, terms_days=30) for code in customers]
    hub.desk(Role.LEAD).must(*(SetCustomer(customer=customer) for customer in known))
    desks = hub.desk(Role.CLERK), hub.desk(Role.TRAINER)
    start = threading.Barrier(2)

    def confirm_all(at: int) -> None:
        for n, code in enumerate(customers):
            start.wait(60)
            desks[at].must(on_account(f"o{n}-{at}", code, n * 2 + at))

    with ThreadPoolExecutor(2) as hands:
        list(hands.map(confirm_all, (0, 1)))

    for n in range(ROUNDS):
        both = [hub.order(f"o{n}-{at}") for at in (0, 1)]
        passed = [not any(hold.gate == "credit" for hold in order.holds) for order in both]
        assert sorted(passed) == [False, True]
        assert both[passed.index(False)].status is Status.GATED
        assert sum(order.credited.amount_minor for order in both if order.credited) == SIXTY
    assert hub.verify().findings == ()
