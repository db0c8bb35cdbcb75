"""The phone of the receiver cannot be called."""

from __future__ import annotations

import msgspec
import pytest

from app.boot.divisions import load_gazetteer
from app.commands.recheck import Recheck
from app.domain.order import Status
from app.snags.receiver_invalid import KIND
from tests.builders import RECEIVER, Company

TAKE, ASK, KEEP = KIND.repairs


def called(phone: str, **receiver: str) -> Company:
    company = Company()
    company.gazetteer = load_gazetteer()
    company.receive(receiver=msgspec.structs.replace(RECEIVER, phone=phone, **receiver))
    return company


def repair(company: Company, which):
    return which.build(company.order(), company.facts(Recheck(order="o1"), None))


def test_a_short_number_is_counted_and_not_quoted():
    snag = called("1380000000").order().snag("receiver_invalid")

    assert snag.text.params == {"count": 10, "missing": 1}
    assert "1380000000" not in str(snag)


@pytest.mark.parametrize("phone", ["13800000000", "138****0000", "0571-88886666", "18412345678-1234", ""])
def test_what_can_be_called_is_masked_or_was_never_given_is_left_alone(phone):
    assert called(phone).order().snag("receiver_invalid") is None


def test_the_phone_the_buyer_wrote_is_taken_and_nothing_else():
    company = called("1391111222", raw="浙江省杭州市拱墅区文晖路88号 季小雨 13911112222")
    before = company.order()

    company.must(repair(company, TAKE))

    after = company.order()
    assert after.receiver == msgspec.structs.replace(before.receiver, phone="13911112222")
    assert after.region == before.region
    assert after.snag("receiver_invalid") is None


def test_without_another_phone_none_is_suggested():
    assert repair(called("1391111222", raw="浙江省杭州市拱墅区文晖路88号"), TAKE) is None


def test_the_buyer_is_asked_over_the_channel_and_it_sleeps_until_they_answer():
    company = called("1391111222")

    company.must(repair(company, ASK))

    (message,), snag = company.order().messages, company.order().snag("receiver_invalid")
    assert ("ext-o1" in message.words, "1391111222" in message.words) == (True, False)
    assert (snag.snooze.wait, snag.stops[-1].wait) == ("customer", "customer")
    again = msgspec.structs.replace(RECEIVER, phone="13911112222")
    assert company.receive(ext_version="2", receiver=again).snag("receiver_invalid") is None


def test_sending_it_anyway_settles_this_number_only():
    company = called("1391111222")

    company.must(repair(company, KEEP))
    assert company.order().status is Status.RELEASED

    again = msgspec.structs.replace(RECEIVER, phone="139111122")
    assert company.receive(ext_version="2", receiver=again).snag("receiver_invalid") is not None
