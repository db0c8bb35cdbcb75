"""A colleague left a page; it is taken over, and at the end of the shift there is one of one's own."""

from __future__ import annotations

from collections.abc import Iterator

from app.commands.hold import Hold
from app.commands.leave_shift import LeaveShift
from app.domain.handover import Handover, Open, What, handover_key
from app.domain.values import Role
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, sale
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at

SKU = "TC-1B"
WHY = "等买家确认收货时间"


def lay(deck: Deck) -> Iterator[Given]:
    """One order is on hold; the lead wrote it down and went home."""
    yield from lies(deck, SKU, 10)
    yield sale(deck, "waits", (Piece(SKU, 1, 7_900),), buyer(deck, "谷雨", "1616", "文三路101号金桂苑"))
    yield Given(Hold(order=deck.id("waits"), reason=WHY), Role.LEAD)
    line = Open(
        what=What.HOLD, id=deck.id("waits"), number=deck.number("waits"), why=Text(WHY), owner="zhou",
        remark="买家说晚上回电话",
    )  # fmt: skip
    yield Given(LeaveShift(id=deck.id("page"), lines=(line,)), Role.LEAD)


def _taken(floor: Floor) -> bool:
    page = floor.row(handover_key("", floor.deck.id("page")), Handover)
    return page is not None and bool(page.taken_by)


def _own(floor: Floor) -> list[Handover]:
    pages = (row for row in floor.rows.values() if isinstance(row, Handover))
    return [page for page in pages if page.id != floor.deck.id("page")]


def _names_it(floor: Floor) -> bool:
    waits = floor.deck.id("waits")
    return any(line.id == waits for page in _own(floor) for line in page.lines)


def _says_what(floor: Floor) -> bool:
    waits = floor.deck.id("waits")
    said = [page.remark for page in _own(floor)]
    said += [line.remark for page in _own(floor) for line in page.lines if line.id == waits]
    return any(said)


LESSON = Lesson(
    code="hand_over",
    title=Text(N_("Hand a shift over")),
    brief=Text(
        N_(
            "Your shift begins: take over the page that Zhou Yu'an left. At its end an order still waits "
            "for its buyer's call. Leave a page that names it, and write one sentence for whoever comes."
        )
    ),
    par_s=60,
    teaches=("take_shift", "leave_shift"),
    lay=lay,
    goals=(
        Goal("taken", Text(N_("The page of the colleague is taken over")), _taken),
        Goal("named", Text(N_("A page of your own names the order that waits")), _names_it),
        Goal("said", Text(N_("It says a sentence to whoever comes")), _says_what),
    ),
    hints=(
        Hint("taken", at("handover", "handover/table")),
        Hint("taken", at("handover", "handover/actions"), frozenset({"same_person", "taken"})),
        Hint("named", at("handover", "handover/actions")),
        Hint("said", at("handover", "handover/table"), frozenset({"bad_words"})),
    ),
    page="handover",
)
