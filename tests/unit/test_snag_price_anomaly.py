"""A price far from the list price."""

from __future__ import annotations

import msgspec
import pytest

from app.boot.words import console
from app.commands.claim import Claim
from app.commands.hold import Hold
from app.commands.recheck import Recheck
from app.commands.reopen import Reopen
from app.commands.resume import Resume
from app.domain.duty_events import SnagEscalated
from app.domain.order import Status
from app.domain.values import Role
from app.engine import inverse_of
from app.preview import preview
from app.snags.price_anomaly import KIND
from tests.builders import Company, actor, line

HOLD, LIST, ACCEPT = KIND.repairs


def sold_at(price_minor: int, qty: int = 1) -> Company:
    company = Company()
    company.receive(lines=(line(unit_price_minor=price_minor, qty=qty),))
    return company


@pytest.mark.parametrize(
    ("price_minor", "is_odd"), [(19_199, True), (19_200, False), (44_800, False), (44_801, True), (0, False)]
)  # list price 32,000; the band is 60 to 140 %
def test_the_band_decides(price_minor, is_odd):
    assert (sold_at(price_minor).order().snag("price_anomaly") is not None) is is_odd


def test_the_sentence_shows_both_prices():
    snag = sold_at(9_900).order().snag("price_anomaly")

    assert snag.text.params == {"title": "四件套 酒店款 白 220", "price": "¥99.00", "list_price": "¥320.00"}


def test_accepting_releases_the_order_and_can_be_taken_back():
    company = sold_at(9_900)
    answer = ACCEPT.build(company.order(), company.facts(Recheck(order="o1"), None))

    company.must(answer)
    accepted = company.order().status
    company.must(Reopen(order="o1", kind="price_anomaly", digest=answer.digest))

    assert (accepted, company.order().status) == (Status.RELEASED, Status.GATED)
    assert company.order().snag("price_anomaly") is not None


def test_an_answer_is_void_when_the_price_changes():
    company = sold_at(9_900)
    company.must(ACCEPT.build(company.order(), company.facts(Recheck(order="o1"), None)))

    order = company.receive(ext_version="2", lines=(line(unit_price_minor=9_800),))

    assert (order.status, order.snag("price_anomaly").text.params["price"]) == (Status.GATED, "¥98.00")


def test_other_rules_find_other_prices():
    company = sold_at(19_200)
    assert company.order().status is Status.RELEASED

    company.set_rules(price_floor_pct=70)
    company.must(Recheck(order="o1"), Role.WORKER)

    assert company.order().snag("price_anomaly").waits_for == ("rules",)


def test_the_order_can_be_held_instead():
    company = sold_at(9_900)

    company.must(HOLD.build(company.order(), company.facts(Recheck(order="o1"), None)))

    assert company.order().pause.reason == "Price unusual"
    assert HOLD.build(company.order(), company.facts(Recheck(order="o1"), None)) is None


def test_the_list_price_is_taken_line_by_line_and_given_back():
    company = Company()
    odd = (line(unit_price_minor=9_900), line("2", "A-2", unit_price_minor=5_000))
    company.receive(lines=odd, payable_minor=14_900)
    before = company.order()
    command = LIST.build(before, company.facts(Recheck(order="o1"), actor()))
    undo = inverse_of(command, company.facts(command, actor()))

    company.must(command)
    order = company.order()
    assert [ln.unit_price_minor for ln in order.lines] == [32_000, 5_000]
    assert (order.payable_minor, order.snag("price_anomaly").text.params["price"]) == (37_000, "¥50.00")
    company.must(undo)

    assert (company.order().lines, company.order().payable_minor) == (before.lines, 14_900)


def test_the_lead_is_asked_with_the_loss_in_money():
    company = sold_at(9_900, qty=2)
    before = company.order()
    command = HOLD.build(before, company.facts(Recheck(order="o1"), actor()))

    seen = preview(command, before, company.facts(command, actor()))
    company.must(command)

    order = company.order()
    (price,) = [effect for effect in seen.effects if effect.label == "Price"]
    assert console(price.text, "en") == "¥442.00 lost, ¥186.00 below the floor"
    assert (order.pause.reason, order.pause.ask) == ("Price unusual", "price_anomaly")
    sent = order.snag("price_anomaly").escalation
    assert (sent.why, sent.by, sent.reason) == ("asked", actor().user, "Price unusual")
    (said,) = [event for event in company.journal if isinstance(event, SnagEscalated)]
    assert console(said.says(), "zh_CN") == "交组长：价格异常"


def test_what_lies_above_the_band_is_no_loss():
    company = sold_at(50_000)
    before = company.order()
    command = HOLD.build(before, company.facts(Recheck(order="o1"), actor()))

    (price,) = [
        e for e in preview(command, before, company.facts(command, actor())).effects if e.label == "Price"
    ]

    assert console(price.text, "en") == "¥180.00 above what is usual"


def test_asking_is_taken_back_with_the_hold():
    company = sold_at(9_900)
    before = company.order()
    command = HOLD.build(before, company.facts(Recheck(order="o1"), actor()))
    undo = inverse_of(command, company.facts(command, actor()))
    company.must(command)
    again = inverse_of(undo, company.facts(undo, actor()))

    company.must(undo)
    order = company.order()
    company.must(again)

    assert (order.pause, order.snag("price_anomaly")) == (None, before.snag("price_anomaly"))
    assert company.order().snag("price_anomaly").escalation.why == "asked"


def test_an_order_goes_on_when_the_lead_accepts_its_price():
    company = sold_at(9_900)
    company.must(HOLD.build(company.order(), company.facts(Recheck(order="o1"), actor())))

    company.must(
        ACCEPT.build(company.order(), company.facts(Recheck(order="o1"), actor(Role.LEAD))), Role.LEAD
    )

    assert (company.order().status, company.order().pause) == (Status.RELEASED, None)


def test_of_an_order_that_is_held_already_the_lead_is_only_asked():
    company = sold_at(9_900)
    company.must(Hold(order="o1", reason="buyer away"))

    company.must(HOLD.build(company.order(), company.facts(Recheck(order="o1"), actor())))

    assert company.order().pause.reason == "buyer away"
    assert company.order().snag("price_anomaly").escalation.why == "asked"
    company.must(ACCEPT.build(company.order(), company.facts(Recheck(order="o1"), actor())))
    assert company.order().pause.reason == "buyer away"


def test_nobody_is_asked_about_an_exception_that_is_somebody_elses():
    company = sold_at(9_900)
    company.must(Claim(order="o1", kind="price_anomaly"), actor(user="shen"))

    asked = HOLD.build(company.order(), company.facts(Recheck(order="o1"), actor(user="lin")))

    assert company.refused(asked, actor(user="lin")) == "claimed"
    assert company.order().pause is None


def test_whoever_may_not_ask_the_lead_does_not_ask_by_holding_either():
    company = sold_at(9_900)
    asked = HOLD.build(company.order(), company.facts(Recheck(order="o1"), actor()))
    back = inverse_of(asked, company.facts(asked, actor()))
    no_asking = msgspec.structs.replace(actor(), grants=actor().grants - {"escalate"})
    no_recall = msgspec.structs.replace(actor(), grants=actor().grants - {"recall"})

    assert company.refused(asked, no_asking) == "not_allowed"
    company.must(asked)
    assert company.refused(back, no_recall) == "not_allowed"
    company.must(Resume(order="o1"), no_recall)
    company.must(Hold(order="o1", reason="buyer away"), no_asking)
