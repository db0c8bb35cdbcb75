"""What a command would do, before it is given."""

from __future__ import annotations

from app.commands.new_order import NewOrder
from app.commands.open_return import OpenReturn
from app.commands.split import Split
from app.domain.aftersale import Asked, ReturnKind
from app.domain.making import Part
from app.domain.order import Line, Status
from app.preview import preview
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
