"""The same buyer, the same goods, a moment later."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.commands.fix_address import FixAddress
from app.commands.recheck import Recheck
from app.commands.reopen import Reopen
from app.desk import ver_of
from app.domain.duplicate import compare, entry_of, shared_by
from app.domain.events import StatusChanged
from app.domain.mask import masked
from app.domain.order import Status
from app.domain.values import Receiver, Role
from app.forms.cancel_one import FORM
from app.snags.duplicate_suspect import KIND
from tests.builders import NOW, RECEIVER, REGION, Company, actor, line, order

MERGE, KEEP, CANCEL = KIND.repairs


def twice(**changes: object) -> Company:
    company = Company()
    company.receive("o1", ordered_at=NOW - timedelta(minutes=8))
    company.receive("o2", **{"ordered_at": NOW - timedelta(minutes=5), **changes})
    return company


def facts(company: Company):
    return company.facts(Recheck(order="o2"), None)


def test_only_the_later_one_is_suspected():
    company = twice()

    snag = company.order("o2").snag("duplicate_suspect")

    assert snag.text.params == {"number": "DK-o1", "gap": 3, "score": 100}
    assert (company.order("o1").status, company.order("o2").status) == (Status.RELEASED, Status.GATED)
    assert company.order("o1").snags == ()


@pytest.mark.parametrize(
    ("changes", "is_suspected"),
    [
        ({"shop": "DY1"}, True),
        ({"receiver": msgspec.structs.replace(RECEIVER, phone="138****0000")}, True),
        ({"receiver": msgspec.structs.replace(RECEIVER, street="解放路1号")}, True),
        ({"receiver": msgspec.structs.replace(RECEIVER, phone="13911112222", street="解放路1号")}, False),
        ({"lines": (line(ext_sku="A-2", unit_price_minor=19_900),)}, False),
        ({"ordered_at": NOW - timedelta(minutes=8) + timedelta(hours=72)}, True),
        ({"ordered_at": NOW - timedelta(minutes=7) + timedelta(hours=72)}, False),
        ({"ordered_at": NOW - timedelta(hours=1)}, True),
    ],
    ids=["shop", "phone", "street", "buyer", "goods", "72h", "later", "before"],
)
def test_buyer_goods_and_time_decide(changes, is_suspected):
    assert (twice(**changes).order("o2").snag("duplicate_suspect") is not None) is is_suspected


MASKED = Receiver(name="季**", phone="138****0000", street="")


@pytest.mark.parametrize(
    ("first", "second", "is_suspected"),
    [
        ("AAHm8kQx", "AAHm8kQx", True),
        ("AAHm8kQx", "AAHm8kQy", False),
        ("AAHm8kQx", "", False),
        ("t**8", "t**8", False),
    ],
    ids=["same", "another", "missing", "hidden"],
)
def test_one_account_in_two_shops_tells_although_name_and_phone_are_hidden(first, second, is_suspected):
    company = Company()
    for of, shop, account in (("o1", "TM1", first), ("o2", "DY1", second)):
        receiver = msgspec.structs.replace(MASKED, account=account)
        company.receive(of, shop=shop, receiver=receiver, ordered_at=NOW - timedelta(minutes=8))

    assert (company.order("o2").snag("duplicate_suspect") is not None) is is_suspected


@pytest.mark.parametrize(("first", "second"), [("AAHm8kQx", "AAHm8kQy"), ("AAHm8kQx", ""), ("", "")])
def test_another_account_or_none_says_nothing(first, second):
    """One person has an account in each shop, and a platform gives them another name every week."""
    with_account = [msgspec.structs.replace(RECEIVER, account=account) for account in (first, second)]
    company = Company()
    for of, receiver in zip(("o1", "o2"), with_account, strict=True):
        company.receive(of, receiver=receiver, ordered_at=NOW - timedelta(minutes=8))

    assert company.order("o2").snag("duplicate_suspect").text.params["score"] == 100
    assert masked(with_account[0]).account == ""


@pytest.mark.parametrize(
    ("one", "other", "stands"),
    [
        ("张伟", "Zhang Wei", "sounds"),
        ("ZHANGWEI", "张伟", "sounds"),
        ("Wei ZHANG", "zhang wei", "sounds"),
        ("曾乐", "Zēng Lè", "sounds"),
        ("欧阳晓晴", "OUYANG XIAOQING", "sounds"),
        ("张伟", "张 伟", "same"),
        ("张伟", "Zhang Min", "other"),
        ("张伟", "章炜", "other"),
        ("张㐀", "Zhang Qiu", "other"),
        ("张**", "Zhang Wei", "unknown"),
    ],
)
def test_a_name_in_letters_is_the_one_it_sounds_like(one, other, stands):
    pair = [
        entry_of(order("o1", receiver=msgspec.structs.replace(RECEIVER, name=name))) for name in (one, other)
    ]

    name = next(trait for trait in compare(*pair, frozenset()) if trait.field == "name")
    assert name.stands == stands


def test_an_address_put_right_keeps_the_account():
    company = Company()
    receiver = msgspec.structs.replace(RECEIVER, account="AAHm8kQx")
    company.receive("o1", receiver=receiver)

    company.must(FixAddress(order="o1", receiver=Receiver(name="季小雨", street="解放路1号"), region=REGION))

    assert company.order("o1").receiver.account == "AAHm8kQx"


def test_keeping_both_is_remembered_over_a_new_version():
    company = twice()

    company.must(KEEP.build(company.order("o2"), facts(company)))
    kept = company.order("o2").status
    order = company.receive("o2", ext_version="2", refunded_minor=0, total_minor=1)

    assert (kept, order.snag("duplicate_suspect")) == (Status.RELEASED, None)


def test_cancelling_the_other_one_clears_the_suspicion():
    company = twice()
    from app.commands.cancel import Cancel

    events = company.must(Cancel(order="o1", reason="twice"))
    woken = {key for event in events if isinstance(event, StatusChanged) for key in event.wakes()}
    assert woken == set(company.order("o2").snag("duplicate_suspect").waits_for)
    company.must(Recheck(order="o2"), Role.WORKER)

    assert company.order("o2").status is Status.RELEASED


@pytest.mark.parametrize(
    ("ordered_at", "newer", "older"),
    [
        (NOW - timedelta(minutes=5), "o2", "o1"),
        (NOW - timedelta(hours=1), "o1", "o2"),
        (NOW - timedelta(minutes=8), "o2", "o1"),
    ],
    ids=["came in last", "ordered first", "at one moment"],
)
def test_the_one_placed_later_is_cancelled_unless_the_clerk_turns_it_round(ordered_at, newer, older):
    """Which of them came in later depends on the channel; which was ordered twice does not."""
    company = twice(ordered_at=ordered_at)

    suspect, known = company.order("o2"), facts(company)
    command = CANCEL.build(suspect, known)

    assert command.order == newer
    assert FORM.start(suspect, known) == {"which": newer, "why": ""}
    offered = [choice.value for choice in FORM.steps[0].fields[0].choices({}, suspect, known)]
    assert offered == [newer, older]
    assert FORM.build(suspect, {"which": older, "why": "twice"}, known).order == older
    company.must(command)
    company.must(Recheck(order=older), Role.WORKER)
    assert company.order(newer).status is Status.CANCELLED
    assert company.order(older).status is Status.RELEASED


def test_where_the_other_order_is_not_at_hand_only_this_one_can_be_cancelled():
    """A clerk of one shop does not hold the orders of another."""
    company = twice()
    mine = company.order("o2")
    alone = company.facts(Recheck(order="o2"), None)
    alone.rows.pop(("order", "o1"))

    assert CANCEL.build(mine, alone).order == "o2"
    assert MERGE.build(mine, alone) is None
    assert FORM.steps[0].fields[0].check("o1", {}, mine, alone).is_error


def test_what_was_seen_of_one_order_is_not_said_of_the_other():
    company = twice()
    mine = company.order("o2")

    assert ver_of(CANCEL.build(mine, facts(company)), mine) == mine.ver
    assert ver_of(FORM.build(mine, {"which": "o1", "why": "buyer"}, facts(company)), mine) is None


def test_a_corrected_address_leaves_the_old_key():
    company = Company()
    masked = msgspec.structs.replace(RECEIVER, phone="138****0000")
    company.receive("o1", receiver=masked)
    elsewhere = msgspec.structs.replace(masked, street="解放路1号")
    company.must(FixAddress(order="o1", receiver=elsewhere, region=REGION))

    assert company.receive("o2", receiver=masked).snag("duplicate_suspect") is None
    assert company.receive("o3", receiver=elsewhere).snag("duplicate_suspect").digest.startswith("o1#")


def test_a_desk_leaves_it_as_the_hub_said():
    company = twice()
    company.at_hub = False

    company.must(Recheck(order="o2"))

    assert company.order("o2").snag("duplicate_suspect") is not None


def test_two_that_may_go_out_as_one_are_merged_by_one_key():
    company = Company()
    company.receive("o1")
    company.receive("o2")
    facts = company.facts(Recheck(order="o2"), actor())
    command = MERGE.build(company.order("o2"), facts)

    company.must(command)

    made = company.order(command.into)
    assert command.orders == ("o1", "o2")
    assert (made.status, made.payable_minor, made.snags) == ("released", 64_000, ())


def test_what_may_not_be_merged_says_why():
    company = Company()
    company.receive("o1")
    company.receive("o2", shop="DY1")
    facts = company.facts(Recheck(order="o2"), actor())

    assert company.order("o2").snag("duplicate_suspect")
    refused = company.do(MERGE.build(company.order("o2"), facts))
    assert refused.code == "other_shop"


def test_a_pair_comes_back_only_when_other_goods_are_asked_for():
    company = twice()
    company.must(KEEP.build(company.order("o2"), facts(company)))
    elsewhere = msgspec.structs.replace(RECEIVER, street="解放路1号")

    company.must(FixAddress(order="o2", receiver=elsewhere, region=REGION))
    moved = company.order("o2").snag("duplicate_suspect")
    more = (line(qty=3),)
    company.receive("o1", ext_version="2", lines=more)
    changed = company.receive("o2", ext_version="2", lines=more)

    assert moved is None
    assert changed.snag("duplicate_suspect") is not None


def test_goods_changed_into_those_of_a_later_order_are_asked_about():
    """The later one was looked at when they still differed; nobody looks at it again."""
    company = Company()
    company.receive("o1")
    company.receive("o2", lines=(line(qty=3),))

    changed = company.receive("o1", ext_version="2", lines=(line(qty=3),))
    company.must(Recheck(order="o2"), Role.WORKER)

    assert changed.snag("duplicate_suspect").digest.startswith("o2#")
    assert company.order("o2").snags == ()


def test_what_was_kept_is_remembered_on_both_sides():
    company = twice()
    company.must(KEEP.build(company.order("o2"), facts(company)))
    from app.commands.cancel import Cancel
    from app.commands.restore import Restore

    company.must(Cancel(order="o1", reason="twice"))
    company.must(Restore(order="o1"))  # it is now the one that came in later

    assert company.order("o1").snag("duplicate_suspect") is None


def test_taking_keep_both_back_asks_again():
    company = twice()
    keep = KEEP.build(company.order("o2"), facts(company))
    company.must(keep)
    company.must(Reopen(order="o2", kind="duplicate_suspect", digest=keep.digest))

    assert company.order("o2").snag("duplicate_suspect") is not None


def test_keeping_one_pair_does_not_forget_another():
    company = twice()
    company.must(KEEP.build(company.order("o2"), facts(company)))
    company.receive("o3", ordered_at=NOW)
    third = company.order("o3")
    for _ in range(2):  # beside o1, beside o2
        company.must(KEEP.build(third, facts(company)))
        third = company.order("o3")

    again = company.receive("o3", ordered_at=NOW, ext_version="2", total_minor=1)

    assert third.snag("duplicate_suspect") is None
    assert again.snag("duplicate_suspect") is None
    assert company.order("o2").snag("duplicate_suspect") is None


def evidence(company: Company, one: str, other: str) -> dict[str, str]:
    a, b = company.order(one), company.order(other)
    traits = compare(entry_of(b), entry_of(a), shared_by(b, a))
    return {trait.field: trait.stands for trait in traits}


def test_every_field_says_how_it_stands():
    company = twice(
        shop="DY1",
        receiver=msgspec.structs.replace(RECEIVER, phone=RECEIVER.phone[:3] + "****" + RECEIVER.phone[-4:]),
    )

    assert evidence(company, "o1", "o2") == {
        "phone": "seen_alike",
        "address": "same",
        "name": "same",
        "goods": "same",
        "amount": "same",
        "shop": "other",
        "gap": "apart",
    }


def test_another_person_at_one_address_bought_for_themselves():
    """A dormitory or a gate house takes in many parcels with the same popular article."""
    one = msgspec.structs.replace(RECEIVER, name="钱七")
    other = msgspec.structs.replace(RECEIVER, phone="13911112222", name="赵六")
    company = Company()
    company.receive("o1", receiver=one)

    assert company.receive("o2", receiver=other).snag("duplicate_suspect") is None


def test_a_mark_tells_nobody():
    """Of two thousand buyers about eight share each mark."""
    company = Company()
    order = company.receive("o1")
    marks = set()
    for i in range(2_000):
        buyer = msgspec.structs.replace(RECEIVER, phone=f"1{3_700_000_000 + i * 10_007}")
        marks.add(entry_of(msgspec.structs.replace(order, receiver=buyer)).phone_mark)

    assert 200 < len(marks) <= 255
