"""Every basic control in its states, in the order of the components picture; tests look at it."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from widgets import theme
from widgets.button import Button
from widgets.controls import (
    Avatar,
    Badge,
    Hairline,
    KeyCap,
    Label,
    MarkLabel,
    Pane,
    Tag,
    caption,
    section,
    title,
)
from widgets.fields import (
    Card,
    Check,
    ChoiceCards,
    ComboField,
    DateField,
    Field,
    LinesField,
    MaskedField,
    NumberField,
    Suggestion,
    TextField,
)


def _row(*parts, gap="space.2"):
    row = QHBoxLayout()
    row.setSpacing(theme.current().px(gap))
    for part in parts:
        row.addWidget(part)
    row.addStretch(1)
    return row


class Gallery(Pane):
    """One column of the picture, in Chinese or English."""

    def __init__(self, chinese: bool) -> None:
        super().__init__("window")
        self.chinese = chinese
        px = theme.current().px
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(px("space.4"), px("space.3"), px("space.4"), px("space.3"))
        self.column.setSpacing(px("space.2"))
        self._buttons()
        self._states()
        self._inputs()
        self._guide()

    def say(self, zh: str, en: str) -> str:
        return zh if self.chinese else en

    def add(self, name: str, *rows) -> None:
        self.column.addWidget(caption(name))
        for row in rows:
            if isinstance(row, QWidget):
                self.column.addWidget(row)
            else:
                self.column.addLayout(row)

    def _buttons(self) -> None:
        say = self.say
        self.primary = Button(say("采用建议", "Use it"), "1", "primary")
        self.plain = Button(say("问买家", "Ask buyer"), "2")
        self.quiet = Button(say("稍后", "Snooze"), "H", "quiet")
        self.off = Button(say("打面单", "Label"), "P")
        self.off.set_off(say("还差 1 件", "1 missing"))
        self.floor = Button(say("拣好了", "Picked"), "Enter", "floor")
        bar = Pane("inv")
        bar.setFixedHeight(theme.current().px("undo.h"))
        line = QHBoxLayout(bar)
        line.setContentsMargins(theme.current().px("space.4"), 0, theme.current().px("space.2"), 0)
        line.addWidget(Label(say("已改地址", "Changed"), role="oninv"))
        line.addStretch(1)
        self.inverse = Button(say("撤销", "Undo"), "Z", "inverse")
        line.addWidget(self.inverse)
        reason = Label(self.off.reason(), "meta", "text3")
        self.add(
            say(
                "按钮：首要、普通、轻、不可用（写原因）",
                "Buttons: primary, plain, quiet, off (with a reason)",
            ),
            _row(self.primary, self.plain, self.quiet, self.off, reason),
            _row(
                self.floor,
                KeyCap("J K", say("上下", "up, down")),
                KeyCap("Ctrl+Enter", say("下一步", "next")),
            ),
            bar,
        )

    def _states(self) -> None:
        say = self.say
        limits = [MarkLabel("stops", "") for _ in range(3)]
        for limit, used, words in zip(
            limits,
            (40, 82, 130),
            (say("16 分", "16 min"), say("5 分", "5 min"), say("超 6 分", "6 min over")),
            strict=True,
        ):
            limit.show_limit(used, words)
        self.tags = [
            Tag(say("通过", "Met"), "ok", "met"),
            Tag(say("等待", "Waits"), "warn", "waits"),
            Tag(say("未过", "Not met"), "bad", "stops"),
            Tag(say("付款", "Paid"), "neutral", "met"),
            Tag(say("已隐去", "Hidden"), "dashed"),
        ]
        self.add(
            say("状态、时限、渠道、传送", "States, time limit, channel, delivery"),
            _row(*self.tags, *limits),
            _row(
                *(Badge(letters) for letters in ("TM", "JD", "B2")),
                MarkLabel("saved", say("已存本机", "Saved here")),
                MarkLabel("accepted", say("中枢已收", "Accepted")),
                MarkLabel("protected", say("已有副本", "Protected")),
                MarkLabel("not_yet", say("第 5 步填", "In step 5")),
                Avatar("林小满"),
            ),
        )

    def _inputs(self) -> None:
        say = self.say
        self.wrong = TextField()
        self.wrong.setText("138****000")
        self.focus_me = TextField()
        self.focus_me.setText("138****0000")
        self.at_rest = TextField(say("例：走东门", "e.g. east gate"))
        for field in (self.wrong, self.focus_me, self.at_rest):
            field.setMinimumWidth(theme.current().px("list.min.w") // 2)
        from widgets.inputs import set_state

        set_state(self.wrong, "error")
        self.combo = ComboField([("land", say("整车", "Full load")), ("part", say("零担", "Part load"))])
        self.combo.set_answer("land")
        self.number = NumberField(1, 999, say("件", "pcs"))
        self.day = DateField(date(2026, 6, 11))
        self.day.set_answer("16")
        self.disabled = TextField()
        self.disabled.setText(say("已锁定", "Locked"))
        self.disabled.setEnabled(False)
        self.check = Check(say("加急", "Urgent"))
        self.check.setChecked(True)
        self.add(
            say("字段：平常、焦点、错误", "Field: rest, focus, error"),
            _row(self.at_rest, self.focus_me, self.wrong),
            _row(self.combo, self.number, self.day, self.disabled),
            _row(
                self.check,
                Check(say("要发票", "Invoice")),
                MarkLabel("stops", say("10 位，少 1 位", "1 missing"), role="bad"),
            ),
            Hairline(),
        )

    def _guide(self) -> None:
        say = self.say
        self.column.addWidget(title(say("哪天送到，怎么送？", "Which day, and how?")))
        self.suggestion = Suggestion(
            "guide/take",
            say("建议：6月16日 周二 9:00–12:00，整车", "Suggestion: Tue 16 Jun 9:00–12:00, full load"),
            say(
                "客户近 8 次有 7 次收在周二上午；比零担省 ¥420.00。",
                "7 of the last 8 on Tuesday; saves ¥420.00.",
            ),
            say("填入建议", "Take it"),
        )
        self.column.addWidget(self.suggestion)
        self.cards = ChoiceCards(
            [
                Card(
                    "full",
                    say("整车", "Full load"),
                    "¥612.00",
                    say("2 车次，6月16日上午到", "2 trucks, 16 Jun morning"),
                ),
                Card(
                    "part",
                    say("零担", "Part load"),
                    "¥1,032.00",
                    say("12 托，客户要自卸", "12 pallets, they unload"),
                ),
                Card(
                    "post",
                    say("快递大件", "Parcel"),
                    "¥2,144.00",
                    off=say("28 件床垫超长，不收", "28 are too long"),
                ),
            ]
        )
        self.cards.set_answer("full")
        self.choice = Field(
            "guide/carriage",
            say("运输方式", "Carriage"),
            say("上下键选，都算好了运费。", "Arrows choose; each is priced."),
            self.cards,
            why=say("先看能不能准时。", "On time first."),
        )
        phone = MaskedField()
        phone.set_answer("13700000000"[:10])
        self.phone = Field(
            "guide/phone", say("卸货联系电话", "Phone at the dock"), say("写库房的。", "The dock's."), phone
        )
        self.phone.set_state("error", say("10 位，少 1 位。上次用的是 137****0000", "10 digits, 1 missing"))
        self.note = Field(
            "guide/note",
            say("送货备注", "Note"),
            say("只写司机要知道的。", "For the driver."),
            LinesField(say("例：走东门，下午 2 点后不收货", "e.g. east gate"), lines=2),
            is_optional=True,
        )
        self.column.addWidget(section(say("字段", "Fields")))
        for field in (self.choice, self.phone, self.note):
            self.column.addWidget(field)
        self.column.addStretch(1)


def gallery(chinese: bool = True) -> Gallery:
    """The controls as they stand in one theme."""
    return Gallery(chinese)


def cut_texts(root: QWidget) -> list[str]:
    """The words under a widget that do not fit where they stand."""
    cut = []
    for label in root.findChildren(QLabel):
        if label.isVisible() and not label.wordWrap():
            needed = label.fontMetrics().horizontalAdvance(label.text())
            cut += [label.text()] if needed > label.width() + 1 else []
    for part in root.findChildren(QWidget):
        if part.isVisible() and isinstance(part, Button | Tag | Badge | Check | KeyCap):
            hint = part.sizeHint()
            small = part.width() < hint.width() or part.height() < hint.height()
            cut += [part.accessibleName() or part.text()] if small else []
        elif (
            part.isVisible()
            and isinstance(part, MarkLabel)
            and part.height() < part.heightForWidth(part.width())
        ):
            cut.append(part.accessibleName())
    return cut
