"""What a repair shows before it is given is what it does, field by field; undo brings all of it back.

Source: capabilities 5.3: before and after of order, stock, money and freight.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from app.commands.recheck import Recheck
from app.commands.record_scan import RecordScan
from app.domain.aftersale import Grade, Graded, ReturnKind
from app.domain.effect import EffectState
from app.domain.money import shown
from app.domain.order import Order
from app.domain.refund import refunded_minor
from app.domain.scan import Scan, ScanKind
from app.domain.values import Role
from app.domain.visit import PART_TITLES
from app.engine import inverse_of
from app.kinds import ORDER_KINDS
from app.preview import goes_on, preview
from app.snag import Repair
from tests import aftersale_world, carrier_world
from tests.builders import NOW, REGION, Company, actor, line, ship_it
from tests.unit import test_snag_address_changed as address_changed
from tests.unit import test_snag_contract_void as contract_void
from tests.unit import test_snag_credit_hold as credit_hold
from tests.unit import test_snag_duplicate_suspect as duplicate_suspect
from tests.unit import test_snag_effect_unknown as effects
from tests.unit import test_snag_fraud_risk as fraud_risk
from tests.unit import test_snag_install_conflict as install_conflict
from tests.unit import test_snag_invoice_missing as invoice_missing
from tests.unit import test_snag_invoice_rejected as invoice_rejected
from tests.unit import test_snag_label_failed as label_failed
from tests.unit import test_snag_lease_exceeded as lease_exceeded
from tests.unit import test_snag_lot_recalled as lot_recalled
from tests.unit import test_snag_merge_wait as merge_wait
from tests.unit import test_snag_note_request as note_request
from tests.unit import test_snag_platform_lock as platform_lock
from tests.unit import test_snag_price_anomaly as price_anomaly
from tests.unit import test_snag_receiver_invalid as receiver_invalid
from tests.unit import test_snag_refund_requested as refund_requested
from tests.unit import test_snag_review_late as review_late
from tests.unit import test_snag_review_split as review_split
from tests.unit import test_snag_sent_back as sent_back
from tests.unit import test_snag_ship_overdue as ship_overdue
from tests.unit import test_snag_short_stock as short_stock
from tests.unit import test_snag_sku_unmapped as sku_unmapped
from tests.unit import test_snag_source_changed as source_changed
from tests.unit import test_snag_unclassified as unclassified
from tests.unit import test_snag_warehouse_rejected as warehouse_rejected

LEAD = actor(Role.LEAD, "zhou")


def cured(company: Company, *commands: Any, by: Any = LEAD) -> Company:
    """Return the company after commands that lead to the exception."""
    for command in commands:
        company.must(command, by)
    return company


def failed() -> Company:
    company = Company()
    company.receive()
    ship_it(company)
    return cured(company, RecordScan(order="o1", scan=Scan(kind=ScanKind.FAILED, at=NOW, reason="not_home")))


def replaced() -> Company:
    company = aftersale_world.shipped()
    aftersale_world.accepted(company, ReturnKind.RESHIP)
    return company


def given_back() -> Company:
    company = aftersale_world.shipped()
    aftersale_world.accepted(company)
    return cured(company, aftersale_world.grade(Graded("1", Grade.SELLABLE, 2)), by=aftersale_world.FLOOR)


def reported(state: EffectState) -> Company:
    company = effects.shipped()
    company.must(effects.reported(state), Role.WORKER)
    return company


def unreachable() -> Company:
    company = carrier_world.with_carriers()
    carrier_world.bought(company, carrier_world.XINJIANG)
    return company


def without_label() -> Company:
    company = label_failed.alone()
    carrier_world.answered(company, EffectState.REJECTED)
    return company


def slipped() -> Company:
    company = install_conflict.planned(install_conflict.HZ, install_conflict.XH)
    install_conflict.later(company)
    return company


def void() -> Company:
    company = contract_void.signed()
    contract_void.dearer(company)
    return company


def owing(paid_minor: int) -> Company:
    company = Company()
    company.receive(paid_minor=paid_minor, ordered_at=NOW, lines=(line(qty=3),))
    company.now = NOW + timedelta(minutes=30)
    return cured(company, Recheck(order="o1"))


def spoken() -> Company:
    company = source_changed.merged()
    goods = (line(ext_sku="A-2", qty=3, unit_price_minor=19_900),)
    company.receive("o2", ext_version="2", lines=goods)
    return company


def doubted() -> Company:
    company = Company(gazetteer=receiver_invalid.load_gazetteer())
    company.receive(region=msgspec.structs.replace(REGION, district="江干区", verdict="confirm"))
    return company


SITUATIONS: dict[str, tuple[Callable[[], Company], str]] = {
    "address_changed": (address_changed.moved, "o1"),
    "address_invalid": (doubted, "o1"),
    "carrier_unreachable": (unreachable, "o1"),
    "contract_void": (void, "o1"),
    "credit_hold": (credit_hold.dearer, "o1"),
    "delivery_failed": (failed, "o1"),
    "duplicate_suspect": (duplicate_suspect.twice, "o2"),
    "effect_unknown": (lambda: reported(EffectState.UNKNOWN), "o1"),
    "exchange_due": (replaced, "o1"),
    "fraud_risk": (fraud_risk.listed, "o1"),
    "install_conflict": (slipped, "o1"),
    "invoice_missing": (invoice_missing.bought, "o1"),
    "invoice_rejected": (invoice_rejected.refused, "o1"),
    "label_failed": (without_label, "o1"),
    "lease_exceeded": (lease_exceeded.late, "s1"),
    "lot_recalled": (lot_recalled.recalled, "o1"),
    "merge_wait": (merge_wait.two, "o2"),
    "note_request": (lambda: note_request.noted("6月20日再发"), "o1"),
    "part_paid": (lambda: owing(70_000), "o1"),
    "payment_failed": (lambda: owing(0), "o1"),
    "platform_lock": (platform_lock.kept_back, "o1"),
    "price_anomaly": (lambda: price_anomaly.sold_at(9_900), "o1"),
    "receiver_invalid": (lambda: receiver_invalid.called("12345", note="电话 13900000001"), "o1"),
    "refund_requested": (refund_requested.refunded, "o1"),
    "return_due": (given_back, "o1"),
    "review_late": (review_late.left_alone, "o1"),
    "review_split": (review_split.sent_back, "o1"),
    "sent_back": (sent_back.sent_back, "o1"),
    "ship_overdue": (lambda: ship_overdue.later(ship_overdue.carried(), 9), "o1"),
    "short_stock": (short_stock.short, "o1"),
    "sku_unmapped": (sku_unmapped.waiting, "o1"),
    "source_changed": (spoken, "m"),
    "unclassified": (unclassified.odd, "o1"),
    "warehouse_rejected": (warehouse_rejected.refused, "o1"),
    "writeback_failed": (lambda: reported(EffectState.REJECTED), "o1"),
}
"""How each exception of an order comes about, and which order has it."""
CASES = [(code, repair) for code in SITUATIONS for repair in ORDER_KINDS[code].repairs]
OUTSIDE = frozenset({"delivery_failed", "invoice_rejected"})
"""Their repairs ask somebody outside for something that cannot come back."""
ANEW = frozenset({("label_failed", "next_carrier"), ("source_changed", "put_back")})
"""Undo brings goods, money and freight back; the label is asked for anew, the channel's news are heard."""


OUTLETS = {one.code: one.title for one in (install_conflict.HZ, install_conflict.XH)}


def moved(order: Order) -> dict[str, str]:
    """Money, freight and place of an order as a card names them: label and what stands there."""
    carriage, visit, invoice = order.carriage, order.visit, order.invoice
    return {
        "To pay": shown(order.payable_minor, order.currency),
        "Paid": shown(order.paid_minor, order.currency),
        "Freight": shown(carriage.cost_minor, carriage.currency) if carriage is not None else "",
        "Province": order.region.province,
        "City": order.region.city,
        "District": order.region.district,
        "Street": order.receiver.street,
        "Invoice title": invoice.title if invoice is not None else "",
        "Visit": f"{OUTLETS[visit.outlet]} {visit.day}" if visit is not None else "",
        "Part of the day": PART_TITLES[visit.part] if visit is not None else "",
    }


def goods(order: Order) -> list[tuple[str, int, int]]:
    return [(one.sku, one.qty, one.unit_price_minor) for one in order.lines]


def four(company: Company) -> dict[str, Any]:
    """Orders, stock, money and freight: all that an undo brings back."""
    orders = [row for key, row in company.rows.items() if key[0] == "order"]
    kept = {
        order.id: (
            order.status, order.region, order.receiver, goods(order), order.pause, order.priority,
            order.ship_by_at, order.invoice, order.visit and order.visit.slot,
            sorted(snag.kind for snag in order.snags), moved(order), order.refunded_minor,
            refunded_minor(order), [(case.id, case.state) for case in order.returns], order.reserved,
            order.warehouse, order.carriage and (order.carriage.carrier, order.carriage.cost_minor),
        )
        for order in orders
    }  # fmt: skip
    stock = {key: (row.on_hand, row.reserved) for key, row in company.rows.items() if key[0] == "stock"}
    return {"orders": kept, "stock": stock}


def given(code: str, repair: Repair) -> tuple[Company, str, Any]:
    build, of = SITUATIONS[code]
    company = build()
    assert company.order(of).snag(code) is not None, [snag.kind for snag in company.order(of).snags]
    return company, of, repair.build(company.order(of), company.facts(Recheck(order=of), LEAD))


def test_every_type_of_an_order_has_a_situation():
    assert SITUATIONS.keys() == ORDER_KINDS.keys()


@pytest.mark.parametrize(("code", "repair"), CASES, ids=lambda one: getattr(one, "code", one))
def test_what_is_shown_is_what_is_done_and_undo_brings_all_of_it_back(code: str, repair: Repair):
    company, of, command = given(code, repair)
    if command is None:
        assert repair.off is not None
        return
    before = company.order(of)
    facts = company.facts(command, LEAD)
    seen, undo = preview(command, before, facts), inverse_of(command, facts)
    was = four(company)

    done = company.do(command, LEAD)

    if seen.refusal is not None:
        assert seen.refusal == done
        return
    after = goes_on(company.order(of), company.facts(Recheck(order=of), LEAD))
    assert isinstance(done, list)
    assert after is not None
    assert all(row.is_changed or row.before == row.after for row in seen.rows)
    rows = {row.label: row for row in seen.rows if row.is_changed}
    if after.id == of:
        now, then = moved(after), moved(before)
        for label, value in now.items():
            if then[label] != value and then[label]:
                assert value in rows[label].after, label
            elif then[label] == value:
                assert label not in rows, label
    cured = {snag.kind for snag in before.snags} - {snag.kind for snag in company.order(of).snags}
    assert set(seen.cures) <= cured
    if undo is None:
        assert code in OUTSIDE or "cannot be undone" in repair.why or four(company) == was
        return
    for key, row in [
        (key, row) for key, row in company.rows.items() if key[0] == "effect" and row is not None
    ]:
        company.rows[key] = msgspec.structs.replace(
            row, state=EffectState.TODO
        )  # asked for again, not sent yet
    company.must(undo, LEAD)
    if (code, repair.code) not in ANEW:
        now = four(company)
        made = now["orders"].keys() - was["orders"].keys()
        assert {now["orders"].pop(one)[0] for one in made} <= {"dissolved", "cancelled"}
        assert now == was
