"""Guide: of two orders that are one purchase, choose the one that is called off."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.cancel import Cancel
from app.domain.duplicate import KIND, order_in
from app.domain.order import Order
from app.domain.values import Keys, order_key
from app.form import Answers, Choice, Field, Form, Step, Verdict
from app.pairs import newer_of, pair_of
from app.text import N_, Text

WHY = {
    "twice": N_("Placed twice by mistake"),
    "buyer": N_("The buyer asked for it"),
    "channel": N_("The channel sent it twice"),
}
"""Reasons why one of two orders stops."""


def needs(_answers: Answers, order: Order, _facts: Facts) -> Keys:
    """Look at the other order too."""
    snag = order.snag(KIND)
    return frozenset({order_key(order_in(snag.digest))} if snag is not None else ())


def whiches(_answers: Answers, order: Order, facts: Facts) -> tuple[Choice, ...]:
    """Offer both orders, the one that was placed later first."""
    newer = newer_of(order, facts)
    words = {True: N_("Placed later"), False: N_("Placed first")}
    return tuple(
        Choice(one.id, Text("{number}", {"number": one.number}), Text(words[one is newer]))
        for one in sorted(pair_of(order, facts), key=lambda one: one is not newer)
    )


def check_which(value: str, _answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want one of the two."""
    if any(one.id == value for one in pair_of(order, facts)):
        return None
    return Verdict(is_error=True, text=Text(N_("Choose one of the two orders.")))


def whys(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Offer what two orders of one purchase come from."""
    return tuple(Choice(code, Text(title)) for code, title in WHY.items())


def check_why(value: str, _answers: Answers, _order: Order, _facts: Facts) -> Verdict | None:
    """Want one of the reasons."""
    if value in WHY:
        return None
    return Verdict(is_error=True, text=Text(N_("Choose from the list what happened.")))


def start(order: Order, facts: Facts) -> dict[str, str]:
    """Begin with the one that was placed later; why is for the clerk to say."""
    return {"which": newer_of(order, facts).id, "why": ""}


def build(_order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    return Cancel(order=answers["which"], reason=WHY.get(answers["why"], answers["why"]))


FORM: Form[Order] = Form(
    code="cancel_one",
    title=N_("Cancel one of two"),
    steps=(
        Step(
            name="which",
            title=N_("Order"),
            question=N_("Which of the two orders stops?"),
            reason=N_("The other one goes on unchanged. What is cancelled can be restored."),
            fields=(
                Field(
                    "which",
                    N_("Order"),
                    N_("Mostly the one that was placed later. Ask the buyer when in doubt."),
                    "choice",
                    check=check_which,
                    choices=whiches,
                ),
            ),
        ),
        Step(
            name="why",
            title=N_("Reason"),
            question=N_("Why are there two?"),
            reason=N_("It is kept for whoever asks later."),
            fields=(
                Field(
                    "why",
                    N_("Reason"),
                    N_("Choose what comes closest."),
                    "choice",
                    check=check_why,
                    choices=whys,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    needs=needs,
    label=N_("Choose which"),
    key="N",
    grant="cancel",
    is_offered=lambda order, _facts: order.snag(KIND) is not None,
)
