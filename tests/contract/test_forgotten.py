"""What a restored hub forgot comes back as what it was: logins by their names, orders by their ids."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW, SHOPS
from hub_world import FEED, SEAL, HubWorld, bought
from sqlalchemy import delete, update

from app.commands.hold import Hold
from app.domain.values import Role
from sync import tables
from sync.channel import Draft
from sync.hub.database import reading, writing
from sync.hub.intake import open_account, take_in
from sync.hub.login_names import name_login, whose_login
from sync.wire import id_of, new_id


def named(hub: HubWorld, user: str = "clerk", device: str = "desk-clerk") -> str:
    with writing(hub.engine) as db:
        return name_login(db, FEED, user, device)


def test_a_name_tells_who_signed_in_where_and_nothing_else(hub: HubWorld):
    name = named(hub)
    with reading(hub.engine) as db:
        assert whose_login(db, FEED, name, "desk-clerk") == "clerk"
        assert whose_login(db, FEED, name, "another-pc") == ""
        assert whose_login(db, FEED, name[:-1] + ("0" if name[-1] != "0" else "1"), "desk-clerk") == ""
        assert whose_login(db, FEED, "", "desk-clerk") == ""
        assert whose_login(db, FEED, "é" * 48, "desk-clerk") == ""
    assert named(hub) != name
    assert "clerk" not in name


def test_work_under_a_forgotten_login_is_its_persons(hub: HubWorld):
    clerk = hub.desk()
    hub.channel.must(bought("o1"), bought("o2"))
    clerk.login = named(hub)

    clerk.must(Hold(order="o1", reason="ask"))

    assert hub.rows(tables.command, name="hold")[0].user_code == "clerk"
    (kept,) = hub.rows(tables.login, login_id=clerk.login)
    assert (kept.user_code, kept.device_id) == ("clerk", "desk-clerk")
    assert kept.expires_at <= hub.rows(tables.feed)[0].hub_at
    clerk.must(Hold(order="o2", reason="ask"))


@pytest.mark.parametrize("how", ["device", "person", "login"])
def test_a_forgotten_login_opens_nothing_that_was_closed(hub: HubWorld, how: str):
    clerk = hub.desk()
    hub.channel.must(bought("o1"), bought("o2"))
    clerk.login = named(hub)
    if how == "login":
        clerk.must(Hold(order="o2", reason="ask"))
    with writing(hub.engine) as db:
        if how == "device":
            db.execute(update(tables.device).values(revoked_at=NOW))
        elif how == "login":
            db.execute(update(tables.login).values(revoked_at=NOW))
        else:
            db.execute(delete(tables.ref).where(tables.ref.c.tbl == "user", tables.ref.c.pk == "clerk"))
    hub.restart()

    answer = clerk.ask(Hold(order="o1", reason="ask"))

    assert answer.status == "refused"
    assert answer.refusal is not None
    assert answer.refusal.code == ("no_login" if how == "person" else "revoked")


def test_nobody_takes_the_login_of_another_pc(hub: HubWorld):
    hub.channel.must(bought("o1"))
    lead = hub.desk(Role.LEAD)
    lead.login = named(hub)

    answer = lead.ask(Hold(order="o1", reason="ask"))

    assert answer.refusal is not None
    assert answer.refusal.code == "no_login"


def test_an_order_read_again_has_the_id_it_had(hub: HubWorld):
    read = msgspec.structs.replace(bought("x"), order="", ext_id="T-1")
    with writing(hub.engine) as db:
        account = open_account(db, FEED, "file:again", NOW)

    def take() -> str:
        take_in(hub.engine, FEED, SEAL, account, SHOPS["TM1"], "", "f", [Draft(receive=read, rows=())], NOW)
        (row,) = hub.rows(tables.receipt, ext_id="T-1")
        return str(row.order_id)

    first = take()
    with writing(hub.engine) as db:
        for table in (tables.receipt, tables.raw, tables.subject_key):
            db.execute(delete(table))

    assert take() == first
    assert first[14] == "7"
    assert first[:13] == id_of(read.ordered_at, 0)[:13]


def test_ids_of_orders_differ_by_channel_shop_and_number_and_are_not_guessed():
    chances = {
        SEAL.order_chance(*key)
        for key in (("tm", "A", "1"), ("tm", "A", "2"), ("tm", "B", "1"), ("jd", "A", "1"))
    }
    assert len(chances) == 4
    assert max(chances) < 2**80
    assert new_id(NOW) < new_id(NOW + timedelta(milliseconds=1))
