"""A person's own choice of place: the difference in money and hours, and from where on it asks why."""

from __future__ import annotations

import pytest
from sourcing_world import decided, order, place, wanted

from app.domain.decision import difference_said
from app.sourcing.override import compared

NEAR, FAR, HEAVY = place("A", {"S": 1}), place("B", {"S": 1}), place("E", {"S": 1}, carriers=("YX",))
BOUGHT = order(*wanted("S"))


PLACES = {"A": NEAR, "B": FAR, "E": HEAVY}


def instead(code, asks_minor=500, asks_h=12):
    return compared(decided(BOUGHT, *PLACES.values()), decided(BOUGHT, PLACES[code]), asks_minor, asks_h)


def test_the_difference_is_freight_and_hours_of_the_last_parcel():
    other = instead("B")

    assert [parcel.place for parcel in other.instead.parcels] == ["B"]
    assert (other.extra_minor, other.extra_h) == (800 - 500, 28)
    assert other.says().message == "{money} more, {hours} h later"
    assert other.says().params == {"money": "¥3.00", "hours": 28}


@pytest.mark.parametrize(
    ("code", "asks", "is_asked"),
    [
        ("A", {}, False),
        ("B", {}, True),  # more than twelve hours later
        ("B", {"asks_h": 28}, False),
        ("B", {"asks_h": 28, "asks_minor": 299}, True),
        ("E", {"asks_h": 99}, True),  # more than five yuan dearer
    ],
)
def test_a_reason_is_asked_above_either_threshold(code, asks, is_asked):
    assert instead(code, **asks).asks_reason is is_asked


def test_what_costs_the_same_or_is_no_later_says_so():
    said = [difference_said(extra, hours, "CNY") for extra, hours in ((0, 0), (0, 1), (250, 0), (-250, -3))]

    assert [each.message for each in said] == [
        "the same price, no later",
        "the same price, {hours} h later",
        "{money} more, no later",
        "{money} less, {hours} h earlier",
    ]
