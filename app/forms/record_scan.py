"""Guide: note what a carrier said of a parcel, on the phone or on its page."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.record_scan import RecordScan
from app.domain.lifecycle import SENT
from app.domain.order import Order
from app.domain.scan import FAILED_REASONS, SCAN_TITLES, Scan, ScanKind, last_scan
from app.form import Answers, Choice, Field, Form, Note, Step
from app.text import N_, Text


def kinds(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Offer where a parcel may be."""
    return tuple(Choice(kind, Text(title)) for kind, title in SCAN_TITLES.items())


def reasons(_answers: Answers, _order: Order, _facts: Facts) -> tuple[Choice, ...]:
    """Offer why it may not have been delivered."""
    return tuple(Choice(code, Text(title)) for code, title in FAILED_REASONS.items())


def is_failed(answers: Answers) -> bool:
    """Tell whether a reason is asked for."""
    return answers.get("kind") == ScanKind.FAILED


def notes(_answers: Answers, order: Order, _facts: Facts) -> tuple[Note, ...]:
    """Say what is known so far."""
    last = last_scan(order.scans)
    named: dict[str, str | int | Text] = {"carrier": order.carrier, "number": order.tracking_no}
    parcel = Note(N_("Parcel"), Text("{carrier} {number}", named))
    return (parcel, Note(N_("Last news"), Text(SCAN_TITLES[last.kind]))) if last is not None else (parcel,)


def start(_order: Order, _facts: Facts) -> dict[str, str]:
    """Begin with what clerks are told most."""
    return {"kind": ScanKind.FAILED, "reason": "not_home"}


def build(order: Order, answers: Answers, facts: Facts) -> Command:
    """Make the command from the answers; it is noted for now."""
    reason = answers["reason"] if is_failed(answers) else ""
    return RecordScan(order=order.id, scan=Scan(kind=ScanKind(answers["kind"]), at=facts.now, reason=reason))


FORM: Form[Order] = Form(
    code="record_scan",
    title=N_("Note carrier news"),
    steps=(
        Step(
            name="kind",
            title=N_("State"),
            question=N_("What does the carrier say?"),
            reason=N_("Exceptions that wait for the parcel come back; a failed delivery opens one."),
            fields=(Field("kind", N_("Parcel"), N_("The latest state they gave."), "choice", choices=kinds),),
        ),
        Step(
            name="why",
            title=N_("Reason"),
            question=N_("Why was it not delivered?"),
            reason=N_("Nothing of the buyer is written down: the list is enough to act on."),
            fields=(
                Field(
                    "reason",
                    N_("Reason"),
                    N_("What comes closest."),
                    "choice",
                    choices=reasons,
                    is_asked=is_failed,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    notes=notes,
    label=N_("Note carrier news"),
    key="H",
    grant="record_scan",
    is_offered=lambda order, _facts: order.status in SENT and bool(order.tracking_no),
)
