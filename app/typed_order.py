"""What the answers of a typed order come to so far, and whether each of them can be right."""

from __future__ import annotations

from typing import Any

from app.command import Facts, Unnamed
from app.domain import address
from app.domain.catalogue import Sku, parts_of
from app.domain.company import Customer, Shop
from app.domain.destination import doubts
from app.domain.events import listed
from app.domain.invoice import InvoiceKind, plain_tax_no, tax_no_fault
from app.domain.kit import whole
from app.domain.money import shown
from app.domain.reading import FIX, Reading
from app.domain.stock import Stock, cart_of
from app.domain.values import Key, Keys, sku_key, stock_key
from app.form import Answers, Blank, Field, Note, Row, Verdict, read_date, read_number, rows_of
from app.text import N_, Text

PAID, LATER, ACCOUNT, DOOR = "paid", "later", "account", "door"
NO_INVOICE = "none"


# --- who and what -----------------------------------------------------------------------------------


def shop_of(answers: Answers, facts: Facts) -> Shop | None:
    """Return the shop chosen."""
    return facts.refs.shops.get(answers.get("shop", ""))


def customer_of(answers: Answers, facts: Facts) -> Customer | None:
    """Return the business chosen, where one is."""
    return facts.refs.customers.get(answers.get("customer", ""))


def currency(answers: Answers, _blank: Blank, facts: Facts) -> str:
    """Speak of money as the shop does."""
    shop = shop_of(answers, facts)
    return shop.currency if shop is not None else "CNY"


def needs(answers: Answers, _blank: Blank, facts: Facts) -> Keys:
    """Look at the articles in the basket, wherever the shop is served from."""
    shop = shop_of(answers, facts)
    keys: set[Key] = set()
    for row in rows_of(answers.get("lines", "")):
        keys.add(sku_key(row.key))
        article = article_of(row.key, facts)
        for part in parts_of(article) if article is not None else ():
            keys |= {
                sku_key(part.sku),
                *(stock_key(one, part.sku) for one in (shop.warehouses if shop else ())),
            }
    return frozenset(keys)


def article_of(sku: str, facts: Facts) -> Sku | None:
    """Return an article of the basket, once it is loaded."""
    try:
        return facts.sku(sku)
    except Unnamed:
        return None


def _shelves(sku: str, answers: Answers, facts: Facts) -> list[Stock]:
    """Return the shelves of an article its shop is served from, as far as they are loaded."""
    shop = shop_of(answers, facts)
    keys = [stock_key(place, sku) for place in (shop.warehouses if shop is not None else ())]
    return [row for key in keys if isinstance(row := facts.rows.get(key), Stock)]


def free_of(sku: str, answers: Answers, facts: Facts) -> int:
    """Return what the best place has for this order: free, and held for it already. Units: pieces."""
    cart, article, shop = cart_of(answers.get("order", "")), article_of(sku, facts), shop_of(answers, facts)

    def free(place: str, part: str) -> int:
        stock = facts.rows.get(stock_key(place, part))
        return stock.available_to(facts.by.desk, cart) if isinstance(stock, Stock) else 0

    places = shop.warehouses if shop is not None and article is not None else ()
    return max((whole(parts_of(article), place, free) for place in places if article), default=0)


def held_note(answers: Answers, facts: Facts) -> tuple[Note, ...]:
    """Say what is held while the order is typed, and how long."""
    cart, rows = cart_of(answers.get("order", "")), rows_of(answers.get("lines", ""))
    bought = [(row.qty, parts_of(article)) for row in rows if (article := article_of(row.key, facts))]
    skus = {part.sku for _, parts in bought for part in parts}
    shelves = [shelf for sku in sorted(skus) for shelf in _shelves(sku, answers, facts)]
    held = [lease for shelf in shelves if (lease := shelf.lease_of(cart)) is not None]
    if not held:
        return ()
    left = min(lease.until for lease in held) - facts.now
    pieces = sum(qty * part.qty for qty, parts in bought for part in parts)
    minutes = max(0, int(left.total_seconds()) // 60)
    said: dict[str, str | int | Text] = {
        "held": sum(lease.qty for lease in held), "pieces": pieces, "minutes": minutes,
    }  # fmt: skip
    mark = "met" if said["held"] == pieces else "waits"
    return (Note(N_("Held for it"), Text(N_("{held} of {pieces} pieces, {minutes} min more"), said), mark),)


def price_of(row: Row, answers: Answers, facts: Facts) -> int:
    """Return what was typed, else what was agreed. Units: minor units."""
    article = article_of(row.key, facts)
    if row.price_minor >= 0 or article is None:
        return max(0, row.price_minor)
    return facts.agreed(answers.get("customer", ""), answers.get("shop", ""), facts.now)(article)


def total_of(answers: Answers, facts: Facts) -> int:
    """Return what the basket and its freight come to. Units: minor units."""
    goods = sum(row.qty * price_of(row, answers, facts) for row in rows_of(answers.get("lines", "")))
    return goods + (read_number(answers.get("freight", "")) or 0)


# --- checks -----------------------------------------------------------------------------------------


def check_lines(value: str, answers: Answers, blank: Blank, facts: Facts) -> Verdict | None:
    """Want an article, and say what it comes to."""
    rows = rows_of(value)
    if not rows:
        return Verdict(is_error=True, text=Text(N_("Add an article: type its code or words of its title.")))
    for row in rows:
        if article_of(row.key, facts) is None:
            text = Text(N_("No article {sku}. Choose one from the list."), {"sku": row.key})
            return Verdict(is_error=True, text=text)
    known = {**answers, "lines": value}
    params: dict[str, str | int | Text] = {
        "pieces": sum(row.qty for row in rows),
        "price": shown(total_of(known, facts), currency(answers, blank, facts)),
    }
    has_freight = bool(read_number(answers.get("freight", "")))
    said = N_("{pieces} pieces, {price} with freight") if has_freight else N_("{pieces} pieces, {price}")
    return Verdict(is_error=False, text=Text(said, params))


def check_freight(value: str, _answers: Answers, _blank: Blank, _facts: Facts) -> Verdict | None:
    """Want an amount, where one is typed."""
    if not value.strip() or read_number(value) is not None:
        return None
    return Verdict(is_error=True, text=Text(N_("That is no amount. Type it like 298.00.")))


def check_phone(value: str, answers: Answers, _blank: Blank, facts: Facts) -> Verdict | None:
    """Judge the phone by the country of the shop."""
    shop = shop_of(answers, facts)
    text = address.judge_phone(value, shop.country if shop else "CN") if value.strip() else None
    return Verdict(is_error=True, text=text) if text is not None else None


def reading_of(answers: Answers, facts: Facts) -> Reading | None:
    """Read what was typed as an address."""
    shop, gazetteer = shop_of(answers, facts), facts.refs.gazetteer
    typed = answers.get("address", "").strip()
    if gazetteer is None or not typed:
        return None
    return address.read(typed, gazetteer, country=shop.country if shop else "CN")


def check_address(value: str, answers: Answers, _blank: Blank, facts: Facts) -> Verdict | None:
    """Say what the address was understood as; what is open is asked again at the address gate."""
    if not value.strip():
        return None
    reading = reading_of({**answers, "address": value}, facts)
    if reading is None:
        return None
    place = " ".join(filter(None, (reading.province, reading.city, reading.district)))
    if reading.can_go:
        return Verdict(is_error=False, text=Text(N_("Understood: {place}"), {"place": place}))
    reasons = doubts(reading)
    said = listed(reasons) if reasons else Text(N_("Province, city or street is missing."))
    return Verdict(is_error=reading.verdict == FIX, text=said, is_doubtful=True)


def check_payment(value: str, answers: Answers, _blank: Blank, facts: Facts) -> Verdict | None:
    """Hold an order on account to the credit of its customer."""
    customer = customer_of(answers, facts)
    if value != ACCOUNT:
        return None
    if customer is None or not customer.terms_days:
        text = Text(N_("Only a customer with terms pays later. Choose another payment."))
        return Verdict(is_error=True, text=text)
    if total_of(answers, facts) > customer.credit_minor:
        text = Text(N_("This is above the credit of the customer. Take a payment or split it."))
        return Verdict(is_error=True, text=text)
    return None


def check_day(value: str, _answers: Answers, _blank: Blank, _facts: Facts) -> Verdict | None:
    """Want a day, where one is named."""
    if not value.strip() or read_date(value) is not None:
        return None
    return Verdict(is_error=True, text=Text(N_("No such day. Type tomorrow, 16 or 6-16.")))


def check_title(value: str, answers: Answers, _about: object, facts: Facts) -> Verdict | None:
    """Want a title where a business asks, and the one that belongs to the tax number.

    Source: capabilities 7.1, a title that does not belong to its tax number in the library blocks.
    """
    tax_no = plain_tax_no(answers.get("tax_no", ""))
    owner = next((one for one in facts.refs.customers.values() if tax_no and one.tax_no == tax_no), None)
    if owner is not None and owner.invoice_title and value.strip() != owner.invoice_title:
        text = Text(N_("This tax number belongs to {title}."), {"title": owner.invoice_title})
        return Verdict(is_error=True, text=text, correction=owner.invoice_title)
    if not value.strip() and (is_special(answers) or tax_no):
        return Verdict(is_error=True, text=Text(N_("Who shall stand on the invoice? Type the title.")))
    return None


def check_tax_no(value: str, answers: Answers, _about: object, _facts: Facts) -> Verdict | None:
    """Check the last symbol and show the one that would fit. Source: capabilities 7.1."""
    tax_no = plain_tax_no(value)
    if not tax_no:
        if is_special(answers):
            return Verdict(
                is_error=True, text=Text(N_("A special VAT invoice needs a title and a tax number."))
            )
        return None
    fault = tax_no_fault(tax_no)
    if fault is not None:
        return Verdict(is_error=True, text=fault[0], correction=fault[1])
    return Verdict(is_error=False, text=Text(N_("The last symbol fits.")))


def is_special(answers: Answers) -> bool:
    """Tell whether the invoice is one that needs title and tax number."""
    return answers.get("invoice") == InvoiceKind.SPECIAL


def asks_invoice(answers: Answers) -> bool:
    """Tell whether title and tax number matter."""
    return answers.get("invoice", NO_INVOICE) != NO_INVOICE


BILLED_TO: tuple[Field[Any], ...] = (
    Field(
        "tax_no",
        N_("Tax number"),
        N_("18 figures and capitals; the last one is checked."),
        check=check_tax_no,
        is_optional=True,
        is_asked=asks_invoice,
        is_needed=is_special,
    ),
    Field(
        "title",
        N_("Invoice title"),
        N_("The registered name; an ordinary invoice without one is made out to the receiver."),
        check=check_title,
        is_optional=True,
        is_asked=asks_invoice,
        is_needed=is_special,
    ),
)
"""Whom an invoice is made out to; the number first, as it says whose the title is."""
