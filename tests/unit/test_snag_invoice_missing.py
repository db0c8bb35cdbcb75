"""What the invoice of an order shall say is not known, or cannot be right."""

from __future__ import annotations

import msgspec
import pytest

from app.commands.recheck import Recheck
from app.commands.set_invoice import SetInvoice
from app.domain.company import Customer
from app.domain.invoice import Invoice, InvoiceKind, check_digit
from app.domain.order import Order
from app.domain.values import Role, order_key
from app.engine import inverse_of
from app.snags.invoice_missing import KIND
from tests.builders import Company, actor

TAX_NO = "91330106MA00LH001" + check_digit("91330106MA00LH001")
LH = Customer(code="LH", title="临湖酒店用品", invoice_title="杭州临湖酒店用品有限公司", tax_no=TAX_NO)
GOOD = Invoice(kind=InvoiceKind.SPECIAL, title=LH.invoice_title, tax_no=TAX_NO)
WRONG = Invoice(kind=InvoiceKind.SPECIAL, title="杭州临湖酒店用品有限公司", tax_no="12345")
USE, ASK, LEAVE = KIND.repairs


def bought(customer: Customer = LH, invoice: Invoice | None = None) -> Company:
    company = Company()
    company.rows["customer", "LH"] = customer
    company.receive(customer="LH")
    if invoice is not None:
        company.must(SetInvoice(order="o1", invoice=invoice))
    return company


def repair(company: Company, which):
    return which.build(company.order(), company.facts(Recheck(order="o1"), actor()))


def test_who_is_no_business_is_not_asked():
    company = Company()

    assert company.receive().snag("invoice_missing") is None


def test_a_business_on_a_channel_is_asked_what_its_invoice_shall_say():
    snag = bought().order().snag("invoice_missing")

    assert snag.waits_for == ("customer:LH",)


def test_a_number_that_is_none_is_quoted_by_its_length_only():
    snag = bought(invoice=WRONG).order().snag("invoice_missing")

    assert snag.text.params == {"count": 5}
    assert "12345" not in msgspec.json.encode(snag).decode()


def test_a_title_that_is_not_the_one_of_its_tax_number_stops_and_the_known_one_cures_it():
    company = bought(invoice=msgspec.structs.replace(GOOD, title="杭州临江酒店用品有限公司"))
    snag = company.order().snag("invoice_missing")

    assert snag.text.params == {"customer": "临湖酒店用品"}
    assert [hold.gate for hold in company.order().holds] == ["invoice"]
    company.must(repair(company, USE))
    assert company.order().snag("invoice_missing") is None


@pytest.mark.parametrize("invoice", [None, WRONG])
def test_what_is_known_of_the_customer_is_taken_and_given_back(invoice):
    company = bought(invoice=invoice)
    command = repair(company, USE)
    undo = inverse_of(command, company.facts(command, actor()))

    company.must(command)
    assert company.order().invoice == GOOD
    assert company.order().snag("invoice_missing") is None
    company.must(undo)

    assert company.order().invoice == invoice
    assert company.order().snag("invoice_missing") is not None


def test_a_customer_of_whom_nothing_is_known_gives_no_data():
    assert repair(bought(msgspec.structs.replace(LH, invoice_title="", tax_no="")), USE) is None


def test_left_so_it_is_asked_again_only_when_the_data_change():
    company = bought()

    company.must(repair(company, LEAVE))
    assert company.order().snag("invoice_missing") is None
    company.must(SetInvoice(order="o1", invoice=WRONG))

    assert company.order().snag("invoice_missing") is not None


def test_a_desk_that_reads_masks_leaves_it_as_the_hub_said():
    company = bought()
    company.at_hub = False
    masked: Order = msgspec.structs.replace(company.order(), customer="")
    company.rows[order_key("o1")] = masked

    company.must(Recheck(order="o1"), Role.WORKER)

    assert company.order().snag("invoice_missing") is not None


@pytest.mark.parametrize(
    ("invoice", "code"),
    [
        (msgspec.structs.replace(GOOD, title="x" * 101), "bad_title"),
        (msgspec.structs.replace(GOOD, title="two\nlines"), "bad_title"),
        (msgspec.structs.replace(GOOD, tax_no="9" * 33), "bad_number"),
        (GOOD, "unchanged"),
    ],
)
def test_what_is_no_invoice_data_is_refused(invoice, code):
    assert bought(invoice=GOOD).refused(SetInvoice(order="o1", invoice=invoice)) == code


def test_an_order_that_is_not_here_has_no_invoice():
    assert Company().refused(SetInvoice(order="o1", invoice=GOOD)) == "no_order"


def test_the_buyer_is_asked_for_the_data_with_the_clock_stopped():
    company = bought()

    company.must(repair(company, ASK))

    assert "税号" in company.order().messages[0].words
    assert company.order().snag("invoice_missing").stops[-1].wait == "customer"
