"""A signature binds what was sold at which price; what changes afterwards is seen, and can be set back."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
import pytest

from app import engine
from app.commands.amend import Amend
from app.commands.correct_price import CorrectPrice
from app.commands.fix_address import FixAddress
from app.commands.print_paper import PrintPaper
from app.commands.recheck import Recheck
from app.commands.restore_terms import RestoreTerms
from app.commands.send_contract import CONTRACTS_MOST, SendContract
from app.commands.set_template import SetTemplate
from app.commands.sign_contract import SignContract
from app.commands.take_contract_back import TakeContractBack
from app.domain.agreement import code_of, contracts_said, fits, next_id, terms_of
from app.domain.company import Customer
from app.domain.contract import TEXT_MOST, Contract, Template
from app.domain.order import Order
from app.domain.values import Role, order_key
from app.preview import preview
from app.snags.contract_void import KIND
from app.text import Text
from tests.builders import NOW, RECEIVER, REGION, Company, actor, line, pick_all

LH = Customer(
    code="LH", title="临湖酒店用品", invoice_title="杭州临湖酒店用品有限公司", tax_no="91350100M000100Y43"
)
FILE, TODAY = "ab" * 32, date(2026, 6, 13)
SEND, RESTORE = KIND.repairs
HOTEL = Template(code="HT", title="酒店", text="{buyer} 与 {seller}\n{goods}\n合计 {total}，核对码 {code}")


def selling() -> Company:
    """An order of a business."""
    company = Company()
    company.rows["customer", "LH"] = LH
    lines = (line(qty=2), line("2", "A-2", unit_price_minor=19_900))
    company.receive(customer="LH", ext_id="", lines=lines)
    company.rows[order_key("o1")] = msgspec.structs.replace(company.order(), terms_days=30)
    return company


def send(company: Company, template: str = "") -> SendContract:
    command = SendContract(order="o1", contract=next_id(company.order()), template=template)
    company.must(command)
    return command


def sign(company: Company, **changes) -> SignContract:
    known = {
        "order": "o1",
        "contract": company.order().contracts[-1].id,
        "file_sha256": FILE,
        "signed_on": TODAY,
    }
    command = SignContract(**(known | changes))
    company.must(command)
    return command


def signed() -> Company:
    company = selling()
    send(company)
    sign(company)
    return company


def dearer(company: Company) -> CorrectPrice:
    command = CorrectPrice(order="o1", line="1", unit_price_minor=30_000, reason="agreed")
    company.must(command)
    return command


def newest(company: Company) -> Contract:
    return company.order().contracts[-1]


def repair(company: Company, which):
    return which.build(company.order(), company.facts(Recheck(order="o1"), actor()))


def undone(company: Company, command) -> Order:
    """Give a command and take it back."""
    undo = engine.inverse_of(command, company.facts(command, actor()))
    company.must(command)
    assert undo is not None
    company.must(undo)
    return company.order()


# --- sending and signing ----------------------------------------------------------------------------


def test_the_text_holds_lines_prices_and_terms_and_no_person():
    company = selling()
    send(company)

    text = newest(company).text
    for said in (
        "DK-o1",
        "杭州临湖酒店用品有限公司",
        "¥320.00 = ¥640.00",
        "¥839.00",
        "30 天",
        "2026-06-13",
        code_of(company.order()),
    ):
        assert said in text
    for personal in (RECEIVER.name, RECEIVER.phone, RECEIVER.street):
        assert personal not in msgspec.json.encode(company.order().contracts).decode()


def test_a_text_of_the_company_is_filled_in_and_kept_as_it_was_sent():
    company = selling()
    company.must(SetTemplate(template=HOTEL), Role.LEAD)
    send(company, "HT")
    company.must(SetTemplate(template=msgspec.structs.replace(HOTEL, text="other", rev=1)), Role.LEAD)

    assert newest(company).text.startswith("杭州临湖酒店用品有限公司 与 青禾旗舰店\n1. 四件套 白 220 × 2 @")


def test_sent_and_signed_can_be_taken_back_step_by_step():
    company = selling()
    before = company.order()
    after = undone(company, SendContract(order="o1", contract="o1-c1"))
    assert after.contracts == before.contracts == ()

    send(company)
    sent = newest(company)
    undone(company, SignContract(order="o1", contract="o1-c1", file_sha256=FILE, signed_on=TODAY))
    assert newest(company) == sent
    sign(company)
    kept = newest(company)
    undone(company, TakeContractBack(order="o1", contract="o1-c1"))
    assert newest(company) == kept


def test_the_order_says_how_its_contract_stands():
    company = selling()
    send(company)
    code = newest(company).digest[:8]
    assert contracts_said(company.order()) == (
        ("Contract", Text("{code}, sent, not signed yet", {"code": code})),
    )

    sign(company)
    assert contracts_said(company.order()) == (("Contract", Text("{code}, signed", {"code": code})),)
    dearer(company)
    assert contracts_said(company.order()) == (
        ("Contract", Text("{code}, signed, no longer fits", {"code": code})),
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"contract": "o1-c9"}, "no_contract"),
        ({"order": "o2"}, "no_order"),
        ({"file_sha256": "AB" * 32}, "bad_file"),
        ({"file_sha256": "ab"}, "bad_file"),
        ({"signed_on": TODAY - timedelta(days=1)}, "bad_day"),
        ({"signed_on": TODAY + timedelta(days=1)}, "bad_day"),
    ],
)
def test_a_signature_that_cannot_be_is_refused(changes, code):
    company = selling()
    send(company)

    known = {"order": "o1", "contract": "o1-c1", "file_sha256": FILE, "signed_on": TODAY}
    assert company.refused(SignContract(**(known | changes))) == code


def test_what_changed_after_it_was_sent_is_not_signed():
    company = selling()
    send(company)
    dearer(company)

    asked = SignContract(order="o1", contract="o1-c1", file_sha256=FILE, signed_on=TODAY)
    assert company.refused(asked) == "stale_content"


def test_what_was_signed_is_not_signed_or_sent_again():
    company = signed()

    assert (
        company.refused(SignContract(order="o1", contract="o1-c1", file_sha256=FILE, signed_on=TODAY))
        == "already_signed"
    )
    assert company.refused(SendContract(order="o1", contract="o1-c2")) == "already_sent"


def test_who_sends_needs_a_customer_a_text_and_an_id_of_its_own():
    company = selling()
    company.receive("o2")

    assert company.refused(SendContract(order="o2", contract="o2-c1")) == "no_customer"
    assert company.refused(SendContract(order="o3", contract="o3-c1")) == "no_order"
    assert company.refused(SendContract(order="o1", contract="o1-c1", template="XX")) == "no_template"
    assert company.refused(SendContract(order="o1", contract="o1-c2")) == "other_id"
    for _ in range(CONTRACTS_MOST):
        send(company)
        company.must(
            Amend(order="o1", lines=(line(qty=company.order().lines[0].qty + 1), company.order().lines[1]))
        )
    assert company.refused(SendContract(order="o1", contract=next_id(company.order()))) == "too_many"


def test_only_the_newest_is_taken_back():
    company = signed()
    dearer(company)
    send(company)

    assert company.refused(TakeContractBack(order="o1", contract="o1-c1")) == "not_newest"
    assert company.refused(TakeContractBack(order="o1", contract="o1-c9")) == "no_contract"


def test_a_contract_is_printed_once_there_is_one():
    company = selling()

    assert company.refused(PrintPaper(order="o1", paper="contract")) == "no_contract"
    send(company)
    company.must(PrintPaper(order="o1", paper="contract"))


# --- what no longer fits ----------------------------------------------------------------------------


def test_a_price_that_changes_after_signing_voids_it_and_keeps_the_order_back():
    company = signed()
    assert company.order().status == "released"

    dearer(company)

    snag = company.order().snag("contract_void")
    assert snag.text.params["code"] == newest(company).digest[:8]
    assert (snag.goal_min, company.order().status) == (240, "gated")


def test_an_address_put_right_changes_no_agreement():
    company = signed()
    there = msgspec.structs.replace(REGION, district="西湖区", postcode="310012")
    company.must(FixAddress(order="o1", receiver=RECEIVER, region=there))

    assert company.order().snag("contract_void") is None


def test_what_was_never_signed_voids_nothing():
    company = selling()
    send(company)
    dearer(company)

    assert company.order().snag("contract_void") is None
    assert repair(company, SEND) is None


def test_the_new_text_is_sent_and_the_order_waits_until_it_is_signed():
    company = signed()
    dearer(company)
    command = repair(company, SEND)
    assert command == SendContract(order="o1", contract="o1-c2")

    company.must(command)
    snag = company.order().snag("contract_void")
    assert snag.text.message == "Contract {code} was sent and is not signed yet"
    assert repair(company, SEND) is None
    sign(company)

    assert company.order().snag("contract_void") is None
    assert company.order().status == "released"


def test_what_was_signed_comes_back_and_the_change_after_it_too():
    company = signed()
    was = terms_of(company.order())
    dearer(company)
    changed = terms_of(company.order())
    command = repair(company, RESTORE)
    assert "contract_void" in preview(command, company.order(), company.facts(command, actor())).cures
    undo = engine.inverse_of(command, company.facts(command, actor()))

    company.must(command)
    assert (terms_of(company.order()), fits(company.order())) == (was, True)
    assert company.order().snag("contract_void") is None
    company.must(undo)

    assert terms_of(company.order()) == changed
    assert company.order().snag("contract_void") is not None


def test_lines_that_were_added_or_changed_in_number_are_set_back_with_their_stock():
    company = signed()
    company.must(
        Amend(
            order="o1",
            lines=(company.order().lines[0], line("3", "A-3", sku="CT-180", unit_price_minor=12_900)),
        )
    )

    company.must(repair(company, RESTORE))

    assert [(one.id, one.sku, one.qty) for one in company.order().lines] == [
        ("1", "LN-220", 2),
        ("2", "SF-001", 1),
    ]
    assert {(item.sku, item.qty) for item in company.order().reserved} == {("LN-220", 2), ("SF-001", 1)}


def test_once_the_warehouse_has_begun_only_a_new_text_helps():
    company = signed()
    pick_all(company)
    asked = RestoreTerms(
        order="o1", terms=msgspec.structs.replace(terms_of(company.order()), payable_minor=1)
    )

    assert repair(company, RESTORE) is None
    assert company.refused(asked) == "picked"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"currency": "USD"}, "other_order"),
        ({"customer": "SL"}, "other_order"),
        ({"pay_days": 365}, "other_order"),
        ({"lines": ()}, "bad_line"),
        ({"payable_minor": -1}, "bad_line"),
        ({}, "unchanged"),
    ],
)
def test_terms_that_cannot_be_are_refused(changes, code):
    company = signed()
    terms = msgspec.structs.replace(terms_of(company.order()), **changes)

    assert company.refused(RestoreTerms(order="o1", terms=terms)) == code
    assert company.refused(RestoreTerms(order="o2", terms=terms)) == "no_order"


def test_an_article_nobody_knows_is_not_brought_back():
    terms = terms_of(signed().order())
    strange = tuple(msgspec.structs.replace(one, sku="XX") for one in terms.lines)

    asked = RestoreTerms(order="o1", terms=msgspec.structs.replace(terms, lines=strange))
    assert signed().refused(asked) == "unknown_sku"


# --- texts ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "no code"}, "bad_code"),
        ({"title": ""}, "bad_title"),
        ({"text": " \n"}, "bad_words"),
        ({"text": "x" * (TEXT_MOST + 1)}, "bad_words"),
        ({"text": "a\x00b"}, "bad_words"),
        ({"text": "{phone}"}, "bad_words"),
    ],
)
def test_a_text_nobody_could_fill_in_is_refused(changes, code):
    asked = SetTemplate(template=msgspec.structs.replace(HOTEL, **changes))

    assert Company(now=NOW).refused(asked, Role.LEAD) == code
