"""What buyers are told: in whose words, when it leaves, how it is taken back, whom it cannot reach."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from app.commands.claim import Claim
from app.commands.new_order import NewOrder
from app.commands.receive_payment import ReceivePayment
from app.commands.recheck import Recheck
from app.commands.send_message import SendMessage
from app.commands.set_wording import SetWording
from app.commands.withdraw_message import WithdrawMessage
from app.domain.effect import HOLD, Effect, EffectState, effect_key
from app.domain.values import Role
from app.domain.wording import BUILT, Wording, way_to, words_of, written, wrong_places
from app.engine import inverse_of
from app.preview import preview
from app.snags.short_stock import KIND
from tests.builders import NOW, RECEIVER, REGION, SHOPS, Company, actor, line

TELL = KIND.repairs[1]


def short(**changes) -> Company:
    company = Company(**changes)
    company.set_stock(0)
    company.receive()
    return company


def telling(company: Company) -> SendMessage:
    command = TELL.build(company.order(), company.facts(Recheck(order="o1"), actor()))
    assert isinstance(command, SendMessage)
    return command


def test_it_leaves_when_it_cannot_be_taken_back_any_more_and_the_exception_sleeps():
    company = short()

    company.must(telling(company))

    (message,), snag = company.order().messages, company.order().snag("short_stock")
    assert (message.leaves_at, message.by) == (NOW + HOLD, "clerk")
    assert snag.snooze.until == NOW + timedelta(hours=48)


def test_the_same_is_not_said_twice_while_nobody_has_answered():
    company = short()
    command = telling(company)
    company.must(command)

    assert company.refused(command) == "asleep"
    assert TELL.build(company.order(), company.facts(Recheck(order="o1"), actor())) is None


def test_what_two_desks_said_at_once_has_one_key():
    one, other = short(), short()

    assert telling(one).key == telling(other).key


def test_taken_back_everything_is_as_it_was_and_it_can_be_said_after_all():
    company = short()
    before, command = company.order(), telling(company)
    undo = inverse_of(command, company.facts(command, actor()))
    company.must(command)
    company.now += timedelta(seconds=20)
    again = inverse_of(undo, company.facts(undo, actor()))

    company.must(undo)

    after = company.order()
    assert (after.messages, after.snag("short_stock").snooze) == ((), None)
    assert after.snag("short_stock").due_at == before.snag("short_stock").due_at + timedelta(seconds=20)
    assert again == command
    company.must(again)
    assert len(company.order().messages) == 1


@pytest.mark.parametrize("state", [EffectState.LEASED, EffectState.DONE, EffectState.UNKNOWN])
def test_what_has_left_is_not_taken_back(state):
    company = short()
    command = telling(company)
    company.must(command)
    company.rows[effect_key(command.key)] = Effect(
        key=command.key, kind="notify", order="o1", state=state, fence=1
    )

    assert company.refused(inverse_of(command, company.facts(command, actor()))) == "too_late"


def test_what_nobody_said_is_not_taken_back():
    company = short()
    command = telling(company)

    assert company.refused(inverse_of(command, company.facts(command, actor()))) == "no_message"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"template": "gossip"}, "no_template"),
        ({"kind": "price_anomaly"}, "no_snag"),
        ({"order": "o2"}, "no_order"),
        ({"key": "notify:o2:1"}, "no_template"),
    ],
)
def test_what_makes_no_sense_is_refused(changes, code):
    company = short()

    assert company.refused(msgspec.structs.replace(telling(company), **changes)) == code


def test_what_a_colleague_has_claimed_is_left_to_them():
    company = short()
    company.must(Claim(order="o1", kind="short_stock"), actor(user="shen"))

    assert company.refused(telling(company)) == "claimed"


def test_the_floor_writes_to_nobody():
    company = short()

    assert company.refused(telling(company), Role.WAREHOUSE) == "not_allowed"


def test_the_words_are_seen_before_they_are_sent():
    company = short()
    command = telling(company)

    shown = preview(command, company.order(), company.facts(command, actor()))

    (row,) = [row for row in shown.rows if row.label == "To buyer"]
    assert row.after.startswith("您好，订单 ext-o1")


@pytest.mark.parametrize(
    ("phone", "way"), [("13800000000", "phone"), ("138000", ""), ("138****0000", ""), ("", "")]
)
def test_who_came_from_no_channel_is_reached_by_phone_or_not_at_all(phone, way):
    company = Company()
    company.set_stock(0)
    typed = NewOrder(
        order="o1", shop="TM1", receiver=msgspec.structs.replace(RECEIVER, phone=phone), region=REGION,
        lines=(line(ext_sku="", sku="LN-220"),),
    )  # fmt: skip

    company.must(typed)
    company.must(ReceivePayment(order="o1", amount_minor=32_000))

    assert company.order().snag("short_stock") is not None
    command = TELL.build(company.order(), company.facts(Recheck(order="o1"), actor()))
    assert (way_to(company.order()), command is not None) == (way, bool(way))


def test_a_shop_abroad_writes_english():
    shops = SHOPS | {"TM1": msgspec.structs.replace(SHOPS["TM1"], country="GB")}
    company = short(shops=shops)

    company.must(telling(company))

    assert company.order().messages[0].words.startswith("Hello, 四件套 酒店款 白 220 of order ext-o1")


# --- words of the company -------------------------------------------------------------------------------

OWN = Wording(code="awaited", zh="亲，{articles} 要等几天，订单 {number}。")


def test_words_of_the_company_stand_in_the_place_of_the_built_in_ones_and_go_again():
    company = short()
    command = SetWording(words=OWN)
    undo = inverse_of(command, company.facts(command, actor(Role.LEAD)))

    company.must(command, Role.LEAD)
    company.must(telling(company))
    assert company.order().messages[0].words == "亲，四件套 酒店款 白 220 要等几天，订单 ext-o1。"
    company.must(undo, Role.LEAD)

    assert words_of("awaited", company.refs.wordings, chinese=True) == BUILT["awaited"].zh
    assert words_of("awaited", company.refs.wordings, chinese=False) == BUILT["awaited"].en


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "gossip"}, "no_template"),
        ({"zh": "{phone}"}, "bad_place"),
        ({"zh": "{number.__class__}"}, "bad_place"),
        ({"zh": "{number!r}"}, "bad_place"),
        ({"zh": "{number"}, "bad_place"),
        ({"zh": "{}"}, "bad_place"),
        ({"en": "x" * 301}, "bad_words"),
        ({"en": "two\nlines"}, "bad_words"),
        ({"en": " space"}, "bad_words"),
        ({"zh": ""}, "unchanged"),
    ],
)
def test_words_that_cannot_be_sent_are_refused(changes, code):
    wrong = msgspec.structs.replace(OWN, **changes)

    assert Company().refused(SetWording(words=wrong), Role.LEAD) == code


def test_a_clerk_does_not_change_what_the_house_says():
    assert Company().refused(SetWording(words=OWN)) == "not_allowed"


@pytest.mark.parametrize("code", BUILT)
def test_built_in_words_name_only_their_places_in_both_languages(code):
    built = BUILT[code]

    assert [wrong_places(words, code) for words in (built.zh, built.en)] == [(), ()]
    assert all("{" + place + "}" in words for place in built.places for words in (built.zh, built.en))


def test_a_value_with_braces_in_it_is_no_place():
    assert written("{number}: {articles}", {"number": "{shop}", "articles": "a"}) == "{shop}: a"


def test_back_and_forth_is_one_message():
    company = short()
    command = telling(company)
    company.must(command)
    back = WithdrawMessage(order="o1", kind="short_stock", template="awaited", key=command.key)

    company.must(back)
    company.must(command)

    assert [message.key for message in company.order().messages] == [command.key]
