"""The right side of the floor: what packing this order takes, the label, and the key that sends it off."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.presenters.warehouse import State
from widgets import theme
from widgets.controls import Badge, Button, Pane, scroll
from widgets.fields import Field, TextField
from widgets.packing import CheckStep, CheckSteps, NoteCard
from widgets.prose import QUIET, TITLE, Prose
from widgets.words import tr, trn


class PackingSide(Pane):
    """Steps with marks, carrier and number of the label, one large key."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__("alt")
        px = theme.current().px
        self._shown: tuple[object, ...] = ()
        self._state = State()
        self.title, self.about = Prose(style=TITLE), Prose(style=QUIET)
        self.badge = QHBoxLayout()
        self._badge: Badge | None = None
        self.steps = CheckSteps("")
        self.carrier, self.tracking = TextField(), TextField(icon="scan")
        self.carrier_field = Field("warehouse/carrier", "", "", self.carrier, width="field.w")
        self.tracking_field = Field("warehouse/tracking", "", "", self.tracking, width="field.w")
        for field in (self.carrier, self.tracking):
            field.returnPressed.connect(self.asked)
        self.tracking.textChanged.connect(self._typed)
        self.card = QVBoxLayout()
        self._note: NoteCard | None = None
        self.button = Button("", "P", "floor")
        self.button.setObjectName("warehouse/forward")
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button.clicked.connect(self.asked)
        inside = QWidget()
        box = QVBoxLayout(inside)
        edge = px("space.5")
        box.setContentsMargins(edge, edge, edge, edge)
        box.setSpacing(px("space.1"))
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addLayout(self.badge)
        box.addLayout(head)
        box.addWidget(self.about)
        box.addSpacing(px("space.2"))
        box.addWidget(self.steps)
        box.addSpacing(px("space.4"))
        box.addWidget(self.carrier_field)
        box.addWidget(self.tracking_field)
        box.addLayout(self.card)
        box.addStretch(1)
        foot = Pane("alt", "top")
        keys = QHBoxLayout(foot)
        keys.setContentsMargins(edge, px("space.4"), edge, px("space.4"))
        keys.addWidget(self.button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(scroll(inside), 1)
        whole.addWidget(foot)
        self._foot, self._inside = foot, inside

    def stand_alone(self, *, is_pane: bool) -> None:
        """As a pane it scrolls; in a column, which scrolls for it, it is as high as it needs."""
        self.setMinimumHeight(
            0 if is_pane else self._inside.sizeHint().height() + self._foot.sizeHint().height()
        )

    def say(self) -> None:
        """Take the fixed words in the language on screen."""
        self.steps.setAccessibleName(tr("Steps of packing"))
        self.carrier_field.name_anew(tr("Carrier"))
        self.tracking_field.name_anew(tr("Tracking number"))
        self.tracking.setPlaceholderText(tr("Scan the label, or type it"))
        self._shown = ()

    def draw(self, state: State) -> None:
        """Show what is done and what comes next."""
        self._state = state
        order = state.order
        self._inside.setVisible(order is not None)
        self._foot.setVisible(order is not None)
        if order is None:
            return
        self.title.show_words(tr("Pack {number}", number=order.number))
        goes_with = order.carrier or state.takes
        self.about.show_words(" · ".join(filter(None, (state.buyer, state.place, goes_with))))
        self._show_badge(state.channel)
        self.steps.show_steps(_steps(state))
        is_packed = state.can_ship
        self.carrier_field.setVisible(is_packed)
        self.tracking_field.setVisible(is_packed)
        key = (order.id, state.tracking_no, state.carrier, is_packed)
        if key != self._shown:
            if state.tracking_no or self._shown[:1] != (order.id,):
                self.tracking.set_answer(state.tracking_no)
            if state.takes and self._shown[:1] != (order.id,):
                self.carrier.set_answer(state.takes)
            if not self.carrier.text():
                self.carrier.set_answer(state.carrier)
            self._shown = key
        self._show_card(state)
        self._show_button(state)

    def _show_badge(self, channel: str) -> None:
        if self._badge is not None and self._badge.accessibleName() == channel:
            return
        if self._badge is not None:
            self._badge.hide()
            self._badge.deleteLater()
        self._badge = Badge(channel)
        self.badge.addWidget(self._badge)

    def _show_card(self, state: State) -> None:
        if self._note is not None:
            self.card.removeWidget(self._note)
            self._note.hide()
            self._note.deleteLater()
            self._note = None
        if state.label_said is not None:
            mark, word = ("met", tr("Printed"))
            self._note = NoteCard("printer", tr("Label"), mark, word, trn(state.label_said))
            self.card.addWidget(self._note)
        elif state.requested:
            sentence = tr("Shipping is asked for. The goods leave when the hub has answered.")
            self._note = NoteCard("truck", tr("Requested"), "saved", tr("Saved here"), sentence)
            self.card.addWidget(self._note)

    def wants_label(self, state: State) -> bool:
        """Whether the label comes next: none was printed, and no carrier's own label was scanned instead."""
        is_scanned = self.tracking.text().strip() not in ("", state.given_no)
        return state.can_ship and not state.is_labelled and not is_scanned

    def next_words(self, state: State) -> str:
        """What the large key does next."""
        if self.wants_label(state):
            return tr("Print label")
        return tr("Ship") if state.can_ship else tr("Pack")

    def _typed(self) -> None:
        if self._state.can_ship:
            self._show_button(self._state)

    def _show_button(self, state: State) -> None:
        missing = sum(row.qty - row.picked for row in state.picks)
        words, reason = tr("Pack"), ""
        if state.requested:
            words, reason = tr("Ship"), tr("requested")
        elif state.can_ship:
            words = self.next_words(state)
            if not self.wants_label(state) and not self.tracking.text().strip():
                reason = tr("scan the label")
        elif not state.can_pack:
            reason = tr("{count} to go", count=missing)
        self.button.setText(tr("{verb}, {reason}", verb=words, reason=reason) if reason else words)
        self.button.setAccessibleName(words)
        self.button.set_off(reason)
        self.button.set_kind("floor_primary" if not reason else "floor")


def _steps(state: State) -> list[CheckStep]:
    done, wanted = sum(row.picked for row in state.picks), sum(row.qty for row in state.picks)
    is_packed = state.can_ship or state.requested
    steps = [
        CheckStep(
            "met" if done >= wanted else "not_yet",
            tr("Scan in {count} pieces", count=wanted),
            tr("{done} of {wanted}", done=done, wanted=wanted),
        )
    ]
    note = state.order.receiver.note if state.order else ""
    if note:
        steps.append(CheckStep("waits", tr("The buyer wrote"), note))
    steps.append(
        CheckStep(
            "met" if is_packed else "not_yet",
            tr("Close the parcel"),
            "" if is_packed else tr("P, once all is in"),
        )
    )
    shipped = "saved" if state.requested else "not_yet"
    steps.append(
        CheckStep(
            shipped,
            tr("Label and ship"),
            tr("requested") if state.requested else tr("P prints ours; scan the carrier's, then P ships"),
        )
    )
    return steps
