"""The buyer has another open order: this one waits some minutes."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.bulk import locked_by
from app.commands.cancel import Cancel
from app.commands.merge import Merge
from app.commands.recheck import Recheck
from app.domain.company import Shop
from app.domain.order import ChannelState, Status
from app.domain.values import Receiver, Role
from app.engine import inverse_of, wake_at
from app.snags.merge_wait import KIND
from tests.builders import NOW, RECEIVER, SHOPS, Company, actor, line

MERGE, ALONE = KIND.repairs
OTHER_GOODS = (line(ext_sku="A-2", unit_price_minor=19_900),)
WAIT = timedelta(minutes=10)
"""What a shop starts with."""
SHOP = msgspec.structs.replace(
    SHOPS["TM1"], merge_wait_min=Shop(code="", title="", channel="").merge_wait_min
)


def company_that_waits() -> Company:
    return Company(shops=SHOPS | {"TM1": SHOP})


def two(**changes) -> Company:
    company = company_that_waits()
    company.receive("o1")
    company.receive("o2", **({"lines": OTHER_GOODS} | changes))
    return company


def repair(company: Company, which):
    return which.build(company.order("o2"), company.facts(Recheck(order="o2"), actor()))


def test_who_has_nothing_else_open_waits_for_nothing():
    company = company_that_waits()

    assert company.receive().status is Status.RELEASED


def test_a_second_order_waits_and_names_the_first_one_which_goes_on():
    company = two()

    first, second = company.order("o1"), company.order("o2")
    snag = second.snag("merge_wait")
    assert (first.status, second.status) == (Status.RELEASED, Status.GATED)
    assert (snag.text.params["number"], snag.waits_for) == ("DK-o1", ("order:o1",))
    assert locked_by(second, "note_request") is not None


def test_it_goes_on_by_itself_when_the_wait_is_over():
    company = two()
    company.now = wake_at(company.order("o2"), company.facts(Recheck(order="o2"), actor()))

    company.must(Recheck(order="o2"), Role.WORKER)

    assert company.now == NOW + WAIT
    assert (company.order("o2").status, company.order("o2").snags) == (Status.RELEASED, ())


def test_both_go_out_as_one_and_come_back_exactly():
    company = two()
    before = company.order("o2")
    command = repair(company, MERGE)
    undo = inverse_of(command, company.facts(command, actor()))

    company.must(command)
    made = company.order(command.into)
    assert isinstance(command, Merge)
    assert (command.orders, made.status, made.snags) == (("o1", "o2"), Status.RELEASED, ())
    company.must(undo)

    after = company.order("o2")
    assert (after.lines, after.payable_minor) == (before.lines, before.payable_minor)


def test_let_go_alone_it_leaves_at_once_and_no_undo_is_offered_that_would_do_nothing():
    company = two()
    answer = repair(company, ALONE)

    undo = inverse_of(answer, company.facts(answer, actor()))
    company.must(answer)

    assert undo is None  # the floor has it: it is not taken away again
    assert company.order("o2").status is Status.RELEASED


def test_what_something_else_keeps_back_waits_again_when_that_is_taken_back():
    company = two(receiver=msgspec.structs.replace(RECEIVER, note="放门口"))
    answer = repair(company, ALONE)
    undo = inverse_of(answer, company.facts(answer, actor()))

    company.must(answer)
    assert company.order("o2").snag("merge_wait") is None
    company.must(undo)

    assert company.order("o2").snag("merge_wait") is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"receiver": msgspec.structs.replace(RECEIVER, phone="13900000000")},
        {"receiver": msgspec.structs.replace(RECEIVER, street="人民路1号")},
        {"receiver": Receiver(name="季**", phone="138****0000", street="文晖路**")},
        {"shop": "DY1"},
        {"currency": "USD"},
        {"ordered_at": NOW + timedelta(hours=100)},
        {"channel_state": ChannelState.AWAITING_PAYMENT, "paid_minor": 0},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_without_a_cause_nobody_waits(changes):
    assert two(**changes).order("o2").snag("merge_wait") is None


def test_a_shop_that_wants_no_wait_has_none():
    company = Company()
    company.receive("o1")

    assert company.receive("o2", lines=OTHER_GOODS).status is Status.RELEASED


def test_an_order_that_waits_for_its_payment_is_waited_for():
    company = company_that_waits()
    company.receive("o1", channel_state=ChannelState.AWAITING_PAYMENT, paid_minor=0)

    assert company.receive("o2", lines=OTHER_GOODS).snag("merge_wait") is not None


def test_the_other_one_called_off_ends_the_wait():
    company = two()
    woken = {cause for event in company.must(Cancel(order="o1", reason="asked")) for cause in event.wakes()}

    assert woken & set(company.order("o2").snag("merge_wait").waits_for)
    company.must(Recheck(order="o2"), Role.WORKER)

    assert company.order("o2").status is Status.RELEASED


def test_a_desk_leaves_it_as_the_hub_said():
    company = two()
    company.at_hub = False

    company.must(Recheck(order="o2"), Role.WORKER)

    assert company.order("o2").snag("merge_wait") is not None


def test_two_that_may_be_one_purchase_are_asked_about_as_that():
    company = company_that_waits()
    company.receive("o1")

    assert [snag.kind for snag in company.receive("o2").snags] == ["duplicate_suspect"]


HIDDEN = Receiver(name="周*", phone="138****0001", street="文晖路***", place="1oaid-of-this-door")
"""As a platform shows it: nobody can be told by it."""


def test_a_buyer_known_by_phone_door_and_account_waits_as_well():
    company = company_that_waits()
    member = msgspec.structs.replace(RECEIVER, account="buyer-1234")
    company.receive("o1", receiver=member)
    company.receive("o2", receiver=member, lines=OTHER_GOODS)

    assert company.order("o2").snag("merge_wait").waits_for == ("order:o1",)


def test_who_is_hidden_is_joined_by_how_the_channel_names_the_place():
    company = company_that_waits()
    company.receive("o1", receiver=HIDDEN)
    company.receive("o2", receiver=HIDDEN, lines=OTHER_GOODS)

    assert company.order("o2").snag("merge_wait").waits_for == ("order:o1",)
    company.must(repair(company, MERGE))
    assert company.order("o1").status is Status.REPLACED


@pytest.mark.parametrize(
    "other",
    [{"place": "1oaid-of-another-door"}, {"place": ""}, {"place": "1oaid-o*"}, {"street": "文晖路 7 号"}],
    ids=["another", "none", "hidden itself", "put right by somebody"],
)
def test_who_is_hidden_is_never_joined_by_what_is_shown(other: dict[str, str]):
    company = company_that_waits()
    company.receive("o1", receiver=HIDDEN)
    company.receive("o2", receiver=msgspec.structs.replace(HIDDEN, **other), lines=OTHER_GOODS)

    assert company.order("o2").snag("merge_wait") is None
    refused = company.do(Merge(orders=("o1", "o2"), into="m1"))
    assert refused.code == "other_receiver"


def test_a_place_the_channel_names_anew_counts_though_it_shows_the_same():
    company = company_that_waits()
    company.receive("o1", receiver=HIDDEN)
    company.receive("o2", receiver=HIDDEN, lines=OTHER_GOODS)
    elsewhere = msgspec.structs.replace(HIDDEN, place="1oaid-of-another-door")

    company.receive("o2", receiver=elsewhere, lines=OTHER_GOODS, ext_version="2")

    assert company.order("o2").snag("merge_wait") is None
