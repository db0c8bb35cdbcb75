"""Guide: book goods that came in."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.receive_stock import ReceiveStock
from app.domain.values import Key, Keys, sku_key, stock_key
from app.form import About, Answers, Blank, Choice, Field, Form, Note, Step, Verdict, read_number
from app.lot_fields import KEEPS, KEEPS_HINT, LABEL, lot_verdict, read_lot
from app.text import N_, Text

LOT_HINT = N_("Only for what is kept in lots: scan the code on the carton, or type the number.")


def warehouses(_answers: Answers, _blank: Blank, facts: Facts) -> tuple[Choice, ...]:
    """List the buildings."""
    return tuple(
        Choice(code, Text("{title}", {"title": place.title}))
        for code, place in sorted(facts.refs.warehouses.items())
    )


def check_article(value: str, _answers: Answers, _blank: Blank, facts: Facts) -> Verdict | None:
    """Want an article that exists."""
    code = value.strip()
    if code and (code in facts.refs.articles or facts.rows.get(sku_key(code)) is not None):
        return None
    if not code:
        return Verdict(is_error=True, text=Text(N_("Choose an article, or type its code.")))
    return Verdict(is_error=True, text=Text(N_("No article {sku}. Choose one from the list."), {"sku": code}))


def check_pieces(value: str, _answers: Answers, _blank: Blank, _facts: Facts) -> Verdict | None:
    """Want one piece or more."""
    pieces = read_number(value)
    if pieces is None or pieces < 1:
        return Verdict(is_error=True, text=Text(N_("How many? Type 1 or more.")))
    return None


def check_lot(value: str, answers: Answers, _blank: Blank, facts: Facts) -> Verdict | None:
    """Want the lot of an article that is kept in lots, and none of another."""
    shelf = (answers.get("warehouse", ""), answers.get("sku", "").strip())
    if facts.rows.get(sku_key(shelf[1])) is None or stock_key(*shelf) not in facts.rows:
        return None
    pieces = read_number(answers.get("qty", "")) or 1
    return lot_verdict({**answers, "lot": value}, facts, shelf, pieces, names=True)


def check_reference(value: str, _answers: Answers, _blank: Blank, _facts: Facts) -> Verdict | None:
    """Want the number of the paper."""
    if value.strip():
        return None
    text = Text(N_("Write the number of the delivery note, so that it can be found."))
    return Verdict(is_error=True, text=text)


def needs(answers: Answers, _blank: Blank, _facts: Facts) -> Keys:
    """Load the article chosen and what lies of it there."""
    code, warehouse = answers.get("sku", "").strip(), answers.get("warehouse", "")
    keys: set[Key] = {sku_key(code)} if code else set()
    if code and warehouse:
        keys.add(stock_key(warehouse, code))
    return frozenset(keys)


def notes(answers: Answers, _blank: Blank, facts: Facts) -> tuple[Note, ...]:
    """Say what lies there now, and that waiting orders go on by themselves."""
    code, warehouse = answers.get("sku", "").strip(), answers.get("warehouse", "")
    if not code or not warehouse:
        return ()
    stock = facts.rows.get(stock_key(warehouse, code))
    place = f"{stock.on_hand} ({stock.bin})" if stock and stock.bin else str(stock.on_hand if stock else 0)
    return (
        Note(N_("On hand now"), Text("{place}", {"place": place})),
        Note(N_("Orders that wait for it"), Text(N_("They go on by themselves when it is booked.")), "met"),
    )


def start(_blank: Blank, facts: Facts) -> dict[str, str]:
    """Begin in the first building."""
    first = next(iter(sorted(facts.refs.warehouses)), "")
    empty = dict.fromkeys(("sku", "qty", "reference", "bin", "doc", "lot", "best_before"), "")
    return {"warehouse": first} | empty


def called(_blank: Blank, answers: Answers, facts: Facts) -> str:
    """Call it by the article that came in, and where."""
    article = facts.sku(answers["sku"].strip())
    title = article.title if article is not None else answers["sku"].strip()
    return f"{title} · {facts.refs.called('warehouse', answers['warehouse'])}"


def build(_blank: Blank, answers: Answers, _facts: Facts) -> Command:
    """Make the command from the answers."""
    lot = read_lot(answers)
    return ReceiveStock(
        doc=answers["doc"],
        warehouse=answers["warehouse"],
        sku=answers["sku"].strip(),
        qty=read_number(answers["qty"]) or 0,
        reference=answers["reference"].strip(),
        bin=answers.get("bin", "").strip(),
        lot=lot.lot,
        best_before=lot.best_before,
    )


FORM: Form[Blank] = Form(
    code="receive_stock",
    title=N_("Receive stock"),
    steps=(
        Step(
            name="article",
            title=N_("Article"),
            question=N_("What came in, and where?"),
            reason=N_("Waiting orders take their pieces as soon as it is booked."),
            told=("sku", "warehouse"),
            fields=(
                Field(
                    "warehouse", N_("Warehouse"), N_("Where the goods are now."), "choice", choices=warehouses
                ),
                Field(
                    "sku", N_("Article"), N_("Type or scan a code or a name."), "article", check=check_article
                ),
            ),
        ),
        Step(
            name="pieces",
            title=N_("Pieces"),
            question=N_("How many pieces, under which number?"),
            reason=N_("A receipt is found again by the number of its paper."),
            fields=(
                Field(
                    "qty",
                    N_("Pieces"),
                    N_("What you counted, not what the paper says."),
                    "number",
                    check=check_pieces,
                ),
                Field("reference", N_("Delivery note"), N_("Its number."), check=check_reference),
                Field("lot", LABEL, LOT_HINT, check=check_lot, is_optional=True),
                Field("best_before", KEEPS, KEEPS_HINT, "date", is_optional=True),
                Field("bin", N_("Bin"), N_("Leave it empty to keep the bin."), is_optional=True),
            ),
        ),
    ),
    start=start,
    build=build,
    about=About.NOTHING,
    needs=needs,
    notes=notes,
    fresh=("doc",),
    label=N_("Receive stock"),
    grant="receive_stock",
    called=called,
)
