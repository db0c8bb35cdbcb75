"""Goods and after-sales by keys: guides from the sheet and from the stock page, cases, papers, drafts."""

from __future__ import annotations

import pytest
from builders import actor, line, ship_it
from desk_fake import FakeDesk
from page_audit import unnamed
from page_scene import ALT, CTRL, Scene
from PySide6.QtCore import Qt

from app.commands.accept_return import AcceptReturn
from app.commands.count_bin import CountBin
from app.commands.grade_return import GradeReturn
from app.commands.open_return import OpenReturn
from app.commands.receive_stock import ReceiveStock
from app.commands.refund_return import RefundReturn
from app.commands.send_transfer import SendTransfer
from app.domain.aftersale import Asked, Grade, ReturnKind
from app.domain.values import Role
from app.presenters.guide import Guide
from app.presenters.inbox import Inbox
from app.presenters.order import OrderSheet
from app.presenters.stock import Stock
from widgets import words
from widgets.pages.guide import GuidePage
from widgets.pages.inbox import InboxPage
from widgets.pages.order import OrderPage
from widgets.pages.stock import StockPage
from widgets.words import trn

Key = Qt.Key
LIN, SHEN = actor(Role.CLERK, "lin"), actor(Role.CLERK, "shen")
QIAO = actor(Role.WAREHOUSE, "qiao")


@pytest.fixture
def fake():
    """A shipped order of 3 × 320.00 and 2 × 129.00."""
    fake = FakeDesk(user="lin")
    fake.company.receive("o1", lines=(line(qty=3), line("2", "A-3", qty=2, unit_price_minor=12_900)))
    ship_it(fake.company)
    return fake


@pytest.fixture
def show(qtbot, aio):
    def shown(fake, page, presenter, code, **args):
        words.set_language("en")
        return Scene(qtbot, aio, lambda tasks, go: page(presenter(fake.desk), tasks, go), code, args)

    return shown


def ask(fake, kind=ReturnKind.RETURN, case="c1", qty=2, reason="damaged"):
    fake.company.must(
        OpenReturn(order="o1", case=case, kind=kind, asked=(Asked("1", qty),), reason=reason), LIN
    )


def accept(fake, case="c1"):
    fake.company.must(AcceptReturn(order="o1", case=case), SHEN)


def cells(model):
    return [[getattr(cell, "text", cell) for cell in model.row(at).cells] for at in range(model.rowCount())]


# --- the order sheet ------------------------------------------------------------------------------------


def test_the_sheet_of_a_shipped_order_leads_to_its_guides(fake, show):
    scene = show(fake, OrderPage, OrderSheet, "order", id="o1", among="o1")
    scene.press(Key.Key_B)
    scene.press(Key.Key_S)

    assert scene.went == [
        ("guide", {"form": "open_return", "order": "o1"}),
        ("guide", {"form": "reship", "order": "o1"}),
    ]
    assert not scene.page.sheet.aftersales.isVisible()


def test_the_sheet_shows_its_cases_with_their_owner(fake, show):
    ask(fake)
    accept(fake)
    ask(fake, ReturnKind.RESHIP, "c2", 1)

    scene = show(fake, OrderPage, OrderSheet, "order", id="o1", among="o1")

    assert cells(scene.page.sheet.aftersales.model) == [
        ["Return", "Goods on their way", "2", "Arrived damaged", "–", "沈知夏"],
        ["Re-ship", "To accept", "1", "Arrived damaged", "–", "林小满"],
    ]
    assert unnamed(scene.page) == []


def test_a_colleague_accepts_with_one_key_and_takes_it_back(fake, show):
    ask(fake)
    fake.sit("shen")
    scene = show(fake, OrderPage, OrderSheet, "order", id="o1", among="o1")

    scene.press(Key.Key_1)
    accepted = fake.company.order().returns[0].state
    scene.press(Key.Key_Z)

    assert (accepted, fake.company.order().returns[0].state) == ("awaited", "requested")


def test_nobody_is_offered_to_accept_their_own_case(fake, show):
    ask(fake)
    scene = show(fake, OrderPage, OrderSheet, "order", id="o1", among="o1")

    scene.press(Key.Key_1)
    scene.press(Key.Key_Y)

    assert [act.label for act in scene.page._state.acts if act.label == "Accept return"] == []
    assert fake.company.order().returns[0].state == "requested"


# --- the inbox ------------------------------------------------------------------------------------------


def test_after_sales_stand_among_the_others_of_the_group(fake, show):
    fake.company.receive("o2", lines=(line(ext_sku="new"),))
    ask(fake)
    fake.sit("shen")
    scene = show(fake, InboxPage, Inbox, "after")

    scene.do(lambda: scene.page.splits.chosen.emit("group"))
    scene.do(lambda: scene.page.rows.pick("o1:return_due"))

    assert {row.key for row in scene.page._state.rows} == {"o1:return_due", "o2:sku_unmapped"}
    assert scene.page._state.card.preview.rows[0].before == "To accept"


def test_a_card_names_only_the_guide_that_helps_now_and_says_why_a_key_is_off(fake, show):
    ask(fake, ReturnKind.REFUND)
    fake.sit("shen")
    scene = show(fake, InboxPage, Inbox, "after")

    def keys():
        acts = [act for act in scene.page._state.card.acts if act.key not in {"C", "H", "E"}]
        return [(act.label, trn(act.reason) if act.reason else "") for act in acts]

    before = keys()
    scene.press(Key.Key_1)
    fake.sit("lin")
    scene.do(lambda: scene.page.opened(None))

    assert before == [("Accept return", ""), ("Refund buyer", "Not accepted or graded yet")]
    assert keys()[1:] == [("Refund buyer", ""), ("Refund", "")]


# --- guides about an order --------------------------------------------------------------------------------


def test_a_return_is_opened_by_keys_and_survives_a_crash(fake, show):
    scene = show(fake, GuidePage, Guide, "guide", form="open_return", order="o1")
    scene.press(Key.Key_Return, CTRL)
    scene.press(Key.Key_1, ALT)
    draft = dict(fake.drafts["open_return/o1"])

    again = show(fake, GuidePage, Guide, "guide", form="open_return", order="o1")
    again.press(Key.Key_Return, CTRL, times=2)
    again.do(lambda: again.page._fields["reason"].control.answered.emit("damaged"))
    again.press(Key.Key_Return, CTRL)

    (command,) = fake.given
    assert isinstance(command, OpenReturn)
    assert (command.case, command.asked) == (draft["case"], (Asked("1", 3), Asked("2", 2)))
    assert "open_return/o1" not in fake.drafts


def test_on_a_low_screen_every_step_opens_at_its_first_field(fake, show):
    scene = show(fake, GuidePage, Guide, "guide", form="open_return", order="o1")
    scene.do(lambda: scene.shell.resize(960, 540))
    scrolled = []
    for _ in range(2):
        scrolled.append(scene.page.frame._scroll.verticalScrollBar().value())
        scene.press(Key.Key_Return, CTRL)

    assert scene.page.frame._scroll.verticalScrollBar().maximum() > 0
    assert [*scrolled, scene.page.frame._scroll.verticalScrollBar().value()] == [0, 0, 0]


def test_returned_goods_are_taken_in_with_the_suggestion(fake, show):
    ask(fake, reason="wrong_size")
    accept(fake)
    fake.sit("qiao")
    scene = show(fake, GuidePage, Guide, "guide", form="grade_return", order="o1")

    scene.press(Key.Key_Return, CTRL)
    scene.press(Key.Key_1, ALT)
    scene.press(Key.Key_Return, CTRL)

    (command,) = fake.given
    assert isinstance(command, GradeReturn)
    assert [(one.grade, one.qty) for one in command.grades] == [(Grade.SELLABLE, 2)]
    assert fake.company.stock("SZ").on_hand == 9


def test_a_partial_refund_is_typed(fake, show):
    ask(fake, ReturnKind.REFUND)
    accept(fake)
    scene = show(fake, GuidePage, Guide, "guide", form="refund_return", order="o1")

    scene.press(Key.Key_Return, CTRL)
    scene.press(Key.Key_A, CTRL)
    scene.type("100")
    scene.press(Key.Key_Return, CTRL)

    (command,) = fake.given
    assert isinstance(command, RefundReturn)
    assert fake.company.order().returns[0].refunded_minor == 10_000


def test_too_much_money_is_told_before_it_is_given(fake, show):
    ask(fake, ReturnKind.REFUND)
    accept(fake)
    scene = show(fake, GuidePage, Guide, "guide", form="refund_return", order="o1")

    scene.press(Key.Key_Return, CTRL)
    scene.press(Key.Key_A, CTRL)
    scene.type("640.01")

    (field,) = scene.page._state.fields
    assert (field.verdict.is_error, field.verdict.text.params["most"]) == (True, "¥640.00")
    scene.press(Key.Key_Return, CTRL)
    assert fake.given == []


# --- the stock page -----------------------------------------------------------------------------------------


def test_the_stock_page_leads_to_its_guides_and_shows_the_papers(fake, show):
    fake.sit("qiao")
    fake.company.must(ReceiveStock(doc="d1", warehouse="SZ", sku="CT-180", qty=30, reference="DN-7"), QIAO)
    fake.company.must(SendTransfer(doc="d2", warehouse="SZ", target="WH", sku="CT-180", qty=4), QIAO)
    scene = show(fake, StockPage, Stock, "stock")

    for key in (Key.Key_C, Key.Key_N, Key.Key_T, Key.Key_I):
        scene.press(key)

    assert scene.went == [
        ("guide", {"form": "count_bin", "stock": "SZ/CT-180"}),
        ("guide", {"form": "receive_stock", "warehouse": "SZ", "sku": "CT-180"}),
        ("guide", {"form": "send_transfer", "stock": "SZ/CT-180"}),
        ("guide", {"form": "receive_transfer", "doc": "d2"}),
    ]
    assert [doc.id for doc in scene.page._state.docs] == ["d2", "d1"]
    guide = show(fake, GuidePage, Guide, "guide", form="receive_transfer", doc="d2")
    (choice,) = guide.page._state.fields[0].choices
    assert {choice.label.params["warehouse"], choice.label.params["target"]} <= {
        place.title for place in fake.company.refs.warehouses.values()
    }
    first, second = scene.page.side.papers.words()
    assert "苏州仓 → 武汉仓 · 4" in first
    assert "30" in second
    assert "DN-7" in second
    assert unnamed(scene.page) == []


def test_who_may_only_look_finds_no_guide_for_stock(fake, show):
    fake.sit("gu")
    scene = show(fake, StockPage, Stock, "stock")

    assert scene.page._state.acts == ()
    assert not scene.page.bar.isVisible()


def test_a_bin_is_counted_by_keys(fake, show):
    fake.sit("qiao")
    scene = show(fake, GuidePage, Guide, "guide", form="count_bin", stock="SZ/CT-180")

    scene.type("11")
    scene.press(Key.Key_Return, CTRL, times=2)

    (command,) = fake.given
    assert isinstance(command, CountBin)
    assert (command.counted, command.base, fake.company.stock("SZ", "CT-180").on_hand) == (11, 8, 11)


def test_a_second_count_goes_to_the_paper_that_waits(fake, show):
    fake.company.must(CountBin(doc="d1", warehouse="SZ", sku="CT-180", counted=60, base=8), SHEN_ON_THE_FLOOR)
    fake.sit("qiao")
    scene = show(fake, GuidePage, Guide, "guide", form="count_bin", stock="SZ/CT-180")

    scene.type("60")
    scene.press(Key.Key_Return, CTRL, times=2)

    assert fake.given[0].doc == "d1"
    assert fake.company.stock("SZ", "CT-180").on_hand == 60


def test_goods_that_came_in_are_booked_by_keys(fake, show):
    fake.sit("qiao")
    scene = show(fake, GuidePage, Guide, "guide", form="receive_stock", warehouse="WH", sku="LN-220")

    scene.press(Key.Key_Return, CTRL)
    scene.type("6")
    scene.press(Key.Key_Tab)
    scene.type("DN-9")
    scene.press(Key.Key_Return, CTRL)

    (command,) = fake.given
    assert (command.warehouse, command.reference) == ("WH", "DN-9")
    assert fake.company.stock("WH").on_hand == 16


SHEN_ON_THE_FLOOR = actor(Role.WAREHOUSE, "shen")
