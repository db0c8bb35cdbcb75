"""A window with two fake pages, as tests and pictures of the shell need it."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QListWidget, QVBoxLayout

from widgets.action_bar import PLAIN, PRIMARY, QUIET, Action, ActionBar
from widgets.aio import Tasks
from widgets.controls import Pane, Tag, meta, section
from widgets.keys import Key
from widgets.page import Page
from widgets.palette import PaletteRow
from widgets.panes import Panes
from widgets.prose import Span
from widgets.rail import RailState
from widgets.shell import Shell
from widgets.sync_line import SyncState
from widgets.top_bar import PersonState
from widgets.words import language

ZH = {
    "Inbox": "异常",
    "Use suggestion": "采用建议地址",
    "Ask the buyer": "请买家确认",
    "Edit by hand": "手动改",
    "Claim": "认领",
    "Later": "稍后",
    "Escalate": "升级",
    "Select": "多选",
    "Up and down": "上下",
    "First repair": "首选修复",
    "Next split": "换分栏",
    "121 fixed today, 47 to do": "本组今天 121 已修复，47 待处理",
    "swapped for the same curtain at 220 cm, difference ¥0.00": "已换成同款 220 cm 窗帘，补差 ¥0.00",
    "Orders, day shift": "订单组 · 白班",
    "Updated 10 s ago": "10 秒前更新",
    "Lin Xiaoman": "林小满",
    "Open order": "打开订单",
    "Orders": "订单",
}


def say(english):
    """The demo's own words; the desk's are in the catalogue."""
    return ZH[english] if language() == "zh_CN" else english


class InboxPage(Page):
    """List, detail, evidence, an action bar and a filter."""

    code = "inbox"
    help_topic = "inbox"

    def __init__(self):
        super().__init__()
        self.did = []
        self.told = []
        self.filter = QLineEdit()
        self.list = QListWidget()
        self.list.addItems(["DK-118204", "DK-118166"])
        self.list.setFrameShape(QListWidget.Shape.NoFrame)
        rows = self.column(Pane("base"), self.filter, self.list)
        self.bar = ActionBar(self.code)
        self.evidence = self.column(Pane("alt"), meta("evidence"))
        self.detail = Pane("base")
        self.foot = QVBoxLayout(self.detail)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.under_title = QVBoxLayout()
        self.foot.addWidget(section("DK-118204"))
        self.foot.addLayout(self.under_title)
        self.foot.addStretch(1)
        self.foot.addWidget(self.bar)
        self.panes = Panes(rows, self.detail, self.evidence, under_title=self.under_title)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(self.panes)
        self.fact = Tag(say("121 fixed today, 47 to do"))
        self.actions()

    def column(self, pane, *parts):
        rows = QVBoxLayout(pane)
        for part in parts:
            rows.addWidget(part)
        return pane

    def actions(self, reason=""):
        def act(code, label, key, kind, *, why="", hint=""):
            return Action(code, say(label), key, kind, lambda: self.did.append(code), why, hint)

        self.bar.show_actions(
            [
                act("suggest", "Use suggestion", "1", PRIMARY, why=reason, hint=say("First repair")),
                act("ask", "Ask the buyer", "2", PLAIN),
                act("edit", "Edit by hand", "Enter", PLAIN),
                act("claim", "Claim", "C", QUIET),
                act("later", "Later", "H", QUIET),
                act("escalate", "Escalate", "E", QUIET),
                act("select", "Select", "X", QUIET),
            ]
        )
        self.keys_changed.emit()

    def title(self):
        return say("Inbox")

    def header(self):
        return self.fact

    def keys(self):
        return (
            Key("J", say("Up and down"), lambda: self.did.append("J"), repeats=True),
            Key("K", say("Up and down"), lambda: self.did.append("K"), repeats=True),
            *self.bar.keys(),
            Key("Tab", say("Next split"), lambda: self.did.append("Tab"), when=self.list.hasFocus),
        )

    def opened(self, args):
        self.told.append(("opened", args))

    def closed(self):
        self.told.append(("closed",))

    def focus_first(self):
        self.list.setFocus()

    def has_filter(self):
        return True

    def focus_filter(self):
        self.filter.setFocus()

    def submit(self):
        self.did.append("submit")

    def alt_needed(self, needed):
        self.bar.set_alt(needed)


class OrderPage(Page):
    """A page that is no place of the rail; a scanner works on it."""

    code = "order"
    help_topic = "order"
    scans = True

    def __init__(self):
        super().__init__()
        self.args = None
        self.codes = []

    def title(self):
        return "DK-118204"

    def opened(self, args):
        self.args = args

    def scanned(self, code):
        self.codes.append(code)


class OrdersPage(Page):
    code = "orders"

    def title(self):
        return say("Orders")


class SignInPage(Page):
    code = "sign_in"
    is_bare = True


async def search(text):
    found = [PaletteRow("orders", say("Open order"), lambda: None, "DK-118204", "Enter")]
    return found if text in "DK-118204" else []


def shell(clock_s=lambda: 0.0, find=search, tasks=None):
    """The window at 1440 x 900, on the inbox."""
    window = Shell(clock_s=clock_s)
    window.use_search(tasks or Tasks(), find)
    for page in (InboxPage, OrderPage, OrdersPage, SignInPage):
        window.add_page(page.code, page)
    window.show_rail(RailState(counts={"inbox": 14, "review": 2}))
    window.show_person(PersonState(say("Lin Xiaoman"), say("Orders, day shift")))
    window.show_sync(SyncState(note=say("Updated 10 s ago")))
    window.go("inbox")
    return window


def offer(window, did):
    sentence = say("swapped for the same curtain at 220 cm, difference ¥0.00")
    window.offer_undo((Span("DK-118197", bold=True), f" {sentence}"), lambda: did.append("undone"))
