"""What fills the room in each step of connecting a shop."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.connecting import Asked, Platform
from app.presenters.connect_shop import DAYS, State
from app.text import N_
from widgets import theme
from widgets.controls import MarkLabel, scroll
from widgets.facts import Fact, Facts
from widgets.fields import ComboField, Field
from widgets.inputs import TextField
from widgets.password_field import PasswordField
from widgets.prose import BODY, NOTE, Prose
from widgets.switch_field import SwitchField
from widgets.table import Column, ListModel, Table, TableRow
from widgets.words import count, day_there, moment, named, tr, trn

READ: Final = N_("Read and told")
SENDS: Final = N_("Sends by itself")


class StepBody(QWidget):
    """One step: a column of parts that scrolls where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        px = theme.current().px
        inside = QWidget()
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(px("space.5"), 0, px("space.5"), px("space.4"))
        self.column.setSpacing(px("space.3"))
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(scroll(inside))

    def say(self) -> None:
        """Take the fixed words in the language on screen."""

    def draw(self, state: State) -> None:
        """Show the step."""


class ChannelBody(StepBody):
    """Every channel; what is said of the one under the keys stands below."""

    picked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.model = ListModel(())
        self.table = Table("", self.model)
        self.table.setObjectName("connect_shop/channels")
        self.table.picked.connect(self.picked)
        self.column.addWidget(self.table)
        self.column.addStretch(1)

    @override
    def say(self) -> None:
        px = theme.current().px
        self.table.setAccessibleName(tr("Channels"))
        self.model = ListModel(
            (
                Column("title", tr("Channel"), kind="strong"),
                Column("keys", tr("Access keys"), px("line.number.w"), kind="number"),
                Column("how", tr("How"), px("line.number.w") * 3 // 2, kind="meta"),
            )
        )
        self.table.show_model(self.model)

    @override
    def draw(self, state: State) -> None:
        px = theme.current().px
        self.model.show_rows([_channel(one) for one in state.platforms])
        self.table.setFixedHeight(px("row.head") + len(state.platforms) * px("row.table"))
        if state.channel and self.table.current_key() != state.channel:
            self.table.pick(state.channel)


def _channel(one: Platform) -> TableRow:
    needed = sum(not (ask.is_optional or ask.start) for ask in one.asks)
    return TableRow(one.id, (named(one.title), count(needed), tr(READ if one.is_read else SENDS)))


class NeedsBody(StepBody):
    """What the channel needs, and honestly what was only tried against a simulator."""

    def __init__(self) -> None:
        super().__init__()
        self.replaces = MarkLabel("", "", size="body", role="text")
        self.replaces.setObjectName("connect_shop/replaces")
        self.about, self.facts = Prose(style=BODY), Facts("", ruled=True)
        self.column.addWidget(self.replaces)
        self.column.addWidget(self.about)
        self.column.addWidget(self.facts)
        self.column.addStretch(1)

    @override
    def say(self) -> None:
        self.facts.setAccessibleName(tr("What it needs"))

    @override
    def draw(self, state: State) -> None:
        platform = state.platform
        if platform is None:
            return
        old = state.replaced
        self.replaces.setVisible(old is not None)
        if old is not None:
            told = tr(
                "This shop is connected with {old}. Another channel takes its place: {old} is read no more, "
                "and its keys are forgotten. For a second channel make a second shop.",
                old=named(old.title),
            )
            self.replaces.show_mark("waits", told)
        self.about.show_words(named(platform.about))
        self.facts.show_facts([Fact(named(one.label), _need(one)) for one in platform.asks])


def _need(one: Asked) -> str:
    if one.is_kept:
        return tr("The hub has it")
    hint = named(one.hint) if one.hint else ""
    if one.is_optional:
        return tr("Optional. {hint}", hint=hint) if hint else tr("optional")
    return hint or (tr("Filled in already") if one.start else "–")


class KeysBody(StepBody):
    """A field for each line; a secret shows dots and comes back to nobody."""

    typed = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self._channel = ""
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.current().px("space.3"))
        self.column.addLayout(self._lines)
        self.column.addStretch(1)

    @override
    def say(self) -> None:
        self._channel = ""

    @override
    def draw(self, state: State) -> None:
        platform = state.platform
        if platform is None:
            return
        if platform.id != self._channel:
            self._channel = platform.id
            self._lay_out(platform, state)
        for one in platform.asks:
            is_empty = not state.typed.get(one.name, one.start)
            said = tr("Kept: left empty it stays") if one.is_kept and is_empty else ""
            self.fields[one.name].set_state("", said)

    def _lay_out(self, platform: Platform, state: State) -> None:
        while (item := self._lines.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.fields = {}
        for one in platform.asks:
            control = _control(one)
            if isinstance(control, SwitchField):
                control.set_words(tr("On"), tr("Off"))
            if one.type != "secret":
                control.set_answer(state.typed.get(one.name, one.start))
            if isinstance(control, TextField):
                control.home(False)  # of a long value its beginning is seen
            control.answered.connect(lambda value, name=one.name: self.typed.emit(name, value))
            field = Field(
                f"connect_shop/{one.name}", named(one.label), named(one.hint) if one.hint else "", control,
                is_optional=one.is_optional and one.type != "switch",
            )  # fmt: skip
            self.fields[one.name] = field
            self._lines.addWidget(field)


def _control(one: Asked) -> TextField | ComboField | SwitchField:
    if one.type == "switch":
        return SwitchField()
    if one.type == "choice":
        return ComboField([(choice, choice) for choice in one.choices])
    return PasswordField() if one.type == "secret" else TextField()


class TestBody(StepBody):
    """What the channel answered."""

    __test__ = False

    def __init__(self) -> None:
        super().__init__()
        self.said = MarkLabel("", "", size="body", role="text")
        self.said.setObjectName("connect_shop/said")
        self.odd, self.facts = Prose(style=NOTE), Facts("", ruled=True)
        for part in (self.said, self.odd, self.facts):
            self.column.addWidget(part)
        self.column.addStretch(1)

    @override
    def say(self) -> None:
        self.facts.setAccessibleName(tr("Test call"))

    @override
    def draw(self, state: State) -> None:
        tried, platform = state.tried, state.platform
        self.facts.setVisible(tried is not None and tried.wrong is None)
        self.odd.setVisible(tried is not None and tried.odd is not None)
        if tried is None:
            asked = tr("Asking the channel …") if state.busy else tr("Not asked yet.")
            self.said.show_mark("not_yet", asked, "text")
            return
        if tried.wrong is not None:
            self.said.show_mark("stops", trn(tried.wrong), "bad")
            return
        if platform is not None and not platform.is_read:
            self.said.show_mark(
                "now", tr("This channel sends by itself: there is nothing to be called."), "text"
            )
            self.facts.hide()
            return
        if tried.orders or tried.unread:
            self.said.show_mark("met", tr("It answers, and its orders can be read."), "text")
        else:
            self.said.show_mark("met", tr("It answers. Nothing changed there in the last hours."), "text")
        self.odd.show_words(trn(tried.odd) if tried.odd is not None else "")
        newest = "–"
        if tried.newest_at is not None and state.now is not None:
            newest = moment(tried.newest_at, state.zone, day_there(state.now, state.zone))
        self.facts.show_facts(
            [
                Fact(tr("Orders read as a sample"), count(tried.orders)),
                Fact(tr("Of them unreadable"), count(tried.unread)),
                Fact(tr("Newest of them"), newest),
            ]
        )


class SinceBody(StepBody):
    """How far back."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.days = ComboField()
        self.days.answered.connect(self.chosen)
        self.field = Field("connect_shop/days", "", "", self.days)
        self.column.addWidget(self.field)
        self.column.addStretch(1)

    @override
    def say(self) -> None:
        self.field.name_anew(tr("Read orders"))
        self.days.set_options([(str(days), tr(words)) for days, words in DAYS])

    @override
    def draw(self, state: State) -> None:
        self.days.set_answer(str(state.days))


class OrdersBody(StepBody):
    """The first orders as they come, and where the channel sends."""

    def __init__(self) -> None:
        super().__init__()
        self.said = MarkLabel("", "", size="body", role="text")
        self.said.setObjectName("connect_shop/first")
        self.facts = Facts("", ruled=True)
        self.column.addWidget(self.said)
        self.column.addWidget(self.facts)
        self.column.addStretch(1)

    @override
    def say(self) -> None:
        self.facts.setAccessibleName(tr("First orders"))

    @override
    def draw(self, state: State) -> None:
        health, begun = state.health, state.begun
        taken = health.taken if health is not None else 0
        wrong = (
            next((each.said for each in health.lists if each.tries and each.said), None) if health else None
        )
        if wrong is not None:
            self.said.show_mark("stops", trn(wrong), "bad")
        elif taken:
            self.said.show_mark("met", tr("Its first orders are here: {count}.", count=count(taken)), "text")
        else:
            self.said.show_mark("waits", tr("No order yet. The first look takes up to a minute."), "text")
        facts = [Fact(tr("Orders and changes today"), count(taken))]
        if health is not None:
            facts.append(Fact(tr("Not decided yet"), count(health.waiting)))
        if begun is not None and begun.hook:
            facts.append(Fact(tr("Its channel may send to: the hub's address and"), begun.hook))
        self.facts.show_facts(facts)
