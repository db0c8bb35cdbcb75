"""An order asks for its invoice once, takes back what came back, and a refusal names what to correct."""

from __future__ import annotations

import random
from datetime import timedelta

import msgspec
import pytest

from app.commands.accept_return import AcceptReturn
from app.commands.cancel import Cancel
from app.commands.recheck import Recheck
from app.commands.record_effect import RecordEffect
from app.commands.resubmit_invoice import ResubmitInvoice
from app.commands.set_invoice import SetInvoice
from app.commands.settle_effect import SettleEffect
from app.commands.snooze import Snooze
from app.domain.aftersale import Asked, Grade, Graded, Refunded
from app.domain.billing import billed, bills_said, request_of, tax_minor, wanted
from app.domain.clock import Wait
from app.domain.company import Customer, Shop
from app.domain.effect import Effect, EffectState
from app.domain.events import BillAsked
from app.domain.invoice import Bill, Invoice, InvoiceKind, check_digit
from app.domain.order import ChannelState, Line
from app.domain.values import Role
from app.domain.working_time import Calendar
from app.duty_acts import laters
from app.preview import preview
from app.snag_card import Duty
from app.snags.invoice_rejected import KIND
from app.text import Text
from tests.aftersale_world import ANN, BEN, FLOOR, ask, grade, pay
from tests.builders import NOW, SHOPS, Company, actor, line, order, ship_it

TAX_NO = "91330106MA00LH001" + check_digit("91330106MA00LH001")
LH = Customer(code="LH", title="临湖酒店用品", invoice_title="杭州临湖酒店用品有限公司", tax_no=TAX_NO)
ASKED = Invoice(kind=InvoiceKind.SPECIAL, title="杭州临湖酒店", tax_no=TAX_NO)
GOOD = msgspec.structs.replace(ASKED, title=LH.invoice_title)
BLUE, SECOND = "invoice:o1:1", "invoice:o1:2"
CORRECT, ELSEWHERE, BY_HAND = KIND.repairs


def selling(shop: Shop | None = None, *, invoice: Invoice | None = ASKED, **changes) -> Company:
    """A shop that asks invoices of two services, and an order whose buyer wants one."""
    shop = shop or msgspec.structs.replace(SHOPS["TM1"], invoicers=("hx", "nn"))
    company = Company(shops={**SHOPS, "TM1": shop})
    company.receive(**changes)
    if invoice is not None:
        company.must(SetInvoice(order="o1", invoice=invoice))
    return company


def shipped(**changes) -> Company:
    company = selling(**changes)
    ship_it(company)
    return company


def answered(
    company: Company, state: EffectState, *, key: str = BLUE, ref: str = "", field: str = ""
) -> None:
    """Let the service answer under a lease."""
    company.rows["effect", key] = Effect(
        key=key, kind="invoice", order="o1", state=EffectState.LEASED, fence=1
    )
    command = RecordEffect(
        key=key, order="o1", fence=1, state=state, text=Text("they said"), ref=ref, field=field
    )
    company.must(command, Role.WORKER)


def made(**changes) -> Company:
    company = shipped(**changes)
    answered(company, EffectState.DONE, ref="24312000000012345678")
    return company


def refused(field: str = "title", **changes) -> Company:
    company = shipped(**changes)
    answered(company, EffectState.REJECTED, field=field)
    return company


def paid_back(company: Company, name: str, qty: int, amount_minor: int) -> None:
    """Let pieces of a line come back for money."""
    company.must(ask(qty=qty, asked=(Asked(name, qty),)), ANN)
    company.must(AcceptReturn(order="o1", case="c1"), BEN)
    company.must(grade(Graded(name, Grade.SELLABLE, qty)), FLOOR)
    company.must(pay(Refunded(name, amount_minor)), BEN)


def asked(company: Company) -> list[Bill]:
    """Everything that was asked for, in turn."""
    return [event.bill for event in company.journal if isinstance(event, BillAsked)]


def repair(company: Company, which):
    return which.build(company.order(), company.facts(Recheck(order="o1"), actor()))


def sums(bill: Bill) -> dict[str, tuple[int, int]]:
    return {one.line: (one.qty, one.amount_minor) for one in bill.lines}


# --- when it is asked for ---------------------------------------------------------------------------


def test_what_has_shipped_asks_for_its_invoice_once():
    company = shipped()
    company.must(Recheck(order="o1"), Role.WORKER)

    (bill,) = asked(company)
    assert (bill.key, bill.provider, bill.amount_minor, bill.red_of) == (BLUE, "hx", 32_000, "")
    assert company.order().bills == (bill,)
    assert bills_said(company.order()) == (("Invoicing", Text("Asked for, no answer yet")),)


def test_it_says_nothing_of_the_buyer():
    assert LH.invoice_title[:4] not in msgspec.json.encode(shipped().order().bills).decode()


@pytest.mark.parametrize(
    "shop",
    [
        msgspec.structs.replace(SHOPS["TM1"], invoicers=()),
        msgspec.structs.replace(
            SHOPS["TM1"], invoicers=("hx",), invoices_from=NOW.date() + timedelta(days=1)
        ),
    ],
    ids=["a shop without a service", "an order from before"],
)
def test_what_is_invoiced_elsewhere_asks_nobody(shop):
    assert asked(shipped(shop=shop)) == []


def test_who_wants_no_invoice_gets_none():
    assert asked(shipped(invoice=None)) == []


def test_a_shop_may_ask_as_soon_as_it_is_paid():
    shop = msgspec.structs.replace(SHOPS["TM1"], invoicers=("hx",), invoiced_when="paid")

    assert [bill.key for bill in asked(selling(shop))] == [BLUE]
    assert asked(selling(shop, paid_minor=0, channel_state=ChannelState.AWAITING_PAYMENT)) == []


def test_data_no_invoice_can_be_made_of_wait_until_they_are_right():
    shop = msgspec.structs.replace(SHOPS["TM1"], invoicers=("hx",), invoiced_when="paid")
    company = selling(shop, invoice=msgspec.structs.replace(ASKED, tax_no="123"))
    assert asked(company) == []

    company.must(SetInvoice(order="o1", invoice=ASKED))

    assert [bill.key for bill in asked(company)] == [BLUE]


def test_a_desk_asks_nobody():
    company = selling()
    company.at_hub = False
    company.must(Recheck(order="o1"), Role.WORKER)

    assert asked(company) == []


# --- what it says -----------------------------------------------------------------------------------


def test_the_request_holds_lines_tax_and_whom_it_is_for():
    company = shipped()
    request = request_of(company.order(), company.order().bills[0])

    assert (request.key, request.colour, request.order, request.currency) == (BLUE, "blue", "DK-o1", "CNY")
    assert (request.kind, request.title, request.tax_no) == ("special", ASKED.title, TAX_NO)
    (only,) = request.lines
    assert (only.article, only.qty, only.amount_minor, only.tax_pct) == ("LN-220", 1, 32_000, 13)
    assert (only.tax_minor, request.tax_minor) == (3_681, 3_681)


def test_an_ordinary_one_without_a_title_is_for_the_receiver():
    company = shipped(invoice=Invoice(kind=InvoiceKind.ORDINARY))

    assert request_of(company.order(), company.order().bills[0]).title == company.order().receiver.name


@pytest.mark.parametrize(
    ("amount", "pct", "tax"), [(11_300, 13, 1_300), (1, 13, 0), (32_000, 0, 0), (103, 3, 3)]
)
def test_tax_is_taken_out_of_the_price(amount, pct, tax):
    assert tax_minor(amount, pct) == tax


def test_lines_always_add_up_to_what_is_payable():
    """Source: capabilities 7.2."""
    rng = random.Random(7)  # noqa: S311 - made-up goods
    for _ in range(1_000):
        lines = tuple(
            Line(
                id=str(n),
                ext_sku="A-1",
                sku="LN-220",
                qty=rng.randint(0, 4),
                unit_price_minor=rng.randint(0, 9_999),
            )
            for n in range(rng.randint(1, 6))
        )
        total = sum(one.qty * one.unit_price_minor for one in lines)
        payable = rng.randint(0, total)
        sold = order(lines=lines, payable_minor=payable, invoice=ASKED)
        expected = payable if any(one.qty for one in lines) else 0

        assert sum(amount for _, amount in wanted(sold).values()) == expected


# --- what is taken back -----------------------------------------------------------------------------


def test_a_partial_return_takes_back_exactly_its_lines_and_amounts():
    company = made(lines=(line(qty=2), line("2", "A-2", unit_price_minor=19_900)))

    paid_back(company, "1", 1, 32_000)

    red = asked(company)[-1]
    assert (red.key, red.red_of, red.provider) == (SECOND, BLUE, "hx")
    assert sums(red) == {"1": (1, 32_000)}
    answered(company, EffectState.DONE, key=SECOND, ref="24312000000012345679")
    assert billed(company.order().bills) == {"1": (1, 32_000), "2": (1, 19_900)}
    assert len(asked(company)) == 2
    request = request_of(company.order(), red)
    assert (request.colour, request.red_of, request.title) == ("red", "24312000000012345678", "")


def test_money_only_the_channel_gave_back_goes_off_all_lines_alike():
    company = made(lines=(line(), line("2")))
    company.receive(ext_version="2", lines=(line(), line("2")), refunded_minor=10_001)

    off = {name: amount for name, (_, amount) in sums(asked(company)[-1]).items()}
    assert off == {"1": 5_001, "2": 5_000}


def test_a_cancelled_order_takes_all_of_it_back():
    shop = msgspec.structs.replace(SHOPS["TM1"], invoicers=("hx",), invoiced_when="paid")
    company = selling(shop)
    company.must(Cancel(order="o1", reason="asked"))
    assert len(asked(company)) == 1, "the blue one is on its way: nobody knows its number yet"

    answered(company, EffectState.DONE, ref="1")

    assert [(bill.red_of, bill.amount_minor) for bill in asked(company)] == [("", 32_000), (BLUE, 32_000)]


def test_another_title_takes_the_old_one_back_and_makes_a_new_one():
    company = made()

    company.must(SetInvoice(order="o1", invoice=GOOD))
    answered(company, EffectState.DONE, key=SECOND, ref="2")

    assert [(bill.red_of, bill.amount_minor) for bill in asked(company)] == [
        ("", 32_000), (BLUE, 32_000), ("", 32_000),
    ]  # fmt: skip
    assert company.order().bills[-1].key == "invoice:o1:3"


def test_data_do_not_change_under_an_invoice_that_is_being_made():
    company = shipped()

    assert company.refused(SetInvoice(order="o1", invoice=GOOD)) == "on_its_way"
    answered(company, EffectState.UNKNOWN)
    assert company.refused(SetInvoice(order="o1", invoice=GOOD)) == "on_its_way"


# --- refused ----------------------------------------------------------------------------------------


def test_a_refusal_is_an_exception_of_its_own_that_keeps_nothing_back():
    company = refused()

    (snag,) = company.order().snags
    assert (snag.kind, snag.text, snag.goal_min) == ("invoice_rejected", Text("they said"), 240)


def test_what_is_known_of_the_customer_is_sent_under_the_same_key():
    company = refused(customer="LH")
    company.rows["customer", "LH"] = LH
    command = repair(company, CORRECT)
    assert command == ResubmitInvoice(order="o1", key=BLUE, invoice=GOOD)
    shown = preview(command, company.order(), company.facts(command, actor()))
    assert ("Invoice title", ASKED.title, GOOD.title) in [(r.label, r.before, r.after) for r in shown.rows]

    company.must(command)

    assert [bill.key for bill in asked(company)] == [BLUE, BLUE]
    assert (company.order().invoice, company.order().snags) == (GOOD, ())
    answered(company, EffectState.DONE, ref="1")
    assert len(asked(company)) == 2, "what was corrected before it was made needs no red one"


def test_nothing_known_leaves_it_to_the_guide_until_it_was_corrected():
    company = refused()
    assert repair(company, CORRECT) is None

    company.must(SetInvoice(order="o1", invoice=GOOD))

    assert repair(company, CORRECT) == ResubmitInvoice(order="o1", key=BLUE)


def test_what_was_wrong_with_the_service_is_sent_as_it_is():
    company = refused("amount")

    company.must(repair(company, CORRECT))

    assert (company.order().invoice, company.order().snags) == (ASKED, ())


def test_the_other_service_is_asked_under_the_same_key():
    company = refused()

    company.must(repair(company, ELSEWHERE))

    assert [(bill.key, bill.provider) for bill in asked(company)] == [(BLUE, "hx"), (BLUE, "nn")]


def test_who_has_one_service_is_offered_no_other():
    shop = msgspec.structs.replace(SHOPS["TM1"], invoicers=("hx",))

    assert repair(refused(shop=shop), ELSEWHERE) is None
    assert ELSEWHERE.off == ""


def test_a_red_one_stays_with_the_service_of_its_blue_one():
    company = made()
    paid_back(company, "1", 1, 32_000)
    answered(company, EffectState.REJECTED, key=SECOND, field="red_of")

    assert repair(company, ELSEWHERE) is None
    assert repair(company, CORRECT) == ResubmitInvoice(order="o1", key=SECOND)


def test_made_by_hand_ends_it():
    company = refused()

    company.must(repair(company, BY_HAND))

    assert company.order().snags == ()
    assert company.refused(SettleEffect(order="o1", key=BLUE)) == "done"


def test_an_order_that_owes_no_invoice_any_more_asks_for_none():
    shop = msgspec.structs.replace(SHOPS["TM1"], invoicers=("hx",), invoiced_when="paid")
    company = selling(shop)
    answered(company, EffectState.REJECTED, field="title")

    company.must(Cancel(order="o1", reason="asked"))

    assert company.order().snag("invoice_rejected") is None
    assert [repair(company, which) for which in KIND.repairs] == [None, None, None]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"order": "o2"}, "no_order"),
        ({"key": SECOND}, "not_refused"),
        ({"provider": "xx"}, "no_service"),
        ({"invoice": msgspec.structs.replace(GOOD, title="x" * 101)}, "bad_title"),
        ({"invoice": msgspec.structs.replace(GOOD, tax_no="1")}, "bad_invoice"),
    ],
)
def test_what_cannot_be_sent_again_is_refused_with_a_reason(changes, code):
    assert refused().refused(ResubmitInvoice(**({"order": "o1", "key": BLUE} | changes))) == code


def test_what_was_made_is_not_asked_for_again():
    assert made().refused(ResubmitInvoice(order="o1", key=BLUE)) == "not_refused"


def test_its_clock_stands_still_while_the_service_is_waited_for():
    company = refused()
    asked = Snooze(order="o1", kind="invoice_rejected", until=NOW + timedelta(hours=3), wait=Wait.PROVIDER)

    company.must(asked)

    snag = company.order().snag("invoice_rejected")
    assert [(stop.wait, stop.since, stop.until) for stop in snag.stops] == [("provider", NOW, None)]
    duty = Duty(worked_s=0, rested_s=0, goal_s=60, may_stop=KIND.stops, is_order=True)
    offered = laters(duty, NOW, Calendar(), "UTC")
    assert "provider" in [one.wait for one in offered]
