"""Customers and price lists: a form each, what cannot be said at its field, every price in the history."""

from __future__ import annotations

import pytest
from builders import actor
from desk_fake import FakeDesk
from PySide6.QtCore import Qt
from settings_scene import settings_scene

from app.commands.set_customer import SetCustomer
from app.commands.set_price_list import SetPriceList
from app.commands.set_view import SetView
from app.domain.company import Customer, PriceList
from app.domain.order_view import OrderView, Question, SharedView
from app.domain.values import Role
from widgets import words

CTRL = Qt.KeyboardModifier.ControlModifier
HT = PriceList(code="HT", title="协议价", share_pct=80, prices={"LN-220": 24_000})
LH = Customer(code="LH", title="临湖酒店用品", credit_minor=10_000_000, terms_days=30, price_list="HT")


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk(user="wu")
    lead = actor(Role.LEAD, "wu")
    fake.company.must(SetPriceList(price_list=HT), lead)
    fake.company.must(SetCustomer(customer=LH), lead)
    return fake


@pytest.fixture
def opened(qtbot, aio, fake):
    return lambda code: settings_scene(qtbot, aio, fake, code)


def fill(scene, name, text):
    field = scene.page.section()._fields[name].control
    scene.do(field.setFocus)
    scene.do(field.selectAll)
    scene.type(text)


def write(scene, name, text):
    """Paste lines, as from a sheet."""
    control = scene.page.section()._fields[name].control
    scene.do(lambda: control.set_answer(text) or control.answered.emit(text))


def publish(scene):
    scene.press(Qt.Key.Key_Return, CTRL)


def message(scene, name):
    return scene.page.section()._fields[name].message()


def test_a_credit_is_typed_as_money_and_published(opened, fake):
    scene = opened("settings_customers")
    row = scene.page.section().model.row(0).cells
    fill(scene, "credit", "2,500.50")
    publish(scene)

    assert row[:3] == ("LH", "临湖酒店用品", "¥100,000.00, 30 days to pay")
    assert fake.company.refs.customers["LH"].credit_minor == 250_050
    assert fake.company.refs.customers["LH"].price_list == "HT"


def test_what_is_no_amount_and_no_tax_number_is_said_at_its_field(opened, fake):
    scene = opened("settings_customers")
    fill(scene, "credit", "a lot")
    publish(scene)
    first = message(scene, "credit")
    fill(scene, "credit", "100")
    fill(scene, "tax_no", "91350100M000100Y44")
    publish(scene)
    second = message(scene, "tax_no")
    fill(scene, "tax_no", "91350100M000100Y43")
    publish(scene)

    assert first == "That is no amount. Type it like 298.00."
    assert second.startswith("The last symbol is 4, 3 would fit.")
    assert message(scene, "invoice_title") == "Who shall stand on the invoice? Type the title."
    assert fake.given == []


def test_a_persons_own_number_is_refused_before_it_is_sent(opened, fake):
    scene = opened("settings_customers")
    fill(scene, "tax_no", "11010519491231002X")
    fill(scene, "invoice_title", "Ji")
    publish(scene)

    assert scene.page.section().notice.words().startswith("This is a person's own number.")
    assert fake.given == []


def test_prices_are_pasted_from_a_sheet_and_a_slip_is_pointed_out(opened, fake):
    scene = opened("settings_prices")
    write(scene, "prices", "LN-220\t235.00\nSF-001  19.90\n\n")
    said = scene.page.section().says.accessibleName()
    publish(scene)

    assert said == "SF-001 雾蓝沙发套 at 10 % of its list price. Is that meant?"
    assert fake.company.refs.price_lists["HT"].prices == {"LN-220": 23_500, "SF-001": 1_990}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("LN-220", '"LN-220" is no price. Write an article and its price: LN-220 240.00'),
        ("LN-220 12.345", '"LN-220 12.345" is no price. Write an article and its price: LN-220 240.00'),
        ("XX 12", "No article XX. Look for its code on the stock page."),
        ("LN-220 12\nLN-220 13", "LN-220 stands here twice. Leave one out."),
    ],
)
def test_a_line_that_is_no_price_is_said_at_its_field(opened, fake, text, said):
    scene = opened("settings_prices")
    write(scene, "prices", text)
    publish(scene)

    assert message(scene, "prices") == said
    assert fake.given == []


def test_a_day_nobody_can_read_is_said_at_its_field(opened, fake):
    scene = opened("settings_prices")
    fill(scene, "until_on", "soon")
    publish(scene)

    assert message(scene, "until_on") == "Write the day like 2026-07-01."


def test_a_clerk_reads_the_terms_and_may_change_nothing(opened, fake):
    fake.sit("lin")
    section = opened("settings_customers").page.section()

    facts = {fact.label: fact.value for group in section.facts._groups for fact in group.facts}
    assert (facts["Credit"], facts["Price list"]) == ("100,000.00 CNY", "协议价")
    assert not section.bar.isVisible()


def test_the_floor_reads_no_credit(opened, fake):
    fake.sit("qiao")
    scene = opened("")
    scene.do(lambda: scene.page.presenter.open("settings_customers"))

    assert {"settings_customers", "settings_prices"} <= scene.page.presenter.state.closed
    assert scene.page.section() is None


def test_the_history_names_each_price_the_terms_and_the_view(opened, fake):
    company, lead = fake.company, actor(Role.LEAD, "wu")
    company.must(
        SetPriceList(
            price_list=PriceList(code="HT", title="协议价", share_pct=75, prices={"SF-001": 9_900}, rev=1)
        ),
        lead,
    )
    company.must(SetCustomer(customer=Customer(code="LH", title="临湖酒店用品", terms_days=15, rev=1)), lead)
    view = SharedView(code="v1", title="Late", view=OrderView(question=Question(kind="ship_overdue")))
    company.must(SetView(view=view), lead)
    scene = opened("settings_history")
    section = scene.page.section()
    told = {}
    for deed in section.presenter.state.deeds:
        scene.do(lambda key=deed.key: section.presenter.choose(key))
        told[section.what.words()] = [row.spoken() for row in section.diff._rows]

    assert told["Price list 协议价 changed"] == [
        "Share of the list price: 80 % → 75 %",
        "LN-220: ¥240.00 → nothing",
        "SF-001: nothing → ¥99.00",
    ]
    assert told["Customer 临湖酒店用品 changed"] == [
        "Credit: ¥100,000.00 → ¥0.00",
        "Days to pay: 30 days → 15 days",
        "Price list: 协议价 → nothing",
    ]
    assert told["View Late is new"][1].startswith("View: nothing → 1 filter; Order, State")


def test_a_text_for_contracts_is_written_and_a_place_nobody_fills_in_is_named(opened, fake):
    scene = opened("settings_contracts")
    scene.press(Qt.Key.Key_N)
    fill(scene, "code", "HT")
    fill(scene, "title", "Hotels")
    write(scene, "text", "{buyer} and {phone}")
    publish(scene)
    assert "phone" in scene.page.section().presenter.state.notice.params.values()

    write(scene, "text", "{buyer} pays {total}")
    publish(scene)

    assert fake.company.refs.templates["HT"].text == "{buyer} pays {total}\n"


def test_a_shop_names_its_invoice_services_and_from_which_day_on(opened, fake):
    scene = opened("settings_shops")
    fill(scene, "invoicers", "hx nn")
    fill(scene, "invoices_from", "yesterday")
    publish(scene)
    assert message(scene, "invoices_from") == "Write the day like 2026-07-01."

    fill(scene, "invoices_from", "2026-06-01")
    publish(scene)

    (shop,) = [shop for shop in fake.company.refs.shops.values() if shop.invoicers]
    assert (shop.invoicers, str(shop.invoices_from), shop.tax_pct) == (("hx", "nn"), "2026-06-01", 13)
