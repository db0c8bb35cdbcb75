"""A field for a day: typed as people say it, stepped with arrows, or picked."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QDate, QLocale, QPoint, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QMouseEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QToolButton
from typing_extensions import override

from widgets import icons, theme, words
from widgets.days import read_day
from widgets.inputs import TextField
from widgets.words import tr


class DateField(TextField):
    """A day, typed as people say it or picked; answers in ISO, or with the text it could not read."""

    def __init__(self, today_on: date, placeholder: str = "") -> None:
        super().__init__(placeholder, icon="calendar")
        self._today_on = today_on
        self._calendar: QCalendarWidget | None = None
        self.editingFinished.connect(self._settle)

    def set_today(self, today_on: date) -> None:
        """Take the day from which words and days without a year count."""
        self._today_on = today_on

    def day(self) -> date | None:
        """The day that stands here, when it can be read."""
        return read_day(self.text(), self._today_on)

    @override
    def answer(self) -> str:
        day = self.day()
        return day.isoformat() if day else self.text().strip()

    @override
    def set_answer(self, value: str) -> None:
        self.setText(value)
        self._settle()

    def _settle(self) -> None:
        """Write what was understood, so that a slip shows before it is sent."""
        day = self.day()
        if day is None:
            self.set_aside("")
            return
        self.setText(day.isoformat())
        away = (day - self._today_on).days
        told = tr("today") if away == 0 else tr("in {days} d", days=away) if away > 0 else ""
        self.set_aside(f"{words.weekday(day)} · {told}" if told else words.weekday(day))

    def _pick(self, day: date) -> None:
        self.set_answer(day.isoformat())
        self.answered.emit(self.answer())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        if event.key() == Qt.Key.Key_F4 or (
            event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        ):
            self.open_calendar()
        elif event.key() in steps:
            day = self.day()
            self._pick(day + timedelta(days=steps[Qt.Key(event.key())]) if day else self._today_on)
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        look = theme.current()
        if event.position().x() < look.px("field.pad") + look.px("icon.field") + look.px("space.1"):
            self.open_calendar()
            return
        super().mousePressEvent(event)

    def open_calendar(self) -> None:
        """Open the month under the field."""
        if self._calendar is None:
            self._calendar = QCalendarWidget(self)
            self._calendar.setWindowFlag(Qt.WindowType.Popup)
            self._calendar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
            self._calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
            self._calendar.setAccessibleName(self.accessibleName())
            self._calendar.clicked.connect(self._picked)
            self._calendar.activated.connect(self._picked)
        _dress(self._calendar)
        day = self.day() or self._today_on
        self._calendar.setLocale(QLocale(words.language()))
        self._calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        self._calendar.move(self.mapToGlobal(QPoint(0, self.height())))
        self._calendar.show()
        self._calendar.setFocus()

    def _picked(self, picked: QDate) -> None:
        if self._calendar is not None:
            self._calendar.hide()
        self._pick(date(picked.year(), picked.month(), picked.day()))


def _dress(calendar: QCalendarWidget) -> None:
    """Take out Qt's own red of weekends and its black arrows, which no theme knows."""
    look = theme.current()
    edge = look.px("line")
    calendar.setContentsMargins(edge, edge, edge, edge)
    plain = QTextCharFormat()
    plain.setForeground(look.color("text"))
    for weekday in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
        calendar.setWeekdayTextFormat(weekday, plain)
    for part, icon in (("qt_calendar_prevmonth", "left"), ("qt_calendar_nextmonth", "right")):
        button = calendar.findChild(QToolButton, part)
        if button is not None:
            button.setIcon(QIcon(icons.icon(icon, "text2", look.px("icon"))))
