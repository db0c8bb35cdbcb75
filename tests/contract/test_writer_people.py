"""Rights, logins and conflicts are read in the transaction that decides."""

from __future__ import annotations

import pytest
from builders import line, receive
from hub_world import FEED, HubWorld

from app.commands.hold import Hold
from app.commands.match_sku import MatchSku
from app.conflict import seen
from app.domain.values import Role
from sync import tables


def test_a_command_carries_the_person_of_its_login(hub: HubWorld):
    hub.channel.must(receive())

    hub.desk(Role.LEAD).must(Hold(order="o1", reason="ask"))

    assert hub.rows(tables.command, name="hold")[0].user_code == "lead"
    assert hub.order().touched is False  # it was released before the person came


def test_a_right_is_checked_by_the_hub(hub: HubWorld):
    hub.channel.must(receive())

    answer = hub.desk(Role.WAREHOUSE).ask(Hold(order="o1", reason="ask"))

    assert answer.refusal is not None
    assert answer.refusal.code == "not_allowed"
    assert hub.order().pause is None


def test_a_single_right_is_given_and_taken(hub: HubWorld):
    hub.channel.must(receive())
    clerk, floor = hub.desk(), hub.desk(Role.WAREHOUSE)
    hub.sql(
        f"INSERT INTO user_grant VALUES ({FEED}, 'warehouse', 'hold', true), ({FEED}, 'clerk', 'hold', false)"
    )

    assert clerk.ask(Hold(order="o1", reason="ask")).status == "refused"
    assert floor.ask(Hold(order="o1", reason="ask")).status == "applied"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE login SET revoked_at = 1", "revoked"),
        ("UPDATE device SET revoked_at = 1", "revoked"),
        ("DELETE FROM login", "no_login"),
        ("UPDATE login SET device_id = 'another'", "no_login"),
    ],
)
def test_a_withdrawn_login_is_refused_at_once(hub: HubWorld, change, code):
    hub.channel.must(receive())
    desk = hub.desk()
    hub.sql(change)

    answer = desk.ask(Hold(order="o1", reason="ask"))

    assert answer.refusal is not None
    assert answer.refusal.code == code


def test_work_done_before_a_token_ran_out_still_counts(hub: HubWorld):
    hub.channel.must(receive())
    desk = hub.desk()
    hub.clock.move(hours=30)

    assert desk.ask(Hold(order="o1", reason="ask")).status == "applied"


def test_a_refused_command_of_a_person_becomes_a_case_of_theirs(hub: HubWorld):
    desk = hub.desk()

    answer = desk.ask(Hold(order="nowhere", reason="ask"))

    (case,) = hub.rows(tables.snag)
    assert answer.status == "refused"
    assert (case.id, case.kind, case.subject, case.owner, case.state) == (
        "desk-clerk/1", "refused_command", "command", "clerk", "open",
    )  # fmt: skip
    assert hub.verify().findings == ()


def test_what_somebody_else_changed_first_is_a_conflict_with_its_fields(hub: HubWorld):
    hub.channel.must(receive(lines=(line(ext_sku="new"),)))
    one, two = hub.desk(name="one"), hub.desk(name="two")
    command = MatchSku(shop="TM1", ext_sku="new", sku="LN-220", order="o1")
    saw = seen(command, hub.order())
    one.must(MatchSku(shop="TM1", ext_sku="new", sku="SF-001", order="o1"))

    answer = two.ask(command, seen=saw)

    assert (answer.status, answer.fields) == ("conflict", ("lines.1",))
    assert [ln.sku for ln in hub.order().lines] == ["SF-001"]
    assert two.send(two.wish(command, n=1, seen=saw))[0] == answer
    assert hub.verify().findings == ()
