"""What a command would do, before it is given."""

from __future__ import annotations

from datetime import UTC, date, datetime

from app.commands.amend import Amend
from app.commands.cancel import Cancel
from app.commands.new_order import NewOrder
from app.commands.open_return import OpenReturn
from app.commands.split import Split
from app.domain.aftersale import Asked, ReturnKind
from app.domain.making import Part
from app.domain.order import Line, Status
from app.domain.said_time import day_said
from app.preview import preview
from app.text import Text
from tests.builders import RECEIVER, REGION, Company, actor, facts, line, order


def test_parts_are_listed_by_number_whatever_their_ids_are():
    company = Company()
    company.receive("o1", lines=(line(qty=3),))
    command = Split(order="o1", parts=(Part("z", (("1", 2),)), Part("a", (("1", 1),))))

    shown = preview(command, company.order("o1"), company.facts(command, actor()))

    made = [row.after.split(" ")[0] for row in shown.rows if row.label == "Order"]
    assert made == ["DK-o1-1", "DK-o1-2"]


def test_a_new_case_names_its_articles():
    sent = order(status=Status.SHIPPED, lines=(line(sku="LN-220", qty=2),))
    wish = OpenReturn(
        order=sent.id, case="c1", kind=ReturnKind.RETURN, asked=(Asked("1", 2),), reason="damaged"
    )

    (row,) = preview(wish, sent, facts(sent)).rows

    assert (row.before, row.after, row.state) == ("", "LN-220 × 2", "added")


def test_an_order_that_begins_is_a_new_order_and_no_changed_field():
    company = Company()
    goods = (Line(id="1", ext_sku="", sku="LN-220", qty=2, unit_price_minor=32_000),)
    command = NewOrder(
        order="018f-a1b2c3d", shop="TM1", lines=goods, receiver=RECEIVER, region=REGION, paid_minor=64_000
    )

    begun, *_ = preview(command, None, company.facts(command, actor())).effects

    assert (begun.label, begun.text.message) == ("Order", "A new order of {pieces}")
    assert begun.text.params["pieces"].params == {"count": 2}


def test_delivery_says_the_promised_day_of_a_new_order_and_of_one_that_changes_it():
    """Only a promise that was there before can be unchanged."""
    day = datetime(2026, 6, 20, 15, 59, tzinfo=UTC)
    company = Company()
    begun = NewOrder(
        order="n1",
        shop="TM1",
        lines=(Line(id="1", ext_sku="", sku="LN-220", qty=1, unit_price_minor=32_000),),
        receiver=RECEIVER,
        region=REGION,
        ship_by_at=day,
    )
    company.receive()

    def delivery(command):
        known = company.order() if isinstance(command, Amend) else None
        return preview(command, known, company.facts(command, actor())).effects[-1].text

    assert delivery(begun) == Text("Leaves by {day}", {"day": day_said(date(2026, 6, 20))})
    assert delivery(Amend(order="o1", ship_by_at=day)) == Text(
        "Leaves by {day}", {"day": day_said(date(2026, 6, 20))}
    )
    company.must(Amend(order="o1", ship_by_at=day))
    assert delivery(Amend(order="o1", priority=10)) == Text("Promise unchanged")


def test_a_cancelled_order_has_no_parcel_and_what_held_nothing_gives_nothing_back():
    company = Company()
    company.set_stock(0)
    company.receive()
    command = Cancel(order="o1", reason="asked")

    said = {
        one.label: one.text.message
        for one in preview(command, company.order(), company.facts(command, actor())).effects
    }

    assert (said["Stock"], said["Delivery"]) == ("No change", "No parcel")
