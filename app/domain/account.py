"""What a business owes and is promised it may owe, in one row, and what of that is one order's.

It works like a shelf: an order takes its part while there is room and gives it back when it is paid or called
off, so of two that come at the same moment the second one sees what the first one took.
Source: DECISIONS 35.
"""

from __future__ import annotations

import msgspec

from app.domain.values import Key


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One customer's account. Units: `used_minor` in the customer's currency."""

    customer: str
    used_minor: int = 0


class Credited(msgspec.Struct, frozen=True, kw_only=True):
    """What an order takes of the credit of a customer. Units: minor units of its currency."""

    customer: str
    amount_minor: int


def account_key(customer: str) -> Key:
    """Name the account of a customer."""
    return ("account", customer)
