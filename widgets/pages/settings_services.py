"""Services: systems the hub does something at; how each does above its form, the keys in the bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from typing_extensions import override

from app.domain.effect import KINDS
from app.domain.outbound import OutService
from app.editor import State
from app.presenters.settings_services import SettingsServices, owned, wrong
from app.text import N_
from widgets.aio import Tasks
from widgets.controls import Button, MarkLabel
from widgets.editor import EditorPage
from widgets.facts import Fact, Facts
from widgets.keys import Key
from widgets.prose import NOTE, Prose
from widgets.screen_page import Go
from widgets.section import heading
from widgets.words import count, named, tr, trn

_TRY_KEY: Final = "T"
_TURN_KEY: Final = "P"
_END_KEY: Final = "X"
_TRY: Final = N_("Test call")
_REST: Final = N_("Let rest")
_GO_ON: Final = N_("Go on")
_END: Final = N_("Disconnect")
_CONNECT: Final = N_("Connect")
_KEEP: Final = N_("Keep")


class SettingsServicesPage(EditorPage):
    """Rows of systems; of the one in front how it does, what it needs, and its keys."""

    code = "settings_services"
    help_topic = "services"
    name = N_("Services and systems")
    title_title = N_("System")
    new_title = N_("Another one like it")
    code_quarters = state_quarters = 6
    empty_words = N_("No system is known here")

    def __init__(self, presenter: SettingsServices, tasks: Tasks, go: Go) -> None:
        self.services = presenter
        self.wrong, self.about = MarkLabel("", "", size="body", role="text"), Prose(style=NOTE)
        self.does_heading, self.health = heading(), Facts("", ruled=True)
        self.try_out, self.turn, self.end = Button("", _TRY_KEY), Button("", _TURN_KEY), Button("", _END_KEY)
        super().__init__(presenter, tasks, go)

    @override
    def lay_out_more(self) -> None:
        self.column.setStretch(self.column.count() - 1, 0)
        self._health = self.add_part(self.wrong, self.health, self.about, heading=self.does_heading)
        self.column.addStretch(1)
        for at, (name, button, work) in enumerate(
            (("try", self.try_out, self._try), ("turn", self.turn, self._turn), ("end", self.end, self._end))
        ):
            button.setObjectName(f"{self.code}/{name}")
            button.clicked.connect(work)
            self.keys_row.insertWidget(2 + at, button)

    @override
    def keys(self) -> Sequence[Key]:
        if not self._state.inputs or not self._state.may:
            return super().keys()
        return (
            *super().keys(),
            Key(_TRY_KEY, tr(_TRY), self._try),
            Key(_TURN_KEY, self._turn_word(), self._turn),
            Key(_END_KEY, tr(_END), self._end),
        )

    @override
    def alt_needed(self, needed: bool) -> None:
        super().alt_needed(needed)
        for button in (self.try_out, self.turn, self.end):
            button.set_alt(needed)

    @override
    def say(self) -> None:
        super().say()
        self.does_heading.show_words(tr("How it does"))
        self.health.setAccessibleName(tr("How it does"))
        for button, words in ((self.try_out, _TRY), (self.end, _END)):
            button.setText(tr(words))
            button.setAccessibleName(tr(words))
            button.updateGeometry()

    @override
    def draw(self, state: State) -> None:
        super().draw(state)
        one = self.services.service
        is_there = one is not None and one.state != "none"
        said = " ".join(trn(text) for text in wrong(one)) if one is not None else ""
        self.wrong.show_mark("stops" if one and any(each.failed for each in one.sent) else "waits", said)
        self.wrong.setVisible(bool(said))
        self.health.show_facts(self._facts(one) if one is not None else [])
        self.health.setVisible(one is not None)
        self.about.show_words(named(one.about) if one is not None else "")
        self.about.setVisible(one is not None)
        self.does_heading.setVisible(one is not None)
        if self._health is not None:
            self._health.setVisible(one is not None)
        keep = tr(_KEEP) if is_there else tr(_CONNECT)
        self.save.setText(keep)
        self.save.setAccessibleName(keep)
        self.save.updateGeometry()
        why_keep, why_turn = self.services.why_not_keep(), self.services.why_not_turn()
        if why_keep is not None and state.may:
            self.save.set_off(trn(why_keep))
            self.why.show_words(trn(why_keep))
        self.new.setVisible(state.may_add and is_there)
        word = self._turn_word()
        self.turn.setText(word)
        self.turn.setAccessibleName(word)
        self.turn.updateGeometry()
        for button in (self.turn, self.end):
            button.set_off(trn(why_turn) if why_turn is not None else "")
            button.setVisible(is_there and state.may)
        self.try_out.setVisible(bool(state.inputs) and state.may)

    def _facts(self, one: OutService) -> list[Fact]:
        mine = owned(one)
        facts = [Fact(tr("It tells us"), trn(mine) if mine is not None else tr("nothing"))]
        if one.state == "none":
            does = ", ".join(tr(KINDS[kind]) for kind in one.does)
            return [Fact(tr("What it does"), does), *facts]
        if one.hook:
            facts.append(Fact(tr("It sends to"), tr("https://YOUR-HUB{path}", path=one.hook)))
        for each in one.sent:
            kind = tr(KINDS[each.kind])
            last = self.services.at(each.sent_at) or "–"
            facts.append(Fact(tr("{what}, last sent", what=kind), last))
            numbers = tr("{waiting} wait, {failed} failed", waiting=count(each.waiting),
                         failed=count(each.failed))  # fmt: skip
            again = self.services.at(each.again_at)
            facts.append(Fact(kind, f"{numbers}; {tr('next try {at}', at=again)}" if again else numbers))
        return facts

    def _turn_word(self) -> str:
        one = self.services.service
        return tr(_GO_ON if one is not None and one.state == "off" else _REST)

    def _try(self) -> None:
        self.once("try", self.services.try_out)

    def _turn(self) -> None:
        self.once("turn", self.services.turn)

    def _end(self) -> None:
        self.once("end", self.services.end_this)
