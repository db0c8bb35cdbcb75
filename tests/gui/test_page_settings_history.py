"""The history of the settings: before and after in words, and one key back."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import actor
from desk_fake import FakeDesk
from PySide6.QtCore import Qt
from settings_scene import settings_scene

from app.commands.give_skill import GiveSkill
from app.commands.set_licence import SetLicence
from app.commands.set_rules import SetRules
from app.commands.set_shift import SetShift
from app.commands.set_user import SetUser
from app.domain.company import Shift
from app.domain.skill import Licence, Proof
from app.domain.values import Role
from app.ports import Changes
from widgets import words


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk(user="fang")
    company = fake.company
    rules = msgspec.structs.replace(company.refs.rules, review_above_minor=80_000, ship_within_h=48)
    company.must(SetRules(rules=rules), actor(Role.LEAD, "wu"))
    company.now += timedelta(minutes=5)
    lin = msgspec.structs.replace(company.refs.users["lin"], role=Role.TRAINER)
    company.must(SetUser(user=lin), actor(Role.ADMIN, "fang"))
    return fake


@pytest.fixture
def scene(qtbot, aio, fake):
    return settings_scene(qtbot, aio, fake, "settings_history")


def lines(scene):
    return [row.spoken() for row in scene.page.section().diff._rows]


def test_the_newest_stands_first_with_who_and_when_and_both_values_in_words(scene):
    section = scene.page.section()
    rows = [section.model.row(at).cells for at in range(section.model.rowCount())]

    assert rows == [
        ("20:35", "方其然", "Person 林小满 changed"),
        ("20:30", "吴组长", "Rules 1 published"),
    ]
    assert lines(scene) == ["Role: Order clerk → Trainer"]


def test_every_changed_field_is_said_with_its_unit(scene):
    scene.press(Qt.Key.Key_J)

    assert lines(scene) == ["Reviewed above: ¥1,000.00 → ¥800.00", "Ship within: 24 h → 48 h"]


def test_b_publishes_the_earlier_values_as_the_newest_and_z_takes_that_back(scene, fake):
    scene.press(Qt.Key.Key_J)
    scene.press(Qt.Key.Key_B)
    back = fake.company.refs.rules
    scene.press(Qt.Key.Key_Z)

    assert (back.review_above_minor, back.ship_within_h, back.rev) == (100_000, 24, 2)
    assert (fake.company.refs.rules.review_above_minor, fake.company.refs.rules.rev) == (80_000, 3)


def test_an_older_edition_is_published_on_top_of_the_newest(scene, fake):
    company = fake.company
    company.must(
        SetRules(rules=msgspec.structs.replace(company.refs.rules, late_after_pct=50)), actor(Role.LEAD, "wu")
    )
    scene.do(lambda: scene.page.changed(Changes(frozenset({("revision", "rules/current/2")}))))
    scene.do(lambda: scene.page.section().presenter.choose("rules/current/1"))
    scene.press(Qt.Key.Key_B)

    rules = company.refs.rules
    assert (rules.rev, rules.review_above_minor, rules.late_after_pct) == (3, 100_000, 80)


def test_what_was_new_has_no_way_back_and_says_why(scene, fake):
    from datetime import time

    fake.company.must(
        SetShift(shift=Shift(code="day", title="Day", since=time(8), until=time(18))), actor(Role.LEAD, "wu")
    )
    scene.do(lambda: scene.page.changed(Changes(frozenset({("revision", "shift/day/1")}))))
    scene.do(lambda: scene.page.section().presenter.choose("shift/day/1"))
    scene.press(Qt.Key.Key_B)

    assert not scene.page.section().back_button.isEnabled()
    assert scene.page.section().notice.words() == "It was new here: nothing was before."
    assert fake.given == []


def test_a_lead_sees_what_happened_to_people_but_takes_it_not_back(qtbot, aio, fake):
    fake.sit("wu")
    scene = settings_scene(qtbot, aio, fake, "settings_history")

    scene.press(Qt.Key.Key_B)

    assert fake.given == []
    assert scene.page.section().notice.words() == "You are not allowed to do this. Ask your lead."


def test_without_any_publication_the_page_says_so(qtbot, aio):
    words.set_language("en")
    section = settings_scene(qtbot, aio, FakeDesk(user="wu"), "settings_history").page.section()

    assert section.empty.accessibleName() == "Nothing was changed yet, Whatever is published stands here."
    assert not section.bar.isVisible()


def test_rights_that_ask_for_a_pass_and_what_was_opened_by_hand_are_said_with_who_and_why(qtbot, aio, fake):
    proof = Proof(code="sign_review", title="Sign after review")
    licence = Licence(code="sign_off", lessons=(proof,), roles=(Role.REVIEWER,), is_on=True)
    fake.company.now += timedelta(minutes=5)
    fake.company.must(SetLicence(licence=licence), actor(Role.LEAD, "wu"))
    fake.company.now += timedelta(minutes=5)
    given = GiveSkill(user="gu", right="sign_off", reason="passed elsewhere")
    fake.company.must(given, actor(Role.TRAINER, "shen"))
    again = msgspec.structs.replace(given, reason="a year more", rev=1)
    fake.company.now += timedelta(minutes=5)
    fake.company.must(again, actor(Role.TRAINER, "shen"))

    scene = settings_scene(qtbot, aio, fake, "settings_history")
    section = scene.page.section()
    rows = [section.model.row(at).cells[1:] for at in range(3)]

    who = fake.company.refs.users["gu"].title
    assert rows[0] == ("沈知夏", f"Skills {who} changed: a year more")
    assert lines(scene) == [
        "Opened by hand: sign_off (shen: passed elsewhere) → sign_off (shen: a year more)"
    ]
    assert "Training" in words.trn(section.presenter.state.deeds[0].why_not)
    scene.press(Qt.Key.Key_J)
    scene.press(Qt.Key.Key_J)
    assert "Lessons: nothing → sign_review" in lines(scene)
    assert "For roles: nothing → Night review" in lines(scene)
