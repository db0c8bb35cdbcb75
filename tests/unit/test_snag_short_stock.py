"""No warehouse of the shop has everything."""

from __future__ import annotations

import msgspec

from app.commands.adjust_stock import AdjustStock
from app.commands.recheck import Recheck
from app.commands.set_shop import SetShop
from app.domain.order import Status
from app.domain.values import Role
from app.engine import inverse_of
from app.snags.short_stock import KIND
from tests.builders import Company, actor, line, stock

AGAIN, TELL, PART = KIND.repairs


def short(on_hand: int = 3) -> Company:
    company = Company()
    company.set_stock(on_hand)
    company.receive(lines=(line(qty=5),))
    return company


def test_the_sentence_says_how_many_of_what_are_available_and_how_many_are_missing():
    company = short()

    snag = company.order().snag("short_stock")

    assert snag.text.params == {"title": "四件套 酒店款 白 220", "count": 2, "free": 3}
    assert snag.waits_for == ("shop:TM1", "stock:LN-220")
    assert company.order().status is Status.GATED
    assert [hold.gate for hold in company.order().holds] == ["stock"]


def test_the_second_warehouse_serves_what_the_first_cannot():
    company = Company()
    company.rows["stock", "SZ/LN-220"] = stock("SZ", "LN-220", 1)

    order = company.receive(lines=(line(qty=5),))

    assert (order.warehouse, order.status) == ("WH", Status.RELEASED)


def test_whoever_comes_after_the_last_piece_is_told_that_none_is_available():
    company = Company()
    company.set_stock(0)
    company.set_stock(1, warehouses=("SZ",))
    company.receive(lines=(line(qty=1),))

    late = company.receive("o2", ext_id="TM2", number="TM2", lines=(line(qty=1),))

    snag = late.snag("short_stock")
    assert (snag.text.message, snag.text.params["free"]) == ("{title}: available {free}, {count} short", 0)


def test_nothing_is_reserved_in_part():
    company = short()

    assert (company.order().reserved, company.stock().reserved) == ((), 0)


def test_arriving_stock_frees_the_order():
    company = short()

    company.must(AdjustStock(warehouse="SZ", sku="LN-220", delta=2, reason="arrived"), Role.WAREHOUSE)
    company.must(AGAIN.build(company.order(), company.facts(Recheck(order="o1"), None)))

    assert (company.order().status, company.order().snags) == (Status.RELEASED, ())


def test_another_warehouse_of_the_shop_frees_the_order():
    company = short()
    company.rows["stock", "WH/LN-220"] = stock("WH", "LN-220", 9)
    company.rows["shop", "TM1"] = msgspec.structs.replace(company.shops["TM1"], warehouses=("SZ",))
    company.must(AGAIN.build(company.order(), company.facts(Recheck(order="o1"), None)))
    waits = company.order().snag("short_stock").waits_for

    (event,) = company.must(SetShop(shop=company.shops["TM1"]), Role.LEAD)
    company.must(AGAIN.build(company.order(), company.facts(Recheck(order="o1"), None)))

    assert set(event.wakes()) <= set(waits)
    assert (company.order().status, company.order().warehouse) == (Status.RELEASED, "WH")


def test_safety_stock_is_not_promised():
    company = Company()
    for warehouse in ("SZ", "WH"):
        company.rows["stock", f"{warehouse}/LN-220"] = stock(warehouse, "LN-220", 5, safety=1)

    assert company.receive(lines=(line(qty=5),)).snag("short_stock").text.params["count"] == 1


def test_the_buyer_is_told_and_it_waits_for_stock_with_its_clock_stopped():
    company = short()

    company.must(TELL.build(company.order(), company.facts(Recheck(order="o1"), None)))

    (message,), snag = company.order().messages, company.order().snag("short_stock")
    assert "四件套 酒店款 白 220" in message.words
    assert (snag.snooze.wait, snag.stops[-1].wait, snag.stops[-1].until) == ("stock", "stock", None)
    company.set_stock(10)
    company.must(Recheck(order="o1"), Role.WORKER)
    assert (company.order().status, company.order().snags) == (Status.RELEASED, ())


def test_what_is_there_goes_now_and_the_rest_waits_by_itself():
    company = Company()
    company.set_stock(3, warehouses=("SZ",))
    company.set_stock(0, warehouses=("WH",))
    company.receive(lines=(line(qty=5),))
    order = company.order()
    command = PART.build(order, company.facts(Recheck(order="o1"), actor()))
    undo = inverse_of(command, company.facts(command, actor()))

    company.must(command)

    first, second = (company.order(part.id) for part in command.parts)
    assert [sum(ln.qty for ln in part.lines) for part in (first, second)] == [3, 2]
    assert (first.status, second.snag("short_stock") is not None) == (Status.RELEASED, True)
    assert first.payable_minor + second.payable_minor == order.payable_minor
    company.must(undo)
    assert company.order().snag("short_stock") is not None


def test_where_nothing_is_there_nothing_is_split_off():
    company = short(on_hand=0)

    assert PART.build(company.order(), company.facts(Recheck(order="o1"), actor())) is None
