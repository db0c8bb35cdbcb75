"""Who takes an order: where each carrier goes, what it costs, whom the rule chooses and what a person may."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from builders import REGION, Company, actor, line, pick_all
from carrier_world import FAR, NEAR, QINGHAI, XINJIANG, bought, with_carriers

from app.commands.choose_carrier import ChooseCarrier
from app.commands.pack import Pack
from app.commands.print_paper import PrintPaper
from app.domain import events as e
from app.domain.carrier import Carrier, NotServed, cost_minor, offer_of
from app.domain.freight import Fare, Parcel
from app.domain.order import Status
from app.domain.values import Region, Role
from app.engine import inverse_of
from app.preview import preview
from app.text import Text

ON = date(2026, 6, 13)


@pytest.mark.parametrize(
    ("weight_g", "region", "cost"),
    [
        (0, REGION, 800),
        (1_000, REGION, 800),
        (1_001, REGION, 1_000),
        (3_000, REGION, 1_200),
        (2_000, QINGHAI, 1_800),
    ],
)
def test_each_begun_step_beyond_the_first_weight_costs(weight_g, region, cost):
    assert cost_minor(NEAR, region, Parcel(weight_g=weight_g), ON) == cost


def test_a_province_without_a_fare_is_not_served_and_no_fares_at_all_cost_nothing():
    only_home = Carrier(code="H", title="H", fares=(Fare(province="浙江省", first_minor=1, step_minor=1),))

    assert offer_of(only_home, QINGHAI, Parcel(), ON).why_not.params["place"].params == {
        "place": "青海省 西宁市 城中区"
    }
    assert offer_of(Carrier(code="N", title="N"), QINGHAI, Parcel(), ON).cost_minor == 0


@pytest.mark.parametrize(
    ("area", "is_covered"),
    [
        (NotServed(province="青海省"), True),
        (NotServed(province="青海省", city="海东市"), False),
        (NotServed(province="青海省", city="西宁市", district="城中区"), True),
        (NotServed(province="青海省", city="西宁市", district="城东区"), False),
        (NotServed(province="青海省", until_on=ON), True),
        (NotServed(province="青海省", until_on=date(2026, 6, 12)), False),
    ],
)
def test_an_area_is_as_large_as_it_is_named_and_ends_with_its_last_day(area, is_covered):
    assert area.covers(QINGHAI, ON) is is_covered


def test_a_carrier_that_is_out_of_use_or_stays_at_home_says_so():
    idle = msgspec.structs.replace(FAR, active=False)

    assert "in use" in offer_of(idle, REGION, Parcel(), ON).why_not.message
    assert offer_of(FAR, Region(country="IN", city="Pune"), Parcel(), ON).why_not.params["country"] == Text(
        "India"
    )


def test_a_company_without_carriers_is_asked_nothing():
    company = with_carriers()
    company.rows = {key: row for key, row in company.rows.items() if key[0] != "carrier"}
    bought(company, XINJIANG)

    assert (company.order().carriage, company.order().snags) == (None, ())


def test_the_first_of_the_list_takes_it_and_says_what_it_costs():
    company = with_carriers()
    bought(company)
    (event,) = (one for one in company.journal if isinstance(one, e.CarrierChosen))

    carriage = company.order().carriage
    assert (carriage.carrier, carriage.service, carriage.cost_minor) == ("SJ", "标准快递", 800)
    assert event.says().params["cost"] == "¥8.00"
    assert company.order().status is Status.RELEASED


def test_a_warehouse_names_its_own_order_of_preference():
    company = with_carriers()
    for code, house in company.refs.warehouses.items():
        company.rows["warehouse", code] = msgspec.structs.replace(house, carriers=("YX", "SJ"))
    bought(company)

    assert company.order().carriage.carrier == "YX"


def test_the_next_one_takes_its_place_where_it_costs_little_more():
    near_by = msgspec.structs.replace(FAR, fares=(Fare(first_minor=1_700, step_minor=0),))
    company = with_carriers(NEAR, near_by)
    bought(company, QINGHAI)

    carriage = company.order().carriage
    assert (carriage.carrier, carriage.cost_minor) == ("YX", 1_700)
    assert carriage.why.params["carrier"] == "SJ"
    assert company.order().status is Status.RELEASED


def test_what_costs_other_money_is_asked_about():
    abroad = msgspec.structs.replace(FAR, currency="USD", fares=(Fare(first_minor=100, step_minor=0),))
    company = with_carriers(NEAR, abroad)
    bought(company, QINGHAI)

    assert company.order().carriage is None
    assert company.order().snag("carrier_unreachable").text.params["cost"].params == {"cost": "$1.00"}


def test_an_address_put_right_is_carried_by_whom_the_rule_would_have_chosen():
    company = with_carriers()
    bought(company)
    company.receive(region=XINJIANG, ext_version="2")

    assert company.order().carriage is None
    company.receive(region=REGION, ext_version="3")
    assert company.order().carriage.carrier == "SJ"


def test_a_person_chooses_another_and_takes_it_back():
    company = with_carriers()
    bought(company)
    before = company.order().carriage
    command = ChooseCarrier(order="o1", carrier="YX")
    shown = preview(command, company.order(), company.facts(command, actor()))
    undo = inverse_of(command, company.facts(command, actor()))
    company.must(command)
    chosen = company.order().carriage

    assert [
        (row.label, row.before, row.after) for row in shown.rows if row.label in ("Carrier", "Freight")
    ] == [
        ("Carrier", "山脊快运", "远信物流"),
        ("Freight", "¥8.00", "¥10.00"),
    ]
    assert (chosen.carrier, chosen.by) == ("YX", "clerk")
    company.must(undo)
    assert company.order().carriage == before


def test_what_a_person_chose_stays_while_it_goes_there():
    company = with_carriers()
    bought(company)
    company.must(ChooseCarrier(order="o1", carrier="YX"))
    company.receive(region=QINGHAI, ext_version="2")

    assert company.order().carriage.by == "clerk"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"carrier": "XX"}, "unknown_carrier"),
        ({"carrier": "SJ", "service": "空运"}, "unknown_service"),
        ({"order": "o9"}, "no_order"),
    ],
)
def test_what_cannot_be_is_refused(changes, code):
    company = with_carriers()
    bought(company)

    assert company.refused(ChooseCarrier(**({"order": "o1"} | changes))) == code


def test_who_does_not_go_there_is_refused_with_the_reason():
    company = with_carriers()
    bought(company, XINJIANG)

    assert company.refused(ChooseCarrier(order="o1", carrier="SJ")) == "not_served"
    company.must(ChooseCarrier(order="o1", carrier="YX"))
    assert company.refused(ChooseCarrier(order="o1", carrier="YX")) == "unchanged"


def test_once_the_label_is_printed_the_carrier_stays():
    company = with_carriers()
    bought(company)
    pick_all(company)
    company.must(ChooseCarrier(order="o1", carrier="YX"), Role.WAREHOUSE)
    assert company.refused(ChooseCarrier(order="o1"), Role.WAREHOUSE) == "too_late"
    company.must(Pack(order="o1"), Role.WAREHOUSE)
    company.must(PrintPaper(order="o1", paper="label"), Role.WAREHOUSE)

    assert company.refused(ChooseCarrier(order="o1", carrier="SJ"), Role.WAREHOUSE) == "printed"


def test_heavy_orders_cost_more():
    company = with_carriers()
    sku = company.rows["sku", "LN-220"]
    company.rows["sku", "LN-220"] = msgspec.structs.replace(sku, weight_g=2_500)
    bought(company, lines=(line(qty=2),))

    assert company.order().carriage.cost_minor == 800 + 4 * 200


def test_another_service_costs_its_own_fare():
    dear = Fare(service="次日达", first_minor=1_500, step_minor=400)
    company = with_carriers(msgspec.structs.replace(NEAR, fares=(*NEAR.fares, dear)), FAR)
    bought(company)

    company.must(ChooseCarrier(order="o1", carrier="SJ", service="次日达"), Role.CLERK)

    assert (company.order().carriage.service, company.order().carriage.cost_minor) == ("次日达", 1_500)


def with_article(company: Company, **changes: object) -> None:
    """Change what is known of the article of `bought`."""
    key = ("sku", "LN-220")
    company.rows[key] = msgspec.structs.replace(company.rows[key], **changes)


def test_what_is_paid_at_the_door_goes_out_unpaid_with_whom_takes_cash():
    company = with_carriers(msgspec.structs.replace(NEAR, takes_cod=False), FAR)
    bought(company, is_cod=True, paid_minor=0)

    order = company.order()
    assert (order.status, order.is_paid, order.carriage.carrier) == (Status.RELEASED, False, "YX")
    assert order.carriage.why.message == "{carrier} takes no cash on delivery"


def test_batteries_go_with_whom_takes_them():
    company = with_carriers(msgspec.structs.replace(NEAR, takes_battery=False), FAR)
    with_article(company, has_battery=True)
    bought(company)

    assert company.order().carriage.why.message == "{carrier} takes no batteries"


def test_a_large_article_is_charged_by_its_size():
    company = with_carriers(msgspec.structs.replace(NEAR, volume_divisor=6_000))
    with_article(company, volume_cm3=30_000)
    bought(company)

    assert company.order().carriage.cost_minor == 800 + 4 * 200


def test_fares_agreed_for_a_shop_are_of_its_orders_alone():
    agreed = Fare(first_minor=450, step_minor=100, contract="A-2026")
    company = with_carriers(msgspec.structs.replace(NEAR, fares=(*NEAR.fares, agreed)))
    shop = company.refs.shops["TM1"]
    company.rows["shop", "TM1"] = msgspec.structs.replace(shop, freight_contract="A-2026")
    bought(company)
    bought(company, id="o2", shop="DY1")

    assert [company.order(one).carriage.cost_minor for one in ("o1", "o2")] == [450, 800]
