"""How costs are weighed where an order is sent from, and for whom; the most exact policy decides.

Source: capabilities 6, source_policy(version, …, valid_from): immutable, activated.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

import msgspec

SPLIT_MOST = 3
"""No order is sent in more than four parcels."""


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """A published policy never changes: a change is its next revision, and the history keeps each.

    An empty list is everybody; `channels` are letters of channels or codes of shops. An order falls under the
    policy that names it most exactly.
    Units: minor units: `split_minor` for each parcel beyond the first, `late_minor` for each begun hour after
    the promise, `scarce_minor` for taking all that is free of an article in a place, less for less.
    """

    code: str
    rev: int = 0
    title: str = ""
    customers: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    skus: tuple[str, ...] = ()
    campaigns: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    """The last day."""
    split_most: int = 2
    split_minor: int = 300
    late_minor: int = 50
    scarce_minor: int = 0
    lends: bool = False
    """Companies of the group send for each other."""
    active: bool = True

    def fits(self, asked: Asked, on: date) -> bool:
        """Tell whether an order falls under it on a day."""
        return (
            self.active
            and (not self.customers or asked.customer in self.customers)
            and (not self.channels or not asked.channels.isdisjoint(self.channels))
            and (not self.campaigns or asked.campaign in self.campaigns)
            and (not self.skus or any(sku in self.skus for sku in asked.skus))
            and (self.valid_from is None or self.valid_from <= on)
            and (self.valid_until is None or on <= self.valid_until)
        )

    @property
    def exactness(self) -> tuple[bool, bool, bool, bool, date]:
        """Return how exactly it names: customer before article, article before campaign, then channel."""
        named = (self.customers, self.skus, self.campaigns, self.channels)
        customer, sku, campaign, channel = map(bool, named)
        return customer, sku, campaign, channel, self.valid_from or date.min


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What of an order a policy may name."""

    customer: str = ""
    channels: frozenset[str] = frozenset()
    campaign: str = ""
    skus: Collection[str] = ()


def policy_for(policies: Iterable[Policy], asked: Asked, on: date) -> Policy | None:
    """Return what decides about an order on a day: the most exact policy it falls under."""
    fits = (policy for policy in policies if policy.fits(asked, on))
    return max(fits, key=lambda policy: (*policy.exactness, policy.code), default=None)
