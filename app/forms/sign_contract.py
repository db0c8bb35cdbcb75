"""Guide: note that a contract came back signed."""

from __future__ import annotations

from datetime import date

from app.command import Command, Facts
from app.commands.sign_contract import SignContract
from app.domain.agreement import clock_of, code_of
from app.domain.contract import Contract, is_sha256
from app.domain.order import OPEN, Order
from app.form import Answers, Field, Form, Note, Step, Verdict, read_date
from app.text import N_, Text


def unsigned(order: Order) -> Contract | None:
    """Return the contract that waits for a signature and still fits the order."""
    newest = order.contracts[-1] if order.contracts else None
    is_waiting = newest is not None and not newest.is_signed and newest.digest == code_of(order)
    return newest if is_waiting else None


def check_file(value: str, _answers: Answers, _order: Order, _facts: Facts) -> Verdict | None:
    """Want the SHA-256 of a file."""
    if is_sha256(value.strip().lower()):
        return Verdict(is_error=False, text=Text(N_("The file is known by this from now on.")))
    return Verdict(is_error=True, text=Text(N_("Choose the signed file, or paste its SHA-256: 64 symbols.")))


def check_day(value: str, _answers: Answers, order: Order, facts: Facts) -> Verdict | None:
    """Want a day between sending and today."""
    day, contract = read_date(value), unsigned(order)
    if day is None:
        return Verdict(is_error=True, text=Text(N_("No such day. Type tomorrow, 16 or 6-16.")))
    zone = clock_of(facts.shop_of(order))
    since = contract.sent_at.astimezone(zone).date() if contract is not None else date.min
    if since <= day <= facts.now.astimezone(zone).date():
        return None
    return Verdict(
        is_error=True,
        text=Text(N_("Signed after it was sent, and not in the future. Change the day.")),
    )


def notes(_answers: Answers, order: Order, _facts: Facts) -> tuple[Note, ...]:
    """Show which text it is about: its code stands on the paper."""
    contract = unsigned(order)
    return (Note(N_("Check code"), Text(contract.digest[:8])),) if contract is not None else ()


def start(order: Order, facts: Facts) -> dict[str, str]:
    """Begin with today."""
    today = facts.now.astimezone(clock_of(facts.shop_of(order))).date()
    return {"file": "", "day": today.isoformat()}


def build(order: Order, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    contract, day = unsigned(order), read_date(answers["day"])
    return SignContract(
        order=order.id,
        contract=contract.id if contract is not None else "",
        file_sha256=answers["file"].strip().lower(),
        signed_on=day or date.min,
    )


FORM: Form[Order] = Form(
    code="sign_contract",
    title=N_("Note the signature"),
    steps=(
        Step(
            name="file",
            title=N_("File"),
            question=N_("Which file came back signed?"),
            reason=N_("Its check sum proves later that it is this file; the file stays with you."),
            fields=(
                Field(
                    "file",
                    N_("Signed file"),
                    N_("Compare the check code on the paper with the one beside this."),
                    "file",
                    check=check_file,
                ),
            ),
        ),
        Step(
            name="day",
            title=N_("Day"),
            question=N_("When was it signed?"),
            reason=N_("The day stands in the history of the order."),
            fields=(
                Field(
                    "day", N_("Signed on"), N_("As it stands beside the signature."), "date", check=check_day
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    notes=notes,
    label=N_("Signed"),
    key="Q",
    grant="sign_contract",
    is_offered=lambda order, _facts: order.status in OPEN and unsigned(order) is not None,
)
