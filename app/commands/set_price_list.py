"""Set a price list up, or change what it says."""

from __future__ import annotations

import re

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, go_back, publish, refuse
from app.domain.company import PriceList, is_code, is_title
from app.domain.values import Keys, sku_key
from app.text import N_

_CURRENCY = re.compile(r"[A-Z]{3}")
PRICES_MOST = 1_000
"""Whoever needs more names a share of the list price: a list travels whole with each publication."""
PRICE_MOST_MINOR = 10**10
SHARE_MOST_PCT = 200


class SetPriceList(Command, frozen=True, kw_only=True):
    """`price_list.rev` is the revision the person started from, 0 for a new one."""

    price_list: PriceList


def needs(command: SetPriceList) -> Keys:
    """Name the list and the articles it prices."""
    known = command.price_list
    return frozenset({("price_list", known.code), *(sku_key(code) for code in known.prices)})


def decide(command: SetPriceList, facts: Facts) -> Decided:
    """Publish the list under its next revision; orders keep the prices of the day they were ordered.

    Refuses: `bad_code`, `bad_title`, `bad_currency`, `customers_pay_in_it`, `bad_share`, `bad_days`,
    `too_many`, `bad_price`, `unknown_sku`, `stale_content`, `unchanged`.
    """
    known = command.price_list
    before = facts.refs.price_lists.get(known.code)
    wrong = _wrong(known, before) or _price_fault(known, facts)
    return wrong if wrong is not None else publish("price_list", known.code, known, facts)


def _wrong(known: PriceList, before: PriceList | None) -> Refusal | None:
    if before is None and not is_code(known.code):
        return refuse("bad_code", N_("A code has up to 32 letters and digits. Shorten it."))
    if not is_title(known.title):
        return refuse("bad_title", N_("Give it a name of up to 60 characters."))
    if not _CURRENCY.fullmatch(known.currency):
        return refuse("bad_currency", N_("A currency has three letters: CNY."))
    if before is not None and before.currency != known.currency:
        return refuse("customers_pay_in_it", N_("Customers pay in this currency. Set up another list."))
    if not 1 <= known.share_pct <= SHARE_MOST_PCT:
        return refuse("bad_share", N_("A share is 1 to 200 % of the list price. Change it."))
    if known.since_on is not None and known.until_on is not None and known.until_on < known.since_on:
        return refuse("bad_days", N_("A list ends on the day it begins or later. Change a day."))
    return None


def _price_fault(known: PriceList, facts: Facts) -> Refusal | None:
    if len(known.prices) > PRICES_MOST:
        return refuse("too_many", N_("A list prices up to 1,000 articles. Use a share for the rest."))
    for code, price in known.prices.items():
        if not 0 < price <= PRICE_MOST_MINOR:
            return refuse("bad_price", N_("{sku} has no price above 0. Change it or leave it out."), sku=code)
        if facts.sku(code) is None:
            return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=code)
    return None


def inverse(command: SetPriceList, facts: Facts) -> Undo | None:
    """Publish the list as it was; a new one stays, nobody pays by it before a customer names it."""
    return go_back("set_price_list", "price_list", facts.refs.price_lists.get(command.price_list.code))


SPEC = Spec("set_price_list", SetPriceList, needs, decide, Authority.HUB, inverse=inverse, touches=False)
