"""An order typed by hand: prices, terms, invoice, what is refused, and the way back."""

from __future__ import annotations

import msgspec
import pytest

from app import engine
from app.boot.divisions import load_gazetteer
from app.commands.new_order import NewOrder
from app.domain.company import Customer, PriceList
from app.domain.invoice import Invoice, InvoiceKind, check_digit, tax_no_fault
from app.domain.order import Line
from app.domain.pricing import agreed_prices
from app.domain.values import Role
from app.form import Blank
from app.forms.new_order import advise_paste
from tests.builders import ARTICLES, NOW, RECEIVER, REGION, Company, actor, ship_it

LH = Customer(code="LH", title="临湖酒店用品", credit_minor=100_000, terms_days=30, price_list="HT")
HT = PriceList(code="HT", title="协议价", share_pct=80, prices={"LN-220": 24_000})
GOODS = (Line(id="1", ext_sku="", sku="LN-220", qty=2, unit_price_minor=32_000),)


def company() -> Company:
    made = Company()
    advance = Customer(code="BX", title="白榆", price_list="HT")
    dollars = Customer(code="US", title="Brook", currency="USD", terms_days=30)
    made.rows |= {("customer", one.code): one for one in (LH, advance, dollars)}
    made.rows["price_list", "HT"] = HT
    return made


def typed(**changes: object) -> NewOrder:
    known = {"order": "018f-a1b2c3d", "shop": "TM1", "lines": GOODS, "receiver": RECEIVER, "region": REGION}
    return NewOrder(**(known | {"paid_minor": 64_000} | changes))


def test_a_line_without_an_article_is_refused_and_no_bug():
    nameless = msgspec.structs.replace(GOODS[0], sku="")

    assert company().refused(typed(lines=(nameless,))) == "unknown_sku"


def test_an_order_typed_in_goes_the_way_of_any_other():
    made = company()

    made.must(typed(freight_minor=0))

    order = made.order("018f-a1b2c3d")
    assert (order.number, order.status, order.touched) == ("TM1-A1B2C3D", "released", True)
    assert (order.total_minor, order.payable_minor, order.paid_minor) == (64_000, 64_000, 64_000)
    assert made.stock().reserved == 2
    ship_it(made, "018f-a1b2c3d")
    assert made.order("018f-a1b2c3d").status == "shipped"


def test_a_customer_with_terms_pays_later_and_gets_its_goods_now():
    made = company()
    lines = (msgspec.structs.replace(GOODS[0], unit_price_minor=24_000),)

    made.must(typed(customer="LH", lines=lines, paid_minor=0, is_on_account=True, freight_minor=1_200))

    order = made.order("018f-a1b2c3d")
    assert (order.status, order.terms_days, order.payable_minor) == ("released", 30, 49_200)
    measured = engine.measures(order, made.facts(typed(), actor()))["payment"]
    assert (measured.state, measured.text.params) == ("met", {"days": 30})


def test_what_is_not_paid_waits_at_the_payment_gate():
    made = company()
    made.must(typed(paid_minor=0))

    assert [hold.gate for hold in made.order("018f-a1b2c3d").holds] == ["payment"]


def test_what_is_paid_at_the_door_waits_for_no_money():
    made = company()
    made.must(typed(paid_minor=0, is_cod=True))

    order = made.order("018f-a1b2c3d")
    measured = engine.measures(order, made.facts(typed(), actor()))["payment"]
    assert (order.status, measured.text.message) == ("released", "Paid at the door")
    assert made.refused(typed(order="018f-b", paid_minor=100, is_cod=True)) == "bad_payment"


def test_an_order_typed_in_is_called_off_by_undo():
    made = company()
    undo = engine.inverse_of(typed(), made.facts(typed(), actor()))
    made.must(typed())
    made.must(undo)

    assert (made.order("018f-a1b2c3d").status, made.stock().reserved) == ("cancelled", 0)


def test_given_twice_around_a_crash_it_is_one_order():
    made = company()
    made.must(typed())

    assert made.refused(typed()) == "exists"


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("unknown_shop", {"shop": "XX"}),
        ("no_lines", {"lines": ()}),
        ("bad_line", {"lines": (msgspec.structs.replace(GOODS[0], qty=0),)}),
        ("bad_line", {"lines": (*GOODS, *GOODS)}),
        ("unknown_sku", {"lines": (msgspec.structs.replace(GOODS[0], sku="XX"),)}),
        ("unknown_customer", {"customer": "NO"}),
        ("other_currency", {"customer": "US"}),
        ("no_terms", {"customer": "BX", "is_on_account": True}),
        ("no_terms", {"is_on_account": True}),
        ("over_credit", {"customer": "LH", "is_on_account": True, "freight_minor": 90_000}),
        ("bad_amount", {"freight_minor": -1}),
        ("bad_amount", {"paid_minor": 64_001}),
        ("bad_invoice", {"invoice": Invoice(kind=InvoiceKind.SPECIAL, title="青禾")}),
        ("bad_invoice", {"invoice": Invoice(kind=InvoiceKind.ORDINARY, tax_no="91350100M000100Y44")}),
    ],
)
def test_what_makes_no_sense_is_refused(code, changes):
    made = company()

    assert made.refused(typed(**changes)) == code


def test_the_warehouse_types_no_orders():
    assert company().refused(typed(), Role.WAREHOUSE) == "not_allowed"


# --- prices -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("customer", "sku", "price"),
    [
        ("LH", "LN-220", 24_000),
        ("LH", "SF-001", 15_920),
        ("", "LN-220", 32_000),
        ("nobody", "LN-220", 32_000),
    ],
)
def test_a_price_list_comes_before_the_list_price(customer, sku, price):
    assert agreed_prices(customer, {"LH": LH}, {"HT": HT}, NOW.date())(ARTICLES[sku]) == price


def test_a_list_in_another_currency_does_not_count():
    dollars = msgspec.structs.replace(HT, currency="USD")

    assert agreed_prices("LH", {"LH": LH}, {"HT": dollars}, NOW.date())(ARTICLES["LN-220"]) == 32_000


def test_an_agreed_price_far_below_the_list_is_not_odd():
    made = company()
    made.rows["price_list", "HT"] = msgspec.structs.replace(HT, prices={"LN-220": 10_000})
    lines = (msgspec.structs.replace(GOODS[0], unit_price_minor=10_000),)

    made.must(typed(customer="LH", lines=lines, paid_minor=20_000))

    assert made.order("018f-a1b2c3d").status == "released"


# --- tax numbers ------------------------------------------------------------------------------------


def test_a_pasted_address_gives_name_and_phone_to_their_fields():
    made = company()
    made.gazetteer = load_gazetteer()
    facts = made.facts(typed(), actor())
    pasted = {"address": "季小雨 13800000000 杭州市西湖区文三路1号 310012"}

    advice = advise_paste(pasted, Blank(), facts)

    assert advice.answers == {
        "name": "季小雨",
        "phone": "13800000000",
        "address": "杭州市西湖区文三路1号 邮编:310012",
    }
    assert "季小雨" not in str(advice.text) + str(advice.reason)
    assert advise_paste({**pasted, "name": "别人"}, Blank(), facts) is None
    assert advise_paste(dict(advice.answers), Blank(), facts) is None


def test_the_check_digit_is_that_of_the_standard():
    assert check_digit("91350100M000100Y4") == "3"
    assert tax_no_fault("91350100M000100Y43") is None


def test_a_wrong_check_digit_shows_itself_and_the_right_one():
    text, right = tax_no_fault("91350100M000100Y44")

    assert text.params == {"wrong": "4", "right": "3"}
    assert right == "91350100M000100Y43"


@pytest.mark.parametrize("tax_no", ["913501001234567", "91350100123456789012", "11010519491231002X"])
def test_older_numbers_are_taken_as_such(tax_no):
    assert tax_no_fault(tax_no) is None


@pytest.mark.parametrize(
    ("tax_no", "params"),
    [
        ("9135", {"count": 4}),
        ("91350100M0O0100Y43", {"symbol": "O"}),
        ("91350100-000100Y43", {}),
    ],
)
def test_what_is_no_tax_number_says_why(tax_no, params):
    text, right = tax_no_fault(tax_no)

    assert (text.params, right) == (params, "")
