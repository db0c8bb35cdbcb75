"""Guide: type an order in: who buys, what, where it goes, how it is paid, what the invoice says."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from app.command import Command, Facts
from app.commands.hold_cart import HoldCart, Wanted
from app.commands.new_order import NewOrder, number_of
from app.domain.invoice import INVOICE_TITLES, Invoice, InvoiceKind, plain_tax_no
from app.domain.money import shown
from app.domain.order import Line
from app.domain.pasted import take_apart
from app.domain.reading import CONFIRM
from app.domain.values import Receiver, Region
from app.form import (
    About,
    Advice,
    Answers,
    Blank,
    Choice,
    Field,
    Form,
    Note,
    Step,
    read_date,
    read_number,
    rows_of,
)
from app.text import N_, Text
from app.typed_order import (
    ACCOUNT,
    BILLED_TO,
    DOOR,
    LATER,
    NO_INVOICE,
    PAID,
    article_of,
    asks_invoice,
    check_address,
    check_day,
    check_freight,
    check_lines,
    check_payment,
    check_phone,
    currency,
    customer_of,
    free_of,
    held_note,
    needs,
    price_of,
    reading_of,
    shop_of,
    total_of,
)  # fmt: skip

# --- choices ----------------------------------------------------------------------------------------


def shops(_answers: Answers, _blank: Blank, facts: Facts) -> tuple[Choice, ...]:
    """List the shops, those for typed orders first."""
    ranked = sorted(facts.refs.shops.values(), key=lambda shop: (shop.channel not in ("B2", "SH"), shop.code))
    return tuple(Choice(shop.code, Text("{title}", {"title": shop.title})) for shop in ranked)


def customers(answers: Answers, blank: Blank, facts: Facts) -> tuple[Choice, ...]:
    """List the businesses that pay in the shop's money."""
    money = currency(answers, blank, facts)
    choices = []
    for customer in facts.refs.customers.values():
        if customer.currency == money and customer.active:
            terms = Text(N_("pays in advance"))
            if customer.terms_days:
                terms = Text(N_("{days} days to pay"), {"days": customer.terms_days})
            choices.append(Choice(customer.code, Text("{title}", {"title": customer.title}), terms))
    return tuple(choices)


def basket(answers: Answers, _blank: Blank, facts: Facts) -> tuple[Choice, ...]:
    """Name what is in the basket, what is free of it and what it costs this customer."""
    choices = []
    for row in rows_of(answers.get("lines", "")):
        article = article_of(row.key, facts)
        if article is None:
            continue
        free = free_of(row.key, answers, facts)
        reason = Text(N_("{sku}, {free} free"), {"sku": row.key, "free": free})
        price = facts.agreed(answers.get("customer", ""), answers.get("shop", ""), facts.now)(article)
        choices.append(Choice(row.key, Text("{title}", {"title": article.title}), reason, price_minor=price))
    return tuple(choices)


def payments(answers: Answers, _blank: Blank, facts: Facts) -> tuple[Choice, ...]:
    """Offer what this buyer may do."""
    customer = customer_of(answers, facts)
    ways = [
        Choice(PAID, Text(N_("Paid already")), Text(N_("The money is here; the order goes on at once."))),
        Choice(LATER, Text(N_("Not paid yet")), Text(N_("It waits at the payment gate."))),
        Choice(DOOR, Text(N_("Paid at the door")), Text(N_("Whoever brings it takes the money."))),
    ]
    if customer is not None and customer.terms_days:
        said = Text(N_("Due {days} days after delivery."), {"days": customer.terms_days})
        ways.insert(0, Choice(ACCOUNT, Text(N_("On account")), said))
    return tuple(ways)


def kinds(_answers: Answers, _blank: Blank, _facts: Facts) -> tuple[Choice, ...]:
    """Offer the invoices there are."""
    return (
        Choice(NO_INVOICE, Text(N_("No invoice"))),
        *(Choice(kind.value, Text(title)) for kind, title in INVOICE_TITLES.items()),
    )


# --- advice, notes, command -------------------------------------------------------------------------


def advise_invoice(answers: Answers, _blank: Blank, facts: Facts) -> Advice | None:
    """Suggest what is known of the customer."""
    customer = customer_of(answers, facts)
    if customer is None or not customer.tax_no:
        return None
    known = {"title": customer.invoice_title, "tax_no": customer.tax_no}
    if asks_invoice(answers) and all(answers.get(name, "") == value for name, value in known.items()):
        return None
    kind = answers.get("invoice", NO_INVOICE)
    wanted = {"invoice": kind if kind != NO_INVOICE else InvoiceKind.SPECIAL.value, **known}
    return Advice(
        Text(N_("Suggestion: {title}"), {"title": customer.invoice_title}),
        Text(N_("Title and tax number of this customer.")),
        wanted,
    )


def advise_paste(answers: Answers, _blank: Blank, facts: Facts) -> Advice | None:
    """Take name and phone out of an address that was pasted in one go; what was typed stays."""
    gazetteer, typed = facts.refs.gazetteer, answers.get("address", "")
    if gazetteer is None:
        return None
    pasted = take_apart(typed, gazetteer)
    found = {name: value for name, value in (("name", pasted.name), ("phone", pasted.phone)) if value}
    if not found or any(answers.get(name, "").strip() not in ("", value) for name, value in found.items()):
        return None
    address = f"{pasted.address} 邮编:{pasted.postcode}" if pasted.postcode else pasted.address
    return Advice(
        Text(N_("Take name and phone out of the address")),
        Text(N_("They were pasted in one go; each goes to its own field.")),
        {**found, "address": address},
    )


def notes(answers: Answers, blank: Blank, facts: Facts) -> tuple[Note, ...]:
    """Show the sum, the price list and the credit."""
    money = currency(answers, blank, facts)
    total = total_of(answers, facts)
    found = [Note(N_("To pay"), Text("{price}", {"price": shown(total, money)})), *held_note(answers, facts)]
    customer = customer_of(answers, facts)
    if customer is None:
        return tuple(found)
    agreed = facts.refs.price_lists.get(customer.price_list)
    if agreed is not None:
        found.append(Note(N_("Price list"), Text("{title}", {"title": agreed.title})))
    if customer.terms_days:
        params: dict[str, str | int | Text] = {
            "credit": shown(customer.credit_minor, money),
            "days": customer.terms_days,
        }
        mark = "met" if total <= customer.credit_minor else "stops"
        found.append(Note(N_("Credit"), Text(N_("{credit}, {days} days to pay"), params), mark))
    return tuple(found)


def start(_blank: Blank, facts: Facts) -> dict[str, str]:
    """Begin at the first shop for typed orders."""
    first = next(iter(shops({}, Blank(), facts)), None)
    return {
        "shop": first.value if first else "",
        "customer": "",
        "lines": "",
        "freight": "",
        "name": "",
        "phone": "",
        "address": "",
        "payment": PAID,
        "ship_by": "",
        "invoice": NO_INVOICE,
        "title": "",
        "tax_no": "",
    }


def called(_blank: Blank, answers: Answers, _facts: Facts) -> str:
    """Call it by the number it got."""
    return number_of(answers["shop"], answers["order"])


def _region(answers: Answers, facts: Facts) -> tuple[Region, str]:
    """Return where it goes and the street, as they were understood."""
    shop, reading = shop_of(answers, facts), reading_of(answers, facts)
    country = shop.country if shop is not None else "CN"
    if reading is None:
        return Region(country=country, verdict=CONFIRM), answers["address"].strip()
    return reading.region(country), reading.street


def holds(answers: Answers) -> HoldCart | None:
    """Have the hub hold what is in the basket, so that nobody else sells it meanwhile."""
    rows = rows_of(answers.get("lines", ""))
    if not rows or not answers.get("shop"):
        return None
    lines = tuple(Wanted(sku=row.key, qty=max(0, row.qty)) for row in rows)
    return HoldCart(cart=answers["order"], shop=answers["shop"], lines=lines)


def build(_blank: Blank, answers: Answers, facts: Facts) -> Command:
    """Make the command from the answers."""
    region, street = _region(answers, facts)
    lines = []
    for at, row in enumerate(rows_of(answers["lines"]), 1):
        article = article_of(row.key, facts)
        title = article.title if article is not None else ""
        price = price_of(row, answers, facts)
        lines.append(
            Line(id=str(at), ext_sku="", title=title, sku=row.key, qty=row.qty, unit_price_minor=price)
        )
    invoice = None
    if asks_invoice(answers):
        invoice = Invoice(
            kind=InvoiceKind(answers["invoice"]),
            title=answers["title"].strip(),
            tax_no=plain_tax_no(answers["tax_no"]),
        )
    day, shop = read_date(answers["ship_by"]), shop_of(answers, facts)
    zone = ZoneInfo(shop.zone if shop is not None else "UTC")
    return NewOrder(
        order=answers["order"],
        shop=answers["shop"],
        customer=answers["customer"],
        lines=tuple(lines),
        receiver=Receiver(
            name=answers["name"].strip(),
            phone=answers["phone"].strip(),
            street=street,
            raw=answers["address"].strip(),
        ),
        region=region,
        freight_minor=read_number(answers["freight"]) or 0,
        paid_minor=total_of(answers, facts) if answers["payment"] == PAID else 0,
        is_on_account=answers["payment"] == ACCOUNT,
        is_cod=answers["payment"] == DOOR,
        invoice=invoice,
        ship_by_at=datetime.combine(day, time(23, 59), zone) if day is not None else None,
    )


# --- the guide --------------------------------------------------------------------------------------

BUYER: Step[Blank] = Step(
    name="buyer",
    title=N_("Buyer"),
    question=N_("Who buys?"),
    reason=N_("Prices and terms follow from it."),
    told=("shop", "customer"),
    fields=(
        Field("shop", N_("Shop"), N_("The shop the money belongs to."), "combo", choices=shops),
        Field(
            "customer",
            N_("Customer"),
            N_("A business with terms or a price list. Leave it empty for anybody else."),
            "combo",
            choices=customers,
            is_optional=True,
        ),
    ),
)
GOODS: Step[Blank] = Step(
    name="goods",
    title=N_("Goods"),
    question=N_("What is ordered?"),
    reason=N_("A price left empty is the one agreed with the customer, else the list price."),
    fields=(
        Field(
            "lines",
            N_("Articles"),
            N_("Type or scan, Enter; then how many, Enter; then the next article."),
            "basket",
            check=check_lines,
            choices=basket,
            currency=currency,
        ),
        Field(
            "freight",
            N_("Freight"),
            N_("What the buyer pays for it. Empty is free."),
            "money",
            check=check_freight,
            is_optional=True,
            currency=currency,
        ),
    ),
)
RECEIVER: Step[Blank] = Step(
    name="receiver",
    title=N_("Receiver"),
    question=N_("Where does it go?"),
    reason=N_("The courier reads it as it is understood here."),
    fields=(
        Field("name", N_("Name"), N_("The name at the door."), is_personal=True),
        Field(
            "phone",
            N_("Phone"),
            N_("The courier calls this number from the door."),
            check=check_phone,
            is_personal=True,
        ),
        Field(
            "address",
            N_("Address"),
            N_("Paste all of it as it was written, name and phone too."),
            "lines",
            check=check_address,
            is_personal=True,
        ),
    ),
    advice=advise_paste,
)
PAYMENT: Step[Blank] = Step(
    name="payment",
    title=N_("Payment"),
    question=N_("How is it paid?"),
    reason=N_("Stock is promised as soon as the money is here or agreed."),
    told=("payment", "ship_by"),
    fields=(
        Field(
            "payment",
            N_("Payment"),
            N_("On account only for customers with terms."),
            "choice",
            check=check_payment,
            choices=payments,
        ),
        Field(
            "ship_by",
            N_("Ship by"),
            N_("Leave it empty if nothing is promised."),
            "date",
            check=check_day,
            is_optional=True,
        ),
    ),
)
INVOICE: Step[Blank] = Step(
    name="invoice",
    title=N_("Invoice"),
    question=N_("What does the invoice say?"),
    reason=N_("A wrong tax number makes it worthless to the buyer."),
    told=("invoice", "title"),
    fields=(
        Field("invoice", N_("Invoice"), N_("Choose what the buyer asked for."), "choice", choices=kinds),
        *BILLED_TO,
    ),
    advice=advise_invoice,
)
FORM: Form[Blank] = Form(
    code="new_order",
    title=N_("New order"),
    steps=(BUYER, GOODS, RECEIVER, PAYMENT, INVOICE),
    start=start,
    build=build,
    about=About.NOTHING,
    needs=needs,
    notes=notes,
    fresh=("order",),
    label=N_("New order"),
    grant="new_order",
    called=called,
    holds=holds,
)
