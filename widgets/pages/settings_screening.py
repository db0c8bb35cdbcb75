"""The learned check: whether it is used, what it learned from, how well it does, how orders moved."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from typing_extensions import override

from app.ports import Changes
from app.presenters.settings_screening import SettingsScreening, State
from app.screening.orders import COLUMNS
from app.screening.standing import FAR, LASTS, SAMPLE_LEAST, Drift, Screening
from app.text import N_
from widgets.aio import Tasks
from widgets.controls import Button, MarkLabel
from widgets.facts import Fact, Facts
from widgets.prose import META, NOTE, Prose
from widgets.screen_page import Go
from widgets.section import SectionPage, heading, row
from widgets.words import count, tr, trn

_PARTS = (N_("Learned check"), N_("Learned from"), N_("How well it does"), N_("Calibration"), N_("Drift"))
_SHAPES = {
    "one column": N_("one column"),
    "three columns": N_("three columns"),
    "eight columns": N_("eight columns"),
    "every column, small trees": N_("every column, small trees"),
    "every column": N_("every column"),
}
"""What the shapes that are tried are called; the simplest that does as well is taken."""
_ABOUT = N_(
    "It reads how orders of this company ended, and says which new ones look alike. It stops nothing: "
    "a reviewer sees the field, the evidence and the version."
)


class SettingsScreeningPage(SectionPage[State]):
    """Groups of facts, and one switch."""

    code = "settings_screening"
    help_topic = "review"

    def __init__(self, presenter: SettingsScreening, tasks: Tasks, go: Go) -> None:
        super().__init__(presenter, tasks, go)
        self.presenter = presenter
        self.headings = [heading() for _ in _PARTS]
        self.about, self.why = Prose(style=NOTE), Prose(style=META, wraps=False)
        self.mark = MarkLabel("", "", size="body", role="text")
        self.facts = [Facts("") for _ in _PARTS]
        self.switch = Button("", "")
        self.switch.setObjectName(f"{self.code}/switch")
        self.switch.clicked.connect(lambda: self.once("switch", self.presenter.switch))
        self.add_part(
            self.about, self.mark, self.facts[0], row(self.switch, self.why), heading=self.headings[0]
        )
        later = zip(self.headings[1:], self.facts[1:], strict=True)
        self.lines = [None, *(self.add_part(facts, heading=head) for head, facts in later)]
        self.column.addStretch(1)
        self.begin()

    @override
    def title(self) -> str:
        return tr("Learned check")

    @override
    def focus_first(self) -> None:
        self.switch.setFocus()

    @override
    async def look(self, changes: Changes | None) -> None:
        await self.presenter.refresh(changes)

    @override
    def say(self) -> None:
        self.about.show_words(tr(_ABOUT))
        for head, facts, words in zip(self.headings, self.facts, _PARTS, strict=True):
            head.show_words(tr(words))
            facts.setAccessibleName(tr(words))

    @override
    def draw(self, state: State) -> None:
        card = state.card
        if state.why_not is None:
            self.mark.show_mark("met", tr("It finds, and rules check too"), "text")
        else:
            self.mark.show_mark("waits", trn(state.why_not), "text")
        is_on = card is not None and card.is_on
        words = tr("Switch off") if is_on else tr("Switch on")
        self.switch.setText(words)
        self.switch.setAccessibleName(words)
        off = trn(state.off) if state.off is not None else ""
        self.switch.set_off(off)
        self.why.show_words(off)
        self.why.setVisible(bool(off))
        parts = _parts(card, state) if card is not None else ((), (), (), (), ())
        for head, line, facts, said in zip(self.headings, self.lines, self.facts, parts, strict=True):
            facts.show_facts(said)
            facts.setVisible(bool(said))
            if line is not None:
                head.setVisible(bool(said))
                line.setVisible(bool(said))


def _parts(card: Screening, state: State) -> tuple[tuple[Fact, ...], ...]:
    return (
        _use(card, state),
        _learned(card, state),
        _quality(card),
        _calibration(card),
        _drift(card.drift, state),
    )


def _use(card: Screening, state: State) -> tuple[Fact, ...]:
    ends = [
        tr("when drift reaches {far} or {days} days have passed", far=f"{FAR:.2f}", days=LASTS.days),
        tr("at the latest on {day}", day=_at(card.trained_at + timedelta(days=LASTS.days), state)[:10]),
    ]
    who = tr("nobody yet")
    if card.on_at is not None:
        who = tr("{who}, {at}", who=state.switched_by, at=_at(card.on_at, state))
    return (
        Fact(tr("Version"), tr("{n}, learned {at}", n=card.version, at=_at(card.trained_at, state))),
        Fact(tr("Last switched by"), who),
        Fact(tr("Stops by itself"), "; ".join(ends)),
    )


def _learned(card: Screening, state: State) -> tuple[Fact, ...]:
    bad = tr("{bad} of {n} ended badly", bad=count(card.bad), n=count(card.rows))
    facts = [Fact(tr("Orders"), bad)]
    if card.first_at is not None and card.last_at is not None:
        days = f"{_at(card.first_at, state)[:10]} – {_at(card.last_at, state)[:10]}"
        facts.append(Fact(tr("From, to"), days))
    what = tr("Cancelled, mended or taken back after release, or rightly sent back in review")
    return (*facts, Fact(tr("Ended badly"), what))


def _quality(card: Screening) -> tuple[Fact, ...]:
    found = card.quality
    if found is None:
        return ()
    later = tr(
        "{n} later orders it had not seen, {bad} ended badly", n=count(found.rows), bad=count(found.bad)
    )
    return (
        Fact(tr("Tried on"), later),
        Fact(tr("Area under ROC"), _area(found.roc_auc, card.roc, 0.5)),
        Fact(tr("Area under precision and recall"), _area(found.pr_auc, card.pr, card.base)),
        Fact(tr("Finds from"), tr("{p} % on", p=f"{100 * card.alert_at:.0f}")),
        Fact(tr("Shape"), tr(_SHAPES.get(card.shape, card.shape))),
    )


def _area(area: float | None, interval: tuple[float, float], plain: float) -> str:
    if area is None:
        return "–"
    low, high = interval
    return tr(
        "{area} (95 %: {low} to {high}); a plain guess {plain}",
        area=f"{area:.2f}",
        low=f"{low:.2f}",
        high=f"{high:.2f}",
        plain=f"{plain:.2f}",
    )


def _calibration(card: Screening) -> tuple[Fact, ...]:
    found = card.quality
    if found is None:
        return ()
    return tuple(
        Fact(
            tr("{said} % said", said=f"{100 * said:.0f}"),
            tr("{came} % came, n = {n}", came=f"{100 * came:.0f}", n=count(n)),
        )
        for said, came, n in found.calibration
    )


def _drift(drift: Drift | None, state: State) -> tuple[Fact, ...]:
    if drift is None:
        return ()
    drawn = tr("{n} orders of 14 days, 5 % drawn quietly", n=count(drift.n))
    if drift.is_small:
        return (
            Fact(
                _at(drift.at, state),
                tr("{drawn}; sample too small below {least}", drawn=drawn, least=SAMPLE_LEAST),
            ),
        )
    moved = sorted(drift.columns.items(), key=lambda one: -one[1])[:3]
    said = ", ".join(f"{tr(COLUMNS.get(name.partition('/')[0], name))} {index:.2f}" for name, index in moved)
    return (
        Fact(_at(drift.at, state), drawn),
        Fact(tr("Scores, PSI"), f"{drift.scores:.2f}"),
        Fact(tr("Moved most"), said),
    )


def _at(at: datetime | None, state: State) -> str:
    return f"{at.astimezone(ZoneInfo(state.zone)):%Y-%m-%d %H:%M}" if at is not None else ""
