"""Channels in the settings: what needs somebody stands first and says what to do; one key has a shop rest."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import NOW
from desk_fake import FakeDesk
from PySide6.QtCore import Qt
from settings_scene import settings_scene

from app.domain.channels import Listed, ShopHealth
from app.presenters.settings_channels import standing, wrong
from app.text import Text, both
from app.trouble import Trouble
from widgets import words

TRIED = both("只在模拟器上试过。", "Simulator only.")
WELL = ShopHealth(
    shop="DY1", state="on", channel="douyin", title=both("抖音小店", "Douyin"), about=TRIED,
    lists=(Listed(name="orders", read_to=NOW - timedelta(minutes=2), well_at=NOW),),
    since=NOW - timedelta(days=3), newest_at=NOW - timedelta(minutes=4), taken=41,
)  # fmt: skip
SAID = Text("{what}", {"what": Text(both("店铺授权已失效，请重新授权。", "Authorise it again."))})
STILL = ShopHealth(
    shop="TM1", state="on", channel="taobao", title=both("淘宝", "Taobao"), about=TRIED,
    lists=(Listed(name="orders", read_to=NOW - timedelta(hours=3), tries=2, said=SAID, again_at=NOW),),
    since=NOW - timedelta(days=3), waiting=12,
)  # fmt: skip
MISSING = ShopHealth(
    shop="JD1", state="none", channel="jd", title=both("京东", "JD"), about=TRIED,
    needs=(both("应用密钥", "App secret"),),
)  # fmt: skip


@pytest.fixture
def fake():
    words.set_language("en")
    fake = FakeDesk(user="fang")
    fake.shops_at_hub = [WELL, MISSING, STILL]
    return fake


@pytest.fixture
def page(qtbot, aio, fake):
    scene = settings_scene(qtbot, aio, fake, "settings_channels")
    return scene, scene.page.section()


def rows(page):
    return [page.model.row(at).cells for at in range(page.model.rowCount())]


def test_what_stands_still_is_first_and_says_what_to_do_in_the_words_of_the_channel(page):
    _scene, page = page

    assert page.presenter.state.is_loaded
    assert [row[0] for row in rows(page)] == ["TM1", "DY1", "JD1"]
    assert [row[2].text for row in rows(page)] == ["Stands still", "Well", "Not connected"]
    assert rows(page)[0][4:] == ("3 h", "12")
    assert page.wrong.accessibleName() == "Authorise it again."
    assert "M" in [key.key for key in (*page.keys(),)]
    page.presenter.choose("JD1")
    assert "M" not in [key.key for key in (*page.keys(),)], "nothing is read there yet"


def test_a_shop_that_was_never_read_is_not_called_well():
    fresh = msgspec.structs.replace(WELL, lists=(), newest_at=None)

    assert standing(fresh, NOW) == ("waits", "Not read yet")
    assert wrong(fresh, NOW)[0].message.startswith("Nothing was read yet.")
    assert standing(msgspec.structs.replace(fresh, only_sends=True), NOW)[0] == "met"


def test_what_ends_soon_or_waits_in_numbers_is_told_before_it_stops():
    soon = msgspec.structs.replace(WELL, ends_at=NOW + timedelta(days=5, hours=1))
    over = msgspec.structs.replace(WELL, ends_at=NOW)
    many = msgspec.structs.replace(WELL, waiting=900)

    assert [standing(one, NOW)[0] for one in (soon, over, many)] == ["waits", "stops", "waits"]
    assert wrong(soon, NOW)[0].params == {"count": 5}
    assert wrong(many, NOW)[0].params == {"count": 900}


def test_a_shop_rests_goes_on_and_is_read_again_by_the_keys(page, fake):
    scene, page = page
    scene.press(Qt.Key.Key_X)
    assert page.again.reason() == "It rests. Let it go on first."
    scene.press(Qt.Key.Key_X)
    scene.press(Qt.Key.Key_R)

    assert fake.given == [("rests", "TM1"), ("goes on", "TM1"), ("read again", "TM1")]
    assert "last three days" in page.notice.words()


def test_a_shop_that_is_not_connected_says_how_and_what_was_tried(page):
    scene, page = page
    scene.do(lambda: page.table.pick("JD1"))

    assert "App secret" in page.how.words()
    assert (page.connect_shop.text(), page.connect_shop.kind(), page.again.kind()) == (
        "Connect", "primary", "plain",
    )  # fmt: skip
    assert page.about.words() == "Simulator only."
    assert page.turn.reason() == "The hub does not talk to this shop yet."
    assert page.why_off.words() == page.turn.reason()


def test_a_shop_whose_files_come_out_of_a_folder_says_how_that_does():
    well = ShopHealth(
        shop="B2B", state="files", channel="generic_file", title="", about="",
        lists=(Listed(name="files", well_at=NOW),),
    )  # fmt: skip
    gone = msgspec.structs.replace(well, lists=(Listed(name="files", tries=1, said=Text("It is gone.")),))

    assert [standing(one, NOW)[1] for one in (well, gone)] == ["Well", "Stands still"]
    assert (wrong(well, NOW), wrong(gone, NOW)) == ((), (Text("It is gone."),))


def test_a_shop_of_which_only_refunds_are_unread_says_so_and_does_not_stand_still():
    well = Listed(name="orders", read_to=NOW, well_at=NOW)
    failed = Listed(name="refunds", tries=3, said=SAID, is_beside=True)
    one = ShopHealth(shop="TM1", state="on", channel="amazon", title="", about="", lists=(well, failed))

    assert standing(one, NOW) == ("stops", "Refunds unread")
    assert wrong(one, NOW) == (SAID,)
    both = msgspec.structs.replace(one, lists=(msgspec.structs.replace(well, tries=1), failed))
    assert standing(both, NOW) == ("stops", "Stands still")
    over = msgspec.structs.replace(one, ends_at=NOW)
    assert standing(over, NOW) == ("stops", "Stands still")


def test_without_a_line_what_was_told_last_stays(page, fake, monkeypatch):
    scene, page = page

    def down():
        raise Trouble("offline", Text("The hub cannot be reached."))

    monkeypatch.setattr(fake, "shops", down)
    scene.do(lambda: page.once("look", page.presenter.refresh))

    assert page.notice.words() == "The hub cannot be reached."
    assert len(rows(page)) == 3


def test_without_any_shop_it_says_where_one_is_made_and_offers_no_key(qtbot, aio, fake):
    fake.shops_at_hub = []
    page = settings_scene(qtbot, aio, fake, "settings_channels").page.section()

    assert "Make one under Shops" in page.empty.accessibleName()
    assert (page.bar.isVisible(), page.facts.isVisible(), page.keys()) == (False, False, ())


def test_a_hub_that_never_answered_is_not_taken_for_one_without_shops(qtbot, aio, fake, monkeypatch):
    def down():
        raise Trouble("offline", Text("The hub cannot be reached."))

    monkeypatch.setattr(fake, "shops", down)
    page = settings_scene(qtbot, aio, fake, "settings_channels").page.section()

    assert page.notice.words() == "The hub cannot be reached."
    assert page.empty.isHidden()
