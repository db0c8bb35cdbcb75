"""The two steps of every after-sales wish: which pieces it is about, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.command import Facts
from app.domain.aftersale import REASONS, Asked
from app.domain.order import Order
from app.form import Advice, Answers, Choice, Field, Row, Step, Verdict, rows_of, rows_text
from app.text import N_, Text

Offer = Callable[[Answers, Order, Facts], tuple[Choice, ...]]
"""The lines one may ask for; `most` of each is how many pieces."""


def asked_of(answers: Answers) -> tuple[Asked, ...]:
    """Read what was asked for."""
    return tuple(Asked(row.key, row.qty) for row in rows_of(answers["pieces"]) if row.qty)


def pieces_step(
    question: str, reason: str, offer: Offer, too_many: str, everything: tuple[str, str]
) -> Step[Order]:
    """Ask how many of each line; `everything` is the suggestion and why it is one."""

    def check(value: str, answers: Answers, order: Order, facts: Facts) -> Verdict | None:
        rows = [row for row in rows_of(value) if row.qty]
        most = {choice.value: choice.most for choice in offer(answers, order, facts)}
        if not rows:
            return Verdict(is_error=True, text=Text(N_("How many pieces? Type a number beside an article.")))
        over = next((row for row in rows if row.qty > most.get(row.key, 0)), None)
        if over is None:
            return None
        return Verdict(is_error=True, text=Text(too_many, {"most": most.get(over.key, 0)}))

    def advise(answers: Answers, order: Order, facts: Facts) -> Advice | None:
        whole = rows_text(Row(choice.value, choice.most) for choice in offer(answers, order, facts))
        if not whole or whole == answers.get("pieces", ""):
            return None
        suggestion, why = everything
        return Advice(Text(suggestion), Text(why), {"pieces": whole})

    asked: Field[Order] = Field(
        "pieces", N_("Pieces"), N_("Type how many of each article."), "amounts", check=check, choices=offer
    )
    return Step(
        name="pieces", title=N_("Pieces"), question=question, reason=reason, fields=(asked,), advice=advise
    )


def reason_step(question: str, codes: Iterable[str]) -> Step[Order]:
    """Ask for one of these reasons."""
    choices = tuple(Choice(code, Text(REASONS[code])) for code in codes)

    def offer(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
        return choices

    asked: Field[Order] = Field(
        "reason", N_("Reason"), N_("Choose the closest one."), "choice", choices=offer
    )
    return Step(
        name="reason",
        title=N_("Reason"),
        question=question,
        reason=N_("Reasons are counted, so that the cause can be cured."),
        fields=(asked,),
    )
