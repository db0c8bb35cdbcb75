"""The review board: asked at the left, shipping at the right, two names under the same content."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from app.ports import Changes, OrderRow
from app.presenters.review import Review, Sheet, State
from app.text import N_
from widgets import theme
from widgets.action_bar import Action, ActionBar
from widgets.aio import Tasks
from widgets.beside_pane import BesidePane
from widgets.controls import Pane, Tag
from widgets.empty import EmptyState
from widgets.evidence import Evidence, EvidenceSection, Figures, MarkedLine, Paragraph
from widgets.fields import TextField
from widgets.keys import Key
from widgets.panes import Panes
from widgets.prose import META, NOTE, STRONG, Prose, Span
from widgets.review_sheet import ReviewSheet
from widgets.rows import Form, Row, RowList
from widgets.screen_page import Go, ScreenPage
from widgets.words import count, money, tr, trn

_UP_DOWN: Final = N_("Up and down")
_ORDINALS: Final = (N_("First review"), N_("Second review"), N_("Third review"))
_DELIVERED: Final = {"saved": N_("Saved here"), "accepted": N_("Accepted"), "protected": N_("Protected")}


class ReviewPage(ScreenPage[State]):
    """List, sheet in two columns, checks; a name is given with one key once the blind values are right."""

    code = "review"
    help_topic = "review"

    def __init__(self, presenter: Review, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self._state = presenter.state
        self._typed: dict[str, str] = {}
        px = theme.current().px
        self.fact = Tag("")
        self.list = RowList("", Form.PAIR)
        self.list.setObjectName("review/list")
        self.list.picked.connect(self._pick)
        self.heading, self.order_by = Prose(style=STRONG), Prose(style=META)
        rows = Pane("base")
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, px("space.3"), 0, 0)
        column.setSpacing(px("space.half"))
        for part in (self.heading, self.order_by):
            inset = QHBoxLayout()
            inset.setContentsMargins(px("space.3"), 0, px("space.3"), px("space.half"))
            inset.addWidget(part)
            column.addLayout(inset)
        column.addSpacing(px("space.2"))
        column.addWidget(self.list, 1)
        self.sheet = ReviewSheet()
        self.sheet.keyed.connect(self._keyed)
        self.empty = EmptyState("review")
        self.reason = _Reason()
        self.reason.entry.returnPressed.connect(self.submit)
        self.beside = BesidePane(self.code)
        self.beside.chosen.connect(self._look_as)
        self.beside.signed.connect(self._signed_beside)
        self._wanted = ""
        self.bar = ActionBar(self.code)
        detail = Pane("base")
        self.foot = QVBoxLayout(detail)
        self.foot.setContentsMargins(0, 0, 0, 0)
        self.foot.setSpacing(0)
        for large in (self.sheet, self.empty):
            self.foot.addWidget(large, 1)
        for small in (self.reason, self.beside, self.notice, self.bar):
            self.foot.addWidget(small)
        self.evidence = Evidence("")
        self.evidence.setObjectName("review/evidence")
        self.panes = Panes(
            rows, detail, self.evidence, under_title=self.sheet.under, rows_px=px("list.min.w")
        )
        fill = QVBoxLayout(self)
        fill.setContentsMargins(0, 0, 0, 0)
        fill.addWidget(self.panes)
        self.list.opened.connect(lambda _id: self._enter())
        self.begin()

    # what the shell asks

    @override
    def title(self) -> str:
        return tr("Review")

    @override
    def header(self) -> QWidget:
        return self.fact

    @override
    def keys(self) -> Sequence[Key]:
        return (
            Key("Tab", tr("Blind fields"), self._enter, when=self.list.hasFocus),
            Key("J", tr(_UP_DOWN), lambda: self.list.step(1), repeats=True),
            Key("K", tr(_UP_DOWN), lambda: self.list.step(-1), repeats=True),
            *self.bar.keys(),
            Key("Esc", tr("Close"), self._close, quiet=True, when=self._is_open),
        )

    @override
    def focus_first(self) -> None:
        self.list.setFocus()

    def _enter(self) -> None:
        """Into the order: in a narrow window it takes its turn with the list; Esc goes back."""
        self.panes.show_detail()
        self.sheet.focus_open()

    @override
    def alt_needed(self, needed: bool) -> None:
        self.bar.set_alt(needed)

    def _is_open(self) -> bool:
        return self.reason.isVisible() or self.beside.isVisible()

    def _close(self) -> None:
        if self.reason.isVisible():
            self._close_reason()
        else:
            self._leave_beside()

    @override
    def submit(self) -> None:
        if not self.reason.isVisible():
            return
        if self._state.guest:
            self._ask_beside("send_back")
        else:
            self.once("send_back", self._send_back)

    # what happens here

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.list.setAccessibleName(tr("Orders to review"))
        self.evidence.setAccessibleName(tr("Checks"))
        self.reason.say()
        self.beside.say()
        self.sheet.say()

    @override
    def draw(self, state: State) -> None:
        self._state = state
        sheet = state.sheet
        had_blind = self.sheet.has_blind_focus()
        self.fact.show_text(tr("Two-person review, {count} left", count=len(state.rows)))
        self.heading.show_words(tr("{count} orders tonight", count=len(state.rows)))
        done = state.signed_now + state.sent_back_now
        self.beside.show_people(state.beside, state.guest)
        if state.guest:
            self.order_by.show_words(tr("{who} looks now.", who=dict(state.beside)[state.guest]))
        else:
            self.order_by.show_words(tr("Oldest first. You did {done}.", done=done))
        self.list.show_rows([_row(row) for row in state.rows])
        if sheet is not None and self.list.current_key() != sheet.row.id:
            self.list.pick(sheet.row.id)
        self.sheet.setVisible(sheet is not None)
        self.empty.setVisible(sheet is None)
        if not state.is_loaded:
            self.empty.show_words("clock", tr("Reading the orders"))
        elif sheet is None:
            self.empty.show_words(
                "review",
                tr("No order waits for you"),
                tr("Large orders come here at night. Ctrl+1 opens Today."),
            )
        if sheet is not None:
            is_new = self.sheet.draw(sheet, self._typed, state.now)
            if is_new:
                self._close_reason(keep_focus=had_blind)
                if had_blind:
                    self.sheet.focus_open()
        self.bar.show_actions(self._actions(state))
        self.evidence.show_sections(_sections(state))

    def _second(self, state: State) -> Action:
        label = tr("Back to me") if self.beside.isVisible() else tr("Second person here")
        why = "" if state.beside else tr("Nobody else here may sign")
        turn = self._leave_beside if self.beside.isVisible() else self._open_beside
        return Action("beside", label, "B", "quiet", turn, why)

    def _actions(self, state: State) -> list[Action]:
        sheet = state.sheet
        if sheet is None:
            return [self._second(state)]
        off = ""
        if not state.may_sign:
            off = tr("Reviewers and leads sign")
        elif sheet.why_not is not None:
            off = trn(sheet.why_not)
        elif sheet.open_blinds:
            off = _to_go(sheet.open_blinds)
        back = "" if state.may_sign and sheet.why_not is None else off
        return [
            Action("pass", tr("Pass"), "1", "primary", self._pass, off, tr("Pass")),
            Action("send_back", tr("Send back with reason"), "2", "plain", self._open_reason, back),
            Action("later", tr("Later"), "H", "quiet", lambda: self.list.step(1)),
            self._second(state),
            Action("open", tr("Open order"), "O", "quiet", self._open_order),
        ]

    def _pick(self, id: str) -> None:
        if id and not self.is_drawing and (self._state.sheet is None or self._state.sheet.row.id != id):
            self._typed.clear()
            self.latest("choose", lambda: self.presenter.choose(self.list.current_key()))

    def _keyed(self, code: str, value: str) -> None:
        self._typed[code] = value
        self.latest("key", self._key)

    async def _key(self) -> None:
        while self._typed:
            code, value = next(iter(self._typed.items()))
            await self.presenter.key(code, value)
            if self._typed.get(code) == value:
                del self._typed[code]

    def _open_beside(self) -> None:
        self._close_reason()
        self.beside.open()
        self._tell_beside()

    def _leave_beside(self) -> None:
        self.beside.close_pane()
        self._look_as("")
        self.focus_first()
        self._tell_beside()

    def _tell_beside(self) -> None:
        self.bar.show_actions(self._actions(self._state))
        self.keys_changed.emit()

    def _look_as(self, guest: str) -> None:
        self._typed.clear()
        self._close_reason()
        self.once("look_as", lambda: self.presenter.look_as(guest))

    def _ask_beside(self, wanted: str) -> None:
        self._wanted = wanted
        self.beside.ask()

    def _signed_beside(self) -> None:
        wanted, self._wanted = self._wanted or "pass", ""
        self.once(wanted, self._send_back if wanted == "send_back" else self._sign)

    def _pass(self) -> None:
        if self._state.guest:
            self._ask_beside("pass")
        else:
            self.once("pass", self._sign)

    async def _sign(self) -> None:
        await self._key()
        await self.presenter.pass_(self.beside.take())

    def _open_reason(self) -> None:
        self.reason.show()
        self.reason.entry.setFocus()
        self.keys_changed.emit()

    def _close_reason(self, *, keep_focus: bool = False) -> None:
        if self.reason.isVisible():
            self.reason.hide()
            self.reason.entry.clear()
            if not keep_focus:
                self.focus_first()
            self.keys_changed.emit()

    async def _send_back(self) -> None:
        if await self.presenter.send_back(self.reason.entry.text(), self.beside.take()):
            self._close_reason()

    def _open_order(self) -> None:
        if self._state.sheet is not None:
            self.go("order", id=self._state.sheet.row.id)


def _to_go(open_: int) -> str:
    return tr("1 blind value to go") if open_ == 1 else tr("{count} blind values to go", count=open_)


def _row(row: OrderRow) -> Row:
    needed = max(row.signatures_needed, row.signed + 1)
    signed = tr("{signed}/{needed} reviewed", signed=row.signed, needed=needed)
    return Row(
        row.id,
        mark="waits" if row.signed else "not_yet",
        number=row.number,
        source=f"{row.channel} {row.buyer}".strip(),
        sentence=signed,
        amount=money(row.payable_minor, row.currency),
        waiting=row.pending,
    )


class _Reason(Pane):
    """The inline field in which one says why an order goes back."""

    def __init__(self) -> None:
        super().__init__("alt", "top")
        px = theme.current().px
        self.entry = TextField()
        self.entry.setObjectName("review/reason")
        self.note = Prose(style=NOTE, wraps=False)
        row = QHBoxLayout(self)
        row.setContentsMargins(px("space.4"), px("space.2"), px("space.4"), px("space.2"))
        row.setSpacing(px("space.3"))
        row.addWidget(self.entry, 1)
        row.addWidget(self.note)
        self.hide()

    def say(self) -> None:
        """Take the words in the language on screen."""
        self.entry.setPlaceholderText(tr("What is wrong, one sentence"))
        self.entry.setAccessibleName(tr("Why it goes back"))
        enter, esc = Span("Enter", bold=True), Span("Esc", bold=True)
        self.note.show_words((enter, " ", tr("sends it back"), " · ", esc, " ", tr("closes")))


def _sections(state: State) -> tuple[EvidenceSection, ...]:
    sheet = state.sheet
    lines = tuple(
        MarkedLine("met" if one.is_found else "stops", one.number, trn(one.text)) for one in state.told
    )
    tests = (EvidenceSection(tr("Just now: a test"), lines, ruled=True),) if lines else ()
    done = Figures(
        ((count(state.signed_now), tr("passed")), (count(state.sent_back_now), tr("sent back"))),
    )
    pause = (MarkedLine("waits", trn(state.advice)),) if state.advice is not None else ()
    mine = () if state.guest else (EvidenceSection(tr("You, since signing in"), (done, *pause)),)
    if sheet is None:
        return (*tests, *mine)
    look = sum(1 for mark, _, _ in sheet.checks if mark != "met")
    heading = (
        tr("Automatic checks, {count} to look at", count=look) if look else tr("Automatic checks, all met")
    )
    checks = tuple(MarkedLine(mark, tr(title), trn(text)) for mark, title, text in sheet.checks)
    rules = (
        Paragraph(tr("Whoever changed it last and those who look are different people.")),
        Paragraph(tr("Nobody hears what the other said; where two differ, a third decides.")),
        Paragraph(tr("When the content changes, the seal changes and all look again.")),
    )
    return (
        *tests,
        EvidenceSection(heading, checks, ruled=True),
        EvidenceSection(tr("Verdicts"), tuple(_slots(state, sheet))),
        EvidenceSection(tr("Two-person rule"), rules),
        *mine,
    )


def _slots(state: State, sheet: Sheet) -> list[MarkedLine]:
    lines = []
    for n in range(sheet.slots):
        name = tr("Verdict {n}", n=n + 1)
        if n < sheet.slot - 1:
            lines.append(MarkedLine("met", tr("given, hidden from you"), name=name))
        elif n == sheet.slot - 1 and sheet.why_not is None and state.may_sign:
            lines.append(MarkedLine("now", tr("yours, with 1 or 2"), name=name))
        else:
            lines.append(MarkedLine("not_yet", tr("somebody else"), name=name))
    return lines
