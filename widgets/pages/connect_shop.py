"""Connect a shop: channel, what it needs, keys, a test call, from when on, and the first orders."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes
from app.presenters.connect_shop import GUIDE, STEPS, ConnectShop, State
from app.text import N_
from widgets.action_bar import PLAIN, PRIMARY, Action
from widgets.aio import Tasks
from widgets.connect_steps import (
    ChannelBody,
    KeysBody,
    NeedsBody,
    OrdersBody,
    SinceBody,
    StepBody,
    TestBody,
)
from widgets.keys import Key, types_text
from widgets.prose import NOTE, Prose
from widgets.screen_page import Go, ScreenPage
from widgets.step_rail import Place, RailStep
from widgets.wizard import Wizard
from widgets.words import named, tr, trn

WATCH_MS: Final = 3_000
_AHEAD: Final = {
    "channel": N_("Next: what it needs"),
    "needs": N_("Next: keys"),
    "keys": N_("Try the keys"),
    "test": N_("Next: from when"),
    "since": N_("Connect the shop"),
}


class ConnectShopPage(ScreenPage[State]):
    """Six steps; what is typed leaves this page only to the hub."""

    code = "connect_shop"
    help_topic = "channels"

    def __init__(self, presenter: ConnectShop, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self.fact = Prose("", NOTE, wraps=False)
        self.frame = Wizard(self.code)
        self.frame.step_asked.connect(presenter.go)
        self.channel, self.needs, self.keys_body = ChannelBody(), NeedsBody(), KeysBody()
        self.test, self.since, self.orders = TestBody(), SinceBody(), OrdersBody()
        self.bodies: dict[str, StepBody] = {
            "channel": self.channel,
            "needs": self.needs,
            "keys": self.keys_body,
            "test": self.test,
            "since": self.since,
            "orders": self.orders,
        }
        for code, body in self.bodies.items():
            self.frame.add_body(code, body)
        self.channel.picked.connect(self._pick)
        self.keys_body.typed.connect(presenter.type)
        self.since.chosen.connect(lambda days: presenter.since(int(days)))
        self.frame.end_with(self.notice)
        self._watch = QTimer(self)
        self._watch.setInterval(WATCH_MS)
        self._watch.timeout.connect(lambda: self.once("watch", presenter.watch))
        fill = QHBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(self.frame)
        self.begin()

    @override
    def title(self) -> str:
        return tr("Connect a shop")

    @override
    def header(self) -> QWidget:
        return self.fact

    @override
    def keys(self) -> Sequence[Key]:
        up_and_down = (
            Key("J", tr("Up and down"), lambda: self.channel.table.step(1), repeats=True),
            Key("K", tr("Up and down"), lambda: self.channel.table.step(-1), repeats=True),
        )
        is_kept = self._state.at == "orders"
        leave = tr("Leave") if is_kept else tr("Leave, nothing is kept")
        return (
            *(up_and_down if self._state.at == "channel" else ()),
            *self.frame.bar.keys(),
            Key("Esc", leave, self.leaving.emit, when=_types_nothing),
        )

    @override
    def opened(self, args: object) -> None:
        super().opened(args)
        shop = str(args.get("shop", "")) if isinstance(args, dict) else ""
        if shop:
            self.once("open", lambda: self.presenter.open(shop))

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._watch.stop()
        if not event.spontaneous():
            self.keys_body.say()
            self.presenter.leave()

    @override
    def focus_first(self) -> None:
        if self._state.at == "channel":
            self.channel.table.setFocus()
        elif self._state.at == "keys" and self.keys_body.fields:
            next(iter(self.keys_body.fields.values())).control.setFocus()
        elif self._state.at == "since":
            self.since.days.setFocus()
        else:
            self.setFocus()

    @override
    def alt_needed(self, needed: bool) -> None:
        self.frame.bar.set_alt(needed)

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.frame.rail.setAccessibleName(tr("Steps"))
        for body in self.bodies.values():
            body.say()

    @override
    def draw(self, state: State) -> None:
        self._state = state
        self.bodies[state.at].draw(state)
        is_other = self.frame.show_body(state.at)
        here = STEPS.index(state.at)
        at = tr("Step {at} of {all}", at=here + 1, all=len(STEPS))
        foot = tr("Keys are kept sealed in the hub. Nobody sees them again, not here either.")
        self.frame.show_steps(tr("Connect a shop"), at, self._rail(state, here), foot)
        self.frame.show_question(tr(state.step.question), tr(state.step.reason))
        self.fact.show_words(named(state.title))
        self.frame.show_actions(self._actions(state))
        if self.isVisible():
            if is_other:
                self.focus_first()
            self._watch.start() if state.is_waiting else self._watch.stop()

    def _rail(self, state: State, here: int) -> list[RailStep]:
        title = named(state.platform.title) if state.platform is not None else ""
        return [
            RailStep(step.code, tr(step.name), title if not at and here else "", _place(at, here))
            for at, step in enumerate(GUIDE)
        ]

    def _actions(self, state: State) -> list[Action]:
        stop = state.stop()
        reason = trn(stop) if stop is not None else ""
        back = Action("back", tr("Step back"), "Alt+Left", PLAIN, self.presenter.back)
        if state.at == "orders":
            return [
                Action("done", tr("See channels"), "Ctrl+Enter", PRIMARY, self._done),
                Action("orders", tr("See the orders"), "O", PLAIN, lambda: self.go("orders")),
            ]
        shown = [Action("next", tr(_AHEAD[state.at]), "Ctrl+Enter", PRIMARY, self._next, reason)]
        if state.at != "channel":
            shown.append(back)
        if state.at == "test":
            off = trn(state.off) if state.off is not None else ""
            shown.append(Action("again", tr("Try again"), "R", PLAIN, self._again, off))
        return shown

    def _next(self) -> None:
        self.once("next", self.presenter.next)

    def _again(self) -> None:
        self.once("next", self.presenter.try_out)

    def _done(self) -> None:
        self.go("settings", section="settings_channels")

    def _pick(self, key: str) -> None:
        if key and not self.is_drawing:
            self.presenter.choose(key)


def _place(at: int, here: int) -> Place:
    return "done" if at < here else "now" if at == here else "ahead"


def _types_nothing() -> bool:
    """Esc leads out of a field first."""
    return not types_text(QApplication.focusWidget())
