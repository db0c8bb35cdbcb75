"""The order sheet by keys: gates, repairs, a reason before a hold, undo, neighbours, the receiver in full."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from builders import RECEIVER, line
from desk_fake import FakeDesk
from page_audit import unnamed
from page_scene import Scene
from PySide6.QtCore import Qt

import resources
from app.commands.cancel import Cancel
from app.commands.fix_address import FixAddress
from app.commands.hold import Hold
from app.commands.merge import Merge
from app.commands.put_back import PutBack
from app.commands.read_receiver import ReadReceiver
from app.commands.recheck import Recheck
from app.domain.gazetteer import Gazetteer
from app.domain.values import Receiver, Region
from app.presenters.order import OrderSheet
from widgets import words
from widgets.cells import words_of
from widgets.pages.order import OrderPage
from widgets.prose import plain

Key = Qt.Key
STREET = "文晖路88号水岸嘉园3幢1单元502"
OLD = Region(province="浙江省", city="杭州市", district="下城区")
PERSON = Receiver(name="季小雨", phone="13800000000", street=STREET, raw=f"浙江省杭州市下城区{STREET}")
SHORT = line("2", ext_sku="A-3", unit_price_minor=12_900)


@pytest.fixture(scope="module")
def gazetteer():
    return Gazetteer.from_bytes(resources.read("geo", "regions.json.gz"))


@pytest.fixture
def fake(gazetteer):
    """One order whose address is old and whose second article is out of stock, and one that is well."""
    fake = FakeDesk()
    fake.company.gazetteer = gazetteer
    fake.company.set_stock(0, "CT-180")
    fake.company.receive("o1", region=OLD, receiver=PERSON, lines=(line(qty=2), SHORT))
    fake.company.receive("o2")
    return fake


def shown(qtbot, aio, fake, **args):
    words.set_language("en")
    asked = {"id": "o1", "among": "o1\no2"} | args
    return Scene(qtbot, aio, lambda tasks, go: OrderPage(OrderSheet(fake.desk), tasks, go), "order", asked)


@pytest.fixture
def scene(qtbot, aio, fake):
    return shown(qtbot, aio, fake)


def marks(scene):
    return {gate.code: gate.mark for gate in scene.page.sheet.gates.gates()}


def lines(scene):
    model = scene.page.sheet.model
    return [model.row(at) for at in range(model.rowCount())]


def test_the_sheet_shows_lines_their_sum_gates_and_the_way_of_the_order(scene):
    assert plain(scene.page.sheet.number.words()) == "DK-o1"
    assert [row.key for row in lines(scene)] == ["1", "2", "total"]
    assert lines(scene)[-1].cells[4].text == "¥769.00"
    assert marks(scene)["address"] == "stops"
    assert marks(scene)["stock"] == "waits"
    assert [part.split(",")[0] for part in scene.page.sheet.life.part_names()][1] == "To check"


def test_g_stands_on_the_first_unmet_gate_and_says_what_clears_it(scene):
    scene.press(Key.Key_G)

    assert scene.page.sheet.gates.here() == "address"
    assert "A repaired address lets it through." in plain(scene.page.sheet.gates._sentence.words())
    assert scene.shell.focusWidget().objectName() == "gate/address"


def test_every_other_unmet_gate_says_below_what_it_lacks_whose_it_is_and_how_long(scene, fake):
    held = fake.company.order().holds
    assert [hold.gate for hold in held] == ["address", "stock"]
    scene.press(Key.Key_G)
    assert "With Order clerks" in plain(scene.page.sheet.gates._sentence.words())
    assert plain(scene.page.sheet.other_gates.words()).startswith("Stock  ")

    scene.do(lambda: scene.page.sheet.gates.go_to("stock"))

    assert "With Warehouse" in plain(scene.page.sheet.gates._sentence.words())
    others = scene.page.sheet.other_gates
    assert (others.isVisible(), others.accessibleName()) == (True, plain(others.words()))
    assert plain(others.words()).startswith("Address  ")
    assert "A repaired address lets it through." in plain(others.words())


def test_the_first_keys_belong_to_the_gate_one_stands_on(scene, fake):
    assert scene.page.bar.button("address_invalid/use_suggestion").key() == "1"

    scene.do(lambda: scene.page.sheet.gates.go_to("stock"))
    assert scene.page.bar.button("short_stock/look_again").key() == "1"

    scene.press(Key.Key_1)
    assert isinstance(fake.given[-1], Recheck)


def test_1_repairs_and_z_takes_it_back(scene, fake):
    scene.press(Key.Key_1)
    assert isinstance(fake.given[-1], FixAddress)
    assert marks(scene)["address"] == "met"
    assert scene.shell.undo_bar.accessibleName() == "DK-o1 Use suggestion"

    scene.press(Key.Key_Z)
    assert marks(scene)["address"] == "stops"


def test_l_opens_the_guide_that_asks_why_and_until_when(scene, fake):
    scene.press(Key.Key_L)

    assert scene.went == [("guide", {"form": "hold", "order": "o1"})]
    assert fake.given == []


def test_guides_stand_on_the_sheet_with_their_keys(qtbot, aio, fake):
    scene = shown(qtbot, aio, fake, id="o2")

    keys = {act.key: act.form for act in scene.page._state.acts if act.form}
    assert keys.items() >= {
        "A": "amend",
        "S": "split",
        "M": "merge",
        "L": "hold",
        "T": "swap_item",
    }.items() - (set() if sum(line.qty for line in fake.company.order("o2").lines) > 1 else {("S", "split")})
    scene.press(Key.Key_M)
    assert scene.went == [("guide", {"form": "merge", "order": "o2"})]


def test_esc_closes_the_question_and_stays_on_the_sheet(scene, fake):
    scene.press(Key.Key_D)

    scene.press(Key.Key_Escape, times=2)

    assert not scene.page.reason.isVisible()
    assert scene.page.code == "order"
    assert fake.given == []


def test_a_cancel_with_its_reason_can_be_taken_back(qtbot, aio, fake):
    scene = shown(qtbot, aio, fake, id="o2")

    scene.press(Key.Key_D)
    scene.type("buyer asked")
    scene.press(Key.Key_Return)
    assert fake.given == [Cancel(order="o2", reason="buyer asked")]
    assert fake.company.order("o2").status == "cancelled"

    scene.press(Key.Key_Z)
    assert fake.company.order("o2").status != "cancelled"


def test_j_and_k_go_to_the_neighbours_and_stop_at_the_ends(scene):
    scene.press(Key.Key_J, times=2)
    assert plain(scene.page.sheet.number.words()) == "DK-o2"

    scene.press(Key.Key_K, times=2)
    assert plain(scene.page.sheet.number.words()) == "DK-o1"


def test_enter_opens_the_guide_of_the_order(scene):
    scene.press(Key.Key_Return)

    assert scene.went == [("guide", {"form": "fix_address", "order": "o1"})]


def test_the_receiver_is_masked_until_somebody_says_what_it_is_needed_for(scene, fake):
    receiver = "Receiver: 季** 138****0000"
    assert receiver in scene.page.sheet.facts.part_names()

    scene.press(Key.Key_F2)
    assert receiver in scene.page.sheet.facts.part_names()
    scene.type("to call")
    scene.press(Key.Key_Return)
    assert "Receiver: 季小雨 13800000000" in scene.page.sheet.facts.part_names()
    assert fake.given[-1] == ReadReceiver(order="o1", reason="to call")

    scene.press(Key.Key_J)
    scene.press(Key.Key_K)
    assert receiver in scene.page.sheet.facts.part_names()


def test_who_may_not_read_a_receiver_has_no_key_for_it(qtbot, aio, fake):
    fake.desk._login = msgspec.structs.replace(
        fake.desk.login, grants=fake.desk.login.grants - {"read_receiver"}
    )
    scene = shown(qtbot, aio, fake)

    assert "F2" not in [key.key for key in list(scene.page.keys())]


def test_the_panel_shows_how_the_free_pieces_come_about(scene, fake):
    fake.company.set_stock(10)
    scene.do(lambda: scene.page.opened({}))

    heading, paragraph = scene.page.evidence.sections()[1].heading, scene.page.evidence.sections()[1].items[0]
    assert heading == "How the free pieces of LN-220 are counted"
    assert plain(paragraph.words) == "苏州仓: 10 on hand − 0 promised − 0 held by desks − 0 safety = 10 free"


def test_the_sum_follows_the_article_under_the_keys(scene):
    scene.do(lambda: scene.page.sheet.lines.pick("2"))

    assert scene.page.evidence.sections()[1].heading == "How the free pieces of CT-180 are counted"


def test_an_order_this_desk_does_not_have_says_how_to_go_on(qtbot, aio, fake):
    scene = shown(qtbot, aio, fake, id="gone")

    assert scene.page.empty.isVisible()
    assert scene.page.empty.accessibleName().startswith("This order is not on this desk, Esc goes back.")
    assert not scene.page.bar.isVisible()


def test_another_language_is_on_screen_at_once(scene):
    words.set_language("zh_CN")
    try:
        assert scene.page.sheet.gates.gates()[1].name == words.tr("Address") != "Address"
    finally:
        words.set_language("en")


def test_everything_that_takes_keys_has_names(scene):
    assert unnamed(scene.page) == []


def test_a_merged_order_says_what_goes_on_in_its_place_and_o_goes_there(qtbot, aio, fake):
    fake.company.receive("o7", receiver=RECEIVER, lines=(line(),))
    fake.company.receive("o8", receiver=RECEIVER, lines=(line(ext_sku="A-2", unit_price_minor=19_900),))
    fake.company.must(Merge(orders=("o7", "o8"), into="m"))
    scene = shown(qtbot, aio, fake, id="o7")

    assert [(one.id, one.number) for one in scene.page._state.kin] == [("m", "DK-o7+1")]
    scene.press(Key.Key_O)
    assert scene.went == [("order", {"id": "m"})]


def test_an_order_that_no_longer_stands_shows_no_gates_and_no_warehouse(qtbot, aio, fake):
    fake.company.must(Cancel(order="o2", reason="ordered twice"))
    scene = shown(qtbot, aio, fake, id="o2")

    assert scene.page._state.gates == ()
    assert not scene.page.sheet.gates.isVisibleTo(scene.page)
    assert not scene.page.sheet.to_gate.isVisibleTo(scene.page)
    (section,) = scene.page.evidence.sections()
    assert "Nothing is sent for this order." in str(section)


def test_an_article_in_two_lines_is_summed_once_a_warehouse(qtbot, aio, fake):
    fake.company.receive("o7", receiver=RECEIVER, lines=(line(),))
    fake.company.receive("o8", receiver=RECEIVER, lines=(line(),))
    fake.company.must(Merge(orders=("o7", "o8"), into="m"))
    scene = shown(qtbot, aio, fake, id="m")

    sums = scene.page.evidence.sections()[-1].items[-1].rows
    assert len({row[0] for row in sums}) == len(sums)


def test_an_order_on_hold_says_so_why_and_until_when(qtbot, aio, fake):
    until = fake.company.now + timedelta(days=1)
    fake.company.must(Hold(order="o2", reason="waits for the colour", until=until))
    scene = shown(qtbot, aio, fake, id="o2")
    sheet, said = scene.page.sheet, " ".join(scene.page.sheet.facts.part_names())

    assert "waits for the colour" in said
    assert words.moment(until, scene.page._state.zone, fake.company.now.date()) in said
    assert [tag[0] for tag in sheet.tags._shown] == ["On hold"]
    assert sheet.gates_note.accessibleName() == "On hold, nothing is picked"


def test_r_takes_a_merge_back_from_either_side(qtbot, aio, fake):
    fake.company.receive("o7", receiver=RECEIVER, lines=(line(),))
    fake.company.receive("o8", receiver=RECEIVER, lines=(line(ext_sku="A-2", unit_price_minor=19_900),))
    fake.company.must(Merge(orders=("o7", "o8"), into="m"))
    scene = shown(qtbot, aio, fake, id="m")
    scene.press(Key.Key_R)

    assert fake.given == [PutBack(order="m")]
    assert fake.company.order("m").status == "dissolved"
    assert [fake.company.order(one).replaced_by for one in ("o7", "o8")] == [(), ()]


def test_every_warehouse_says_why_it_is_the_one_or_not(qtbot, aio, fake):
    scene = shown(qtbot, aio, fake, id="o2")
    sources = scene.page.sheet.sources

    shown_rows = [sources.model.row(at) for at in range(sources.model.rowCount())]
    rows = [[words_of(cell) for cell in row.cells] for row in shown_rows]
    assert [(row[0], row[2], row[-1]) for row in rows] == [
        ("苏州仓", "1 of 1", "the cheapest"),
        ("武汉仓", "1 of 1", "costs the same, comes later in the list"),
    ]
    assert {len(row) for row in rows} == {8}  # one parcel from anywhere: no column counts them
    sources.table.setFocus()
    assert sources.table.hasFocus()


def test_an_order_is_fetched_again_with_one_key(qtbot, aio, fake):
    scene = shown(qtbot, aio, fake)
    scene.press(Key.Key_F4)

    assert fake.given == [("fetch", "o1")]
    assert scene.page.notice.words().startswith("It is fetched again.")
