"""Where buyers of the platforms abroad live: places that are there, numbers nobody has, and some mistakes."""

from __future__ import annotations

from typing import NamedTuple

from sync.simulators.sale import Sale

FAULT_EVERY = 8
"""One of so many buyers mistypes the address."""


class There(NamedTuple):
    """An address as its buyer typed it; `state` short, `state_name` in full."""

    street: str
    city: str
    state: str
    state_name: str
    postcode: str
    country: str
    country_name: str
    phone: str


LIVED = (
    There(
        "Example Street", "Springfield", "IL", "Illinois", "62701", "US", "United States", "+1 217 555 0100"
    ),
    There("Example Avenue", "Portland", "OR", "Oregon", "97201", "US", "United States", "(503) 555-0111"),
    There("Example Road", "Austin", "TX", "Texas", "787011234", "US", "United States", "512-555-0122"),
    There("Example Road", "Leeds", "England", "England", "LS1 4AP", "GB", "United Kingdom", "020 7946 0018"),
    There("Beispielstr.", "Berlin", "", "", "10115", "DE", "Germany", "+49 30 23125000"),
    There("Example Crescent", "Toronto", "ON", "Ontario", "m5v 2t6", "CA", "Canada", "416-555-0133"),
    There("Example Parade", "Sydney", "NSW", "New South Wales", "2000", "AU", "Australia", "+61 2 5550 1234"),
    There("rue de l'Exemple", "Paris", "", "", "75001", "FR", "France", "+33 1 99 00 12 34"),
    There("Example-dori", "Shibuya-ku", "Tokyo", "Tokyo", "150-0002", "JP", "Japan", "+81 3 0000 0000"),
    There("Rua Exemplo", "São Paulo", "SP", "São Paulo", "01310-100", "BR", "Brazil", "+55 11 95550 0123"),
    There("Voorbeeldstraat", "Utrecht", "", "", "3511AB", "NL", "Netherlands", "+31 30 123 4567"),
    There("Example Marg", "Pune", "MH", "Maharashtra", "411001", "IN", "India", "+91 90000 00000"),
)


def lives(sale: Sale) -> There:
    """Return where the buyer of a sale lives, as that buyer typed it."""
    place = LIVED[sale.buyer % len(LIVED)]
    place = place._replace(street=f"{sale.buyer % 200 + 1} {place.street}")
    return mistyped(place, sale.buyer // FAULT_EVERY) if is_mistyped(sale.buyer) else place


def is_mistyped(buyer: int) -> bool:
    """Tell whether a buyer makes a mistake."""
    return buyer % FAULT_EVERY == FAULT_EVERY - 1


def mistyped(place: There, nth: int) -> There:
    """Make the mistakes people make, one after the other."""
    return (
        place._replace(postcode=""),
        place._replace(postcode="00"),
        place._replace(city=""),
        place._replace(street=""),
        place._replace(street="1"),
    )[nth % 5]
