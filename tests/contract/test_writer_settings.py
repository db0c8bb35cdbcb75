"""Settings at the hub: published through the feed, kept as revisions, in force from the next batch on."""

from __future__ import annotations

import msgspec
from builders import SHOPS
from hub_world import ALL, FEED, SEAL, HubWorld, bought

from app.commands.hold import Hold
from app.commands.set_grants import SetGrants
from app.commands.set_rules import SetRules
from app.commands.set_shop import SetShop
from app.commands.set_user import SetUser
from app.domain.company import Grants, User
from app.domain.revision import Revision
from app.domain.rules import Rules
from app.domain.values import Role
from sync import tables
from sync.hub.pages import Pages
from sync.hub.writer import Job


def revisions(hub: HubWorld) -> list[Revision]:
    return [msgspec.json.decode(row.doc, type=Revision) for row in hub.rows(tables.ref, tbl="revision")]


def closed(code: str) -> SetUser:
    return SetUser(user=User(code=code, title=code, role=Role(code), active=False))


def test_a_publication_reaches_every_desk_with_its_revision(hub: HubWorld):
    lead = hub.desk(Role.LEAD)
    before = hub.head()

    lead.must(SetRules(rules=msgspec.structs.replace(Rules(), price_floor_pct=50)))

    page, _ = Pages(hub.engine, FEED, SEAL).read("desk-lead", before, 100, ALL)
    assert {(change.tbl, change.pk) for change in page.changes} == {
        ("rules", "current"), ("revision", "rules/current/1"),
    }  # fmt: skip
    (revision,) = revisions(hub)
    assert (revision.by, revision.rev, revision.after["price_floor_pct"]) == ("lead", 1, 50)
    assert hub.verify().findings == ()


def test_single_rights_are_written_where_sign_in_reads_them(hub: HubWorld):
    admin, clerk = hub.desk(Role.ADMIN), hub.desk()
    hub.channel.must(bought("o1"))

    admin.must(SetGrants(grants=Grants(user="clerk", more=("ship",), fewer=("hold",))))

    assert clerk.ask(Hold(order="o1", reason="ask")).refusal.code == "not_allowed"
    written = {(row.user_code, row.code, row.allowed) for row in hub.rows(tables.user_grant)}
    assert written == {("clerk", "ship", True), ("clerk", "hold", False)}
    admin.must(SetGrants(grants=Grants(user="clerk", rev=1)))
    assert hub.rows(tables.user_grant) == []
    assert clerk.ask(Hold(order="o1", reason="ask")).status == "applied"


def test_a_closed_account_is_refused_from_the_next_batch_on(hub: HubWorld):
    admin, clerk = hub.desk(Role.ADMIN), hub.desk()
    hub.channel.must(bought("o1"))
    admin.must(closed("clerk"))

    answer = clerk.ask(Hold(order="o1", reason="ask"))

    assert answer.refusal is not None
    assert answer.refusal.code == "revoked"
    assert hub.order().pause is None


def test_two_administrators_who_close_each_other_in_one_batch_leave_one(hub: HubWorld):
    admin = hub.desk(Role.ADMIN)
    other = User(code="other", title="other", role=Role.ADMIN)
    admin.must(SetUser(user=other))
    second = hub.desk(Role.ADMIN, "second")
    hub.sql("UPDATE login SET user_code = 'other' WHERE login_id = 'login-second'")

    jobs = (
        Job(admin.info, [admin.wish(SetUser(user=msgspec.structs.replace(other, rev=1, active=False)))]),
        Job(second.info, [second.wish(closed("admin"))]),
    )
    answers = [one.result(60)[0] for one in [hub.writer.submit(job) for job in jobs]]

    assert answers[0].status == "applied"
    assert answers[1].refusal is not None
    assert answers[1].refusal.code in {"last_admin", "revoked"}
    active = [msgspec.json.decode(row.doc, type=User) for row in hub.rows(tables.ref, tbl="user")]
    assert [user.code for user in active if user.active and user.role is Role.ADMIN] == ["admin"]


def test_a_new_warehouse_of_a_shop_counts_for_the_next_order_of_the_same_batch(hub: HubWorld):
    lead = hub.desk(Role.LEAD)
    setting = lead.wish(SetShop(shop=msgspec.structs.replace(SHOPS["DY1"], warehouses=("WH",))))
    order = hub.channel.wish(bought("o1", shop="DY1"))

    jobs = [hub.writer.submit(Job(lead.info, [setting])), hub.writer.submit(Job(hub.channel.info, [order]))]
    assert [one.result(60)[0].status for one in jobs] == ["applied", "applied"]

    assert hub.order().warehouse == "WH"


def test_a_restarted_writer_knows_what_was_published(hub: HubWorld):
    hub.desk(Role.LEAD).must(SetRules(rules=msgspec.structs.replace(Rules(), price_floor_pct=50)))

    hub.restart()

    answer = hub.desk(Role.LEAD, "again").ask(SetRules(rules=Rules()))
    assert answer.refusal is not None
    assert answer.refusal.code == "stale_content"
