"""A guide (引导): one decision a step, with hints and inline checks, ending in a command. No Qt.

A guide is about something, its *subject*, and every function of it is handed that subject:

* `About.ORDER`: an `Order`. Opened with its id: `go("guide", form="split", order=id)`.
* `About.STOCK`: a `Shelf`, an article in a warehouse: `go("guide", form="count_bin", stock="SZ/LN-220")`.
* `About.NOTHING`: a `Blank` sheet, for what begins from nothing: `go("guide", form="new_order")`.

A form says itself where it is offered: on the sheet of its subject under `key` and `label`, when `is_offered`
agrees and the person may give the command `grant` names; one about nothing stands in the palette. Without a
`label` only an exception type opens it.

Write `FORM: Form[Order] = Form(...)`, `Form[Shelf]` or `Form[Blank]`; an order is meant where `about` is left
out. Whatever else the opener passes (`line="2"`) is an answer given beforehand.

Answers are text, kept as a draft at every change. `Field.widget` says how one is given and how it is written:

* `text`, `lines`: as typed. `choice`, `combo`: the value of a `Choice`.
* `number`: whole pieces, `12`. `money`: minor units, `129800`, in the currency `Field.currency` names.
* `date`: `2026-06-15`, or what was typed where it cannot be read; `read_date` judges it.
* `file`: the SHA-256 of a file that stays where it is.
* `article`: the code of an article, found by typing.
* `order`: the id of an order; `choices` offers likely ones, typing finds any other.
* `amounts`: a quantity for each of `choices` (their value is the key, `most` the limit).
* `basket`: articles with quantity and price, found by typing; `choices` names those that are in it. Both of
  these are written by `rows_text` and read by `rows_of`.

What a check needs beyond the subject's own rows (the stock of an article just chosen, another order) is named
by `Form.needs`; the guide loads it, round by round, whenever an answer changes. New ids a command carries are
answers too: `Form.fresh` names them; they are made once and kept with the draft, so that a guide given twice
around a crash is one command.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Generic, NamedTuple, TypeVar

from app.command import Command, Facts
from app.commands.hold_cart import HoldCart
from app.domain.catalogue import Sku
from app.domain.money import shown
from app.domain.order import Order
from app.domain.stock import Stock
from app.domain.values import Keys, order_key, sku_key
from app.text import N_, Text

Answers = Mapping[str, str]


# --- what it is about -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Shelf:
    """An article in a warehouse: `stock` is None where nothing of it ever lay there."""

    warehouse: str
    sku: str
    stock: Stock | None = None
    article: Sku | None = None

    @property
    def unreserved(self) -> int:
        """What is not promised to orders. Units: pieces."""
        return self.stock.unreserved if self.stock is not None else 0


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty sheet."""


class About(StrEnum):
    """What kind of subject a guide has."""

    ORDER = "order"
    STOCK = "stock"
    NOTHING = "nothing"


Subject = Order | Shelf | Blank
S = TypeVar("S", Order, Shelf, Blank)


# --- answers ----------------------------------------------------------------------------------------


class Row(NamedTuple):
    """One line of `amounts` or of a `basket`. Units: `qty` pieces; `price_minor` -1 where none was typed."""

    key: str
    qty: int
    price_minor: int = -1


def rows_text(rows: Iterable[Row]) -> str:
    """Write rows as the text an answer is kept as."""
    return "\n".join(
        f"{row.key}\t{row.qty}" + (f"\t{row.price_minor}" if row.price_minor >= 0 else "") for row in rows
    )


def rows_of(value: str) -> tuple[Row, ...]:
    """Read rows back; what cannot be read is left out."""
    rows = []
    for text in value.splitlines():
        key, _, rest = text.partition("\t")
        qty, _, price = rest.partition("\t")
        if key and qty.isdecimal():
            rows.append(Row(key, int(qty), int(price) if price.isdecimal() else -1))
    return tuple(rows)


def read_number(value: str) -> int | None:
    """Read whole pieces or minor units; None where the text is no number."""
    text = value.strip()
    return int(text) if text.isdecimal() and len(text) <= 15 else None


def read_date(value: str) -> date | None:
    """Read a day as a `date` field writes it; None where it could not be understood."""
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        return None


# --- fields and steps -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose from: value, words, the reason or figure beside it.

    Units: `most` pieces in `amounts`, 0 where there is no limit; `price_minor` is what a `basket` charges
    while nobody typed a price, -1 where it knows none.
    """

    value: str
    label: Text
    reason: Text | None = None
    most: int = 0
    price_minor: int = -1


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the field says of its value right now. An error keeps the clerk on the step; the rest does not."""

    is_error: bool
    text: Text
    correction: str = ""
    """A value that would be right; Alt+2 takes it."""
    is_doubtful: bool = False
    """It may be right; a person looks twice."""


def no_verdict(_value: str, _answers: Answers, _subject: Any, _facts: Facts) -> Verdict | None:
    """Accept any value."""
    return None


def no_choices(_answers: Answers, _subject: Any, _facts: Facts) -> tuple[Choice, ...]:
    """Leave the value free."""
    return ()


def no_currency(_answers: Answers, subject: Any, _facts: Facts) -> str:
    """Speak of money as the order does."""
    return subject.currency if isinstance(subject, Order) else "CNY"


def no_words(_subject: Any) -> str:
    """Look for nothing before somebody types."""
    return ""


@dataclass(frozen=True, slots=True)
class Field(Generic[S]):
    """One thing to fill in. `personal` values are masked until asked for.

    `seeks` names what an `order` or `article` field looks for before anybody types.
    `is_asked` takes a field off its step while other answers make it meaningless; it is then never in error.
    `is_needed` makes an optional one necessary while other answers ask for it.
    """

    name: str
    label: str
    hint: str
    widget: str = "text"
    """text | lines | choice | combo | number | money | date | file | article | order | amounts | basket"""
    check: Callable[[str, Answers, S, Facts], Verdict | None] = no_verdict
    choices: Callable[[Answers, S, Facts], tuple[Choice, ...]] = no_choices
    is_optional: bool = False
    is_personal: bool = False
    is_asked: Callable[[Answers], bool] = lambda _answers: True
    is_needed: Callable[[Answers], bool] = lambda _answers: False
    currency: Callable[[Answers, S, Facts], str] = no_currency
    seeks: Callable[[S], str] = no_words
    unit: str = N_("{count} pieces")
    """How a number is said."""


def want_reason(value: str, _answers: Answers, _subject: object, _facts: Facts) -> Verdict | None:
    """Want a word why: whoever comes next reads nothing else."""
    if value.strip():
        return None
    return Verdict(is_error=True, text=Text(N_("Write why, so that the next person knows.")))


def reason_field(check: Callable[[str, Answers, S, Facts], Verdict | None] = want_reason) -> Field[S]:
    """Return the field in which somebody writes why."""
    hint = N_("One line, for whoever finds it. No names or numbers of the buyer.")
    return Field("reason", N_("Reason"), hint, check=check)


def said(
    field: Field[S], value: str, answers: Answers, subject: S, facts: Facts, hits: Iterable[Choice] = ()
) -> Text | date | None:
    """Say an answer as people say it: the words of a choice, the name of an article, pieces, money, a day."""
    value = value.strip()
    rows = rows_of(value) if field.widget in ("amounts", "basket") else ()
    if not value or (field.widget in ("amounts", "basket") and not rows):
        return None
    known = next((c for c in (*field.choices(answers, subject, facts), *hits) if c.value == value), None)
    row = facts.rows.get(order_key(value) if field.widget == "order" else sku_key(value))
    if rows or (field.widget == "number" and value.isdecimal()):
        return Text(field.unit, {"count": sum(row.qty for row in rows) if rows else int(value)})
    if field.widget == "money" and (minor := read_number(value)) is not None:
        return Text(shown(minor, field.currency(answers, subject, facts)))
    if field.widget == "file":
        return Text(value[:8])
    if field.widget == "date" and (day := read_date(value)) is not None:
        return day
    if isinstance(row, Order):
        return Text(row.number)
    if field.widget == "article" and isinstance(row, Sku):
        return Text(row.title)
    return known.label if known is not None else Text(value)


@dataclass(frozen=True, slots=True)
class Advice:
    """A suggestion for a whole step: what to fill in, and why. Alt+1 takes it; it never submits."""

    text: Text
    reason: Text
    answers: Answers


def no_advice(_answers: Answers, _subject: Any, _facts: Facts) -> Advice | None:
    """Suggest nothing."""
    return None


def as_written(fields: tuple[Field[S], ...], _answers: Answers, _subject: S) -> tuple[Field[S], ...]:
    """Ask all fields in the order of the form."""
    return fields


@dataclass(frozen=True, slots=True)
class Step(Generic[S]):
    """One decision: a short name for the rail, a question, why it is asked, its fields.

    `arranged` puts the fields into the order and the words that fit this subject, or leaves some out.
    """

    name: str
    title: str
    question: str
    reason: str
    fields: tuple[Field[S], ...]
    advice: Callable[[Answers, S, Facts], Advice | None] = no_advice
    arranged: Callable[[tuple[Field[S], ...], Answers, S], tuple[Field[S], ...]] = as_written
    told: tuple[str, ...] = ()
    """The fields whose answers stand on the rail once the step is done; none named: the first one."""


# --- the guide --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know beside the question: a heading, a sentence or figure. `mark`: met | waits | stops."""

    title: str
    text: Text
    mark: str = ""


def nothing_more(_answers: Answers, _subject: Any, _facts: Facts) -> Keys:
    """Need no rows beyond the subject's own."""
    return frozenset()


def always(_subject: Any, _facts: Facts) -> bool:
    """Offer it whatever the subject is like."""
    return True


def heading(subject: Subject, _answers: Answers, facts: Facts) -> str:
    """Call it by its order's number, or by article and warehouse; what begins has no name."""
    if isinstance(subject, Order):
        return subject.number
    if isinstance(subject, Shelf):
        return f"{subject.sku} · {facts.refs.called('warehouse', subject.warehouse)}"
    return ""


def no_notes(_answers: Answers, _subject: Any, _facts: Facts) -> tuple[Note, ...]:
    """Know nothing more."""
    return ()


def nothing_held(_answers: Answers) -> HoldCart | None:
    """Keep nothing while it is filled in."""
    return None


@dataclass(frozen=True, slots=True)
class Form(Generic[S]):
    """One guide: its steps, the answers it starts with, and the command it ends in.

    `notes` stand beside the question; `fresh` names answers that are new ids; `called` is how people call
    what was done, beside the way back. `holds` is what the hub keeps for it while it is filled in.
    """

    code: str
    title: str
    steps: tuple[Step[S], ...]
    start: Callable[[S, Facts], dict[str, str]]
    build: Callable[[S, Answers, Facts], Command]
    about: About = About.ORDER
    needs: Callable[[Answers, S, Facts], Keys] = nothing_more
    notes: Callable[[Answers, S, Facts], tuple[Note, ...]] = no_notes
    fresh: tuple[str, ...] = ()
    label: str = ""
    key: str = ""
    grant: str = ""
    is_offered: Callable[[S, Facts], bool] = always
    called: Callable[[S, Answers, Facts], str] = heading
    holds: Callable[[Answers], HoldCart | None] = nothing_held
