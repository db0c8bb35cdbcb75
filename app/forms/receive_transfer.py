"""Guide: take in what another warehouse sent."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.receive_transfer import ReceiveTransfer
from app.domain.goods import DocState, StockDoc
from app.domain.goods_events import signed
from app.domain.values import Keys, stock_doc_key
from app.form import About, Answers, Blank, Choice, Field, Form, Note, Step, Verdict, read_number
from app.text import N_, Text


def doc_in(answers: Answers, facts: Facts) -> StockDoc | None:
    """Return the transfer the answers speak of, while it is on its way."""
    doc = facts.rows.get(stock_doc_key(answers.get("doc", "")))
    return doc if isinstance(doc, StockDoc) and doc.state is DocState.TRANSIT else None


def needs(answers: Answers, _blank: Blank, _facts: Facts) -> Keys:
    """Load the transfer."""
    doc = answers.get("doc", "")
    return frozenset({stock_doc_key(doc)}) if doc else frozenset()


def docs(answers: Answers, _blank: Blank, facts: Facts) -> tuple[Choice, ...]:
    """Name the transfer that was opened."""
    doc = doc_in(answers, facts)
    if doc is None:
        return ()
    params: dict[str, str | int | Text] = {
        "sku": doc.sku,
        "qty": doc.qty,
        "warehouse": facts.refs.called("warehouse", doc.warehouse),
        "target": facts.refs.called("warehouse", doc.target),
    }
    said = N_("{sku}: {qty} from {warehouse} to {target}")
    if doc.is_held:
        said = N_("{sku}: {qty} held back in {warehouse}")
    return (Choice(doc.id, Text(said, params)),)


def check_doc(_value: str, answers: Answers, _blank: Blank, facts: Facts) -> Verdict | None:
    """Want a transfer that has not arrived."""
    if doc_in(answers, facts) is not None:
        return None
    text = Text(N_("This transfer is not on its way. Open it from the stock page."))
    return Verdict(is_error=True, text=text)


def check_arrived(value: str, answers: Answers, _blank: Blank, facts: Facts) -> Verdict | None:
    """Compare with what was sent."""
    arrived, doc = read_number(value), doc_in(answers, facts)
    if arrived is None:
        return Verdict(is_error=True, text=Text(N_("How many arrived? Type 0 or more.")))
    if doc is None or arrived == doc.qty:
        return None
    params: dict[str, str | int | Text] = {"qty": doc.qty, "difference": signed(arrived - doc.qty)}
    text = Text(N_("{qty} were sent, {difference} on the way: say why"), params)
    return Verdict(is_error=False, is_doubtful=True, text=text)


def check_reason(value: str, answers: Answers, _blank: Blank, facts: Facts) -> Verdict | None:
    """Want a reason for a difference."""
    doc, arrived = doc_in(answers, facts), read_number(answers.get("arrived", ""))
    if value.strip() or doc is None or arrived == doc.qty:
        return None
    text = Text(N_("Another number was sent. Write what happened to the rest."))
    return Verdict(is_error=True, text=text)


def notes(answers: Answers, _blank: Blank, facts: Facts) -> tuple[Note, ...]:
    """Say what was sent, under which number."""
    doc = doc_in(answers, facts)
    if doc is None:
        return ()
    by = facts.refs.called("user", doc.by)
    sent = Text(N_("{qty} pieces by {by}"), {"qty": doc.qty, "by": by})
    paper = (Note(N_("Waybill"), Text("{number}", {"number": doc.reference})),) if doc.reference else ()
    return (Note(N_("Sent"), sent), *paper)


def start(_blank: Blank, _facts: Facts) -> dict[str, str]:
    """Begin with nothing: the stock page names the transfer."""
    return {"doc": "", "arrived": "", "reason": ""}


def called(_blank: Blank, answers: Answers, facts: Facts) -> str:
    """Call it by the article that arrived, and where."""
    doc = doc_in(answers, facts)
    return f"{doc.sku} · {facts.refs.called('warehouse', doc.target)}" if doc is not None else ""


def build(_blank: Blank, answers: Answers, facts: Facts) -> Command:
    """Make the command from the answers."""
    doc = doc_in(answers, facts)
    return ReceiveTransfer(
        doc=answers["doc"],
        target=doc.target if doc else "",
        sku=doc.sku if doc else "",
        arrived=read_number(answers["arrived"]) or 0,
        reason=answers.get("reason", "").strip(),
    )


FORM: Form[Blank] = Form(
    code="receive_transfer",
    title=N_("Take a transfer in"),
    steps=(
        Step(
            name="doc",
            title=N_("Transfer"),
            question=N_("Which transfer arrived?"),
            reason=N_("Until it is taken in, its goods are nobody's promise."),
            fields=(
                Field(
                    "doc",
                    N_("Transfer"),
                    N_("The waybill names it."),
                    "choice",
                    check=check_doc,
                    choices=docs,
                ),
            ),
        ),
        Step(
            name="arrived",
            title=N_("Pieces"),
            question=N_("How many pieces arrived?"),
            reason=N_("A difference is written down with its reason and closes the transfer."),
            fields=(
                Field("arrived", N_("Arrived"), N_("What you counted."), "number", check=check_arrived),
                Field(
                    "reason",
                    N_("Reason"),
                    N_("Only for a difference, for instance: one box crushed."),
                    check=check_reason,
                    is_optional=True,
                ),
            ),
        ),
    ),
    start=start,
    build=build,
    about=About.NOTHING,
    needs=needs,
    notes=notes,
    grant="receive_transfer",
    called=called,
)
