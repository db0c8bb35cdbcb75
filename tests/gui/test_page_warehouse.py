"""The floor: a scanner works anywhere, keys work without one, and the hub ships."""

from __future__ import annotations

import builders
import pytest
from desk_fake import FakeDesk
from page_scene import Scene
from PySide6.QtCore import Qt

from app.commands.pick import Pick
from app.domain.order import Status
from app.domain.values import Role
from app.ports import Changes
from app.presenters.warehouse import Warehouse
from widgets import words
from widgets.pages.warehouse import WarehousePage

CODE = "6900000000220"


@pytest.fixture
def fake():
    fake = FakeDesk(user="qiao")
    fake.company.receive("o1", lines=(builders.line(qty=2),))
    other = builders.Receiver(name="白露", phone="13900000000", street="人民路1号")
    fake.company.receive("o2", receiver=other)
    return fake


@pytest.fixture
def scene(qtbot, aio, fake):
    words.set_language("en")
    return Scene(qtbot, aio, lambda tasks, go: WarehousePage(Warehouse(fake.desk), tasks, go), "warehouse")


def picked(fake, order="o1"):
    return fake.company.order(order).lines[0].picked


def test_a_scan_anywhere_on_the_page_picks(scene, fake):
    scene.scan(CODE, 1000)

    assert picked(fake) == 1
    assert scene.page.scan.part_names() == ("met, 6900000000220, Right, 四件套 酒店款 白 220",)


def test_two_scans_in_a_row_are_two_pieces(scene, fake):
    scene.scan(CODE, 1000)
    scene.scan(CODE, 2000)

    assert picked(fake) == 2
    assert scene.page._state.can_pack


def test_a_wrong_article_is_said_in_words_and_mark(scene, fake):
    scene.scan("SF0001", 1000)

    assert picked(fake) == 0
    assert scene.page.scan.part_names() == ("stops, SF0001, Unknown code. Scan again.",)


def test_a_scan_too_many_is_put_back(scene, fake):
    for n in range(3):
        scene.scan(CODE, 1000 * (n + 1))

    assert picked(fake) == 2
    assert scene.page.scan.part_names() == ("stops, 6900000000220, Enough of these. Put it back.",)


def test_a_scan_into_the_tracking_field_leaves_it_clean(scene, fake):
    scene.press(Qt.Key.Key_Return, times=2)
    press_p(scene)
    scene.do(scene.page.side.tracking.setFocus)
    scene.scan("SF1234567890", 1000)

    assert scene.page.side.tracking.text() == "SF1234567890"
    assert scene.page._state.tracking_no == "SF1234567890"


def press_p(scene):
    """P waits 40 ms: it could be the first letter of a scan."""
    scene.press(Qt.Key.Key_P)
    scene.until(lambda: not scene.shell.router._hold.isActive() and not scene.tasks._running)


def test_enter_picks_and_z_takes_the_last_one_back(scene, fake):
    scene.press(Qt.Key.Key_Return, times=2)
    before = picked(fake)
    scene.press(Qt.Key.Key_Z)
    scene.until(lambda: picked(fake) == 1)

    assert before == 2
    assert scene.page.bar.button("picked").isEnabled()


def fetch_anew(scene, fake):
    """The rows of this desk go while they are fetched anew; returned is what brings them back."""
    gone = {key: row for key, row in fake.company.rows.items() if key[0] == "order"}
    for key in gone:
        del fake.company.rows[key]
    fake.line["is_filling"] = True
    scene.do(lambda: scene.page.changed(Changes(frozenset(gone), sync=True)))

    def back(*orders):
        rows = {key: row for key, row in gone.items() if not orders or key[1] in orders}
        fake.company.rows |= rows
        fake.line["is_filling"] = False
        scene.do(lambda: scene.page.changed(Changes(frozenset(rows), sync=True)))

    return back


def test_a_key_pressed_while_rows_are_fetched_anew_is_done_once_its_order_is_back(scene, fake):
    scene.press(Qt.Key.Key_Return, times=2)
    back = fetch_anew(scene, fake)
    press_p(scene)
    said = scene.page.notice.words()
    back()

    assert said.startswith("The queue is being read anew.")
    assert fake.company.order("o1").status is Status.PACKED
    assert not scene.page.notice.words()


def test_a_scan_while_rows_are_fetched_anew_is_no_wrong_article(scene, fake):
    back = fetch_anew(scene, fake)
    scene.scan(CODE, 1000)
    back()

    assert picked(fake) == 1
    assert scene.page.scan.part_names() == ("met, 6900000000220, Right, 四件套 酒店款 白 220",)


def test_a_key_meant_for_an_order_that_is_gone_does_nothing_to_the_one_that_came(scene, fake):
    scene.press(Qt.Key.Key_Return, times=2)
    back = fetch_anew(scene, fake)
    scene.press(Qt.Key.Key_Return)
    press_p(scene)
    back("o2")

    assert scene.page._state.order.id == "o2"
    assert picked(fake, "o2") == 0
    assert scene.page.notice.words().startswith("Another order stands here by now")


def test_a_key_before_any_order_has_been_shown_says_that_the_queue_is_being_read(qtbot, aio, fake):
    words.set_language("en")
    fake.line["is_filling"] = True
    orders = {key: row for key, row in fake.company.rows.items() if key[0] == "order"}
    fake.company.rows = {key: row for key, row in fake.company.rows.items() if key not in orders}
    scene = Scene(qtbot, aio, lambda tasks, go: WarehousePage(Warehouse(fake.desk), tasks, go), "warehouse")
    for key in (Qt.Key.Key_P, Qt.Key.Key_Return, Qt.Key.Key_1, Qt.Key.Key_3):
        scene.do(lambda: scene.page.presenter.say(None))
        scene.press(key)
        scene.until(lambda: not scene.shell.router._hold.isActive() and not scene.tasks._running)

        assert scene.page.notice.words().startswith("The queue is still being read."), key
    fake.company.rows |= orders
    fake.line["is_filling"] = False
    scene.do(lambda: scene.page.changed(Changes(frozenset(orders), sync=True)))

    assert picked(fake) == 0
    assert scene.page._state.order.id == "o1"
    assert not scene.page.notice.words()


def test_the_large_key_right_behind_the_last_scan_packs_and_pressed_twice_it_packs_once(scene, fake):
    def hurry():
        scene.page.scanned(CODE)
        scene.page.scanned(CODE)
        scene.page._forward()
        scene.page._forward()

    scene.do(hurry)

    assert fake.company.order("o1").status is Status.PACKED
    assert not scene.page._state.is_labelled


def test_pick_pack_and_ship_in_one_go(scene, fake):
    scene.press(Qt.Key.Key_Return, times=2)
    scene.press(Qt.Key.Key_P)
    scene.until(lambda: fake.company.order("o1").status is Status.PACKED)
    scene.scan("SF1234567890", 5000)
    scene.do(lambda: scene.page.side.carrier.setText("顺丰"))
    scene.press(Qt.Key.Key_P)
    scene.until(lambda: fake.company.order("o1").status is Status.SHIPPED)

    assert fake.company.order("o1").tracking_no == "SF1234567890"
    assert fake.kept["carrier"] == "顺丰"
    scene.until(lambda: scene.page._state.order is not None and scene.page._state.order.id == "o2")


def test_offline_picking_goes_on_and_shipping_is_requested(scene, fake):
    fake.link_state = "offline"
    scene.press(Qt.Key.Key_Return, times=2)
    scene.press(Qt.Key.Key_P)
    scene.until(lambda: fake.company.order("o1").status is Status.PACKED)
    scene.scan("SF1234567890", 5000)
    scene.do(lambda: scene.page.side.carrier.setText("顺丰"))
    scene.press(Qt.Key.Key_P)
    scene.until(lambda: bool(fake.waiting) and fake.waiting[0].name == "ship")
    scene.do(lambda: scene.tasks.spawn(scene.page.presenter.choose("o1")))

    assert fake.company.order("o1").status is Status.PACKED
    assert scene.page._state.requested
    assert scene.page.side.button.reason() == "requested"


def test_j_takes_another_order(scene):
    scene.press(Qt.Key.Key_J)
    scene.until(lambda: scene.page._state.order.id == "o2")

    assert scene.page.bin.part_names()[0].startswith("Go to")


def test_an_order_that_is_picked_while_the_queues_are_read_stands_in_one_of_them(scene, fake):
    presenter, look = scene.page.presenter, fake.desk.look

    async def slowly(question, *given, **named):
        found = await look(question, *given, **named)
        if given[-1:] == ("released",) and not picked(fake):
            fake.company.must(Pick(order="o1", line="1"), Role.WAREHOUSE)
        return found

    fake.desk.look = slowly
    scene.do(lambda: scene.page.tasks.spawn(presenter.refresh()))

    assert picked(fake) == 1
    assert sorted(row.id for row in scene.page._state.queue) == ["o1", "o2"]
    assert dict(scene.page._state.counts)["pick"] == 2


def test_the_stages_count_and_turn(scene, fake):
    scene.press(Qt.Key.Key_Return)
    scene.do(lambda: scene.page.splits.chosen.emit("ship"))

    assert scene.page._state.stage == "ship"
    assert scene.page.empty.accessibleName().startswith("Nothing to ship in 苏州仓")


def test_a_key_says_no_to_an_order_and_the_next_one_is_there_until_it_is_taken_back(scene, fake):
    scene.scan(CODE, 1000)
    scene.press(Qt.Key.Key_1)
    scene.until(lambda: bool(fake.company.order("o1").refusals))

    order = fake.company.order("o1")
    assert (order.status, order.refusals[0].why, picked(fake)) == (Status.GATED, "missing", 0)
    scene.until(lambda: scene.page._state.order.id == "o2")
    assert scene.page.bar.button("back").text() == "Send it after all"

    scene.press(Qt.Key.Key_Z)
    scene.until(lambda: fake.company.order("o1").refusals == ())

    assert fake.company.order("o1").status is Status.RELEASED


def test_what_is_packed_is_not_refused_any_more(scene, fake):
    scene.press(Qt.Key.Key_Return, times=2)
    press_p(scene)

    assert not scene.page._state.can_refuse
    assert scene.page.bar.button("refuse/damaged").reason() == "It has left the pick queue"
