"""An exception type a company makes for itself: a condition on named fields of an order, as data.

There is no code in it and nothing is computed: a field, how it is compared, a value; all of them, or any.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import msgspec

from app.domain.company import Customer, Shop
from app.domain.money import shown
from app.domain.order import Line, Order
from app.domain.values import Role
from app.text import N_, Text, both

PREFIX = "rule-"
"""What the codes of such types begin with, so that none is ever one of the program's."""
CLAUSES_MOST = 4
RULES_MOST = 100
VALUE_MOST = 60
GOAL_MOST_MIN = 14 * 24 * 60
GROUPS: Mapping[str, str] = {
    "": N_("Everybody who handles exceptions"),
    Role.CLERK.value: N_("Order clerks"),
    Role.TRAINER.value: N_("Trainers"),
    Role.LEAD.value: N_("Leads"),
}
"""Whom such exceptions may be handed to."""
SEVERITIES: Mapping[str, str] = {
    "bad": N_("Grave: goods or money may go wrong"),
    "warn": N_("Usual"),
}


class Clause(msgspec.Struct, frozen=True):
    """One comparison: a name of `FIELDS`, a name of `OPERATORS`, and what it is compared with, as typed."""

    field: str
    op: str
    value: str


class SnagRule(msgspec.Struct, frozen=True, kw_only=True):
    """One such type. `title_en` is its name in English where it has one; `hint` says what to do.

    `after` is another such type that has to be dealt with before this one is asked for.
    `on_line`: it is asked of each line by itself, and keeps back those it is true of.
    `group` is the role it is handed to; `is_any`: one clause is enough; `blocks`: no such order is released.
    Units: `goal_min` minutes of working time, 0: as the rules say.
    """

    code: str
    title: str
    title_en: str = ""
    hint: str = ""
    clauses: tuple[Clause, ...]
    is_any: bool = False
    severity: str = "warn"
    group: str = ""
    goal_min: int = 0
    blocks: bool = True
    active: bool = True
    rev: int = 0
    after: str = ""
    on_line: bool = False

    @property
    def kind(self) -> str:
        """The code of the exceptions it raises."""
        return PREFIX + self.code


class Around(NamedTuple):
    """What settings say of an order: the letters of its channel, and whose prices its customer pays."""

    channel: str = ""
    price_list: str = ""


NOTHING = Around()


def around(order: Order, shops: Mapping[str, Shop], customers: Mapping[str, Customer]) -> Around:
    """Return what settings say of an order."""
    shop, customer = shops.get(order.shop), customers.get(order.customer)
    return Around(shop.channel if shop else "", customer.price_list if customer else "")


class Field(NamedTuple):
    """What may be asked of an order. `sort`: money | number | text | flag.

    `read` returns what is compared: minor units, a number, words (any of them counts), or whether it is so.
    `is_personal`: only the hub holds it on every desk, and no sentence repeats it. `settings` is what of
    `Around` is read instead.
    """

    title: str
    sort: str
    read: Callable[[Order], int | bool | tuple[str, ...]]
    is_personal: bool = False
    settings: str = ""

    def value(self, order: Order, about: Around) -> int | bool | tuple[str, ...]:
        """Return what is compared."""
        return (str(getattr(about, self.settings)),) if self.settings else self.read(order)


def _articles(order: Order) -> tuple[str, ...]:
    return tuple(dict.fromkeys(w for ln in order.lines for w in (ln.sku, ln.ext_sku, ln.title) if w))


FIELDS: Mapping[str, Field] = {
    "payable": Field(N_("To pay"), "money", lambda o: o.payable_minor),
    "unpaid": Field(N_("Not paid yet"), "money", lambda o: o.payable_minor - o.received_money_minor),
    "refunded": Field(N_("Refunded"), "money", lambda o: o.refunded_minor),
    "price": Field(
        N_("Dearest price"), "money", lambda o: max((ln.unit_price_minor for ln in o.lines), default=0)
    ),
    "pieces": Field(N_("Pieces"), "number", lambda o: sum(ln.qty for ln in o.lines)),
    "lines": Field(N_("Lines"), "number", lambda o: len(o.lines)),
    "article": Field(N_("Article"), "text", _articles),
    "channel": Field(N_("Channel"), "text", lambda _: (), settings="channel"),
    "shop": Field(N_("Shop"), "text", lambda o: (o.shop,)),
    "customer": Field(N_("Customer"), "text", lambda o: (o.customer,)),
    "price_list": Field(N_("Price list"), "text", lambda _: (), is_personal=True, settings="price_list"),
    "country": Field(N_("Country"), "text", lambda o: (o.region.country,)),
    "province": Field(N_("Province"), "text", lambda o: (o.region.province,)),
    "city": Field(N_("City"), "text", lambda o: (o.region.city,)),
    "district": Field(N_("District"), "text", lambda o: (o.region.district,)),
    "warehouse": Field(N_("Warehouse"), "text", lambda o: (o.warehouse,)),
    "note": Field(N_("Buyer's note"), "text", lambda o: (o.receiver.note,), is_personal=True),
    "on_account": Field(N_("On account"), "flag", lambda o: o.is_on_account),
    "urgent": Field(N_("Urgent"), "flag", lambda o: o.priority > 0),
    "joined": Field(N_("Merged or split"), "flag", lambda o: bool(o.made_from)),
    "replacement": Field(N_("Replacement"), "flag", lambda o: o.makes_good is not None),
}
"""Everything a condition may look at; what is not here cannot be asked."""
OF_LINES = ("article", "price", "pieces")
"""Fields that say something else of each line."""
OPERATORS: Mapping[str, str] = {
    "at_least": N_("at least"),
    "at_most": N_("at most"),
    "is": N_("is"),
    "is_not": N_("is not"),
    "contains": N_("contains"),
    "contains_not": N_("contains no"),
}
FITTING: Mapping[str, tuple[str, ...]] = {
    "money": ("at_least", "at_most", "is"),
    "number": ("at_least", "at_most", "is"),
    "text": ("is", "is_not", "contains", "contains_not"),
    "flag": ("is", "is_not"),
}
"""How each sort of field may be compared; a flag has no value."""


def name_of(rule: SnagRule) -> str:
    """Return what it is called in both languages; who cannot read the only title has its code beside it."""
    fallback = rule.title if rule.title.isascii() else f"{rule.title} ({rule.code})"
    return both(rule.title, rule.title_en or fallback)


def clause_fault(clause: Clause) -> Text | None:
    """Say why a comparison makes no sense."""
    field = FIELDS.get(clause.field)
    if field is None:
        return Text(N_("Choose what is compared."))
    if clause.op not in FITTING[field.sort]:
        ways = [Text(OPERATORS[op]) for op in FITTING[field.sort]]
        params: dict[str, str | int | Text] = {"field": Text(field.title), "first": ways[0], "last": ways[-1]}
        return Text(N_("{field} is compared by “{first}” to “{last}”. Choose another way."), params)
    if len(clause.value) > VALUE_MOST or not clause.value.isprintable():
        return Text(N_("A value has up to 60 characters on one line. Shorten it."))
    if field.sort in ("money", "number") and _figure(clause.value, field.sort) is None:
        return Text(N_("{field} is compared with a figure. Type one: 500."), {"field": Text(field.title)})
    if field.sort == "text" and not clause.value.strip() and clause.op in ("contains", "contains_not"):
        return Text(N_("Contains what? Type a word."))
    return None


def clause_said(clause: Clause) -> Text:
    """Say a comparison as the settings show it."""
    field = FIELDS.get(clause.field)
    params: dict[str, str | int | Text] = {
        "field": Text(field.title if field is not None else clause.field),
        "op": Text(OPERATORS.get(clause.op, clause.op)),
        "value": clause.value,
    }
    return Text("{field} {op} {value}" if clause.value else "{field} {op}", params)


def holding(rule: SnagRule, order: Order, about: Around = NOTHING) -> tuple[Clause, ...]:
    """Return the clauses that are true of an order where the condition holds; else none."""
    if rule.on_line:
        return next((true for _, true in lines_met(rule, order, about)), ())
    return _holding(rule, order, about)


def lines_met(
    rule: SnagRule, order: Order, about: Around = NOTHING
) -> tuple[tuple[Line, tuple[Clause, ...]], ...]:
    """Return the lines of which a condition is true, each with its clauses that are."""
    alone = ((line, msgspec.structs.replace(order, lines=(line,))) for line in order.lines if line.qty)
    return tuple((line, true) for line, one in alone if (true := _holding(rule, one, about)))


def _holding(rule: SnagRule, order: Order, about: Around) -> tuple[Clause, ...]:
    true = tuple(clause for clause in rule.clauses if _is_true(clause, order, about))
    is_met = bool(true) if rule.is_any else len(true) == len(rule.clauses)
    return true if is_met else ()


def waits_on(rule: SnagRule, rules: Mapping[str, SnagRule]) -> tuple[SnagRule, ...]:
    """Return the types a type waits for, the nearest first; in a ring the last one is the type itself."""
    found: list[SnagRule] = []
    known = {**rules, rule.code: rule}
    here = known.get(rule.after)
    while here is not None and here not in found:
        found.append(here)
        here = known.get(here.after) if here is not rule else None
    return tuple(found)


def ring_of(rule: SnagRule, rules: Mapping[str, SnagRule]) -> tuple[str, ...]:
    """Return the names along the ring a type would close, its own at both ends; nothing where there is none.

    Source: capabilities 4.6.
    """
    chain = waits_on(rule, rules)
    return (rule.title, *(one.title for one in chain)) if rule in chain else ()


def observed(clause: Clause, order: Order, about: Around = NOTHING) -> Text:
    """Say what stands in the field a clause looks at; never what is personal."""
    field = FIELDS[clause.field]
    title = Text(field.title)
    value = field.value(order, about)
    if field.is_personal or isinstance(value, bool):
        return title
    if isinstance(value, int):
        said = shown(value, order.currency) if field.sort == "money" else str(value)
    else:
        said = next((word for word in value if _compares(clause, word)), value[0] if value else "")
    return Text(N_("{field} {value}"), {"field": title, "value": said}) if said else title


def is_personal(rule: SnagRule) -> bool:
    """Tell whether a desk that holds masks could not judge it."""
    return any(FIELDS[clause.field].is_personal for clause in rule.clauses if clause.field in FIELDS)


def _is_true(clause: Clause, order: Order, about: Around) -> bool:
    field = FIELDS.get(clause.field)
    if field is None:
        return False
    value = field.value(order, about)
    if isinstance(value, bool):
        return value is (clause.op == "is")
    if isinstance(value, int):
        figure = _figure(clause.value, field.sort)
        if figure is None:
            return False
        return {"at_least": value >= figure, "at_most": value <= figure}.get(clause.op, value == figure)
    if clause.op in ("is_not", "contains_not"):
        return all(_compares(clause, word) for word in value)
    return any(_compares(clause, word) for word in value)


def _compares(clause: Clause, word: str) -> bool:
    mine, theirs = word.strip().casefold(), clause.value.strip().casefold()
    match clause.op:
        case "is":
            return mine == theirs
        case "is_not":
            return mine != theirs
        case "contains":
            return theirs in mine
        case _:
            return theirs not in mine


def _figure(typed: str, sort: str) -> int | None:
    try:
        figure = Decimal(typed.replace(",", "").strip().lstrip("¥￥").strip())
    except InvalidOperation:
        return None
    if not figure.is_finite() or abs(figure) >= Decimal(10) ** 10:
        return None
    scaled = figure * 100 if sort == "money" else figure
    return int(scaled) if scaled == int(scaled) else None
