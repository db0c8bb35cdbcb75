"""A second person signs on the screen of the first: with a PIN or a badge, for one command, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from builders import NIGHT, line, receive
from hub_world import FEED, Asker, HubWorld
from sqlalchemy import update

from app.command import Command
from app.commands.reject_review import RejectReview
from app.commands.set_sign_policy import SetSignPolicy
from app.commands.set_user import SetUser
from app.commands.sign_off import SignOff
from app.domain.company import GRANTS
from app.domain.presence import AskPresence, KeepSigner, Present, digest_of
from app.domain.rules import Rules
from app.domain.sign_policy import SignPolicy
from app.domain.values import Role
from app.engine import spec_of
from app.trouble import Trouble
from sync import tables
from sync.hub.access import set_password, user_of
from sync.hub.database import reading, writing
from sync.hub.passwords import give_first_password
from sync.hub.signers import LASTS, keep_signer, let_sign, signer_state
from sync.hub.tokens import Session, grants_of

PASSWORD = "a quiet evening"  # noqa: S105 - of people who live for one test
PIN, BADGE = "471902", "BADGE-00417-reviewer"


@pytest.fixture
def night(make_hub: Callable[..., HubWorld]) -> HubWorld:
    """Two signatures are asked of o1 and o2; the reviewer has a PIN and a badge, the lead has the desk."""
    hub = make_hub(rules=Rules(review_above_minor=50_000, review_signatures=2))
    hub.clock.now = NIGHT
    for order in ("o1", "o2"):
        hub.channel.must(receive(order, lines=(line(ext_sku="A-2", qty=3, unit_price_minor=19_900),)))
    with writing(hub.engine) as db:
        set_password(db, FEED, Role.REVIEWER.value, PASSWORD)
    keep(hub, pin=PIN)
    keep(hub, badge=BADGE)
    return hub


@pytest.fixture
def desk(night: HubWorld) -> Asker:
    return night.desk(Role.LEAD)


def session(hub: HubWorld, user: str, device: str = "") -> Session:
    with reading(hub.engine) as db:
        person = user_of(db, FEED, user)
        assert person is not None
        device = device or f"desk-{user}"
        return Session("x", person, device, device, grants_of(db, FEED, person), hub.clock.now)


def keep(hub: HubWorld, user: str = "reviewer", password: str = PASSWORD, **secrets: str) -> None:
    asked = KeepSigner(password=password, **secrets)
    keep_signer(hub.engine, FEED, session(hub, user), asked, hub.clock())


def yes(hub: HubWorld, order: str = "o1", read_ms: int = 9_000) -> SignOff:
    return SignOff(order=order, content_hash=hub.order(order).content_hash, read_ms=read_ms)


def sign(
    hub: HubWorld, command: Command, secret: str = PIN, user: str = "reviewer", beside: str = "lead"
) -> Present:
    code = spec_of(command).code
    asked = AskPresence(
        user=user, secret=secret, command=code, digest=digest_of(code, msgspec.json.encode(command))
    )
    return let_sign(hub.engine, FEED, session(hub, beside), asked, hub.clock())


def code_of(work: Callable[[], object]) -> str:
    with pytest.raises(Trouble) as caught:
        work()
    return caught.value.code


def give(desk: Asker, command: Command, present: Present, id: str = "") -> str:
    """Push a command under a second signature; return what the hub says no with, or nothing."""
    wish = msgspec.structs.replace(desk.wish(command, id=id), login=present.login)
    (answer,) = desk.send(wish)
    return answer.refusal.code if answer.refusal is not None else ""


def who_said(hub: HubWorld, order: str = "o1") -> list[tuple[str, bool]]:
    return [(row.user_code, row.passed) for row in hub.rows(tables.verdict, order_id=order)]


@pytest.mark.parametrize("secret", [PIN, BADGE])
def test_two_people_at_one_desk_put_two_names_under_an_order(night: HubWorld, desk: Asker, secret: str):
    desk.must(yes(night))
    second = yes(night)

    assert give(desk, second, sign(night, second, secret)) == ""
    assert who_said(night) == [("lead", True), ("reviewer", True)]
    assert sorted(one.user for one in night.order().signatures) == ["lead", "reviewer"]
    (row,) = night.rows(tables.presence)
    assert (row.user_code, row.beside, row.device_id, row.used_by) == (
        "reviewer", "lead", "desk-lead", "desk-lead#2",
    )  # fmt: skip


def test_a_wrong_pin_signs_nothing_and_the_fifth_locks(night: HubWorld):
    command = yes(night)
    tries = [code_of(lambda: sign(night, command, "471903")) for _ in range(5)]

    assert tries == ["wrong_pin"] * 5
    assert code_of(lambda: sign(night, command)) == "locked"
    assert night.rows(tables.presence) == []
    night.clock.now += timedelta(minutes=1, seconds=1)
    assert sign(night, command).user.code == "reviewer"


def test_it_is_good_once(night: HubWorld, desk: Asker):
    command = yes(night)
    present = sign(night, command)

    assert give(desk, command, present) == ""
    assert give(desk, command, present) == "not_present"
    assert who_said(night) == [("reviewer", True)]


def test_the_same_command_sent_again_has_the_same_answer(night: HubWorld, desk: Asker):
    command = yes(night)
    wish = msgspec.structs.replace(desk.wish(command), login=sign(night, command).login)

    first, again = desk.send(wish), desk.send(wish)

    assert [one.status for one in (*first, *again)] == ["applied", "applied"]
    assert who_said(night) == [("reviewer", True)]


@pytest.mark.parametrize(
    "other",
    [
        lambda hub: yes(hub, "o2"),
        lambda hub: yes(hub, read_ms=9_001),
        lambda hub: RejectReview(order="o1", content_hash=hub.order().content_hash, reason="x"),
    ],
)
def test_it_signs_nothing_else(night: HubWorld, desk: Asker, other: Callable[[HubWorld], Command]):
    present = sign(night, yes(night))

    assert give(desk, other(night), present) == "not_present"
    assert who_said(night) == who_said(night, "o2") == []


def test_two_in_one_push_have_it_once(night: HubWorld, desk: Asker):
    command = yes(night)
    login = sign(night, command).login
    both = [msgspec.structs.replace(desk.wish(command), login=login) for _ in range(2)]

    answers = desk.send(*both)

    assert [one.status for one in answers] == ["applied", "refused"]


def test_it_comes_too_late_after_minutes(night: HubWorld, desk: Asker):
    command = yes(night)
    present = sign(night, command)
    night.clock.now += LASTS + timedelta(seconds=1)

    assert give(desk, command, present) == "not_present"


def test_another_pc_cannot_use_it_and_nobody_makes_one_up(night: HubWorld, desk: Asker):
    command = yes(night)
    present, elsewhere = sign(night, command), night.desk(Role.CLERK)

    assert give(elsewhere, command, present) == "not_present"
    assert give(desk, command, msgspec.structs.replace(present, login="presence:made-up")) == "not_present"


def test_whoever_was_closed_out_meanwhile_signs_nothing(night: HubWorld, desk: Asker):
    command = yes(night)
    present = sign(night, command)
    with reading(night.engine) as db:
        person = user_of(db, FEED, "reviewer")
    assert person is not None
    night.desk(Role.ADMIN).must(SetUser(user=msgspec.structs.replace(person, active=False)))

    assert give(desk, command, present) == "revoked"
    assert code_of(lambda: sign(night, command)) == "no_signer"


def test_a_pc_that_was_put_out_signs_nothing(night: HubWorld, desk: Asker):
    command = yes(night)
    present = sign(night, command)
    with writing(night.engine) as db:
        db.execute(update(tables.device).values(revoked_at=night.clock.now))

    assert give(desk, command, present) == "revoked"


def test_only_who_may_signs_and_never_for_themselves(night: HubWorld):
    with writing(night.engine) as db:
        set_password(db, FEED, "clerk", PASSWORD)
    keep(night, "clerk", pin=PIN)
    command = yes(night)

    assert "sign_off" not in GRANTS[Role.CLERK]
    assert code_of(lambda: sign(night, command, user="clerk")) == "not_allowed"
    assert code_of(lambda: sign(night, command, beside="reviewer")) == "same_person"
    assert code_of(lambda: sign(night, command, user="lead", beside="clerk")) == "no_signer"
    assert code_of(lambda: sign(night, command, user="nobody")) == "no_signer"
    asked = AskPresence(user="reviewer", secret=PIN, command="set_user", digest="x")
    beside = session(night, "lead")
    assert code_of(lambda: let_sign(night.engine, FEED, beside, asked, NIGHT)) == "not_signable"


def test_whom_the_company_does_not_let_sign_does_not_beside_another_either(night: HubWorld, desk: Asker):
    policy = SignPolicy(code="L", title="Large", roles=("lead",), when="night")
    desk.must(SetSignPolicy(policy=policy))
    command = yes(night)

    assert give(desk, command, sign(night, command)) == "not_signer"
    assert give(desk, command, msgspec.structs.replace(sign(night, command), login=desk.login)) == ""
    assert who_said(night) == [("lead", True)]


def test_the_second_name_is_never_the_first_also_on_one_pc(night: HubWorld):
    """The reviewer signed in on a desk of their own; beside the lead they are still the same person."""
    night.desk(Role.REVIEWER).must(yes(night))
    desk, command = night.desk(Role.LEAD), yes(night)

    assert give(desk, command, sign(night, command)) == "signed_already"
    assert who_said(night) == [("reviewer", True)]


def test_a_pin_is_changed_with_the_password_only(night: HubWorld):
    command = yes(night)

    assert code_of(lambda: keep(night, password="wrong", pin="820461")) == "wrong_password"
    assert sign(night, command).user.code == "reviewer"
    keep(night, pin="820461")
    assert code_of(lambda: sign(night, command)) == "wrong_pin"
    assert sign(night, command, "820461").user.code == "reviewer"
    keep(night)
    assert code_of(lambda: sign(night, command, BADGE)) == "no_signer"
    assert signer_state(night.engine, FEED, session(night, "reviewer")).has_pin is False


@pytest.mark.parametrize("pin", ["12345", "123456", "111111", "987654", "121212x", "4719024719024"])
def test_a_pin_everybody_tries_first_is_none(night: HubWorld, pin: str):
    assert code_of(lambda: keep(night, pin=pin)) == "weak_pin"


def test_a_badge_is_one_persons(night: HubWorld):
    with writing(night.engine) as db:
        set_password(db, FEED, "lead", PASSWORD)

    assert code_of(lambda: keep(night, "lead", badge=BADGE)) == "badge_taken"
    assert code_of(lambda: keep(night, "lead", badge="short")) == "weak_badge"


def test_a_new_first_password_ends_pin_and_badge(night: HubWorld):
    give_first_password(night.engine, FEED, session(night, "admin"), "reviewer", night.clock())

    assert night.rows(tables.signer) == []


def test_neither_pin_nor_badge_is_kept_in_clear(night: HubWorld, desk: Asker):
    command = yes(night)
    give(desk, command, sign(night, command, BADGE))
    with reading(night.engine) as db:
        said = "\n".join(
            str(row) for table in tables.metadata.sorted_tables for row in db.execute(table.select())
        )

    assert PIN not in said
    assert BADGE not in said
