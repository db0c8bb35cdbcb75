"""PCs: one nobody let in waits with a code, one with another key is another PC, a revoked one is out."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hub_world import FEED, HubWorld, entry, signer
from sqlalchemy import insert

from app.trouble import Trouble
from sync import tables
from sync.hub import devices
from sync.hub.access import FRESH, set_password, sign_in
from sync.hub.database import reading, writing
from sync.hub.tokens import Session, session_of
from sync.signing import code_of
from sync.wire import SignIn

PASSWORD = "a quiet evening"  # noqa: S105 - of people who live for one test


@pytest.fixture
def staffed(hub: HubWorld) -> HubWorld:
    """A hub whose clerk and administrator have passwords, without any PC."""
    with writing(hub.engine) as db:
        set_password(db, FEED, "clerk", PASSWORD)
        set_password(db, FEED, "admin", PASSWORD)
    return hub


def enter(hub: HubWorld, user: str = "clerk", pc: str = "pc-1") -> Session:
    asked = entry(user, PASSWORD, pc, f"r-{pc}", hub.clock(), title=f"{pc}.local")
    return sign_in(hub.engine, FEED, asked, hub.clock())[1]


def stopped(hub: HubWorld, asked: SignIn) -> Trouble:
    with pytest.raises(Trouble) as caught:
        sign_in(hub.engine, FEED, asked, hub.clock())
    return caught.value


def waits(hub: HubWorld, user: str = "clerk", pc: str = "pc-1") -> Trouble:
    return stopped(hub, entry(user, PASSWORD, pc, f"r-{pc}", hub.clock(), title=f"{pc}.local"))


def state(hub: HubWorld, pc: str) -> str:
    return devices.enrolment(hub.engine, FEED, pc, signer(pc).public).state


def test_the_first_pc_of_an_administrator_is_let_in_and_no_other(staffed: HubWorld):
    assert waits(staffed).code == "enrol"

    assert enter(staffed, "admin", "pc-admin").user.code == "admin"
    assert waits(staffed, "admin", "pc-second").code == "enrol"
    assert waits(staffed).code == "enrol"


def test_an_unknown_pc_is_told_the_code_to_read_aloud_and_gets_no_token(staffed: HubWorld):
    trouble = waits(staffed)

    assert trouble.hint.params["code"] == code_of(signer("pc-1").public)
    assert staffed.rows(tables.login) == []
    assert state(staffed, "pc-1") == "waits"
    assert state(staffed, "pc-9") == "unknown"


def test_a_wrong_password_puts_no_pc_into_the_list(staffed: HubWorld):
    asked = entry("clerk", "wrong", "pc-1", "r-1", staffed.clock())

    assert stopped(staffed, asked).code == "wrong_password"
    assert staffed.rows(tables.device) == []


def test_who_was_let_in_comes_in_and_the_history_says_by_whom(staffed: HubWorld):
    admin = enter(staffed, "admin", "pc-admin")
    waits(staffed)

    devices.approve(staffed.engine, FEED, admin, "pc-1", staffed.clock())

    assert enter(staffed).device_id == "pc-1"
    assert state(staffed, "pc-1") == "approved"
    (row,) = staffed.rows(tables.ref, tbl="revision")
    assert '"by":"admin"' in row.doc
    assert code_of(signer("pc-1").public) in row.doc
    assert staffed.verify().findings == ()


def test_the_list_shows_first_who_waits(staffed: HubWorld):
    admin = enter(staffed, "admin", "pc-admin")
    waits(staffed, pc="pc-2")

    listed = devices.pcs(staffed.engine, FEED, admin)

    assert [(pc.title, pc.state, pc.asked_by) for pc in listed] == [
        ("pc-2.local", "waits", "clerk"),
        ("pc-admin.local", "approved", "admin"),
    ]
    assert listed[0].code == code_of(signer("pc-2").public)
    assert listed[1].last_at == staffed.clock()


def test_a_revoked_pc_is_out_at_once_and_may_be_let_in_again(staffed: HubWorld):
    admin = enter(staffed, "admin", "pc-admin")
    waits(staffed)
    devices.approve(staffed.engine, FEED, admin, "pc-1", staffed.clock())
    asked = entry("clerk", PASSWORD, "pc-1", "r-pc-1", staffed.clock())
    token, _ = sign_in(staffed.engine, FEED, asked, staffed.clock())

    devices.revoke(staffed.engine, FEED, admin, "pc-1", staffed.clock())

    assert waits(staffed).code == "revoked"
    with reading(staffed.engine) as db, pytest.raises(Trouble):
        session_of(db, FEED, token, staffed.clock())
    devices.approve(staffed.engine, FEED, admin, "pc-1", staffed.clock())
    assert enter(staffed).device_id == "pc-1"


def test_nobody_puts_the_pc_out_at_which_they_sit(staffed: HubWorld):
    admin = enter(staffed, "admin", "pc-admin")

    with pytest.raises(Trouble) as caught:
        devices.revoke(staffed.engine, FEED, admin, "pc-admin", staffed.clock())

    assert caught.value.code == "this_pc"
    assert state(staffed, "pc-admin") == "approved"


def test_who_may_not_lets_nobody_in_and_sees_no_list(staffed: HubWorld):
    admin = enter(staffed, "admin", "pc-admin")
    waits(staffed)
    devices.approve(staffed.engine, FEED, admin, "pc-1", staffed.clock())
    clerk = enter(staffed)
    waits(staffed, pc="pc-2")

    for ask in (
        lambda: devices.pcs(staffed.engine, FEED, clerk),
        lambda: devices.approve(staffed.engine, FEED, clerk, "pc-2", staffed.clock()),
        lambda: devices.revoke(staffed.engine, FEED, clerk, "pc-admin", staffed.clock()),
    ):
        with pytest.raises(Trouble) as caught:
            ask()
        assert caught.value.code == "not_allowed"
    assert state(staffed, "pc-2") == "waits"


def test_another_key_under_the_same_name_is_another_pc(staffed: HubWorld):
    enter(staffed, "admin", "pc-admin")
    thief = SignIn(
        user="admin", password=PASSWORD, device="pc-admin", replica="r-pc-admin", told_at=staffed.clock()
    )

    assert stopped(staffed, signer("a thief").sign_in(thief)).code == "other_key"
    assert enter(staffed, "admin", "pc-admin")


@pytest.mark.parametrize("field", ["user", "device", "replica", "next", "told_at"])
def test_a_sign_in_whose_words_were_changed_on_the_way_is_not_believed(staffed: HubWorld, field: str):
    asked = entry("clerk", PASSWORD, "pc-1", "r-1", staffed.clock())
    bent = {"told_at": staffed.clock() + timedelta(seconds=1)}.get(field, "admin")

    assert stopped(staffed, msgspec.structs.replace(asked, **{field: bent})).code == "unproved"


def test_a_copied_sign_in_is_worth_nothing_minutes_later(staffed: HubWorld):
    asked = entry("admin", PASSWORD, "pc-1", "r-1", staffed.clock())
    staffed.clock.now += FRESH + timedelta(seconds=1)

    assert stopped(staffed, asked).code == "unproved"


def test_a_desk_of_before_is_told_to_update(staffed: HubWorld):
    asked = SignIn(user="clerk", password=PASSWORD, device="pc-1", replica="r-1")

    assert stopped(staffed, asked).code == "upgrade"


def test_a_pc_known_from_before_there_were_keys_keeps_its_replica_once_it_is_let_in(staffed: HubWorld):
    common = {"feed_id": FEED}
    with writing(staffed.engine) as db:
        db.execute(insert(tables.device).values(**common, device_id="pc-1", enrolled_at=staffed.clock()))
        made = {"kind": "desk", "owner": "pc-1", "made_at": staffed.clock(), "last_n": 7}
        db.execute(insert(tables.replica).values(**common, replica_id="r-pc-1", **made))
    admin = enter(staffed, "admin", "pc-admin")
    assert waits(staffed).code == "enrol"

    devices.approve(staffed.engine, FEED, admin, "pc-1", staffed.clock())

    assert enter(staffed).replica_id == "r-pc-1"


def test_at_the_console_of_the_hub_a_code_is_enough(staffed: HubWorld):
    waits(staffed)
    code = code_of(signer("pc-1").public)

    assert devices.approve_by_code(staffed.engine, FEED, f" {code.lower()} ", staffed.clock()) == "pc-1.local"
    assert enter(staffed)
    with pytest.raises(Trouble):
        devices.approve_by_code(staffed.engine, FEED, "ABCD-EFGH", staffed.clock())


def test_who_asked_a_week_ago_is_forgotten_and_not_more_than_so_many_wait(
    staffed: HubWorld, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(devices, "WAITING_MOST", 2)
    waits(staffed, pc="pc-1")
    waits(staffed, pc="pc-2")

    assert waits(staffed, pc="pc-3").code == "limited"
    staffed.clock.now += devices.WAITS_FOR + timedelta(seconds=1)
    assert waits(staffed, pc="pc-3").code == "enrol"
    assert [row.device_id for row in staffed.rows(tables.device)] == ["pc-3"]


def test_who_guesses_on_a_pc_that_was_not_let_in_keeps_nobody_from_work(staffed: HubWorld):
    enter(staffed, "admin", "pc-admin")
    unknown = entry("clerk", "a guess", "pc-far", "r-far", staffed.clock(), title="far")
    for _ in range(20):
        assert stopped(staffed, unknown).code == "wrong_password"
    guess = entry("admin", "a guess", "pc-far", "r-far", staffed.clock(), title="far")
    for _ in range(20):
        assert stopped(staffed, guess).code == "wrong_password"

    assert enter(staffed, "admin", "pc-admin").user.code == "admin"
    assert waits(staffed, pc="pc-new").code == "enrol"


def test_each_try_is_counted_apart_for_pcs_that_are_known_and_others(staffed: HubWorld):
    enter(staffed, "admin", "pc-admin")
    counted: list[bool] = []
    for pc in ("pc-admin", "pc-far"):
        asked = entry("admin", "a guess", pc, f"r-{pc}", staffed.clock(), title=pc)
        with pytest.raises(Trouble):
            sign_in(staffed.engine, FEED, asked, staffed.clock(), count=counted.append)

    assert counted == [True, False]
