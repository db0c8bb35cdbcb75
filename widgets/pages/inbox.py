"""The exception inbox: what waits at the left, one card with its repair in the middle, why at the right."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from app.domain.duty import REASON_MOST
from app.duty_acts import is_duty
from app.inbox_state import State
from app.ports import Changes
from app.presenters.inbox import TITLES, Inbox
from app.snag_card import Card
from app.text import N_
from widgets.action_bar import QUIET, Action, ActionBar
from widgets.aio import Tasks
from widgets.controls import Pane, Tag, scroll, settle
from widgets.evidence import Evidence
from widgets.inbox_list import InboxList
from widgets.keys import Key
from widgets.panes import Panes
from widgets.phrases import actions
from widgets.reason_bar import ReasonBar
from widgets.rehearsal import Rehearsal
from widgets.screen_page import Go, ScreenPage, Verb
from widgets.snag_card import SnagCard
from widgets.snag_evidence import evidence_of
from widgets.words import count, tr

FLIGHT_S: Final = 0.12
"""Cards that follow each other faster are not read."""
_UP_DOWN: Final = N_("Up and down")
_NEXT_SPLIT: Final = N_("Next split")
_FIRST_REPAIR: Final = N_("First repair")
_CHOOSE: Final = N_("Select a range")


class InboxPage(ScreenPage[State]):
    """List, card, evidence; keys repair, `Z` takes back."""

    code = "inbox"
    help_topic = "inbox"

    def __init__(self, presenter: Inbox, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._chosen_s = 0.0
        self._wanted = ""  # the card a hand asked for and that is on its way
        self._under_way = ""  # the card something is done to
        self.fact = Tag("")
        self.list = InboxList()
        self.splits, self.filter, self.rows = self.list.splits, self.list.filter, self.list.rows
        self.no_rows = self.list.no_rows
        self.splits.chosen.connect(self._turn)
        self.filter.textChanged.connect(self._narrow)
        self.filter.done.connect(self.focus_first)
        self.rows.picked.connect(self._pick)
        self.rows.opened.connect(self._open)
        self.list.edge.connect(self._further)
        self.list.jumped.connect(self._jump)
        self.card = SnagCard()
        self.evidence = Evidence("")
        self.evidence.setObjectName("inbox/evidence")
        self.ahead = Rehearsal(self.card, self.evidence)
        self.rows.chosen.connect(lambda _keys: self._say_fact())
        self.bar = ActionBar(self.code)
        self.reason = ReasonBar("inbox/escalate", REASON_MOST)
        self.reason.said.connect(lambda words: self._duty("escalate", reason=words))
        self.reason.left.connect(self._stop_asking)
        detail = Pane("base")
        self.foot = QVBoxLayout(detail)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        self.view = scroll(self.card)
        self.foot.addWidget(self.view, 1)
        self.foot.addWidget(self.notice)
        self.foot.addWidget(self.bar)
        self.foot.addWidget(self.reason)
        self.panes = Panes(self.list, detail, self.evidence, under_title=self.card.under_title)
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(self.panes)
        self.begin()

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Inbox")

    @override
    def header(self) -> QWidget:
        return self.fact

    @override
    def keys(self) -> Sequence[Key]:
        return (
            Key("J", tr(_UP_DOWN), lambda: self.rows.step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self.rows.step(-1), repeats=True),
            *self.bar.keys(),
            Key("Shift+X", tr(_CHOOSE), self.rows.toggle_range, quiet=True),
            Key("Tab", tr(_NEXT_SPLIT), self.splits.step, when=self._is_in_list),
            Key("Ctrl+Tab", tr(_NEXT_SPLIT), self.splits.step, quiet=True),
        )

    @override
    def focus_first(self) -> None:
        if self._state.asking == "escalate":  # the hand left the line without a word
            self.presenter.stop_asking()
        self._focus_rows()

    def _is_in_list(self) -> bool:
        return self.rows.hasFocus() or self.hasFocus()

    def _focus_rows(self) -> None:
        (self if self.rows.isHidden() else self.rows).setFocus()

    @override
    def has_filter(self) -> bool:
        return True

    @override
    def focus_filter(self) -> None:
        self.filter.take_focus()

    @override
    def back(self) -> bool:
        if self._state.asking:
            self._stop_asking()
            return True
        if self.rows.chosen_keys():
            self.rows.choose_none()
            return True
        if self.filter.text():
            self.filter.clear()
            return True
        return super().back()

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)

    @override
    def opened(self, args: object) -> None:
        asked = args if isinstance(args, Mapping) else {}
        self.latest("look", lambda: self._arrive(str(asked.get("key", "")), str(asked.get("split", ""))))

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)
        self._look_ahead()

    def _look_ahead(self) -> None:
        self.latest("ahead", self._prepare)

    async def _prepare(self) -> None:
        await self.presenter.prepare(self._rehearse)

    def _rehearse(self, card: Card) -> None:
        if self.isVisible():
            self.ahead.announce(self._state, card)

    async def _arrive(self, key: str, split: str) -> None:
        if (key and self._state.split != "group") or (split and split != self._state.split):
            await self.presenter.turn(split or "group")
        await self.presenter.refresh()
        if key:
            self._wanted = ""
            await self.presenter.choose(key)
        self._look_ahead()

    @override
    def say(self) -> None:
        self.list.say()
        self.presenter.called({code: tr(title) for code, title in TITLES.items()})
        self.evidence.setAccessibleName(tr("Why one may believe it"))
        self.reason.say(tr("Why it goes to the lead"), tr("Send to lead"), tr("Back"))
        self.card.say()

    @override
    def draw(self, state: State) -> None:
        was, self._state = self._state, state
        self.ahead.wait()
        self._say_fact()
        self.bar.setEnabled(state.progress is None)
        if state.progress is not None:
            return
        self.list.draw(state)
        if was.progress is not None:
            self.rows.choose(dict(state.reasons))
            self._say_fact()
        self._follow(state)
        self._keep_focus(state)
        self.card.draw(state, state.card)
        self.evidence.show_sections(evidence_of(state.card, state.now) if state.card is not None else ())
        self.evidence.setVisible(state.card is not None or self.panes.is_wide)
        self._show_actions(state.card)
        settle(self.view)
        self.offer(state.undo, self._undo)

    def _say_fact(self) -> None:
        """How far one key for many is, how many are chosen, or how the day stands."""
        state, chosen = self._state, len(self.rows.chosen_keys())
        if state.progress is not None:
            done, all_ = state.progress
            self.fact.show_text(tr("{done} of {all} done", done=count(done), all=count(all_)))
        elif chosen:
            self.fact.show_text(tr("{count} chosen", count=count(chosen)))
        else:
            fixed, open_ = count(state.repaired_today), count(state.waiting)
            self.fact.show_text(tr("Fixed today {fixed}, open {open}", fixed=fixed, open=open_))

    def _follow(self, state: State) -> None:
        """Stand on the row of the card, unless the hand is ahead of it."""
        keys = {row.key for row in state.rows}
        here = state.card.row.key if state.card is not None else ""
        if self._wanted == here or self._wanted not in keys:
            self._wanted = ""
        self.list.follow(self._wanted)

    def _keep_focus(self, state: State) -> None:
        """A list that goes away would hand the focus on to whatever comes next; the page keeps it for it."""
        if self.rows.hasFocus() and not state.rows:
            self.setFocus()
        self.list.say_empty()
        if self.hasFocus() and self.rows.isVisible():
            self.rows.setFocus()

    def _show_actions(self, card: Card | None) -> None:
        if card is not None and self._state.asking == "escalate":
            self.bar.hide()
            self.reason.ask()
            return
        self.reason.hide()
        if card is None:
            self.bar.hide()
            return
        if self._state.asking == "snooze":
            self.bar.show_actions(self._laters())
            self.bar.show()
            return
        shown = [each for each in actions(card.acts, self._act, tr(_FIRST_REPAIR)) if each.code != "guide"]
        if card.form:
            label = next((act.label for act in card.acts if act.code == "guide"), "")
            shown.append(Action("guide", tr(label), "Enter", "plain", self._enter))
        if card.order or card.row.snag.subject == "order":
            key = "O" if card.form else "Enter"
            shown.append(Action("order", tr("Open order"), key, QUIET, self._open_order))
        shown.append(Action("choose", tr("Select"), "X", QUIET, self.rows.toggle))
        self.bar.show_actions(shown)
        self.bar.show()

    def _pick(self, key: str) -> None:
        here = self._state.card.row.key if self._state.card is not None else ""
        if key and key != here:
            self._wanted = key
            self.latest("choose", lambda: self._choose(key))

    async def _choose(self, key: str) -> None:
        """Show it; a hand under which the cards only fly past needs none beforehand."""
        await self.presenter.choose(key)
        was_s, self._chosen_s = self._chosen_s, time.monotonic()
        if self._chosen_s - was_s > FLIGHT_S:
            self._look_ahead()

    def _act(self, code: str) -> None:
        """Repair the exception under the keys, never one that is only still on screen; or all chosen."""
        card, chosen = self._state.card, self.rows.chosen_keys()
        if card is None or self._wanted:
            return
        screen = next((act.screen for act in card.acts if act.code == code), "")
        if screen:
            self.go(screen, case=card.row.snag.id)
        elif chosen and code != "guide":
            self._once("", lambda: self.presenter.for_all(chosen, code))
        elif is_duty(code):
            self._duty(code)
        else:
            self._once(card.row.key, lambda: self.presenter.repair(card.row.key, code))

    def _once(self, key: str, verb: Verb) -> None:
        """Do it to this card once; a key for the next card waits until what is under way has ended."""

        async def then_ahead() -> None:
            self._under_way = key
            await verb()
            self._look_ahead()

        if self.once("repair", then_ahead):
            self._under_way = key
        elif key and key != self._under_way:
            self.latest("repair", then_ahead)

    def _duty(self, code: str, *, later: str = "", reason: str = "") -> None:
        """Take it, put it off, send it to the lead: the one under the keys, or all that are chosen."""
        card, chosen = self._state.card, self.rows.chosen_keys()
        if card is None or self._wanted:
            return
        if not self.reason.isHidden():
            self._focus_rows()
        if chosen:
            self._once("", lambda: self.presenter.for_all(chosen, code, later=later, reason=reason))
        else:
            key = card.row.key
            self._once(key, lambda: self.presenter.duty(key, code, later=later, reason=reason))

    def _laters(self) -> list[Action]:
        """Until when: the answers stand where the repairs stood."""
        answers = [
            Action(
                f"later-{each.code}",
                tr(each.label),
                str(at),
                "plain",
                lambda code=each.code: self._duty("snooze", later=code),  # type: ignore[misc]
            )
            for at, each in enumerate(self._state.laters, 1)
        ]
        return [*answers, Action("back", tr("Back"), "Esc", QUIET, self._stop_asking)]

    def _stop_asking(self) -> None:
        self.presenter.stop_asking()
        self._focus_rows()

    def _open(self, _key: str) -> None:
        self._enter()

    def _enter(self) -> None:
        """Enter: the card where it is hidden, else the guide, else the order itself."""
        card = self._state.card
        if self.panes.is_narrow and self.rows.isVisible():
            self.panes.show_detail()
            self.setFocus()
        elif card is not None and card.form and card.shelf:
            self.go("guide", form=card.form, stock=card.shelf)
        elif card is not None and card.form:
            case = {"case": card.row.snag.id} if card.order else {}
            self.go("guide", form=card.form, order=card.order or card.row.snag.id, **case)
        else:
            self._open_order()

    def _open_order(self) -> None:
        card = self._state.card
        if card is not None and card.order:
            self.go("order", id=card.order)
        elif card is not None and card.row.snag.subject == "order":
            ids = dict.fromkeys(row.snag.id for row in self._state.rows if row.snag.subject == "order")
            self.go("order", id=card.row.snag.id, among="\n".join(ids))

    async def _undo(self) -> None:
        await self.presenter.undo()
        self.list.let_in()
        self._look_ahead()

    def _narrow(self) -> None:
        self.latest("filter", self._filter)

    async def _filter(self) -> None:
        await self.presenter.filter(self.filter.text())
        self.list.let_in()

    def _further(self, way: int) -> None:
        self.once("further", lambda: self._load(way))

    async def _load(self, way: int) -> None:
        await self.presenter.further(way, keeps=bool(self.rows.chosen_keys()))
        self.list.let_in()

    def _jump(self, way: int) -> None:
        if self._state.has_more or self._state.start:
            self.latest("jump", lambda: self._go_to(way))

    async def _go_to(self, way: int) -> None:
        self._wanted = ""
        await self.presenter.jump(way)
        self.list.let_in()
        self._look_ahead()

    def _turn(self, split: str) -> None:
        self.latest("turn", lambda: self._show_split(split))

    async def _show_split(self, split: str) -> None:
        await self.presenter.turn(split)
        self.list.let_in()
