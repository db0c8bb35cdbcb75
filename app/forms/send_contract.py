"""Guide: write the contract of an order and note that it was sent."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.send_contract import SendContract
from app.domain.agreement import code_of, fits, next_id, text_of
from app.domain.contract import USUAL, Template
from app.domain.money import shown
from app.domain.order import OPEN, Order
from app.form import Answers, Choice, Field, Form, Note, Step, Verdict
from app.text import N_, Text

BUILT_IN, SENT = "-", "sent"


def template_of(answers: Answers, facts: Facts) -> Template | None:
    """Return the text that was chosen."""
    code = answers.get("template", BUILT_IN)
    return USUAL if code == BUILT_IN else facts.refs.templates.get(code)


def templates(_answers: Answers, _order: Order, facts: Facts) -> tuple[Choice, ...]:
    """Offer the texts of the company; the built-in one where it has none."""
    known = sorted(facts.refs.templates.values(), key=lambda one: one.code)
    own = tuple(Choice(one.code, Text(one.title)) for one in known if one.active)
    return own or (Choice(BUILT_IN, Text(USUAL.title)),)


def ways(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Ask for what only a person does: to hand the text over."""
    return (Choice(SENT, Text(N_("Yes, it is printed or saved next, and sent"))),)


def check_sent(value: str, _answers: Answers, _order: Order, _facts: Facts) -> Verdict | None:
    """Want it said by a person."""
    if value == SENT:
        return None
    return Verdict(is_error=True, text=Text(N_("Say that it goes to the customer now.")))


def notes(answers: Answers, order: Order, facts: Facts) -> tuple[Note, ...]:
    """Show what would be agreed on, and the beginning of the text."""
    customer, template = facts.refs.customers.get(order.customer), template_of(answers, facts)
    said = [
        Note(N_("Check code"), Text(code_of(order)[:8])),
        Note(N_("To pay"), Text(shown(order.payable_minor, order.currency))),
        Note(N_("Lines"), Text(str(len(order.lines)))),
    ]
    if customer is not None and template is not None:
        text = text_of(order, template, facts.shop_of(order), customer, "")
        said.append(Note(N_("Text"), Text("{title}", {"title": text[:300].rsplit("\n", 1)[0]})))
    return tuple(said)


def start(order: Order, facts: Facts) -> dict[str, str]:
    """Begin with the text that was used before, else the first one."""
    choices = [choice.value for choice in templates({}, order, facts)]
    before = order.contracts[-1].template or BUILT_IN if order.contracts else ""
    return {"template": before if before in choices else choices[0], "sent": ""}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    code = answers["template"]
    return SendContract(order=order.id, contract=next_id(order), template="" if code == BUILT_IN else code)


def is_offered(order: Order, facts: Facts) -> bool:
    """Offer it for a customer of ours, until what was signed says the same."""
    is_open = order.status in OPEN and order.customer in facts.refs.customers and bool(order.lines)
    return (
        is_open and not fits(order) and (not order.contracts or order.contracts[-1].digest != code_of(order))
    )


FORM: Form[Order] = Form(
    code="send_contract",
    title=N_("Send a contract"),
    steps=(
        Step(
            name="text",
            title=N_("Text"),
            question=N_("Which text?"),
            reason=N_("It is filled in with the lines, prices and terms of this order."),
            fields=(
                Field(
                    "template",
                    N_("Text"),
                    N_("Leads write texts under Settings."),
                    "choice",
                    choices=templates,
                ),
            ),
        ),
        Step(
            name="sent",
            title=N_("Sent"),
            question=N_("Does it go to the customer now?"),
            reason=N_("From now on a change of a line, a price or the terms is seen."),
            fields=(
                Field(
                    "sent",
                    N_("Sent"),
                    N_("Afterwards P on the order prints it; the paper bears the check code."),
                    "choice",
                    check=check_sent,
                    choices=ways,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    notes=notes,
    label=N_("Contract"),
    key="U",
    grant="send_contract",
    is_offered=is_offered,
)
