"""Set a shop up, or change how it is set up."""

from __future__ import annotations

import re

import msgspec

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, go_back, publish, refuse
from app.domain.billing import Billed
from app.domain.company import Shop, is_code, is_title, is_zone
from app.domain.owing import KEEPS_MOST_MIN
from app.domain.values import Keys
from app.domain.waiting import WAIT_MOST_MIN
from app.text import N_

SERVICES_MOST, TAX_MOST_PCT = 4, 50
FEES_MOST_BP = 5_000
_CHANNEL, _CURRENCY, _COUNTRY = (re.compile(p) for p in (r"[A-Z0-9]{2}", r"[A-Z]{3}", r"[A-Z]{2}"))


class SetShop(Command, frozen=True, kw_only=True):
    """`shop.rev` is the revision the person started from, 0 for a new shop."""

    shop: Shop


def needs(command: SetShop) -> Keys:
    """Name the shop."""
    return frozenset({("shop", command.shop.code)})


def decide(command: SetShop, facts: Facts) -> Decided:
    """Publish the shop under its next revision.

    Refuses: `bad_code`, `bad_title`, `bad_channel`, `bad_zone`, `no_warehouse`, `bad_invoicing`,
    `orders_stand_in_it`, `bad_wait`, `bad_entity`, `bad_fees`, `stale_content`, `unchanged`.
    """
    shop = command.shop
    before = facts.refs.shops.get(shop.code)
    if before is not None and shop.hears != before.hears:  # that is for the hub to say
        shop = msgspec.structs.replace(shop, hears=before.hears)
    wrong = _wrong(shop, before, facts)
    return wrong if wrong is not None else publish("shop", shop.code, shop, facts)


def _wrong(shop: Shop, before: Shop | None, facts: Facts) -> Refusal | None:
    if before is None and not is_code(shop.code):
        return refuse("bad_code", N_("A code has up to 32 letters and digits. Shorten it."))
    if not is_title(shop.title):
        return refuse("bad_title", N_("Give it a name of up to 60 characters."))
    if not (_CHANNEL.fullmatch(shop.channel) and _CURRENCY.fullmatch(shop.currency)):
        return refuse("bad_channel", N_("A channel has two letters, a currency three: TM, CNY."))
    if not _COUNTRY.fullmatch(shop.country) or not is_zone(shop.zone):
        return refuse("bad_zone", N_("Country and time zone look like CN and Asia/Shanghai."))
    if before is not None and (before.channel, before.currency) != (shop.channel, shop.currency):
        return refuse(
            "orders_stand_in_it",
            N_("Orders stand in this channel and currency. Set up another shop instead."),
        )
    is_unknown = set(shop.warehouses) - facts.refs.warehouses.keys()
    if is_unknown or len(set(shop.warehouses)) < len(shop.warehouses):
        return refuse("no_warehouse", N_("Choose warehouses that exist, each once."))
    if not 0 <= shop.merge_wait_min <= WAIT_MOST_MIN:
        return refuse("bad_wait", N_("An order waits 0 to 240 minutes for another one. Change it."))
    if not 0 <= shop.keeps_unpaid_min <= KEEPS_MOST_MIN:
        return refuse("bad_wait", N_("Unpaid goods are kept for 0 to 10,080 minutes. Change it."))
    if shop.entity and not is_title(shop.entity):
        return refuse("bad_entity", N_("A company is called by up to 60 characters."))
    return _wrong_invoicing(shop)


def _wrong_invoicing(shop: Shop) -> Refusal | None:
    services = shop.invoicers
    is_known = all(map(is_code, services)) and len(set(services)) == len(services) <= SERVICES_MOST
    if not is_known or shop.invoiced_when not in list(Billed):
        return refuse("bad_invoicing", N_("Name up to 4 invoice services, each once, letters and digits."))
    if not 0 <= shop.tax_pct <= TAX_MOST_PCT:
        return refuse("bad_invoicing", N_("The tax in a price is from 0 to 50 %."))
    fees = shop.commission_bp, shop.payment_bp
    if min(fees) < 0 or sum(fees) > FEES_MOST_BP:
        return refuse("bad_fees", N_("What a channel keeps is from 0 to 50 % of a price. Change it."))
    return None


def inverse(command: SetShop, facts: Facts) -> Undo | None:
    """Publish the shop as it was; a new shop stays, orders may have come already."""
    return go_back("set_shop", "shop", facts.refs.shops.get(command.shop.code))


SPEC = Spec("set_shop", SetShop, needs, decide, Authority.HUB, inverse=inverse, touches=False)
