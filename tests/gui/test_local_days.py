"""The day on screen is the one on the walls of the shop, also between its midnight and that of UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime

import msgspec
import pytest
from builders import actor, line
from desk_fake import FakeDesk, Here
from page_scene import Scene
from PySide6.QtCore import Qt
from settings_scene import settings_scene

from app.commands.set_shop import SetShop
from app.domain.values import Role
from app.ports import HistoryRow
from app.presenters.orders import Orders
from app.presenters.today import State
from app.text import Text
from widgets import words
from widgets.pages.orders import OrdersPage
from widgets.pages.today import pace_words
from widgets.phrases import deeds
from widgets.words import day_there

SHANGHAI = "Asia/Shanghai"
NIGHT = datetime(2026, 6, 13, 17, 30, tzinfo=UTC)
"""Half past one on 14 June in Shanghai, still 13 June in UTC."""
AFTER, BEFORE = datetime(2026, 6, 13, 16, 5, tzinfo=UTC), datetime(2026, 6, 13, 15, 55, tzinfo=UTC)
"""Five minutes after and before midnight there."""


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk(user="fang")
    company = fake.company
    company.rows |= {("shop", shop.code): shop for shop in company.shops.values()}
    for at, title in ((BEFORE, "Before"), (AFTER, "After")):
        company.now = at
        shop = msgspec.structs.replace(company.refs.shops["TM1"], title=title)
        company.must(SetShop(shop=shop), actor(Role.LEAD, "wu"))
    company.now = NIGHT
    return fake


def test_the_day_there():
    assert [day_there(at, SHANGHAI) for at in (BEFORE, AFTER)] == [date(2026, 6, 13), date(2026, 6, 14)]


def test_the_history_of_settings_dates_what_was_published_before_midnight(qtbot, aio, fake):
    section = settings_scene(qtbot, aio, fake, "settings_history").page.section()

    assert [section.model.row(at).cells[0] for at in range(2)] == ["00:05", "13 Jun 23:55"]


def test_the_line_to_the_hub_dates_since_when(qtbot, aio, fake, monkeypatch):
    link = msgspec.structs.replace(fake.link(), since=BEFORE)
    monkeypatch.setattr(fake, "link", lambda: link)
    section = settings_scene(qtbot, aio, fake, "settings_hub").page.section()

    facts = [(fact.label, fact.value) for group in section.hub._groups for fact in group.facts]
    assert ("Since", "13 Jun 23:55") in facts


def test_the_record_of_an_order_dates_what_was_before_midnight():
    words.set_language("en")
    rows = [HistoryRow(at=at, who="", text=Text("x"), delivery="saved") for at in (AFTER, BEFORE)]

    assert [deed.at for deed in deeds(rows, NIGHT, SHANGHAI)] == ["00:05", "13 Jun 23:55"]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (20, "at this pace the desk is clear at 21:30."),
        (46, "at 15 Jun 23:30."),
        (47, "1 fixed by you today."),
    ],
)
def test_the_pace_of_a_night_looks_no_further_than_tomorrow(hours, said):
    """At half past one, 46 hours ahead is tomorrow before midnight; 47 hours are the day after."""
    words.set_language("en")
    state = State(is_loaded=True, now=NIGHT, zone=SHANGHAI, all=hours, per_hour=((1, 1),))

    assert pace_words(state).endswith(said)


def test_days_typed_on_the_orders_page_count_from_the_day_of_the_shop(qtbot, aio, fake):
    fake.company.receive("o1", lines=(line(),))
    orders = Orders(fake.desk, fake.files, Here())
    scene = Scene(qtbot, aio, lambda tasks, go: OrdersPage(orders, tasks, go), "orders")
    scene.press(Qt.Key.Key_F)
    field = scene.page.side.filters.fields["since_on"]
    scene.do(field.setFocus)
    scene.type("today")

    assert field.answer() == "2026-06-14"
