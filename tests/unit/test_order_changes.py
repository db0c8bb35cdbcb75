"""Another article, another price, a waived gate: what follows, what is refused, and the way back."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app import engine
from app.commands.amend import Amend
from app.commands.correct_price import CorrectPrice
from app.commands.end_waiver import EndWaiver
from app.commands.fix_address import FixAddress
from app.commands.match_sku import MatchSku
from app.commands.recheck import Recheck
from app.commands.swap_item import SwapItem
from app.commands.waive import Waive
from app.domain.order import Status
from app.domain.values import Role
from tests.builders import NOW, REGION, Company, actor, line, pick_all

UNTIL = NOW + timedelta(hours=4)


def undo_of(company: Company, command, role: Role = Role.CLERK):
    return engine.inverse_of(command, company.facts(command, actor(role)))


# --- swap -------------------------------------------------------------------------------------------


def swap(sku: str = "SF-001", **changes: object) -> SwapItem:
    return SwapItem(**({"order": "o1", "line": "1", "sku": sku, "reason": "buyer agreed"} | changes))


def test_another_article_goes_at_the_same_price():
    company = Company()
    company.set_rules(price_ceiling_pct=1000)
    before = company.receive()

    done = company.must(swap())

    order = company.order()
    assert (order.lines[0].sku, order.lines[0].swapped_from) == ("SF-001", "LN-220")
    assert (order.payable_minor, order.lines[0].unit_price_minor) == (before.payable_minor, 32_000)
    assert [(item.sku, item.qty) for item in order.reserved] == [("SF-001", 1)]
    assert company.stock().reserved == 0
    assert done[0].says().params == {"before": "LN-220", "after": "SF-001", "reason": "buyer agreed"}


def test_a_swap_taken_back_leaves_no_trace_in_the_line():
    company = Company()
    before = company.receive()
    undo = undo_of(company, swap())

    company.must(swap())
    company.must(undo)

    assert company.order().lines == before.lines
    assert company.order().reserved == before.reserved


def test_swapped_twice_it_still_says_what_was_ordered():
    company = Company()
    company.receive()
    company.must(swap())
    company.must(swap("CT-180"))

    assert (company.order().lines[0].sku, company.order().lines[0].swapped_from) == ("CT-180", "LN-220")


def test_a_mapping_of_the_shop_does_not_undo_a_swap():
    company = Company()
    company.receive()
    company.must(swap())
    company.do(MatchSku(shop="TM1", ext_sku="A-1", sku="CT-180", order="o1"))

    assert company.order().lines[0].sku == "SF-001"


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("no_order", {"order": "o9"}),
        ("no_line", {"line": "9"}),
        ("unknown_sku", {"sku": "XX"}),
        ("unchanged", {"sku": "LN-220"}),
        ("no_reason", {"reason": " "}),
    ],
)
def test_a_swap_that_makes_no_sense_is_refused(code, changes):
    company = Company()
    company.receive()

    assert company.refused(swap(**changes)) == code


def test_a_line_without_an_article_is_matched_not_swapped():
    company = Company()
    company.receive(lines=(line(ext_sku="new"),))

    assert company.refused(swap()) == "not_matched"


def test_once_picked_nothing_is_swapped_or_repriced():
    company = Company()
    company.receive()
    pick_all(company)

    assert company.refused(swap()) == "picked"
    assert company.refused(price()) == "picked"


# --- price ------------------------------------------------------------------------------------------


def price(**changes: object) -> CorrectPrice:
    known = {"order": "o1", "line": "1", "unit_price_minor": 30_000, "reason": "typed wrong"}
    return CorrectPrice(**(known | changes))


def test_a_price_put_right_moves_what_is_to_be_paid():
    company = Company()
    company.receive(lines=(line(qty=3),))

    done = company.must(price())

    order = company.order()
    assert (order.lines[0].unit_price_minor, order.payable_minor, order.total_minor) == (
        30_000,
        90_000,
        90_000,
    )
    assert order.paid_minor == 96_000
    assert done[0].says().params == {"before": "¥320.00", "after": "¥300.00", "reason": "typed wrong"}


def test_a_higher_price_asks_for_the_difference():
    company = Company()
    company.receive()
    company.must(price(unit_price_minor=33_000))

    assert company.order().status == "gated"
    assert [hold.gate for hold in company.order().holds] == ["payment"]


def test_where_only_the_line_was_wrong_the_sums_stay():
    company = Company()
    before = company.receive()
    company.must(price(moves_total=False))

    assert company.order().payable_minor == before.payable_minor


@pytest.mark.parametrize("moves", [True, False])
def test_a_price_taken_back_restores_line_and_sums(moves):
    company = Company()
    before = company.receive(lines=(line(qty=3),))
    undo = undo_of(company, price(moves_total=moves))

    company.must(price(moves_total=moves))
    company.must(undo)

    after = company.order()
    assert (after.lines, after.payable_minor, after.total_minor) == (
        before.lines, before.payable_minor, before.total_minor,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("no_order", {"order": "o9"}),
        ("no_line", {"line": "9"}),
        ("bad_price", {"unit_price_minor": -1}),
        ("unchanged", {"unit_price_minor": 32_000}),
        ("no_reason", {"reason": ""}),
        ("below_zero", {"unit_price_minor": 0}),
    ],
)
def test_a_price_that_makes_no_sense_is_refused(code, changes):
    company = Company()
    company.receive(payable_minor=30_000)

    assert company.refused(price(**changes)) == code


# --- waivers ----------------------------------------------------------------------------------------


def waive(company: Company, gate: str = "price", **changes: object) -> Waive:
    known = {"order": "o1", "gate": gate, "content_hash": company.order().content_hash}
    return Waive(**(known | {"reason": "promotion", "until": UNTIL} | changes))


def odd(company: Company) -> None:
    """An order whose price nobody believes."""
    company.receive(lines=(line(unit_price_minor=9_000),))
    assert company.order().status is Status.GATED


def test_a_waived_price_lets_the_order_go_and_says_who_answers():
    company = Company()
    odd(company)

    company.must(waive(company), Role.LEAD)

    order = company.order()
    assert (order.status, order.snags, order.holds) == ("released", (), ())
    measured = engine.measures(order, company.facts(Recheck(order="o1"), actor()))["price"]
    assert (measured.state, measured.is_waived) == ("met", True)
    assert measured.text.params == {"who": "lead", "reason": "promotion"}
    assert (order.waivers[0].role, order.waivers[0].until) == ("lead", UNTIL)


def test_a_waived_payment_promises_stock():
    company = Company()
    company.receive(paid_minor=0)
    company.must(waive(company, "payment"), Role.LEAD)

    assert (company.order().status, company.stock().reserved) == ("released", 1)


def test_an_edit_of_what_the_gate_looks_at_voids_the_waiver():
    company = Company()
    odd(company)
    company.must(waive(company), Role.LEAD)

    company.must(Amend(order="o1", lines=(line(unit_price_minor=8_000),)))

    assert company.order().status == "gated"
    assert company.order().snag("price_anomaly")


def test_another_destination_voids_it_too():
    company = Company()
    odd(company)
    company.must(waive(company), Role.LEAD)
    order = company.order()

    moved = msgspec.structs.replace(REGION, district="西湖区")
    company.must(FixAddress(order="o1", receiver=order.receiver, region=moved))

    assert company.order().status == "gated"


def test_a_waiver_ends_by_itself():
    company = Company()
    odd(company)
    company.must(waive(company), Role.LEAD)
    facts = company.facts(Recheck(order="o1"), actor())
    assert engine.wake_at(company.order(), facts) == UNTIL

    company.now = UNTIL
    company.must(Recheck(order="o1"), Role.WORKER)

    assert company.order().status == "gated"


def test_a_waiver_is_taken_back_and_given_again():
    company = Company()
    odd(company)
    company.must(waive(company), Role.LEAD)
    end = EndWaiver(order="o1", gate="price")
    again = undo_of(company, end, Role.LEAD)

    company.must(end, Role.LEAD)
    assert company.order().status == "gated"
    company.must(again, Role.LEAD)
    assert company.order().status == "released"
    assert company.refused(EndWaiver(order="o1", gate="payment"), Role.LEAD) == "not_waived"
    assert undo_of(company, again, Role.LEAD) == end


def test_a_gate_is_waived_once():
    company = Company()
    odd(company)
    company.must(waive(company), Role.LEAD)

    assert company.refused(waive(company, until=UNTIL + timedelta(hours=1)), Role.LEAD) == "already_waived"


@pytest.mark.parametrize("gate", ["address", "sku", "stock", "review", "nonsense"])
def test_goods_address_and_a_second_pair_of_eyes_are_never_waived(gate):
    company = Company()
    odd(company)

    assert company.refused(waive(company, gate), Role.LEAD) == "never_waived"


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("no_order", {"order": "o9"}),
        ("stale_content", {"content_hash": "other"}),
        ("no_reason", {"reason": "  "}),
        ("past", {"until": NOW}),
    ],
)
def test_a_waiver_needs_reason_expiry_and_what_was_seen(code, changes):
    company = Company()
    odd(company)

    assert company.refused(waive(company, **changes), Role.LEAD) == code


def test_a_clerk_answers_for_no_gate_even_with_the_grant():
    company = Company()
    odd(company)
    lent = msgspec.structs.replace(actor(Role.CLERK), grants=actor(Role.LEAD).grants)

    assert company.refused(waive(company)) == "not_allowed"
    assert company.refused(waive(company), lent) == "not_yours"


def test_an_order_is_not_given_more_lines_than_one_can_have_and_a_longer_one_may_stay_as_long():
    company = Company()
    company.receive("o1")
    many = tuple(line(id=str(n)) for n in range(1, 502))
    assert company.refused(Amend(order="o1", lines=many)) == "too_many_lines"

    company.receive("o2", lines=many)
    company.must(Amend(order="o2", lines=(msgspec.structs.replace(many[0], qty=2), *many[1:])))
