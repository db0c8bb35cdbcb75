"""The inbox by keys: claim, later, to the lead, many at once, what comes next is ready."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import line
from desk_fake import FakeDesk
from page_audit import unnamed
from page_scene import Scene
from PySide6.QtCore import Qt

from app.commands.claim import Claim
from app.commands.escalate import Escalate
from app.commands.recheck import Recheck
from app.commands.send_message import SendMessage
from app.commands.snooze import Snooze
from app.domain.values import Receiver, Role
from app.ports import Changes
from app.presenters.inbox import Inbox
from tests.builders import actor, receive
from widgets import words
from widgets.controls import Label
from widgets.pages import inbox
from widgets.pages.inbox import InboxPage

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
SHEN = actor(Role.CLERK, "shen")


@pytest.fixture
def fake():
    """Five orders out of stock."""
    fake = FakeDesk()
    fake.company.set_stock(0, "CT-180")
    for n in range(1, 6):
        fake.company.must(short(n), Role.CHANNEL)
    return fake


def short(n, note=""):
    """An order of a buyer of its own for what is not there."""
    receiver = Receiver(name="季小雨", phone=f"1380000{n:04}", street=f"文晖路{n}号{n}幢", note=note)
    return receive(f"o{n}", receiver=receiver, lines=(line(ext_sku="A-3", unit_price_minor=12_900),))


def said(scene):
    return [str(getattr(item, "words", "")) for part in scene.page.evidence.sections() for item in part.items]


@pytest.fixture
def scene(qtbot, aio, fake):
    words.set_language("en")
    return Scene(qtbot, aio, lambda tasks, go: InboxPage(Inbox(fake.desk), tasks, go), "inbox", None)


def here(scene):
    return scene.page._state.card.row.key.partition(":")[0]


def keys(scene):
    return [entry.key.partition(":")[0] for entry in scene.page.rows.rows.entries()]


def snag(fake, order="o1"):
    return fake.company.order(order).snag("short_stock")


def off(scene, code):
    return next(act for act in scene.page._state.card.acts if act.code == code).reason


def test_nothing_of_ones_own_begins_with_the_groups(scene):
    assert scene.page.splits.here == "group"
    assert dict(scene.page._state.counts) == {"mine": 0, "group": 5, "soon": 0, "waiting": 0}


def test_c_claims_and_c_gives_back(scene, fake):
    scene.press(Key.Key_C)
    assert isinstance(fake.given[-1], Claim)
    assert (snag(fake).owner, here(scene)) == ("lin", "o1")
    assert scene.shell.undo_bar.accessibleName() == "DK-o1 Claimed"
    assert scene.page.bar.button("give_back").text() == "Give back"

    scene.press(Key.Key_C)

    assert (snag(fake).owner, snag(fake).declined) == ("", ("lin",))
    assert here(scene) == "o2"


def test_z_takes_a_claim_back(scene, fake):
    scene.press(Key.Key_C)

    scene.press(Key.Key_Z)

    assert snag(fake).claimed_at is None


def test_whose_it_is_stands_on_row_and_card(scene, fake):
    fake.company.must(Claim(order="o1", kind="short_stock"), SHEN)
    scene.do(lambda: scene.page.opened(None))

    assert "沈知夏" in scene.page.rows.rows.entry(0).source
    assert "沈知夏" in said(scene)
    assert off(scene, "claim").params == {"who": "沈知夏"}
    assert off(scene, "look_again").params == {"who": "沈知夏"}
    told = [label.text() for label in scene.page.bar.findChildren(Label)]
    assert told.count("沈知夏 has it") == 1, "one sentence for all keys that are off for it"
    scene.press(Key.Key_2)
    assert fake.given == []

    scene.press(Key.Key_X)
    scene.press(Key.Key_J)
    scene.press(Key.Key_X)
    scene.press(Key.Key_2)

    assert [command.order for command in fake.given] == ["o2"]
    assert scene.page.rows.rows.entry(0).sentence == "沈知夏 has it"


def test_who_was_slower_hears_who_was_faster_and_goes_on(scene, fake):
    """The hub's word comes after the claim was shown here. Source: capabilities 5.4."""
    fake.link_state = "offline"
    scene.press(Key.Key_C)
    fake.waiting.clear()
    order = fake.company.order("o1")
    theirs = msgspec.structs.replace(snag(fake), owner="shen")
    fake.company.rows["order", "o1"] = msgspec.structs.replace(order, snags=(theirs,))

    scene.do(lambda: scene.page.opened(None))

    assert here(scene) == "o2"
    assert scene.page.notice.accessibleName().endswith("沈知夏 was faster with DK-o1.")


def test_h_asks_until_when_and_the_answer_takes_it_away(scene, fake):
    scene.press(Key.Key_H)
    assert [each.label for each in scene.page._laters()] == [
        "In 1 hour", "Tomorrow", "Stock arrives", "Buyer answers", "Back",
    ]  # fmt: skip

    scene.press(Key.Key_3)

    assert isinstance(fake.given[-1], Snooze)
    assert (snag(fake).snooze.wait, len(snag(fake).stops)) == ("stock", 1)
    assert (here(scene), keys(scene)) == ("o2", ["o2", "o3", "o4", "o5"])
    assert dict(scene.page._state.counts)["waiting"] == 1
    assert scene.shell.undo_bar.accessibleName() == "DK-o1 Put off"


def test_esc_goes_back_to_the_repairs(scene, fake):
    scene.press(Key.Key_H)
    scene.press(Key.Key_Escape)

    assert scene.page.bar.button("look_again").isVisible()
    assert not fake.given


def test_what_waits_is_woken_with_h(scene, fake):
    scene.press(Key.Key_H)
    scene.press(Key.Key_1)
    scene.press(Key.Key_Tab, times=2)
    assert scene.page.splits.here == "waiting"
    assert scene.page.rows.rows.entry(0).limit_text.startswith("until ")

    scene.press(Key.Key_H)

    assert snag(fake).snooze is None
    assert keys(scene) == []


def test_e_asks_why_and_sends_it_to_the_lead(scene, fake):
    scene.press(Key.Key_E)
    assert scene.page.reason.field.hasFocus()
    scene.type("the buyer calls 3 times")
    assert not fake.given, "letters and digits are words here"

    scene.press(Key.Key_Return)

    assert isinstance(fake.given[-1], Escalate)
    assert snag(fake).escalation.reason == "the buyer calls 3 times"
    assert here(scene) == "o2"
    assert scene.page.rows.hasFocus()


def test_the_way_back_from_the_reason_leaves_everything(scene, fake):
    scene.press(Key.Key_E)
    scene.type("no")
    scene.press(Key.Key_Escape)

    assert not fake.given
    assert not scene.page.reason.isVisible()
    assert scene.page.rows.hasFocus()


def test_a_lead_finds_under_mine_what_was_sent(qtbot, aio, fake):
    fake.company.must(Escalate(order="o3", kind="short_stock", reason="who decides?"), SHEN)
    fake.sit("wu")
    words.set_language("en")
    scene = Scene(qtbot, aio, lambda tasks, go: InboxPage(Inbox(fake.desk), tasks, go), "inbox", None)

    assert (scene.page.splits.here, keys(scene)) == ("mine", ["o3"])
    assert "沈知夏: who decides?" in said(scene)


def test_a_clock_that_stands_still_says_so(scene, fake):
    scene.press(Key.Key_H)
    scene.press(Key.Key_3)
    fake.company.now += timedelta(minutes=40)
    scene.press(Key.Key_Tab, times=2)

    assert scene.page.rows.rows.entry(0).limit_text == "waits for stock"
    assert "Waited 40 min for stock" in said(scene)
    assert "Clock stopped" in said(scene)


# --- many at once --------------------------------------------------------------------------------------


def test_one_key_for_all_that_are_chosen_and_one_undo(scene, fake):
    scene.press(Key.Key_X)
    scene.press(Key.Key_J, times=3)
    scene.press(Key.Key_X, modifier=SHIFT)
    assert len(scene.page.rows.chosen_keys()) == 4

    scene.press(Key.Key_2)

    assert [type(command) for command in fake.given] == [SendMessage] * 4
    assert keys(scene) == ["o5"]
    assert scene.shell.undo_bar.accessibleName() == "4 done at once"

    scene.press(Key.Key_Z)

    assert keys(scene) == ["o1", "o2", "o3", "o4", "o5"]
    assert {fake.company.order(f"o{n}").status for n in range(1, 5)} <= {"gated", "to_check"}


def test_what_cannot_be_done_stays_chosen_and_says_why(scene, fake):
    """A note to be read locks its order for work on many. Source: capabilities 15."""
    fake.company.must(short(6, note="蓝色的"), Role.CHANNEL)
    scene.do(lambda: scene.page.opened(None))
    scene.do(lambda: scene.page.rows.choose({"o1:short_stock", "o6:short_stock"}))

    scene.press(Key.Key_2)

    assert [type(command) for command in fake.given] == [SendMessage]
    assert scene.page.rows.chosen_keys() == ("o6:short_stock",)
    (row,) = [e for e in scene.page.rows.rows.entries() if e.key == "o6:short_stock"]
    assert row.sentence == "Open by itself: Buyer's note comes first"
    assert "1 done; 1 stay chosen and say why" in scene.page.notice.accessibleName()


def test_esc_lets_go_of_what_is_chosen(scene):
    scene.press(Key.Key_X)
    scene.press(Key.Key_Escape)

    assert scene.page.rows.chosen_keys() == ()


def test_claims_and_sleeps_are_given_for_many_too(scene, fake):
    scene.press(Key.Key_X)
    scene.press(Key.Key_J)
    scene.press(Key.Key_X)

    scene.press(Key.Key_C)
    assert [snag(fake, each).owner for each in ("o1", "o2", "o3")] == ["lin", "lin", ""]

    scene.do(lambda: scene.page.rows.choose({"o1:short_stock", "o2:short_stock"}))
    scene.press(Key.Key_H)
    scene.press(Key.Key_1)

    assert keys(scene) == ["o3", "o4", "o5"]


# --- the next card -------------------------------------------------------------------------------------


def test_the_next_card_is_laid_out_before_it_is_asked_for(scene, monkeypatch):
    monkeypatch.setattr(inbox, "FLIGHT_S", 0.0)
    assert set(scene.page.presenter._ahead) == {"o2:short_stock", "o3:short_stock"}
    ready = scene.page.presenter._ahead["o2:short_stock"]

    scene.press(Key.Key_J)

    assert scene.page._state.card is ready
    assert "o4:short_stock" in scene.page.presenter._ahead


def test_cards_that_fly_past_lay_out_none(scene, monkeypatch):
    monkeypatch.setattr(inbox, "FLIGHT_S", 3600.0)
    scene.press(Key.Key_J)
    ready = dict(scene.page.presenter._ahead)

    scene.press(Key.Key_J, times=2)

    assert here(scene) == "o4"
    assert scene.page.presenter._ahead == ready


def test_news_make_what_was_laid_out_void(scene, fake):
    ready = dict(scene.page.presenter._ahead)
    fake.company.must(Recheck(order="o2"), Role.WORKER)

    scene.do(lambda: scene.page.opened(None))

    assert all(scene.page.presenter._ahead[key] is not card for key, card in ready.items())


def test_news_of_other_orders_leave_what_was_laid_out(scene, fake):
    """A repair of one order does not make a quick hand wait for the next card but one."""
    ready = dict(scene.page.presenter._ahead)
    fake.company.must(Claim(order="o2", kind="short_stock"), SHEN)

    scene.do(lambda: scene.page.changed(Changes(frozenset({("order", "o2"), ("history", "o2:7:0")}))))

    now = scene.page.presenter._ahead
    assert now["o2:short_stock"] is not ready["o2:short_stock"]
    assert now["o2:short_stock"].row.snag.owner == "shen"
    assert now["o3:short_stock"].acts is ready["o3:short_stock"].acts


def test_news_of_goods_make_all_of_it_void(scene, fake):
    ready = dict(scene.page.presenter._ahead)

    scene.do(lambda: scene.page.changed(Changes(frozenset({("order", "o9"), ("stock", "SZ/CT-180")}))))

    assert scene.page.presenter._ahead["o3:short_stock"].acts is not ready["o3:short_stock"].acts


def test_everything_that_takes_keys_has_names(scene):
    assert unnamed(scene.page) == []
    scene.press(Key.Key_E)
    assert unnamed(scene.page) == []
