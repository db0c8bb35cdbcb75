"""Merging looks at whom a person gave the parcels; taken back, each order has its own carrier again."""

from __future__ import annotations

from carrier_world import bought, with_carriers

from app.commands.choose_carrier import ChooseCarrier
from app.commands.merge import Merge
from app.commands.put_back import PutBack


def test_orders_a_person_gave_to_other_services_stay_apart_until_they_agree():
    company = with_carriers()
    for order in ("o1", "o2"):
        bought(company, id=order)
    company.must(ChooseCarrier(order="o1", carrier="SJ", service="次日达"))
    company.must(ChooseCarrier(order="o2", carrier="YX"))

    assert company.refused(Merge(orders=("o1", "o2"), into="m")) == "other_service"
    company.must(ChooseCarrier(order="o2", carrier="SJ", service="次日达"))
    before = {one: company.order(one).carriage for one in ("o1", "o2")}
    company.must(Merge(orders=("o1", "o2"), into="m"))
    company.must(PutBack(order="m"))

    assert {one: company.order(one).carriage for one in ("o1", "o2")} == before


def test_what_the_rule_chose_keeps_nothing_apart():
    company = with_carriers()
    for order in ("o1", "o2"):
        bought(company, id=order)
    company.must(ChooseCarrier(order="o2", carrier="YX"))

    company.must(Merge(orders=("o1", "o2"), into="m"))

    assert company.order("m").carriage.carrier == "SJ"
