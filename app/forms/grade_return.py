"""Guide: take returned goods in, every piece with its grade."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.grade_return import GradeReturn
from app.domain.aftersale import (
    GRADE_TITLES,
    REASONS,
    Grade,
    Graded,
    ReturnCase,
    ReturnState,
    case_said,
    reason_title,
)
from app.domain.order import Order
from app.form import Advice, Answers, Choice, Field, Form, Note, Row, Step, Verdict, rows_of, rows_text
from app.text import N_, Text

_SPEAKS_FOR = {
    "changed_mind": Grade.SELLABLE,
    "wrong_size": Grade.SELLABLE,
    "undelivered": Grade.SELLABLE,
    "called_off": Grade.SELLABLE,
    "damaged": Grade.DEFECT,
    "defective": Grade.DEFECT,
    "wrong_item": Grade.WRONG,
    "missing": Grade.SHORT,
    "lost": Grade.SHORT,
}
"""The grade each reason of a buyer makes likely; of the others nothing is known beforehand."""


def awaited(order: Order) -> tuple[ReturnCase, ...]:
    """Return the cases whose goods are on their way."""
    return tuple(case for case in order.returns if case.state is ReturnState.AWAITED)


def case_in(order: Order, answers: Answers) -> ReturnCase | None:
    """Return the case the answers speak of."""
    return next((case for case in awaited(order) if case.id == answers.get("case", "")), None)


def cases(_answers: Answers, order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """List the cases whose goods are on their way."""
    return tuple(
        Choice(case.id, case_said(case), Text(REASONS.get(case.reason, case.reason)))
        for case in awaited(order)
    )


def warehouses(_answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """List the buildings that serve the shop."""
    places = ((code, facts.refs.warehouses.get(code)) for code in facts.warehouses_of(order))
    return tuple(
        Choice(code, Text("{title}", {"title": place.title if place else code})) for code, place in places
    )


def check_case(value: str, _answers: Answers, order: Order, _facts: Facts) -> Verdict | None:
    """Want a case whose goods are on their way."""
    if any(case.id == value for case in awaited(order)):
        return None
    text = Text(N_("No goods are expected for this case. Accept it first."))
    return Verdict(is_error=True, text=text)


def grades(answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """List every grade of every line of the case."""
    case = case_in(order, answers)
    lines = {line.id: line for line in order.lines}
    choices = []
    for asked in case.lines if case else ():
        line = lines.get(asked.line)
        article = facts.sku(line.sku) if line and line.sku else None
        title = article.title if article else (line.title or line.ext_sku) if line else asked.line
        for grade in Grade:
            if grade is Grade.SELLABLE and article is None:
                continue  # without an article there is no shelf
            label = Text(N_("{title}: {grade}"), {"title": title, "grade": Text(GRADE_TITLES[grade])})
            choices.append(Choice(f"{asked.line}/{grade.value}", label, most=asked.qty))
    return tuple(choices)


def graded(value: str) -> tuple[Graded, ...]:
    """Read the grades from the answer."""
    rows = ((row.key.rpartition("/"), row.qty) for row in rows_of(value) if row.qty)
    known = {grade.value for grade in Grade}
    return tuple(Graded(line, Grade(grade), qty) for (line, _, grade), qty in rows if grade in known)


def check_grades(value: str, answers: Answers, order: Order, _facts: Facts) -> Verdict | None:
    """Want a grade for every piece of every line."""
    case = case_in(order, answers)
    given: dict[str, int] = {}
    for one in graded(value):
        given[one.line] = given.get(one.line, 0) + one.qty
    if case is None or all(given.get(asked.line, 0) == asked.qty for asked in case.lines):
        return None
    params: dict[str, str | int | Text] = {
        "asked": sum(asked.qty for asked in case.lines),
        "graded": sum(given.values()),
    }
    text = Text(N_("{asked} pieces were announced, {graded} have a grade. Give every piece one."), params)
    return Verdict(is_error=True, text=text)


def advise_by_reason(answers: Answers, order: Order, facts: Facts) -> Advice | None:
    """Suggest the grade that the buyer's reason speaks for; nothing where it speaks for none."""
    case = case_in(order, answers)
    speaks_for = _SPEAKS_FOR.get(case.reason) if case else None
    if case is None or speaks_for is None:
        return None
    offered = {choice.value for choice in grades(answers, order, facts)}
    keys = [(f"{asked.line}/{speaks_for.value}", asked.qty) for asked in case.lines]
    whole = rows_text([Row(key, qty) for key, qty in keys])
    if not offered.issuperset(key for key, _ in keys) or whole == answers.get("grades", ""):
        return None
    params: dict[str, str | int | Text] = {
        "grade": Text(GRADE_TITLES[speaks_for]),
        "reason": Text(reason_title(case.reason)),
    }
    return Advice(
        Text(N_("Suggestion, all pieces: {grade}"), params),
        Text(N_("The buyer's reason: {reason}. Only take it after you looked at each piece."), params),
        {"grades": whole},
    )


def notes(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Note, ...]:
    """Say what each grade does."""
    return (
        Note(N_("Sellable"), Text(N_("Goes back on the shelf and may be sold at once.")), "met"),
        Note(N_("Every other grade"), Text(N_("Is written down, and is no stock.")), "waits"),
    )


def start(order: Order, facts: Facts) -> dict[str, str]:
    """Begin with the first case, in the building that sent the goods."""
    first = next(iter(awaited(order)), None)
    places = facts.warehouses_of(order)
    place = order.warehouse if order.warehouse in places else next(iter(places), "")
    return {"case": first.id if first else "", "warehouse": place, "grades": ""}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return GradeReturn(
        order=order.id,
        case=answers["case"],
        warehouse=answers["warehouse"],
        grades=graded(answers["grades"]),
    )


FORM: Form[Order] = Form(
    code="grade_return",
    title=N_("Take returned goods in"),
    steps=(
        Step(
            name="case",
            title=N_("Case"),
            question=N_("Which return is here?"),
            reason=N_("The goods lie in the building that took them in."),
            told=("warehouse",),
            fields=(
                Field(
                    "case",
                    N_("Case"),
                    N_("The label or the slip names it."),
                    "choice",
                    check=check_case,
                    choices=cases,
                ),
                Field(
                    "warehouse",
                    N_("Warehouse"),
                    N_("Where you stand now."),
                    "choice",
                    choices=warehouses,
                ),
            ),
        ),
        Step(
            name="grades",
            title=N_("Grades"),
            question=N_("How does every piece look?"),
            reason=N_("Only sellable pieces are sold again."),
            fields=(
                Field(
                    "grades",
                    N_("Grades"),
                    N_("Every piece gets one grade, also those that did not arrive."),
                    "amounts",
                    check=check_grades,
                    choices=grades,
                ),
            ),
            advice=advise_by_reason,
        ),
    ),
    start=start,
    build=build,
    notes=notes,
    label=N_("Take in"),
    key="I",
    grant="grade_return",
    is_offered=lambda order, _facts: bool(awaited(order)),
)
