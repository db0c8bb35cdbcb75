"""Maker and checker: what a signature binds, and how many are asked."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from app.domain.order import Order
from app.domain.rules import Rules
from app.domain.vouching import Vote


def content_hash(order: Order) -> str:
    """Digest what leaves the house: goods, prices, destination. An edit after a signature changes it.

    What the seller's people wrote to each other is no part of it.

    `evolve` calls this once for each new content and keeps it in `Order.content_hash`.

    Source: sync.md section 1, signatures bind the content hash.
    """
    content = (
        [(line.id, line.sku, line.qty, line.unit_price_minor) for line in order.lines],
        order.payable_minor,
        order.currency,
        order.receiver.without_memo() if order.receiver.memo else order.receiver,
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


AMOUNT_POINTS = 100
ENOUGH_POINTS = 100


def points_of(order: Order, rules: Rules, *, is_new: bool) -> int:
    """Return what speaks for a second pair of eyes on an order. `is_new`: nobody knows its buyer.

    Source: rules review_above_minor, review_*_points; capabilities 10, night selection by risk.
    """
    points = AMOUNT_POINTS if order.payable_minor > rules.review_above_minor else 0
    points += rules.review_new_points if is_new else 0
    points += rules.review_repaired_points if order.original is not None else 0
    points += rules.review_answered_points if order.waivers or order.settled else 0
    if rules.review_price_points and any(line.priced_from is not None for line in order.lines):
        points += rules.review_price_points
    return points


def valid_signers(order: Order) -> tuple[str, ...]:
    """People whose signature still fits the content."""
    now = order.content_hash
    return tuple(s.user for s in order.signatures if s.content_hash == now and s.user != order.maker)


def reviewed_by(order: Order) -> tuple[str, ...]:
    """People who said something of exactly this content, and so say nothing more."""
    return tuple(dict.fromkeys((*valid_signers(order), *order.reviewed.people)))


def said_so_far(order: Order) -> int:
    """Return how many verdicts count now; names an earlier Docket wrote down at once are among them."""
    return max(order.reviewed.verdicts, len(set(valid_signers(order))))


def is_split(order: Order) -> bool:
    """Tell whether as many people have looked as were asked, and do not agree: one more decides."""
    is_open = order.rejection is None and not is_approved(order)
    return order.signatures_needed > 0 and is_open and order.reviewed.verdicts >= order.signatures_needed


def asked_now(order: Order) -> int:
    """Return how many verdicts this round takes by what is known: one more for each that disagreed."""
    return (
        max(order.signatures_needed, order.reviewed.verdicts + 1)
        if is_split(order)
        else order.signatures_needed
    )


UNREAD_BELOW_MS = 2_000
"""Source: capabilities 10.5, a yes within two seconds counts as unread."""


def is_unread(vote: Vote) -> bool:
    """Tell whether a yes came faster than anybody reads; a no is never held against its author."""
    return vote.is_pass and 0 < vote.read_ms < UNREAD_BELOW_MS


def in_this_round(order: Order, votes: Sequence[Vote]) -> tuple[Vote, ...]:
    """Return the verdicts on exactly this content since somebody was last sent back to it."""
    here = order.content_hash, order.reviewed.revision
    fitting = [vote for vote in votes if (vote.content_hash, vote.revision) == here and not vote.unread]
    return tuple(fitting[len(fitting) - order.reviewed.verdicts :])


def is_approved(order: Order) -> bool:
    """Enough different people signed exactly this content."""
    return len(set(valid_signers(order))) >= order.signatures_needed
