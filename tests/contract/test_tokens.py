"""Tokens: short ones, changed for the next; whoever comes with a stolen one ends the login and is noticed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest
from hub_world import FEED, HubWorld, entry, signer

from app.trouble import Trouble
from sync import tables
from sync.hub.access import set_password, sign_in
from sync.hub.database import reading, writing
from sync.hub.tokens import LASTS, REFRESH_LASTS, Session, change_token, session_of
from sync.replica.renewal import digest
from sync.wire import Refresh

PASSWORD = "a quiet evening"  # noqa: S105 - of people who live for one test
FIRST, SECOND, THIRD = "r0" * 16, "r1" * 16, "r2" * 16


@pytest.fixture
def entered(hub: HubWorld) -> tuple[str, Session]:
    """The clerk, signed in at pc-1 with FIRST as the token to come with next."""
    with writing(hub.engine) as db:
        set_password(db, FEED, "clerk", PASSWORD)
    asked = entry("clerk", PASSWORD, "pc-1", "r-1", hub.clock(), next=digest(FIRST))
    return sign_in(hub.engine, FEED, asked, hub.clock(), is_trusted=True)


def change(
    hub: HubWorld, refresh: str, next_: str, *, pc: str = "pc-1", replica: str = "r-1"
) -> tuple[str, Session]:
    asked = signer(pc).refresh(Refresh(refresh=refresh, next=digest(next_), replica=replica))
    return change_token(hub.engine, FEED, asked, hub.clock())


def refused(hub: HubWorld, refresh: str, next_: str, **more: str) -> str:
    with pytest.raises(Trouble) as caught:
        change(hub, refresh, next_, **more)
    return caught.value.code


def opens(hub: HubWorld, token: str) -> bool:
    with reading(hub.engine) as db:
        try:
            session_of(db, FEED, token, hub.clock())
        except Trouble:
            return False
    return True


def alarmed(hub: HubWorld) -> bool:
    (pc,) = hub.rows(tables.device)
    return pc.alarm_at is not None


def test_a_token_is_changed_for_the_next_one_of_the_same_login(hub: HubWorld, entered: tuple[str, Session]):
    hub.clock.now += LASTS
    assert not opens(hub, entered[0])

    token, session = change(hub, FIRST, SECOND)

    assert opens(hub, token)
    assert session.login_id == entered[1].login_id
    assert session.expires_at == hub.clock() + LASTS
    assert opens(hub, change(hub, SECOND, THIRD)[0])
    assert not opens(hub, token)
    assert not alarmed(hub)


def test_a_lost_answer_is_asked_for_again_and_is_no_theft(hub: HubWorld, entered: tuple[str, Session]):
    lost, _ = change(hub, FIRST, SECOND)

    token, _ = change(hub, FIRST, SECOND)

    assert opens(hub, token)
    assert not opens(hub, lost)
    assert opens(hub, change(hub, SECOND, THIRD)[0])
    assert not alarmed(hub)


def test_a_used_token_with_another_successor_ends_the_whole_login(
    hub: HubWorld, entered: tuple[str, Session], expect_log: Callable[[str], None]
):
    token, _ = change(hub, FIRST, SECOND)

    assert refused(hub, FIRST, THIRD) == "stolen"

    assert not opens(hub, token)
    assert refused(hub, SECOND, THIRD) == "sign_in"
    assert alarmed(hub)
    expect_log("came from another hand")


def test_an_old_request_played_again_ends_the_login_once_its_successor_was_used(
    hub: HubWorld, entered: tuple[str, Session], expect_log: Callable[[str], None]
):
    change(hub, FIRST, SECOND)
    change(hub, SECOND, THIRD)

    assert refused(hub, FIRST, SECOND) == "stolen"

    assert refused(hub, THIRD, FIRST) == "sign_in"
    expect_log("came from another hand")


def test_a_token_without_the_key_of_its_pc_is_stolen(
    hub: HubWorld, entered: tuple[str, Session], expect_log: Callable[[str], None]
):
    assert refused(hub, FIRST, SECOND, pc="pc-of-a-thief") == "stolen"

    assert not opens(hub, entered[0])
    assert alarmed(hub)
    expect_log("came from another hand")


def test_what_was_done_before_a_theft_still_counts(
    hub: HubWorld, entered: tuple[str, Session], expect_log: Callable[[str], None]
):
    refused(hub, FIRST, SECOND, pc="pc-of-a-thief")
    expect_log("came from another hand")

    assert [row.revoked_at for row in hub.rows(tables.login)] == [None]


@pytest.mark.parametrize("next_", ["", "x" * 64, digest("a")[:-1], digest("a").upper()])
def test_a_successor_that_is_no_digest_changes_nothing(
    hub: HubWorld, entered: tuple[str, Session], next_: str
):
    asked = signer("pc-1").refresh(Refresh(refresh=FIRST, next=next_, replica="r-1"))

    with pytest.raises(Trouble) as caught:
        change_token(hub.engine, FEED, asked, hub.clock())

    assert caught.value.code == "sign_in"
    assert opens(hub, change(hub, FIRST, SECOND)[0])


def test_a_token_nobody_knows_opens_nothing_and_ends_nothing(hub: HubWorld, entered: tuple[str, Session]):
    assert refused(hub, THIRD, SECOND) == "sign_in"

    assert opens(hub, entered[0])
    assert not alarmed(hub)


def test_a_refresh_token_lasts_as_long_as_a_person_may_work_without_the_hub(
    hub: HubWorld, entered: tuple[str, Session]
):
    hub.clock.now += REFRESH_LASTS

    assert refused(hub, FIRST, SECOND) == "sign_in"


def test_a_revoked_pc_and_a_new_password_end_the_line(hub: HubWorld, entered: tuple[str, Session]):
    with writing(hub.engine) as db:
        set_password(db, FEED, "clerk", "another evening")
    hub.sql("UPDATE device SET revoked_at = 1")

    assert refused(hub, FIRST, SECOND) == "sign_in"


def test_the_next_token_may_be_for_a_replica_made_anew_but_not_for_one_of_another_pc(
    hub: HubWorld, entered: tuple[str, Session]
):
    hub.desk(name="pc-2")

    assert refused(hub, FIRST, SECOND, replica="pc-2") == "bad_request"
    assert change(hub, FIRST, SECOND, replica="r-2")[1].replica_id == "r-2"


def test_no_refresh_token_stands_in_the_database(hub: HubWorld, entered: tuple[str, Session]):
    change(hub, FIRST, SECOND)

    rows = hub.rows(tables.refresh_token)
    assert all(secret.encode() not in repr(tuple(row)).encode() for row in rows for secret in (FIRST, SECOND))
    assert len(rows) == 2


def test_a_signature_is_over_every_word_of_the_request(
    hub: HubWorld, entered: tuple[str, Session], expect_log: Callable[[str], None]
):
    asked = signer("pc-1").refresh(Refresh(refresh=FIRST, next=digest(SECOND), replica="r-1"))
    bent = msgspec.structs.replace(asked, next=digest(THIRD))

    with pytest.raises(Trouble) as caught:
        change_token(hub.engine, FEED, bent, hub.clock() + timedelta(seconds=1))

    assert caught.value.code == "stolen"
    expect_log("came from another hand")
