"""The composite parts of the desk's pages: what they say, where the keys go, that they follow the theme."""

from __future__ import annotations

import pytest
from looks import pixels, shown
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from widgets import prose, theme
from widgets.diff import DiffRow, DiffTable, DiffTitles, Effect, EffectStrip
from widgets.gate_strip import Gate, GateStrip
from widgets.guide import Guide
from widgets.life_line import LifeLine, Phase
from widgets.prose import Prose, Span
from widgets.step_rail import RailStep, StepRail

CREDIT = "信用差 4 万。"
STOCK = "差 20 件，6月13日到。"


# Words


def test_words_wrap_into_the_width_they_get():
    line = theme.current().px("line.body")
    assert prose.block_height_px("买家原文一直保留。" * 6, 2_000) == line
    assert prose.block_height_px("买家原文一直保留。" * 6, 200) > line
    assert prose.block_height_px("一\n二\n三", 2_000) == 3 * line


def test_no_character_stands_alone_on_the_last_line(qtbot):
    words = "两张合成一个包裹发出；撤销时原单原样恢复。"
    wide = prose.width_px(words[:-2]) + 1

    layout, high = prose._laid(words, prose.BODY, wide)

    assert high == 2 * theme.current().px("line.body")
    assert layout.lineAt(1).textLength() > prose.LONE_MOST


def test_words_are_spoken_without_their_dress(qtbot):
    words = Prose(("邮编 ", Span("210000", flagged=True), Span(" 属于南京", bold=True)))
    qtbot.addWidget(words)
    assert words.accessibleName() == "邮编 210000 属于南京"


def test_flagged_words_are_tinted_and_underlined(qtbot):
    calm = shown(qtbot, Prose("浙江杭州下城区"), 200, 30)
    loud = shown(qtbot, Prose(("浙江杭州", Span("下城区", flagged=True))), 200, 30)
    assert pixels(calm, "warnbg") == 0
    assert pixels(loud, "warnbg") > 100
    assert pixels(loud, "warn") > 30


def test_a_flag_goes_on_over_the_end_of_a_line(qtbot):
    loud = shown(qtbot, Prose((Span("下城区文晖路水岸嘉园", flagged=True),)), 70, 80)
    image, warn = loud.grab().toImage(), theme.current().color("warn").rgb()
    rows = [y for y in range(image.height()) if sum(image.pixel(x, y) == warn for x in range(60)) > 20]
    assert len({y // 20 for y in rows}) >= 2


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Same buyer and goods as DK-118873, 8 min apart, 100 % alike", ("DK-118873,", "8", "100", "alike")),
        ("与 DK-118873 同人同货，相隔 8 分，相似 100 %", ("与", "DK-118873", "8", "100 %")),
    ],
)
def test_what_is_shortened_in_the_middle_loses_words_before_figures(qapp, words, kept):
    measure = prose.metrics("body", bold=False)
    middle = Qt.TextElideMode.ElideMiddle
    room = measure.horizontalAdvance(words) - 4
    short = prose._shortened(words, measure, middle, room)

    assert "…" in short
    assert measure.horizontalAdvance(short) <= room
    assert [part for part in kept if part not in short] == []
    assert prose._shortened("无空格的一句长话从头到尾", measure, middle, 60).count("…") == 1


# Diff and effects


@pytest.fixture
def diff(qtbot):
    table = DiffTable("改动")
    table.show_rows(
        [
            DiffRow("省", "浙江省", "浙江省", "确认", "met"),
            DiffRow("区县", "下城区", "拱墅区", "已撤并", "waits", is_changed=True),
        ],
        DiffTitles("字段", "买家填写", "建议", "判断"),
    )
    return shown(qtbot, table, 620, table.heightForWidth(620))


def test_a_diff_is_as_high_as_head_and_rows(diff):
    assert diff.heightForWidth(620) == 28 + 30 + 30 + 2


def test_a_diff_tints_only_what_changed(diff):
    assert pixels(diff, "badbg") > 0
    assert pixels(diff, "okbg") > 0
    diff.show_rows([DiffRow("省", "浙江省", "浙江省", "确认", "met")])
    assert pixels(diff, "badbg") == 0
    assert pixels(diff, "okbg") == 0


def test_a_screen_reader_hears_every_row_of_a_diff(diff):
    assert diff.part_names()[1] == "区县: 下城区 → 拱墅区, 已撤并"
    assert "浙江省" in diff.part_names()[0]


def test_a_long_address_wraps_instead_of_being_cut(qtbot):
    table = DiffTable("改动")
    table.show_rows(
        [DiffRow("详细", "文晖路88号水岸嘉园3幢1单元502" * 4, "短", "按路名补全", "waits", is_changed=True)]
    )
    shown(qtbot, table, 620, 200)
    assert table.heightForWidth(620) > 2 * 30


def test_effects_share_the_width(qtbot):
    strip = EffectStrip("影响")
    strip.show_effects([Effect("订单", "3 个字段", is_changed=True), Effect("库存", "不变")])
    shown(qtbot, strip, 600, 54)
    assert strip.part_names() == ("订单: 3 个字段", "库存: 不变")


# Gates


@pytest.fixture
def gates(qtbot):
    strip = GateStrip("关卡")
    strip.show_gates(
        [
            Gate("paid", "met", "付款", "月结，合同有效"),
            Gate("stock", "waits", "库存预占", "2/3 行，差 20 件", STOCK),
            Gate("credit", "stops", "信用", "96/100 万，本单 8 万", CREDIT),
            Gate("address", "met", "地址", "确认到门牌"),
        ]
    )
    return shown(qtbot, strip, 860, 120)


def sentence(strip):
    (found,) = [each for each in strip.findChildren(Prose) if each.isVisible()]
    return found.accessibleName()


def cell(strip, code):
    return strip.findChild(QWidget, f"gate/{code}")


def test_the_gate_that_stops_speaks_before_the_one_that_waits(gates):
    assert gates.first_unmet() == "credit"
    assert sentence(gates) == CREDIT


def test_unmet_gates_are_wider(gates):
    assert cell(gates, "credit").width() > cell(gates, "stock").width() > cell(gates, "paid").width()


def test_gates_stand_in_two_rows_when_their_words_do_not_fit(gates, qtbot):
    assert gates.findChild(QWidget, "gate/paid").parentWidget().height() == 52
    gates.resize(420, 200)
    qtbot.waitUntil(lambda: cell(gates, "address").y() > 50)
    strip = cell(gates, "address").parentWidget()
    assert strip.height() == 104
    for gate in gates.gates():
        each = cell(gates, gate.code)
        assert each.width() >= each.natural_px() - 2
        assert each.geometry().right() < strip.width()


def test_arrows_move_between_gates_and_the_sentence_follows(gates, qtbot):
    gates.go_to_first_unmet()
    qtbot.keyClick(cell(gates, "credit"), Qt.Key.Key_Left)
    assert gates.here() == "stock"
    assert sentence(gates) == STOCK
    qtbot.keyClick(cell(gates, "stock"), Qt.Key.Key_Left)
    assert gates.here() == "paid"
    assert sentence(gates) == CREDIT  # a met gate misses nothing, so the first unmet one goes on speaking


def test_enter_opens_a_gate(gates, qtbot):
    gates.go_to("credit")
    with qtbot.waitSignal(gates.opened) as opened:
        qtbot.keyClick(cell(gates, "credit"), Qt.Key.Key_Return)
    assert opened.args == ["credit"]


def test_tab_stops_once_in_the_strip(gates):
    stops = [
        gate.code for gate in gates.gates() if cell(gates, gate.code).focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert stops == ["credit"]


def test_a_cleared_gate_passes_the_word_on(gates):
    gates.show_gates(
        [
            Gate("paid", "met", "付款"),
            Gate("stock", "waits", "库存预占", "2/3 行", STOCK),
            Gate("credit", "met", "信用", "84/100 万"),
        ]
    )
    assert sentence(gates) == STOCK
    gates.show_gates([Gate("paid", "met", "付款")])
    assert [each for each in gates.findChildren(Prose) if each.isVisible()] == []
    assert not gates.go_to_first_unmet()


def test_a_gate_says_name_state_and_number(gates):
    name = cell(gates, "credit").accessibleName()
    assert name.startswith("信用, ")
    assert name.endswith(", 96/100 万，本单 8 万")
    assert cell(gates, "credit").accessibleDescription() == CREDIT


# Life line and steps


def test_a_life_line_names_each_step_and_its_place(qtbot):
    line = LifeLine("进度")
    line.show_phases([Phase("a", "接单", "done"), Phase("b", "核对", "now"), Phase("c", "发货")])
    shown(qtbot, line, 500, 20)
    assert [name.split(",")[0] for name in line.part_names()] == ["接单", "核对", "发货"]
    assert len({name.split(",")[1] for name in line.part_names()}) == 3


@pytest.fixture
def rail(qtbot):
    steps = StepRail("批发新单")
    steps.show_steps(
        "批发新单",
        "第 2 步，共 3 步",
        [
            RailStep("who", "客户", "临湖", "done"),
            RailStep("when", "交货", "", "now"),
            RailStep("all", "核对"),
        ],
        "草稿已存本机",
    )
    return shown(qtbot, steps, 224, 500)


def test_a_click_goes_back_to_a_done_step_only(rail, qtbot):
    told = []
    rail.picked.connect(told.append)
    for code in ("all", "when", "who"):
        qtbot.mouseClick(
            rail.findChild(QWidget, f"step/{code}"), Qt.MouseButton.LeftButton, pos=QPoint(60, 10)
        )
    assert told == ["who"]


def test_the_rail_keeps_its_width_and_says_what_was_chosen(rail):
    assert rail.width() == 224
    assert "临湖" in rail.findChild(QWidget, "step/who").accessibleName()


# Guide


class Box(QWidget):
    """A field as the guide sees one."""

    def __init__(self, *, in_error=False):
        super().__init__()
        self.edit = QLineEdit()
        self.edit.setProperty("state", "error" if in_error else "")
        QVBoxLayout(self).addWidget(self.edit)


@pytest.fixture
def guide(qtbot):
    frame = Guide("批发新单")
    frame.show_steps("批发新单", "第 1 步", [RailStep("when", "交货", "", "now")])
    frame.show_question("哪天送到，怎么送？", "仓库按这一步排车。")
    frame.show_ways("上一步", "下一步：付款")
    return shown(qtbot, frame, 1100, 600)


def test_the_guide_goes_on_and_back(guide, qtbot):
    with qtbot.waitSignal(guide.next_asked):
        guide.go_next()
    with qtbot.waitSignal(guide.back_asked):
        guide.go_back()


def test_the_guide_says_why_it_does_not_go_on_and_goes_to_the_field(guide, qtbot):
    fine, wrong = Box(), Box(in_error=True)
    guide.show_fields([fine, wrong])
    guide.show_ways("上一步", "下一步：付款", "改好 1 处再继续")
    guide.focus_first()
    assert fine.edit.hasFocus()
    with qtbot.assertNotEmitted(guide.next_asked):
        guide.go_next()
    assert wrong.edit.hasFocus()
    said = [each.accessibleName() for each in guide.findChildren(Prose) if each.isVisible()]
    assert "改好 1 处再继续" in said


def test_the_first_step_has_no_way_back(guide, qtbot):
    guide.show_ways("", "下一步：付款")
    with qtbot.assertNotEmitted(guide.back_asked):
        guide.go_back()


def test_tab_goes_through_the_fields_and_then_to_the_ways(guide, qtbot):
    boxes = [Box(), Box()]
    guide.show_fields(boxes)
    guide.focus_first()
    qtbot.keyClick(boxes[0].edit, Qt.Key.Key_Tab)
    assert boxes[1].edit.hasFocus()
    qtbot.keyClick(boxes[1].edit, Qt.Key.Key_Tab)
    assert QApplication.focusWidget().objectName() == "guide/back"


def test_fields_of_another_step_replace_the_old_ones(guide):
    old, new = Box(), Box()
    guide.show_fields([old])
    guide.show_fields([new])
    assert not old.isVisible()
    assert new.isVisible()
