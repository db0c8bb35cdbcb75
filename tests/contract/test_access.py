"""Sign-in at the hub: passwords, locks, tokens, devices, grants."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOW
from hub_world import FEED, HubWorld, entry
from sqlalchemy import insert, update

from app.domain.values import Role
from app.trouble import Trouble
from sync import tables
from sync.hub.access import LONGEST_LOCK, set_password, sign_in
from sync.hub.database import reading, writing
from sync.hub.tokens import LASTS, Session, session_of

PASSWORD = "a quiet evening"  # noqa: S105 - of people who live for one test


def enter(
    hub: HubWorld,
    password: str = PASSWORD,
    *,
    user: str = "clerk",
    device: str = "pc-1",
    replica: str = "r-1",
) -> tuple[str, Session]:
    asked = entry(user, password, device, replica, hub.clock())
    return sign_in(hub.engine, FEED, asked, hub.clock(), is_trusted=True)


def code(hub: HubWorld, password: str = PASSWORD, **more: str) -> str:
    with pytest.raises(Trouble) as caught:
        enter(hub, password, **more)
    return caught.value.code


def session(hub: HubWorld, token: str) -> Session:
    with reading(hub.engine) as db:
        return session_of(db, FEED, token, hub.clock())


@pytest.fixture
def staffed(hub: HubWorld) -> HubWorld:
    """A hub whose clerk and warehouse have passwords."""
    with writing(hub.engine) as db:
        set_password(db, FEED, "clerk", PASSWORD)
        set_password(db, FEED, "warehouse", PASSWORD)
    return hub


def test_a_token_opens_a_session_for_a_quarter_of_an_hour(staffed: HubWorld):
    token, made = enter(staffed)

    assert session(staffed, token) == made
    assert made.user.role is Role.CLERK
    assert made.expires_at == NOW + LASTS
    staffed.clock.now = made.expires_at
    with pytest.raises(Trouble) as late:
        session(staffed, token)
    assert late.value.code == "sign_in"


def test_the_database_holds_no_token_and_no_password(staffed: HubWorld):
    token, _ = enter(staffed)

    (login,) = staffed.rows(tables.login)
    credentials = staffed.rows(tables.credential)
    assert token.encode() not in repr(login).encode()
    assert len(login.token_sha256) == 32
    assert {row.password_hash.split("$")[1] for row in credentials} == {"argon2id"}


def test_whoever_steals_the_hashes_pays_for_every_guess(earnest_passwords: dict[str, tuple[int, int]]):
    """OWASP for what is typed each day; RFC 9106 for what opens everything."""
    passes, memory_kb = zip(*earnest_passwords.values(), strict=True)
    assert min(passes) >= 2
    assert min(memory_kb) >= 19 * 1024
    assert min(earnest_passwords["phrase"], earnest_passwords["keyfile"]) >= (3, 64 * 1024)


def test_a_wrong_password_and_an_unknown_name_are_told_apart_by_nobody(staffed: HubWorld):
    assert code(staffed, "wrong") == "wrong_password"
    assert code(staffed, user="nobody") == "wrong_password"
    assert staffed.rows(tables.login) == []


def test_five_wrong_tries_lock_for_a_minute_and_the_right_one_waits_too(staffed: HubWorld):
    for _ in range(5):
        assert code(staffed, "wrong") == "wrong_password"

    assert code(staffed) == "locked"
    staffed.clock.move(minutes=1)
    enter(staffed)


def test_every_further_lock_is_twice_as_long_up_to_a_limit(staffed: HubWorld):
    locks = []
    for _ in range(6):
        for _ in range(5):
            assert code(staffed, "wrong") == "wrong_password"
        row = next(r for r in staffed.rows(tables.credential) if r.user_code == "clerk")
        locks.append(row.locked_until - staffed.clock.now)
        staffed.clock.now = row.locked_until

    assert locks == [timedelta(minutes=m) for m in (1, 2, 4, 8, 15, 15)]
    assert locks[-1] == LONGEST_LOCK


def test_a_right_password_forgets_the_wrong_ones(staffed: HubWorld):
    for _ in range(4):
        code(staffed, "wrong")
    enter(staffed)
    for _ in range(4):
        code(staffed, "wrong")

    enter(staffed)


@pytest.mark.parametrize("replica", ["file:TM1", "worker:recheck", "", "x" * 65, "a b", "a\0"])
def test_no_desk_passes_for_a_machine_of_the_hub(staffed: HubWorld, replica: str):
    assert code(staffed, replica=replica) == "bad_request"
    assert code(staffed, device=replica) == "bad_request"


@pytest.mark.parametrize("user", ["", "x" * 65, "cl\0erk"])
def test_a_name_no_table_can_hold_is_refused(staffed: HubWorld, user: str):
    assert code(staffed, user=user) == "bad_request"


def test_a_replica_belongs_to_the_pc_it_was_made_on(staffed: HubWorld):
    enter(staffed, device="pc-1", replica="r-1")

    assert code(staffed, device="pc-2", replica="r-1") == "bad_request"


def test_two_people_share_a_pc_with_a_token_each(staffed: HubWorld):
    first, _ = enter(staffed)
    second, _ = enter(staffed, user="warehouse")

    assert session(staffed, first).user.role is Role.CLERK
    assert session(staffed, second).user.role is Role.WAREHOUSE


def test_a_withdrawn_pc_neither_signs_in_nor_goes_on(staffed: HubWorld):
    token, _ = enter(staffed)
    with writing(staffed.engine) as db:
        db.execute(update(tables.device).values(revoked_at=NOW))

    assert code(staffed) == "revoked"
    with pytest.raises(Trouble):
        session(staffed, token)


def test_a_single_right_is_given_or_taken_beside_the_role(staffed: HubWorld):
    with writing(staffed.engine) as db:
        common = {"feed_id": FEED, "user_code": "clerk"}
        db.execute(insert(tables.user_grant).values(**common, code="sign_off", allowed=True))
        db.execute(insert(tables.user_grant).values(**common, code="cancel", allowed=False))

    grants = enter(staffed)[1].grants

    assert "sign_off" in grants
    assert "cancel" not in grants
