"""Say what shops are not offered although it is there, or change it."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Refusal, Spec, Undo, go_back, publish, refuse
from app.domain.company import is_code, is_title
from app.domain.offering import EVERY, PIECES_MOST, Mode, StockPolicy
from app.domain.values import Keys, sku_key
from app.text import N_

POLICIES_MOST, ARTICLES_MOST = 200, 500


class SetStockPolicy(Command, frozen=True, kw_only=True):
    """`policy.rev` is the revision the person started from, 0 for a new one."""

    policy: StockPolicy


def needs(command: SetStockPolicy) -> Keys:
    """Name the policy and the articles it is about."""
    known = command.policy
    exact = [one for one in known.articles[:ARTICLES_MOST] if not one.endswith(EVERY)]
    return frozenset({("stock_policy", known.code), *map(sku_key, exact)})


def decide(command: SetStockPolicy, facts: Facts) -> Decided:
    """Publish the policy under its next revision; the hub tells the shops the figures that change by it.

    Refuses: `bad_code`, `bad_title`, `too_many`, `bad_amount`, `bad_days`, `unknown_shop`, `unknown_sku`,
    `stale_content`, `unchanged`.
    """
    policy = command.policy
    wrong = _wrong(policy, facts) or _whom_fault(policy, facts)
    return wrong if wrong is not None else publish("stock_policy", policy.code, policy, facts)


def _wrong(policy: StockPolicy, facts: Facts) -> Refusal | None:
    known = facts.refs.stock_policies
    if policy.code not in known and not is_code(policy.code):
        return refuse("bad_code", N_("A code has up to 32 letters and digits. Shorten it."))
    if policy.code not in known and len(known) >= POLICIES_MOST:
        return refuse("too_many", N_("There are 200 stock policies already. Change one of those."))
    if not is_title(policy.title):
        return refuse("bad_title", N_("Give it a name of up to 60 characters."))
    most = 100 if policy.mode is Mode.PERCENT else PIECES_MOST
    if not 0 <= policy.amount <= most:
        return refuse("bad_amount", N_("This takes 0 to {most}. Change the number."), most=most)
    if policy.since_on is not None and policy.until_on is not None and policy.until_on < policy.since_on:
        return refuse("bad_days", N_("It ends on the day it begins or later. Change a day."))
    return None


def _whom_fault(policy: StockPolicy, facts: Facts) -> Refusal | None:
    shops = facts.refs.shops
    channels = {shop.channel for shop in shops.values()}
    if set(policy.shops) - shops.keys() or set(policy.channels) - channels:
        return refuse("unknown_shop", N_("Choose shops and channels that exist."))
    if len(policy.articles) > ARTICLES_MOST:
        return refuse("too_many", N_("It names up to 500 articles. Write LN-* for all that begin so."))
    for code in policy.articles:
        if not code.endswith(EVERY) and facts.sku(code) is None:
            return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=code)
    return None


def inverse(command: SetStockPolicy, facts: Facts) -> Undo | None:
    """Publish the policy as it was; a new one is taken out of use on its page."""
    return go_back("set_stock_policy", "policy", facts.refs.stock_policies.get(command.policy.code))


SPEC = Spec("set_stock_policy", SetStockPolicy, needs, decide, Authority.HUB, inverse=inverse, touches=False)
