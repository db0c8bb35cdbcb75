"""Sections of the company: a row, its form, publish, take back; who may not reads facts with the reason."""

from __future__ import annotations

from datetime import date, time

import msgspec
import pytest
from builders import actor, line
from desk_fake import FakeDesk
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from settings_scene import settings_scene

from app.commands.set_grants import SetGrants
from app.commands.set_holidays import SetHolidays
from app.commands.set_rules import SetRules
from app.commands.set_shift import SetShift
from app.commands.set_shop import SetShop
from app.commands.set_user import SetUser
from app.domain.company import GRANTS, Grants, Holidays, Shift
from app.domain.values import Role
from app.ports import Changes
from app.presenters.settings_rights import UNSAID
from widgets import words

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk(user="fang")
    company = fake.company
    company.rows |= {("shop", shop.code): shop for shop in company.shops.values()}
    return fake


@pytest.fixture
def opened(qtbot, aio, fake):
    return lambda code: settings_scene(qtbot, aio, fake, code)


def fill(scene, name, text):
    field = scene.page.section()._fields[name].control
    scene.do(field.setFocus)
    scene.do(field.selectAll)
    scene.type(text)


def publish(scene):
    scene.press(Qt.Key.Key_Return, CTRL)


def test_enter_leads_into_the_form_and_publishing_changes_the_row(opened, fake):
    scene = opened("settings_shops")
    scene.press(Qt.Key.Key_J)
    scene.press(Qt.Key.Key_Return)
    scene.press(Qt.Key.Key_End)
    scene.type(" 2")
    publish(scene)

    assert QApplication.focusWidget().objectName() == "settings_shops/title"
    assert [command.shop.title for command in fake.given] == ["青禾旗舰店 2"]
    assert scene.page.section().model.row(1).cells[1] == "青禾旗舰店 2"


def test_z_publishes_the_values_of_before(opened, fake):
    scene = opened("settings_shops")
    fill(scene, "title", "Other")
    publish(scene)
    scene.do(scene.page.focus_first)
    scene.press(Qt.Key.Key_Z)

    assert [command.shop.title for command in fake.given] == ["Other", "青禾生活"]
    assert fake.company.refs.shops["DY1"].rev == 2


def test_what_the_hub_would_refuse_is_said_before_anything_is_sent(opened, fake):
    scene = opened("settings_shops")
    fill(scene, "warehouses", "SZ XX")
    publish(scene)

    assert fake.given == []
    assert scene.page.section().notice.words() == "Choose warehouses that exist, each once."


def test_esc_drops_what_was_typed(opened, fake):
    scene = opened("settings_shops")
    fill(scene, "title", "Other")
    scene.press(Qt.Key.Key_Escape, times=2)

    assert scene.page.section()._fields["title"].control.text() == "青禾生活"
    assert not scene.page.section().save.isEnabled()


def test_n_begins_a_new_one_and_a_taken_code_is_said_at_its_field(opened, fake):
    scene = opened("settings_shops")
    scene.press(Qt.Key.Key_N)
    at = QApplication.focusWidget().objectName()
    scene.type("TM1")
    publish(scene)
    taken = scene.page.section()._fields["code"].message()
    fill(scene, "code", "JD1")
    fill(scene, "title", "JD")
    publish(scene)

    assert at == "settings_shops/code"
    assert taken == "This code is taken. Choose another one."
    assert fake.company.refs.shops["JD1"].title == "JD"


def test_a_new_one_stays_in_the_form_until_the_hub_has_answered(opened, fake):
    scene = opened("settings_people")
    fake.link_state = "weak"
    scene.press(Qt.Key.Key_N)
    scene.type("mei")
    fill(scene, "title", "Mei")
    publish(scene)
    scene.do(lambda: scene.page.changed(Changes(frozenset({("user", "lin")}))))

    section = scene.page.section()
    assert (section._state.here, section._fields["title"].control.text()) == ("mei", "Mei")
    fake.company.rows["user", "mei"] = fake.given[0].user
    scene.do(lambda: scene.page.changed(Changes(frozenset({("user", "mei")}))))
    assert section.table.current_key() == "mei"
    assert "code" not in section._fields


def test_somebody_elses_publication_does_not_overwrite_a_filled_form(opened, fake):
    scene = opened("settings_shops")
    fill(scene, "title", "Mine")
    theirs = msgspec.structs.replace(fake.company.refs.shops["DY1"], title="Theirs")
    fake.company.must(SetShop(shop=theirs), actor(Role.LEAD, "wu"))

    scene.do(lambda: scene.page.changed(Changes(frozenset({("shop", "DY1")}))))
    kept = scene.page.section()._fields["title"].control.text()
    told = scene.page.section().notice.words()
    publish(scene)

    assert (kept, told) == ("Mine", "Somebody published other values meanwhile. Esc shows them.")
    assert fake.company.refs.shops["DY1"].title == "Theirs"
    assert scene.page.section().notice.words() == "Somebody published other values. Read them, then change."


def test_a_publication_on_a_weak_line_is_kept_and_says_so(opened, fake):
    scene = opened("settings_shops")
    fake.link_state = "weak"
    fill(scene, "title", "Later")
    publish(scene)

    assert scene.page.section().notice.words() == "Kept here. It holds when the hub has answered."
    assert scene.page.section()._fields["title"].control.text() == "Later"


def test_offline_nothing_is_published_and_what_was_typed_stays(opened, fake):
    scene = opened("settings_shops")
    fake.link_state = "offline"
    scene.do(lambda: scene.page.changed(Changes(line=True)))
    fill(scene, "title", "Later")
    section = scene.page.section()
    assert section.why.words() == "Needs the hub, offline now"
    assert section._fields["title"].control.text() == "Later"
    publish(scene)
    assert fake.given == []

    fake.link_state = "online"
    scene.do(lambda: scene.page.changed(Changes(line=True)))
    assert section.why.words() == ""
    assert section._fields["title"].control.text() == "Later"


def test_a_new_review_amount_says_how_many_orders_it_touches(opened, fake):
    for number, price in enumerate((30_000, 60_000, 90_000)):
        fake.company.set_stock(0)
        fake.company.receive(f"o{number}", ext_id=f"e{number}", lines=(line(unit_price_minor=price),))
    scene = opened("settings_rules")
    fill(scene, "review_above_minor", "500")
    said = scene.page.section().says.accessibleName()
    publish(scene)

    assert said == "Of 3 orders before release 2 would cost more than this; now it is 0."
    assert fake.given == [
        SetRules(rules=msgspec.structs.replace(type(fake.given[0].rules)(), review_above_minor=50_000))
    ]


def test_a_rule_out_of_its_range_is_said_at_its_field(opened, fake):
    scene = opened("settings_rules")
    fill(scene, "review_from", "25:00")
    publish(scene)
    first = scene.page.section()._fields["review_from"].message()
    fill(scene, "review_from", "22:00")
    fill(scene, "review_above_minor", "2000000")
    publish(scene)

    assert first == "Write the time with hours and minutes: 17:00."
    amount = scene.page.section()._fields["review_above_minor"]
    assert amount.message() == "From 0.00 to 1,000,000.00. Change it."
    assert fake.given == []


def test_a_rule_says_what_it_does_its_range_and_its_default(opened):
    section = opened("settings_rules").page.section()

    told = section._fields["unpaid_after_min"].control.accessibleDescription()
    assert told == (
        "An order not paid after this time is an exception. From 1 to 10080; a new company starts with 30."
    )


def test_a_shift_over_midnight_with_its_days(opened, fake):
    fake.company.rows["holidays", "CN"] = Holidays(code="CN", title="CN")
    scene = opened("settings_shifts")
    scene.press(Qt.Key.Key_N)
    scene.type("night")
    fill(scene, "title", "Night")
    fill(scene, "since", "22:00")
    fill(scene, "until", "6:00")
    scene.do(scene.page.section()._fields["days"].control.box("5").click)
    publish(scene)

    assert fake.given == [
        SetShift(
            shift=Shift(code="night", title="Night", since=time(22), until=time(6), days=(0, 1, 2, 3, 4, 5))
        )
    ]


def test_who_may_not_add_is_not_told_to(qtbot, aio, opened):
    told = opened("settings_stock").page.section().empty.accessibleName()
    clerk = settings_scene(qtbot, aio, FakeDesk(user="lin"), "settings_stock")
    words.set_language("en")

    assert told == "Every shop is offered all that is available, N makes the first one."
    assert clerk.page.section().empty.accessibleName() == "Every shop is offered all that is available"


def test_holidays_are_lines_of_days_and_spans(opened, fake):
    scene = opened("settings_holidays")
    assert scene.page.section().empty.isVisible()
    scene.press(Qt.Key.Key_N)
    scene.type("CN")
    fill(scene, "title", "China")
    fill(scene, "closed", "2026-10-01..2026-10-03")
    fill(scene, "worked", "someday")
    publish(scene)
    wrong = scene.page.section()._fields["worked"].message()
    fill(scene, "worked", "2026-09-27")
    publish(scene)

    assert wrong.startswith('"someday" is no day.')
    assert fake.given == [
        SetHolidays(
            holidays=Holidays(
                code="CN",
                title="China",
                closed=tuple(date(2026, 10, day) for day in (1, 2, 3)),
                worked=(date(2026, 9, 27),),
            )
        )
    ]


def test_a_first_password_is_shown_once_and_gone_when_one_looks_elsewhere(opened, fake):
    scene = opened("settings_people")
    scene.press(Qt.Key.Key_J, times=3)
    scene.press(Qt.Key.Key_P)
    shown = scene.page.section().secret.accessibleName()
    scene.press(Qt.Key.Key_K)

    assert fake.given == [("first_password", "lin")]
    assert "first-lin" in shown
    assert not scene.page.section().secret_line.isVisible()


def test_a_first_password_leaves_the_screen_with_the_page(opened, fake):
    scene = opened("settings_people")
    scene.press(Qt.Key.Key_P)
    scene.do(lambda: scene.shell.go("inbox"))
    scene.do(lambda: scene.shell.go("settings"))

    assert scene.page.section().presenter.state.secret == ""


def test_an_account_is_closed_with_one_box(opened, fake):
    scene = opened("settings_people")
    scene.press(Qt.Key.Key_J, times=3)
    scene.do(scene.page.section()._fields["active"].control.click)
    publish(scene)

    (command,) = fake.given
    assert isinstance(command, SetUser)
    assert (command.user.code, command.user.active) == ("lin", False)


def test_ticking_a_right_gives_it_beside_the_role(opened, fake):
    scene = opened("settings_rights")
    scene.press(Qt.Key.Key_J, times=3)
    fields = scene.page.section()._fields
    scene.do(fields["review"].control.box("sign_off").click)
    scene.do(fields["orders"].control.box("cancel").click)
    publish(scene)

    assert fake.given == [SetGrants(grants=Grants(user="lin", more=("sign_off",), fewer=("cancel",)))]


def test_every_right_of_a_person_has_a_name(opened):
    section = opened("settings_rights").page.section()

    names = [option for area in section._state.inputs for _, option in area.options]
    people = frozenset().union(*(codes for role, codes in GRANTS.items() if role.person))
    assert len(names) == len(people - UNSAID)
    assert all(name.message[0].isupper() and "_" not in name.message for name in names)


@pytest.mark.parametrize("code", ["settings_shops", "settings_rules", "settings_rights"])
def test_a_clerk_reads_facts_and_why_they_are_not_theirs_to_change(qtbot, aio, fake, code):
    fake.sit("lin")
    section = settings_scene(qtbot, aio, fake, code).page.section()

    assert section.facts.isVisible()
    assert not section.form.isVisible()
    assert not section.bar.isVisible()
    assert section.closed_note.accessibleName().startswith("You ")


def test_a_clerk_sees_their_own_rights_only(qtbot, aio, fake):
    fake.sit("lin")
    section = settings_scene(qtbot, aio, fake, "settings_rights").page.section()

    assert [item.code for item in section._state.items] == ["lin"]


def test_the_shops_of_a_person_are_ticked_and_none_means_all(opened, fake):
    scene = opened("settings_people")
    scene.press(Qt.Key.Key_J, times=3)
    shops = scene.page.section()._fields["shops"].control
    none = shops.answer()
    scene.do(shops.box("TM1").click)
    publish(scene)

    assert (none, fake.given[-1].user.code) == ("", "lin")
    assert (fake.given[-1].user.shops, fake.given[-1].user.warehouses) == (("TM1",), ())
