"""The quieter parts of the pages: record, facts, evidence, charts, cards, the floor; all follow the theme."""

from __future__ import annotations

import pytest
from looks import pixels, shown
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from widgets import theme
from widgets.cards import Action, First, FirstCard, StatTile
from widgets.cells import Column
from widgets.charts import Bar, BarChart, Progress, Share, ShareBar, Sparkline
from widgets.diff import DiffRow, DiffTable
from widgets.empty import EmptyState
from widgets.evidence import (
    Evidence,
    EvidenceSection,
    Figure,
    Figures,
    ItemView,
    Limit,
    Lines,
    MarkedLine,
    Paragraph,
    Quote,
)
from widgets.facts import Fact, FactGroup, Facts
from widgets.floor import BinCard, Pick, ScanField
from widgets.gate_strip import Gate, GateStrip
from widgets.history import Deed, History
from widgets.packing import CheckStep, CheckSteps, NoteCard, Weight, WeightCard
from widgets.prose import Span
from widgets.step_rail import RailStep, StepRail

CREDIT = "信用差 4 万。"
STOCK = "差 20 件，6月13日到。"


# History, facts, evidence


def test_history_says_each_line(qtbot):
    history = History("记录")
    history.show_deeds(
        [Deed("14:31", "改送达日", "林小满", "saved", "已存本机"), Deed("14:20", "导入", "规则")]
    )
    shown(qtbot, history, 600, 64)
    assert history.part_names() == ("14:31, 改送达日, 林小满, 已存本机", "14:20, 导入, 规则")
    assert history.heightForWidth(600) == 64


def test_facts_say_label_and_value_and_wrap(qtbot):
    facts = Facts("资料")
    facts.show_groups(
        [FactGroup("收货", (Fact("收货人", "岑**"), Fact("地址", "湖北省 武汉市 江夏区 " * 4)))]
    )
    shown(qtbot, facts, 300, 200)
    assert facts.part_names()[0] == "收货人: 岑**"
    assert facts.heightForWidth(300) > facts.heightForWidth(1_200)


def test_a_hidden_fact_shows_when_instead_of_what(qtbot):
    facts = Facts("系统要发的", ruled=True)
    facts.show_facts([Fact("到货", "填完下面再显示", is_hidden=True)])
    shown(qtbot, facts, 400, 40)
    assert facts.part_names() == ("到货: 填完下面再显示",)


ITEMS = (
    Paragraph("门牌、收件人、电话一字不动。"),
    MarkedLine("met", (Span("2 次签收", bold=True), "，同小区"), "4月2日"),
    MarkedLine("stops", "96/100 万", name="信用"),
    Quote(("浙江杭州", Span("下城区", flagged=True)), "粘贴于 13:58"),
    Figure("¥80,400.00", "3 行，268 件"),
    Figures((("12", "已审"), ("38 分", "连续"))),
    Limit("stops", "超时 6 分", "已用 34 / 28 分"),
    Lines((Column("w", "", 72, kind="strong"), Column("n", "", 0, "right")), (("苏州仓", "待发 312"),)),
)


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: type(item).__name__)
def test_every_piece_of_evidence_has_words_and_height(item, qtbot):
    view = shown(qtbot, ItemView(item), 268, 100)
    assert view.accessibleName()
    assert view.heightForWidth(268) >= theme.current().px("line.body")
    assert view.heightForWidth(60) >= view.heightForWidth(268)


def test_evidence_keeps_what_did_not_change(qtbot, monkeypatch):
    panel = shown(qtbot, Evidence("依据"), 300, 400)
    sections = [EvidenceSection("依据", ITEMS[:2]), EvidenceSection("时限", ITEMS[6:7])]
    panel.show_sections(sections)
    painted = []
    monkeypatch.setattr(panel.widget(), "update", lambda: painted.append(panel.sections()))
    panel.show_sections(list(sections))
    assert painted == []
    panel.show_sections(sections[:1])
    assert painted == [tuple(sections[:1])]


def test_every_heading_and_every_piece_of_evidence_is_named_where_it_stands(qtbot):
    panel = shown(qtbot, Evidence("依据"), 300, 400)
    panel.show_sections([EvidenceSection("依据", ITEMS[:2]), EvidenceSection("时限", ITEMS[6:7])])
    body = panel.widget()
    assert body.part_names() == (
        "依据",
        "门牌、收件人、电话一字不动。",
        "通过, 2 次签收，同小区, 4月2日",
        "时限",
        "超时 6 分, 已用 34 / 28 分",
    )
    tops = [part.geometry().top() for part in body.findChildren(QWidget) if part.isVisible()]
    assert tops == sorted(set(tops))


def test_evidence_scrolls_when_it_does_not_fit(qtbot):
    panel = shown(qtbot, Evidence("依据"), 300, 200)
    panel.show_sections([EvidenceSection("依据", (Paragraph("门牌一字不动。" * 40),) * 4)])
    qtbot.waitUntil(lambda: panel.verticalScrollBar().maximum() > 0)


def test_the_edge_of_the_evidence_says_that_the_keys_are_there(qtbot):
    panel = shown(qtbot, Evidence("依据"), 300, 200)
    panel.activateWindow()
    panel.setFocus()
    qtbot.waitUntil(panel.hasFocus)
    with_keys = pixels(panel, "accent")
    panel.clearFocus()
    assert pixels(panel, "accent") == 0
    assert with_keys == 2 * 200


def test_an_empty_page_says_what_to_press(qtbot):
    empty = shown(qtbot, EmptyState("inbox", "手上清了", "按 Tab 看本组 47 件"), 400, 200)
    assert empty.accessibleName() == "手上清了, 按 Tab 看本组 47 件"


# Charts


def test_bars_say_their_amounts_and_only_the_present_one_has_the_accent(qtbot):
    chart = BarChart("每小时修好的异常")
    chart.show_bars([Bar("13:00", 18), Bar("14:00", 9, is_now=True)])
    shown(qtbot, chart, 200, 116)
    assert chart.part_names() == ("13:00: 18", "14:00: 9")
    high = 116 - 16 - 6 - 18
    assert pixels(chart, "text3") >= 28 * high
    assert pixels(chart, "accent") == 28 * round(high / 2)


def test_bars_of_nothing_are_a_base_line(qtbot):
    chart = BarChart("空")
    chart.show_bars([Bar("8:00", 0)])
    assert pixels(shown(qtbot, chart, 100, 116), "text3") < 200


def test_shares_fill_the_bar(qtbot):
    bar = ShareBar("直通")
    bar.show_shares([Share("直通 3", 3, "sunken"), Share("待处理 1", 1, "accent", is_strong=True)])
    shown(qtbot, bar, 400, 42)
    assert 0.9 < pixels(bar, "accent") / (100 * 20) < 1.05


def test_progress_is_bounded(qtbot):
    bar = Progress("已审")
    bar.show_progress(60, 46)
    assert pixels(shown(qtbot, bar, 100, 6), "accent") == 600
    bar.show_progress(0, 0)
    assert pixels(bar, "accent") == 0


def test_a_long_series_draws_quickly_and_ends_in_a_dot(qtbot):
    line = Sparkline("每天")
    line.show_values([at % 37 for at in range(100_000)], "36")
    assert pixels(shown(qtbot, line, 200, 32), "accent") > 0
    line.show_values([])
    assert pixels(line, "accent") == 0


# Cards and floor


def test_the_first_card_acts_by_code_and_says_why_not(qtbot):
    card = FirstCard("先做这一件")
    first = First("stops", "先做这一件", "地址异常 · DK-118204", "stops", "超时 6 分", "邮编 210000 属于南京")
    card.show_card(first, [Action("take", "1", "采用建议地址"), Action("open", "Enter", "打开", "别人在改")])
    shown(qtbot, card, 900, 100)
    with qtbot.waitSignal(card.acted) as acted:
        card.button("take").click()
    assert acted.args == ["take"]
    assert not card.button("open").isEnabled()
    assert card.button("open").accessibleDescription() == "别人在改"
    assert [card.button(code).kind() for code in ("take", "open")] == ["primary", "plain"]


def test_a_tile_says_label_and_figure(qtbot):
    tile = shown(qtbot, StatTile("今天到 14:34", "2,014", "单进来"), 300, 60)
    assert tile.accessibleName() == "今天到 14:34 2,014 单进来"


def test_a_code_can_be_typed_when_the_label_is_torn(qtbot):
    scan = ScanField("扫商品码")
    scan.show_prompt("扫商品码", "光标在哪都能扫")
    shown(qtbot, scan, 800, 64)
    qtbot.keyClicks(scan.entry, " 6901 ")
    with qtbot.waitSignal(scan.typed) as typed:
        qtbot.keyClick(scan.entry, Qt.Key.Key_Return)
    assert typed.args == ["6901"]
    assert scan.entry.text() == ""
    with qtbot.assertNotEmitted(scan.typed):
        qtbot.keyClick(scan.entry, Qt.Key.Key_Return)


def test_a_scan_says_how_it_went(qtbot):
    scan = shown(qtbot, ScanField("扫商品码"), 800, 64)
    scan.show_result("stops", "6901", "不是这一行的")
    (said,) = scan.part_names()
    assert said.endswith("6901, 不是这一行的")
    assert pixels(scan, "bad") > 0


def test_the_floor_says_bin_and_quantity(qtbot):
    card = BinCard("现在去拣")
    card.show_pick(
        Pick("现在去拣", "A-07-03-2", "橡木边几", "BJ-045-O", "已拣 / 要拣", "1", "2", "还差 1 件")
    )
    shown(qtbot, card, 900, 180)
    assert card.part_names() == ("现在去拣, A-07-03-2, 橡木边几, BJ-045-O", "已拣 / 要拣: 1 / 2, 还差 1 件")


def test_packing_steps_weight_and_label_are_spoken(qtbot):
    steps = CheckSteps("打包")
    steps.show_steps([CheckStep("met", "扫进 2 件", "奶白沙发套 × 2")])
    assert shown(qtbot, steps, 340, 80).part_names()[0].endswith("扫进 2 件, 奶白沙发套 × 2")
    scale = WeightCard("称重")
    scale.show_weight(Weight("称重", "3.42", "kg", "应为 3.3 到 3.6", 0.4, 0.7, 0.52, "met", "稳定"))
    assert "3.42 kg" in shown(qtbot, scale, 340, 110).accessibleDescription()
    label = shown(qtbot, NoteCard("printer", "面单", "saved", "已存本机", "先存好再出纸。"), 340, 80)
    assert label.accessibleName() == "面单, 已存本机, 先存好再出纸。"


# Theme


def every_part():
    diff = DiffTable("改动")
    diff.show_rows([DiffRow("区县", "下城区", "拱墅区", "已撤并", "waits", is_changed=True)])
    strip = GateStrip("关卡")
    strip.show_gates([Gate("credit", "stops", "信用", "96/100 万", CREDIT)])
    rail = StepRail("引导")
    rail.show_steps(
        "新单", "第 1 步", [RailStep("a", "客户", "临湖", "done"), RailStep("b", "交货", "", "now")]
    )
    panel = Evidence("依据")
    panel.show_sections([EvidenceSection("依据", ITEMS)])
    history = History("记录")
    history.show_deeds([Deed("14:31", "改送达日", "林小满", "saved", "已存本机")])
    facts = Facts("资料", ruled=True)
    facts.show_facts([Fact("地址", "湖北省", "met", "一致")])
    return [diff, strip, rail, panel, history, facts, EmptyState("inbox", "手上清了", "按 Tab")]


@pytest.mark.parametrize("at", range(7))
def test_every_part_follows_the_theme_live(at, qtbot, qapp):
    widget = shown(qtbot, every_part()[at], 420, 300)
    QApplication.processEvents()
    light = widget.grab().toImage()
    theme.apply(qapp, "dark")
    dark = widget.grab().toImage()
    theme.apply(qapp, "contrast")
    contrast = widget.grab().toImage()
    theme.apply(qapp, "light")
    assert light != dark != contrast
    assert widget.grab().toImage() == light


@pytest.mark.parametrize("name", ["价格", "Orders that wait for it"])
def test_words_beside_a_name_are_never_cut_off(qtbot, name):
    said = "They go on by themselves when it is booked, one after the other, the oldest first."
    view = shown(qtbot, ItemView(MarkedLine("met", said, name=name)), 260, 20)
    needed = view.heightForWidth(260)

    def ink_ends_at(high):
        view.resize(260, high)
        image = view.grab().toImage()
        ground = image.pixel(image.width() - 1, image.height() - 1)
        rows = range(image.height() - 1, -1, -1)
        return next(y for y in rows if any(image.pixel(x, y) != ground for x in range(image.width())))

    assert ink_ends_at(needed) == ink_ends_at(needed + 80) < needed


def test_what_said_nothing_before_is_not_shown_as_taken_away(qtbot):
    table = shown(qtbot, DiffTable("改动"), 600, 40)
    table.show_rows([DiffRow("订单", "", "DK-1 × 2", is_changed=True)])
    assert pixels(table, "badbg") == 0
    table.show_rows([DiffRow("订单", "DK-1 × 3", "DK-1 × 2", is_changed=True)])
    assert pixels(table, "badbg") > 0


@pytest.mark.parametrize("before", ["Goods on their way", "PL-1V 苏州仓 50", "已签收，待定级"])
def test_a_change_stays_on_one_line_where_there_is_room(qtbot, before):
    table = shown(qtbot, DiffTable("改动"), 800, 40)
    table.show_rows([DiffRow("退货", "1", "2", is_changed=True)])
    one_line = table.heightForWidth(800)
    table.show_rows([DiffRow("退货", before, before, is_changed=True)])
    assert table.heightForWidth(800) == one_line
