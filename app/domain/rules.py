"""Thresholds the business may change without a release; `resources/rules/default.toml` holds the defaults."""

from __future__ import annotations

from datetime import time

import msgspec

from app.text import N_


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """One published set of rules. Units stand in the names; `_pct` is whole percent."""

    rev: int = 0
    review_from: time = time(21, 0)
    review_until: time = time(7, 0)
    review_above_minor: int = 100_000
    review_signatures: int = 2
    review_on_holidays: int = 0
    review_new_points: int = 0
    review_repaired_points: int = 0
    review_answered_points: int = 0
    review_price_points: int = 0
    review_sample_pct: int = 0
    review_limit_min: int = 0
    review_seeded_pct: int = 3
    price_floor_pct: int = 60
    price_ceiling_pct: int = 140
    duplicate_window_h: int = 72
    duplicate_score_pct: int = 75
    unpaid_after_min: int = 30
    late_after_pct: int = 80
    ship_within_h: int = 24
    delivery_days: int = 2
    snag_goal_min: int = 28
    claim_h: int = 4
    answer_h: int = 48
    recount_above_pieces: int = 20
    return_wait_days: int = 14
    lease_share_pct: int = 20
    lease_hours: int = 8
    lease_from_pieces: int = 10
    carrier_extra_minor: int = 500
    other_place_minor: int = 500
    other_place_h: int = 12
    dunning_stop_level: int = 3
    cart_hold_min: int = 10


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What one field of the rules is called, does, and may be.

    `unit`: time | money | pct | h | min | days | pieces | count.
    Units: `least`, `most` in that unit, money in minor units.
    """

    name: str
    group: str
    title: str
    does: str
    unit: str
    least: int = 0
    most: int = 0

    def default(self) -> time | int:
        """What a new company starts with."""
        value: time | int = getattr(Rules(), self.name)
        return value

    def holds(self, value: time | int) -> bool:
        """Tell whether a value lies within the range."""
        if isinstance(value, time):
            return self.unit == "time" and value.tzinfo is None
        return self.least <= value <= self.most


REVIEW, PRICES, DUPLICATES, TIMES = N_("Review"), N_("Prices"), N_("Duplicates"), N_("Times")
GOODS, OFFLINE, CARRIERS = N_("Stock and returns"), N_("Without the network"), N_("Carriers")
SOURCING = N_("Choice of warehouse")

CATALOGUE = (
    Rule(
        name="review_from", group=REVIEW, title=N_("Night review from"), unit="time",
        does=N_("From this hour, shop time, an order above the amount waits for signatures."),
    ),
    Rule(
        name="review_until", group=REVIEW, title=N_("Night review until"), unit="time",
        does=N_("From this hour on orders pass without signatures again. Earlier than the start: next day."),
    ),
    Rule(
        name="review_above_minor", group=REVIEW, title=N_("Reviewed above"), unit="money",
        least=0, most=100_000_000,
        does=N_("Orders that cost more than this are looked at by a reviewer at night."),
    ),
    Rule(
        name="review_signatures", group=REVIEW, title=N_("Signatures at night"), unit="count",
        least=0, most=2,
        does=N_("So many different people sign; 0 switches the night review off."),
    ),
    Rule(
        name="review_on_holidays", group=REVIEW, title=N_("Whole day on holidays"), unit="yes",
        least=0, most=1,
        does=N_("On days a calendar of holidays closes, the review lasts from midnight to midnight."),
    ),
    Rule(
        name="review_new_points", group=REVIEW, title=N_("Points: first order"), unit="count",
        least=0, most=100,
        does=N_("A buyer nobody has heard of before. From 100 points together on an order is reviewed."),
    ),
    Rule(
        name="review_repaired_points", group=REVIEW, title=N_("Points: mended address"), unit="count",
        least=0, most=100,
        does=N_("An address a person or a rule has mended. 0: it does not matter here."),
    ),
    Rule(
        name="review_answered_points", group=REVIEW, title=N_("Points: overridden"), unit="count",
        least=0, most=100,
        does=N_("A gate somebody waived or an exception somebody let pass as it is."),
    ),
    Rule(
        name="review_price_points", group=REVIEW, title=N_("Points: changed price"), unit="count",
        least=0, most=100,
        does=N_("Not the price the order came with. An amount above the limit is 100 by itself."),
    ),
    Rule(
        name="review_sample_pct", group=REVIEW, title=N_("Quiet sample"), unit="pct", least=0, most=100,
        does=N_("So many of the others are reviewed too. The hub draws them; nobody can tell which."),
    ),
    Rule(
        name="review_limit_min", group=REVIEW, title=N_("A lead hears after"), unit="min",
        least=0, most=1_440,
        does=N_("So long nobody reviewed it: the lead sees to it. 0: it waits. It never leaves by itself."),
    ),
    Rule(
        name="review_seeded_pct", group=REVIEW, title=N_("Seeded mistakes"), unit="pct", least=0, most=50,
        does=N_("So many of what a reviewer sees are past mistakes, made anonymous. None ever ships."),
    ),
    Rule(
        name="price_floor_pct", group=PRICES, title=N_("Price from"), unit="pct", least=0, most=100,
        does=N_("A price below this share of the list price is an exception."),
    ),
    Rule(
        name="price_ceiling_pct", group=PRICES, title=N_("Price up to"), unit="pct", least=100, most=1_000,
        does=N_("A price above this share of the list price is an exception."),
    ),
    Rule(
        name="duplicate_window_h", group=DUPLICATES, title=N_("Duplicates within"), unit="h",
        least=1, most=720,
        does=N_("Two orders of one buyer within this time may be one order sent twice."),
    ),
    Rule(
        name="duplicate_score_pct", group=DUPLICATES, title=N_("Duplicate from"), unit="pct",
        least=1, most=100,
        does=N_("From this likeness of goods, amount and address a clerk is asked."),
    ),
    Rule(
        name="unpaid_after_min", group=TIMES, title=N_("Unpaid after"), unit="min", least=1, most=10_080,
        does=N_("An order not paid after this time is an exception."),
    ),
    Rule(
        name="late_after_pct", group=TIMES, title=N_("Late from"), unit="pct", least=1, most=100,
        does=N_("When this share of the time until shipping is used, the order counts as late."),
    ),
    Rule(
        name="ship_within_h", group=TIMES, title=N_("Ship within"), unit="h", least=1, most=720,
        does=N_("Orders without a promise of their channel are shipped within this time."),
    ),
    Rule(
        name="delivery_days", group=TIMES, title=N_("On the way"), unit="days", least=0, most=60,
        does=N_("So long a parcel takes; nobody comes to install before it is there."),
    ),
    Rule(
        name="snag_goal_min", group=TIMES, title=N_("Exceptions done within"), unit="min",
        least=1, most=1_440,
        does=N_("An exception is due so long after it appeared."),
    ),
    Rule(
        name="claim_h", group=TIMES, title=N_("A claim lasts"), unit="h", least=1, most=72,
        does=N_("What somebody claimed and has not finished by then may be taken by others again."),
    ),
    Rule(
        name="answer_h", group=TIMES, title=N_("A buyer answers within"), unit="h", least=1, most=720,
        does=N_("An exception whose buyer was asked comes back into the list after this time."),
    ),
    Rule(
        name="recount_above_pieces", group=GOODS, title=N_("Second count above"), unit="pieces",
        least=0, most=10_000,
        does=N_("A count that differs by more waits until a second person has counted."),
    ),
    Rule(
        name="return_wait_days", group=GOODS, title=N_("Returns arrive within"), unit="days",
        least=1, most=120,
        does=N_("A return that is on its way for longer is an exception."),
    ),
    Rule(
        name="lease_share_pct", group=OFFLINE, title=N_("Held by desks"), unit="pct", least=0, most=100,
        does=N_("All desks together hold no more of what is free, to confirm sales offline; 0: none."),
    ),
    Rule(
        name="lease_hours", group=OFFLINE, title=N_("Held for"), unit="h", least=1, most=72,
        does=N_("A desk without the network confirms sales for so long; then its stock is free again."),
    ),
    Rule(
        name="lease_from_pieces", group=OFFLINE, title=N_("Held from"), unit="pieces",
        least=1, most=100_000,
        does=N_("Of an article with fewer free pieces no desk holds any."),
    ),
    Rule(
        name="carrier_extra_minor", group=CARRIERS, title=N_("Next carrier up to"), unit="money",
        least=0, most=100_000,
        does=N_("Where the usual carrier does not go, the next takes it up to this extra cost."),
    ),
    Rule(
        name="other_place_minor", group=SOURCING, title=N_("Ask why above"), unit="money",
        least=0, most=100_000,
        does=N_("Who sends an order from elsewhere for more than this amount says why."),
    ),
    Rule(
        name="other_place_h", group=SOURCING, title=N_("Ask why if later by"), unit="h", least=0, most=240,
        does=N_("Who sends an order from elsewhere so that it comes later by more than this says why."),
    ),
    Rule(
        name="dunning_stop_level", group=PRICES, title=N_("Dunning stops at"), unit="count",
        least=0, most=9,
        does=N_("Who was reminded so often of what is overdue gets nothing more on account; 0: never."),
    ),
    Rule(
        name="cart_hold_min", group=GOODS, title=N_("Held while typing"), unit="min", least=1, most=120,
        does=N_("What an order that is being typed names is held so long; every answer begins it anew."),
    ),
)  # fmt: skip
"""Every field of the rules, in the order of the page."""


def out_of_range(rules: Rules) -> Rule | None:
    """Return the first rule whose value it may not have."""
    return next((rule for rule in CATALOGUE if not rule.holds(getattr(rules, rule.name))), None)
