"""Maker and checker: what a signature binds, and how many are asked."""

from __future__ import annotations

import hashlib
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from app.domain.order import Order
from app.domain.rules import Rules
from app.text import N_, Text


def content_hash(order: Order) -> str:
    """Digest what leaves the house: goods, prices, destination. An edit after a signature changes it.

    `evolve` calls this once for each new content and keeps it in `Order.content_hash`.

    Source: sync.md section 1, signatures bind the content hash.
    """
    content = (
        [(line.id, line.sku, line.qty, line.unit_price_minor) for line in order.lines],
        order.payable_minor,
        order.currency,
        order.receiver,
        order.region,
    )
    return hashlib.sha256(msgspec.json.encode(content)).hexdigest()[:32]


def is_night(at: datetime, zone: str, rules: Rules) -> bool:
    """Tell whether `at` falls into the review window of the shop's own clock.

    Source: rules review_from, review_until.
    """
    local = at.astimezone(ZoneInfo(zone)).time()
    if rules.review_from <= rules.review_until:
        return rules.review_from <= local < rules.review_until
    return local >= rules.review_from or local < rules.review_until


def signatures_asked(order: Order, zone: str, rules: Rules, now: datetime) -> int:
    """Return how many people must sign `order` now; never fewer than already asked.

    Source: rules review_above_minor, review_signatures; sync.md section 1 (only a command may lower it).
    """
    asked = 0
    if order.payable_minor > rules.review_above_minor and is_night(now, zone, rules):
        asked = rules.review_signatures
    return max(asked, order.signatures_needed)


def valid_signers(order: Order) -> tuple[str, ...]:
    """People whose signature still fits the content."""
    now = order.content_hash
    return tuple(s.user for s in order.signatures if s.content_hash == now and s.user != order.maker)


DISPUTED = N_("One signed it, another one sent it back: {reason}")


def is_disputed(order: Order) -> bool:
    """Tell whether somebody had signed the very content that was then sent back."""
    return order.rejection is not None and order.rejection.message == DISPUTED


def said_no(order: Order, by: str, reason: str) -> Text:
    """Return how a no in review reads: otherwise where it stands against a signature of somebody else."""
    is_against = any(signer != by for signer in valid_signers(order))
    return Text(DISPUTED if is_against else N_("Sent back: {reason}"), {"reason": reason})


def is_approved(order: Order) -> bool:
    """Enough different people signed exactly this content."""
    return len(set(valid_signers(order))) >= order.signatures_needed
