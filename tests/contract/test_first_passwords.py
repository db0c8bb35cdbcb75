"""First passwords: handed over once, good for a new one, in no row and no log; old tokens have run out."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from hub_world import FEED, HubWorld, entry
from sqlalchemy import select

from app.domain.company import User
from app.domain.values import Role
from app.trouble import Trouble
from sync import tables
from sync.hub.access import set_password, sign_in
from sync.hub.database import reading, writing
from sync.hub.passwords import LASTS, give_first_password
from sync.hub.tokens import Session, session_of

PASSWORD = "a quiet evening"  # noqa: S105 - of people who live for one test
CHOSEN = "the tea went cold"


@pytest.fixture
def admin(hub: HubWorld) -> Session:
    """The administrator, signed in; the clerk has a password of their own."""
    with writing(hub.engine) as db:
        set_password(db, FEED, "admin", PASSWORD)
        set_password(db, FEED, "clerk", PASSWORD)
    return enter(hub, "admin")[1]


def enter(hub: HubWorld, user: str = "clerk", password: str = PASSWORD, new: str = "") -> tuple[str, Session]:
    asked = entry(user, password, f"pc-{user}", f"r-{user}", hub.clock(), new_password=new)
    return sign_in(hub.engine, FEED, asked, hub.clock(), is_trusted=True)


def code(hub: HubWorld, **known: str) -> str:
    with pytest.raises(Trouble) as caught:
        enter(hub, **known)
    return caught.value.code


def give(hub: HubWorld, giver: Session, user: str = "clerk") -> str:
    return give_first_password(hub.engine, FEED, giver, user, hub.clock()).password


def refused(hub: HubWorld, giver: Session, user: str = "clerk") -> str:
    with pytest.raises(Trouble) as caught:
        give(hub, giver, user)
    return caught.value.code


def test_a_first_password_opens_only_with_a_new_one(hub: HubWorld, admin: Session):
    first = give(hub, admin)

    assert code(hub, password=PASSWORD) == "wrong_password"
    assert code(hub, password=first) == "new_password"
    token, made = enter(hub, password=first, new=CHOSEN)
    assert made.user.code == "clerk"
    assert token
    assert code(hub, password=first) == "wrong_password"
    assert enter(hub, password=CHOSEN)[1].user.code == "clerk"


@pytest.mark.parametrize("new", ["short", "clerk-clerk-clerk", "aaaaaaaaaaaa", "1212121212"])
def test_a_weak_password_is_refused_and_the_first_one_still_opens(hub: HubWorld, admin: Session, new: str):
    first = give(hub, admin)

    assert code(hub, password=first, new=new) == "weak_password"
    assert code(hub, password=first, new=first) == "weak_password"
    assert enter(hub, password=first, new=CHOSEN)


def test_a_first_password_is_too_old_after_a_week(hub: HubWorld, admin: Session):
    first = give(hub, admin)
    hub.clock.now += LASTS + timedelta(seconds=1)

    assert code(hub, password=first, new=CHOSEN) == "first_over"


def test_tokens_from_before_have_run_out_and_work_done_before_still_counts(hub: HubWorld, admin: Session):
    token, _ = enter(hub)

    give(hub, admin)

    with reading(hub.engine) as db, pytest.raises(Trouble) as caught:
        session_of(db, FEED, token, hub.clock())
    assert caught.value.code == "sign_in"
    assert [row.revoked_at for row in hub.rows(tables.login, user_code="clerk")] == [None]


def test_anybody_changes_their_own_at_the_door(hub: HubWorld, admin: Session):
    enter(hub, new=CHOSEN)

    assert code(hub, password=PASSWORD) == "wrong_password"
    assert enter(hub, password=CHOSEN)


def test_a_wrong_password_changes_nothing(hub: HubWorld, admin: Session):
    assert code(hub, password="wrong", new=CHOSEN) == "wrong_password"
    assert enter(hub)


def test_who_may_not_manage_people_gives_no_password(hub: HubWorld, admin: Session):
    clerk = enter(hub)[1]

    assert refused(hub, clerk, "lead") == "not_allowed"
    assert refused(hub, admin, "admin") == "not_yourself"
    assert refused(hub, admin, "nobody") == "no_person"


def test_nobody_opens_more_than_they_hold_by_another_person(hub: HubWorld, admin: Session):
    hub.sql(f"INSERT INTO user_grant VALUES ({FEED}, 'admin', 'ship', false)")
    fewer = enter(hub, "admin")[1]

    assert refused(hub, fewer, "warehouse") == "not_held"
    assert give(hub, fewer, "clerk")


def test_the_history_tells_that_and_no_row_or_log_tells_which(hub: HubWorld, admin: Session, caplog):
    caplog.set_level(logging.DEBUG)
    first = give(hub, admin)

    (row,) = hub.rows(tables.ref, tbl="revision")
    assert '"kind":"password"' in row.doc
    assert '"by":"admin"' in row.doc
    with reading(hub.engine) as db:
        for table in tables.metadata.sorted_tables:
            assert all(first not in repr(tuple(found)) for found in db.execute(select(table)))
    assert first not in caplog.text
    assert hub.verify().findings == ()


def test_a_closed_account_gets_none_and_stays_closed(hub: HubWorld, admin: Session):
    from app.commands.set_user import SetUser

    closed = User(code="clerk", title="clerk", role=Role.CLERK, active=False)
    hub.desk(Role.ADMIN).must(SetUser(user=closed))

    assert refused(hub, admin) == "no_person"
    assert code(hub, new=CHOSEN) == "inactive"
    assert code(hub) == "inactive"
