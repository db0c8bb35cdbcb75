"""Policies of sourcing: published once each, the most exact one decides.

Source: capabilities 6, source_policy(version, …, valid_from): immutable, activated.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from app.sourcing.case import SPLIT_MOST, Order, Policy
from app.text import N_, Text

MINOR_MOST = 10**8


class Book(msgspec.Struct, frozen=True):
    """Every version of every policy, in the order of publication."""

    pages: tuple[Policy, ...] = ()

    def newest(self, code: str) -> Policy | None:
        """Return the last version of a policy."""
        return next((one for one in reversed(self.pages) if one.code == code), None)

    def version(self, code: str, version: int) -> Policy | None:
        """Return a policy as it was when something was decided by it."""
        return next((one for one in self.pages if (one.code, one.version) == (code, version)), None)

    def published(self, policy: Policy) -> Book | Text:
        """Return the book with one page more, or why not; pages that are there stay as they are."""
        before = self.newest(policy.code)
        if policy.version != (before.version if before is not None else 0) + 1:
            return Text(N_("Somebody published this policy meanwhile. Look at it again."))
        costs = (policy.split_minor, policy.late_minor, policy.scarce_minor)
        if not (0 <= policy.split_most <= SPLIT_MOST and all(0 <= cost <= MINOR_MOST for cost in costs)):
            return Text(N_("An order is split 3 times at most, and no penalty is negative."))
        return Book((*self.pages, policy))

    def for_order(self, order: Order, on: date) -> Policy | None:
        """Return what decides about an order on a day: of the newest versions the most exact that fits.

        Customer counts before article, article before campaign, campaign before channel.
        """
        fits = [policy for policy in self._newest() if _fits(policy, order, on)]
        return max(fits, key=_exactness, default=None)

    def _newest(self) -> Iterable[Policy]:
        return {one.code: one for one in self.pages}.values()


def _fits(policy: Policy, order: Order, on: date) -> bool:
    named = (
        (policy.customers, order.customer),
        (policy.channels, order.channel),
        (policy.campaigns, order.campaign),
    )
    return (
        all(not names or own in names for names, own in named)
        and (not policy.skus or any(want.sku in policy.skus for want in order.wants))
        and (policy.valid_from is None or policy.valid_from <= on)
        and (policy.valid_until is None or on <= policy.valid_until)
    )


def _exactness(policy: Policy) -> tuple[bool, bool, bool, bool, date]:
    named = (policy.customers, policy.skus, policy.campaigns, policy.channels)
    customer, sku, campaign, channel = map(bool, named)
    return customer, sku, campaign, channel, policy.valid_from or date.min
