"""The print page: look, then P; a copy says so, a mask is opened by the hub at print time only."""

from __future__ import annotations

import builders
import msgspec
import paper_reader as reader
import pytest
from desk_fake import FakeDesk
from page_audit import unnamed
from page_scene import Scene
from PySide6.QtCore import Qt

from app.commands.pack import Pack
from app.commands.print_paper import PrintPaper
from app.domain.order import Status
from app.domain.values import Receiver, Role, order_key
from app.ports import OutboxRow
from app.presenters.paper import Papers
from app.presenters.warehouse import Warehouse
from widgets import words
from widgets.pages.paper import PaperPage
from widgets.pages.warehouse import WarehousePage


@pytest.fixture
def fake(tmp_path):
    fake = FakeDesk(user="qiao")
    fake.company.receive("o1", lines=(builders.line(qty=2),))
    builders.pick_all(fake.company)
    fake.company.must(Pack(order="o1"), Role.WAREHOUSE)
    fake.kept["folder/papers"] = str(tmp_path / "papers")
    return fake


@pytest.fixture
def papers(tmp_path):
    """The files that came out so far."""
    return lambda: sorted((tmp_path / "papers").glob("*.pdf"))


@pytest.fixture
def scene(qtbot, aio, fake):
    words.set_language("en")
    return opened(qtbot, aio, fake, {"order": "o1"})


def opened(qtbot, aio, fake, args):
    return Scene(qtbot, aio, lambda tasks, go: PaperPage(Papers(fake.desk), tasks, go), "paper", args)


def press_p(scene):
    scene.press(Qt.Key.Key_P)
    scene.until(lambda: not scene.tasks._running)


def test_news_before_any_paper_is_opened_have_nothing_to_show(aio, fake):
    papers = Papers(fake.desk)

    aio(papers.refresh())

    assert not papers.state.is_loaded


def test_nothing_comes_out_by_looking(scene, fake, papers):
    assert "季小雨" in scene.page.preview.accessibleDescription()
    assert (fake.given, papers()) == ([], [])


def test_p_notes_the_print_and_then_prints(scene, fake, papers):
    press_p(scene)

    assert fake.given == [PrintPaper(order="o1", paper="label")]
    assert [file.name for file in papers()] == ["label-DK-o1.pdf"]
    assert "季小雨" in reader.words_in_pdf(papers()[0])
    assert scene.page.said.accessibleName().startswith("Saved as label-DK-o1.pdf in ")


def test_the_second_one_is_a_copy_and_says_so_before_and_on_the_paper(scene, papers):
    press_p(scene)
    announced = scene.page.copy.accessibleName()
    press_p(scene)

    assert announced == "Printed 1 time already; this one says COPY"
    assert [file.name for file in papers()] == ["label-DK-o1-copy1.pdf", "label-DK-o1.pdf"]
    assert ["COPY 1" in reader.words_in_pdf(file) for file in papers()] == [True, False]


def test_a_refused_print_says_why_and_nothing_comes_out(scene, fake, papers):
    paused = msgspec.structs.replace(fake.company.order("o1"), channel_state="cancelled")
    fake.company.rows[order_key("o1")] = paused
    press_p(scene)

    assert scene.page.notice.words() == "The channel cancelled this order. Put the goods back."
    assert (fake.given, papers()) == ([], [])


def test_what_cannot_be_printed_yet_says_what_comes_first(scene):
    scene.do(lambda: scene.page.papers.chosen.emit("list"))

    assert (
        scene.page.bar.button("print").reason() == "There is nothing to pick here. Choose a released order."
    )


def test_a_slip_holds_masks_only(scene, papers):
    scene.do(lambda: scene.page.papers.chosen.emit("slip"))
    press_p(scene)
    said = reader.words_in_pdf(papers()[0])

    assert "季**" in said
    assert not [personal for personal in ("季小雨", "13800000000", "文晖路") if personal in said]


def test_a_desk_with_masks_asks_the_hub_when_it_prints_and_not_before(qtbot, aio, fake, papers):
    words.set_language("en")
    hide(fake)
    scene = opened(qtbot, aio, fake, {"order": "o1"})
    before = list(fake.asked)
    press_p(scene)

    assert (before, fake.asked) == ([], ["o1"])
    assert not scene.page.hidden.isHidden()
    assert "季小雨" in reader.words_in_pdf(papers()[0])
    assert "季小雨" not in scene.page.preview.accessibleDescription()


def test_without_the_hub_a_desk_with_masks_prints_no_label(qtbot, aio, fake, papers):
    words.set_language("en")
    hide(fake)
    fake.link_state = "offline"
    scene = opened(qtbot, aio, fake, {"order": "o1"})
    press_p(scene)

    assert scene.page.notice.words() == "The hub does not answer."
    assert (fake.given, papers()) == ([], [])


def hide(fake):
    """As the hub gives an order to the floor."""
    order = fake.company.order("o1")
    fake.at_hub["o1"] = order.receiver
    fake.company.rows[order_key("o1")] = msgspec.structs.replace(
        order, receiver=Receiver(name="季**", phone="138****0000")
    )


def test_unanswered_work_is_printed_as_to_be_confirmed(qtbot, aio, fake, papers):
    words.set_language("en")
    fake.waiting = [
        OutboxRow(n=1, name="pack", subject="o1", who="qiao", saved_at=builders.NOW, state="saved")
    ]
    scene = opened(qtbot, aio, fake, {"order": "o1"})
    press_p(scene)

    assert "To be confirmed" in reader.words_in_pdf(papers()[0])


def test_a_list_takes_the_orders_that_may_be_picked(qtbot, aio, fake, papers):
    words.set_language("en")
    fake.company.receive("o2", receiver=Receiver(name="白露", phone="13900000000", street="人民路1号"))
    scene = opened(qtbot, aio, fake, {"order": "o2", "among": "o1\no2"})
    press_p(scene)

    assert fake.given == [PrintPaper(order="o2", paper="list")]
    assert "DK-o2" in reader.words_in_pdf(papers()[0])


def test_a_shelf_label_needs_no_order(qtbot, aio, fake, papers):
    words.set_language("en")
    scene = opened(qtbot, aio, fake, {"warehouse": "SZ", "sku": "LN-220"})
    press_p(scene)

    assert fake.given == []
    assert reader.seen_in_pdf(papers()[0], 203).squares == ("6900000000220",)


def test_everything_on_the_page_has_a_name(scene):
    assert unnamed(scene.page) == []


# --- the floor -------------------------------------------------------------------------------------


@pytest.fixture
def floor(qtbot, aio, fake):
    words.set_language("en")
    return Scene(qtbot, aio, lambda tasks, go: WarehousePage(Warehouse(fake.desk), tasks, go), "warehouse")


def press_floor(scene, is_so):
    scene.press(Qt.Key.Key_P)
    scene.until(is_so)


def test_on_the_floor_p_prints_the_label_of_a_closed_parcel(floor, fake, papers):
    floor.do(lambda: floor.page.splits.chosen.emit("ship"))
    assert floor.page.side.button.text() == "Print label"
    press_floor(floor, lambda: bool(papers()) and floor.page._state.label_said)

    assert fake.given == [PrintPaper(order="o1", paper="label")]
    assert fake.company.order("o1").status is Status.PACKED
    assert floor.page.side._note.accessibleName().startswith("Label, Printed, Saved as label-DK-o1.pdf")


def test_a_second_p_never_prints_another_label(floor, fake, papers):
    floor.do(lambda: floor.page.splits.chosen.emit("ship"))
    press_floor(floor, lambda: bool(papers()) and floor.page._state.label_said)
    press_floor(floor, floor.page.side.tracking.hasFocus)

    assert len(papers()) == 1
    assert fake.given == [PrintPaper(order="o1", paper="label")]


def test_who_scans_the_carriers_label_ships_without_ours(floor, fake, papers):
    floor.do(lambda: floor.page.splits.chosen.emit("ship"))
    floor.scan("SF1234567890", 5000)
    floor.do(lambda: floor.page.side.carrier.setText("顺丰"))
    assert floor.page.side.button.text() == "Ship"
    press_floor(floor, lambda: fake.company.order("o1").status is Status.SHIPPED)

    assert papers() == []


def test_ctrl_p_opens_the_papers_of_everything_that_waits(floor, fake):
    floor.do(lambda: floor.page.splits.chosen.emit("ship"))
    floor.press(Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)

    assert floor.went == [("paper", {"order": "o1", "among": "o1"})]
