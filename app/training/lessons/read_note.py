"""Two buyers wrote something: one wants a later day, the other another size."""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.order import Order
from app.forms.hold import FORM as HOLD
from app.forms.swap_item import FORM as SWAP
from app.snags.note_request import KIND
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale
from app.training.lesson import Deck, Given, Goal, Hint, Lesson
from app.training.pointing import at_kind, at_offer, at_repair, at_step
from app.training.standing import go_on, order_is

SMALL, LARGE, CLOTH = "SC-1G", "SC-2G", "TC-1G"


def lay(deck: Deck) -> Iterator[Given]:
    """A sofa cover of the wrong size, a tablecloth that comes too early."""
    for sku in (SMALL, LARGE, CLOTH):
        yield from lies(deck, sku, 20)
    size = buyer(deck, "温如玉", "4545", "文三路41号橡树湾", note="沙发套请换成双人的，价格按单人付的就行")
    yield sale(deck, "size", (Piece(SMALL, 1, 15_900),), size)
    day = buyer(deck, "余生", "4546", "天目山路9号阳光花园", note="这几天不在家，等我电话再发")
    yield sale(deck, "day", (Piece(CLOTH, 1, 7_900),), day)


def _read(order: Order) -> bool:
    return order.snag(KIND.code) is None


LESSON = Lesson(
    code="read_note",
    title=Text(N_("Do what a buyer's note asks")),
    brief=Text(
        N_(
            "Two orders carry a note of their buyer. Read each, do what it asks for, and mark it as "
            "read. The lead agrees to any change of size (SC-2G) at the old price."
        )
    ),
    par_s=90,
    teaches=(KIND.code, HOLD.code, SWAP.code),
    lay=lay,
    goals=(
        Goal(
            "size",
            Text(N_("The sofa cover that goes out is the one for two")),
            order_is("size", lambda order: [line.sku for line in order.lines] == [LARGE]),
        ),
        Goal("on", Text(N_("Its note is read, and it goes on")), go_on("size")),
        Goal(
            "day",
            Text(N_("The tablecloth waits until its buyer calls")),
            order_is("day", lambda order: order.pause is not None and order.pause.until is None),
        ),
        Goal("read", Text(N_("The other note is read too")), order_is("day", _read)),
    ),
    hints=(
        Hint("size", at_kind(KIND)),
        Hint("size", at_offer(SWAP)),
        Hint("size", at_step(SWAP, "article"), frozenset({"no_reason", "unknown_sku"})),
        Hint("on", at_repair(KIND, "mark_read")),
        Hint("day", at_repair(KIND, "hold_order")),
        Hint("day", at_step(HOLD, "reason"), frozenset({"no_reason"})),
        Hint("read", at_repair(KIND, "mark_read")),
    ),
    page="inbox",
)
