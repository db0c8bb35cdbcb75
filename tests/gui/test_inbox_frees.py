"""One match lets every order that waits for it go on; how many is told beside the way back."""

from __future__ import annotations

import pytest
from builders import line
from desk_fake import FakeDesk
from page_scene import Scene
from PySide6.QtCore import Qt

from app.presenters.inbox import Inbox
from app.presenters.order import OrderSheet
from widgets import words
from widgets.pages.inbox import InboxPage
from widgets.pages.order import OrderPage

BRUSH = {"ext_sku": "TB-7", "title": "电动牙刷头", "unit_price_minor": 4_900}


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk()
    for order in ("o1", "o2", "o3"):
        fake.company.receive(order, lines=(line(**BRUSH),))
    fake.company.receive("o4", lines=(line(**(BRUSH | {"ext_sku": "TB-8"})),))
    return fake


def test_what_one_match_frees_is_counted(qtbot, aio, fake):
    scene = Scene(qtbot, aio, lambda tasks, go: InboxPage(Inbox(fake.desk), tasks, go), "inbox", None)

    scene.press(Qt.Key.Key_2)

    assert scene.shell.undo_bar.accessibleName() == "DK-o1 Create draft, and 2 more orders are matched"


def test_it_is_counted_on_the_sheet_of_the_order_too(qtbot, aio, fake):
    scene = Scene(
        qtbot, aio, lambda tasks, go: OrderPage(OrderSheet(fake.desk), tasks, go), "order", {"id": "o1"}
    )

    scene.press(Qt.Key.Key_1)

    assert scene.shell.undo_bar.accessibleName() == "DK-o1 Create draft, and 2 more orders are matched"
