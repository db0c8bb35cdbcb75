"""Four parcels stand packed; three leave, and one must not."""

from __future__ import annotations

from collections.abc import Iterator

from app.commands.hold import Hold
from app.domain.order import Status
from app.domain.values import Role
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, packed, sale
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at
from app.training.standing import order_is

SKU = "ST-2B"
GOODS = (Piece(SKU, 1, 5_900),)
LEAVE = ("one", "two", "three")
WHO = {"one": "江一白", "two": "江二青", "three": "江三黛", "stays": "江四朱"}


def lay(deck: Deck) -> Iterator[Given]:
    """All four are packed in Suzhou; the buyer of one has called since."""
    yield from lies(deck, SKU, 0, SZ=20)
    for n, (name, who) in enumerate(WHO.items()):
        yield sale(deck, name, GOODS, buyer(deck, who, f"141{n}", f"文三路{70 + n}号书香里"))
    for name in WHO:
        yield from packed(deck, name, GOODS)
    yield Given(Hold(order=deck.id("stays"), reason="买家来电，先别发"), Role.LEAD)


def _gone(floor: Floor) -> bool:
    found = [floor.order(name) for name in LEAVE]
    return all(one is not None and one.status is Status.SHIPPED for one in found)


def _labels(floor: Floor) -> bool:
    found = [floor.order(name) for name in LEAVE]
    numbers = {one.tracking_no for one in found if one is not None and one.tracking_no and one.carrier}
    return len(numbers) == len(LEAVE)


LESSON = Lesson(
    code="ship_parcels",
    title=Text(N_("Ship parcels")),
    brief=Text(
        N_(
            "Four parcels are packed in the Suzhou warehouse, and the carrier is here. Scan each parcel "
            "and its label. Put aside what may not leave."
        )
    ),
    par_s=60,
    teaches=("ship",),
    lay=lay,
    goals=(
        Goal("gone", Text(N_("Three parcels have left")), _gone),
        Goal("labels", Text(N_("Each has a carrier and a number of its own")), _labels),
        Goal(
            "stays",
            Text(N_("The parcel on hold is still here")),
            order_is("stays", lambda order: order.status is Status.PACKED),
            keeps=True,
        ),
    ),
    hints=(
        Hint("gone", at("warehouse", "warehouse/scan")),
        Hint("gone", at("warehouse", "warehouse/forward"), frozenset({"no_tracking", "not_packed"})),
        Hint("labels", at("warehouse", "warehouse/scan"), frozenset({"no_tracking"})),
        Hint("stays", at("warehouse", "warehouse/scan"), frozenset({"on_hold"})),
    ),
    page="warehouse",
    role=Role.WAREHOUSE,
)
