"""How the practice screen says what a lesson is about, how it stands and how it ended."""

from __future__ import annotations

from itertools import groupby

from app.domain.values import Role
from app.presenters.practice import LIST, RESULT, Item, State
from app.text import N_
from app.training.lesson import MODES, Mode
from widgets.evidence import EvidenceSection, Figures, MarkedLine, Paragraph
from widgets.prose import NOTE
from widgets.rows import Entry, Row, Section
from widgets.words import count, day, stopwatch, tr, trn

HELP = {
    Mode.WATCH: N_("Watch: every step is shown on the real controls; F8 lets the program do it."),
    Mode.PRACTISE: N_("Practise: F8 shows what helps next, each time one hint more."),
    Mode.EXAM: N_("Exam: no hints and no help pages. Only what stands there in the end counts."),
}

ROLES = {
    Role.CLERK: N_("Order clerk"),
    Role.WAREHOUSE: N_("Warehouse"),
    Role.REVIEWER: N_("Night review"),
    Role.LEAD: N_("Lead"),
}
OWN = N_("Our own exceptions")


def rows(state: State) -> list[Entry]:
    """The course in its order, by whose work it is: what was passed, what has come back."""
    found: list[Entry] = []
    numbered = enumerate(state.items, 1)
    for name, part in groupby(
        numbered, key=lambda each: OWN if each[1].is_own else ROLES.get(each[1].role, "")
    ):
        items = tuple(part)
        is_passed = [bool({*item.passed} - {Mode.WATCH}) for _, item in items]
        stands = tr("{met} of {all}", met=sum(is_passed), all=len(items))
        found.append(Section(f"{name}/{items[0][1].code}", tr(name), stands))
        found += [_row(at, item) for at, item in items]
    return found


def _whose(item: Item) -> str:
    return OWN if item.is_own else ROLES.get(item.role, "")


def _row(at: int, item: Item) -> Row:
    is_passed = bool({*item.passed} - {Mode.WATCH})
    return Row(
        item.code,
        mark="waits" if item.is_due else "met" if is_passed else "not_yet",
        title=trn(item.title),
        sentence=_stands(item),
        number=count(at),
        limit_text=stopwatch(item.par_s),
    )


def about(state: State) -> tuple[EvidenceSection, ...]:
    """What stands beside the list."""
    if state.place == LIST:
        return _before(state)
    return _after(state) if state.place == RESULT else _meanwhile(state)


def _before(state: State) -> tuple[EvidenceSection, ...]:
    item = state.current
    if item is None:
        return ()
    mode = EvidenceSection(tr(MODES[state.mode]), (Paragraph(tr(HELP[state.mode]), NOTE),))
    par = Figures(((stopwatch(item.par_s), tr("meant time")), (count(item.tries), tr("tries so far"))))
    return (EvidenceSection(trn(item.title), (Paragraph(trn(item.brief)), par)), mode)


def _meanwhile(state: State) -> tuple[EvidenceSection, ...]:
    hint = (EvidenceSection(tr("Hint"), (Paragraph(trn(state.hint)),)),) if state.hint is not None else ()
    return (_lesson(state), _goals(state), _figures(state), *hint)


def _after(state: State) -> tuple[EvidenceSection, ...]:
    said = tr("Passed: everything is as it should be.") if state.is_passed else tr("Not passed yet.")
    result = [MarkedLine("met" if state.is_passed else "stops", said)]
    if state.returns_at is not None:
        back = tr("It comes back on {day}.", day=day(state.returns_at.date()))
        result.append(MarkedLine("waits", back))
    upcoming = next((item for item in state.items if item.code == state.next), None)
    after = (EvidenceSection(tr("Next lesson"), (Paragraph(trn(upcoming.title)),)),) if upcoming else ()
    return (EvidenceSection(tr("How it went"), tuple(result)), _goals(state), _figures(state), *after)


def _lesson(state: State) -> EvidenceSection:
    title, brief = state.title, state.brief
    laid = () if state.is_laid else (Paragraph(tr("The lesson is being laid out"), NOTE),)
    return EvidenceSection(trn(title) if title else "", ((Paragraph(trn(brief)),) if brief else ()) + laid)


def _goals(state: State) -> EvidenceSection:
    missed = "stops" if state.place == RESULT else "not_yet"
    lines = tuple(MarkedLine("met" if goal.is_met else missed, trn(goal.says)) for goal in state.goals)
    return EvidenceSection(tr("What must hold in the end"), lines)


def _figures(state: State) -> EvidenceSection:
    used = tr("{used} of {par}", used=stopwatch(state.used_s), par=stopwatch(state.par_s))
    figures = ((used, tr("time")), (count(state.errors), tr("refused")), (count(state.helps), tr("hints")))
    return EvidenceSection(tr("Time and help"), (Figures(figures),))


def _stands(item: Item) -> str:
    if item.is_due:
        return tr("Has come back: do it once more")
    if item.passed:
        return tr("Passed: {modes}", modes=tr(", ").join(tr(MODES[mode]) for mode in item.passed))
    return tr("Tried {count} times", count=count(item.tries)) if item.tries else tr("Not tried yet")
