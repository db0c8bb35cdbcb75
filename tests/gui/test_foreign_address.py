"""The card and the guide of an address abroad: its own fields in its own order, mended by keys."""

from __future__ import annotations

import pytest
from desk_fake import FakeDesk
from page_scene import ALT, CTRL, Scene
from PySide6.QtCore import Qt

from app.commands.fix_address import FixAddress
from app.domain.values import Receiver, Region
from app.presenters.guide import Guide
from app.presenters.inbox import Inbox
from widgets import words
from widgets.pages.guide import GuidePage
from widgets.pages.inbox import InboxPage

Key = Qt.Key
PERSON = Receiver(name="Mary Poe", phone="+1 217 555 0100", street="12 Main Street Apt 3")
ARGS = {"form": "fix_address", "order": "o1"}


@pytest.fixture
def fake():
    return FakeDesk(user="lin")


def received(fake, **place):
    region = Region(
        **({"country": "US", "province": "IL", "city": "Springfield", "postcode": "62701"} | place)
    )
    fake.company.receive("o1", region=region, receiver=PERSON)


def inbox(qtbot, aio, fake, language="en"):
    words.set_language(language)
    return Scene(qtbot, aio, lambda tasks, go: InboxPage(Inbox(fake.desk), tasks, go), "inbox")


def guide(qtbot, aio, fake, language="en"):
    words.set_language(language)
    return Scene(qtbot, aio, lambda tasks, go: GuidePage(Guide(fake.desk), tasks, go), "guide", ARGS)


def labels(scene):
    return {name: field.label.text() for name, field in scene.page._fields.items()}


@pytest.mark.parametrize(
    ("language", "fields", "doubt"),
    [
        (
            "en",
            ["Receiver", "Street", "City", "State or territory", "ZIP code", "Country or region", "Phone"],
            "ZIP code: it lies in CA, not in IL.",
        ),
        (
            "zh_CN",
            ["收件人", "详细", "市", "州", "邮编（ZIP）", "国家或地区", "电话"],
            "邮编（ZIP）属于CA，不属于IL。",
        ),
    ],
)
def test_the_card_lists_the_fields_of_the_country_and_names_the_doubt(
    qtbot, aio, fake, language, fields, doubt
):
    received(fake, postcode="90210")
    rows = inbox(qtbot, aio, fake, language).page.card.diff._rows

    assert [row.field for row in rows][: len(fields)] == fields
    assert {row.field: row.verdict for row in rows}[fields[4]] == doubt
    assert [row.verdict for row in rows].count(doubt) == 1


def test_the_doubted_code_is_mended_by_keys_and_the_order_goes_on(qtbot, aio, fake):
    received(fake, postcode="90210")
    scene = guide(qtbot, aio, fake)
    assert [*scene.page._fields] == ["country", "city", "province", "postcode"]
    code = scene.page._fields["postcode"]
    assert code.state() == "waits"

    scene.do(code.control.setFocus)
    scene.press(Key.Key_A, CTRL)
    scene.type("627011234")
    scene.press(Key.Key_2, ALT)
    assert code.control.answer() == "62701-1234"
    scene.press(Key.Key_Return, CTRL, times=4)

    (given,) = [one for one in fake.given if isinstance(one, FixAddress)]
    assert given.region == Region(
        country="US", province="IL", city="Springfield", postcode="62701-1234", verdict="accept"
    )
    assert fake.company.order().snag("address_invalid") is None


def test_a_country_nobody_knows_is_chosen_first_and_its_fields_come_with_it(qtbot, aio, fake):
    received(fake, country="ZZ", province="", city="Berlin", postcode="10115")
    scene = guide(qtbot, aio, fake)
    scene.press(Key.Key_Return, CTRL)
    country = scene.page._fields["country"]
    assert country.state() == "error"

    scene.do(lambda: country.control.set_answer("DE") or country.control.answered.emit("DE"))

    assert [*scene.page._fields] == ["country", "postcode", "city"]
    scene.press(Key.Key_Return, CTRL, times=4)
    assert fake.company.order().region.country == "DE"
    assert fake.company.order().snag("address_invalid") is None
