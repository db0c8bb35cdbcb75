"""A shop cut the last digit off its postcodes: many exceptions, one key."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from app.domain.reading import ACCEPT
from app.forms.fix_address import FORM
from app.snags.address_invalid import KIND
from app.text import N_, Text
from app.training.decks import HERE, Piece, buyer, lies, sale
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at, at_kind, at_repair, at_step
from app.training.standing import go_on

SKU, COUNT = "ST-1G", 12
NAMES = tuple(f"p{n}" for n in range(COUNT))
CUT = msgspec.structs.replace(HERE, postcode="31001", verdict="")


def lay(deck: Deck) -> Iterator[Given]:
    """Twelve buyers of one street."""
    yield from lies(deck, SKU, 40)
    for n, name in enumerate(NAMES):
        who = buyer(deck, "王李张刘陈杨黄赵吴周徐孙"[n] + "先生", f"56{n:02d}", f"文三路{10 + n}号书香里")
        yield sale(deck, name, (Piece(SKU, 1, 3_900),), who, CUT)


def _whole(floor: Floor) -> bool:
    found = [floor.order(name) for name in NAMES]
    return all(
        one is not None and one.region.verdict == ACCEPT and len(one.region.postcode) in (0, 6)
        for one in found
    )


def _streets(floor: Floor) -> bool:
    found = [floor.order(name) for name in NAMES]
    return all(one is not None and f"{10 + n}号书香里" in one.receiver.street for n, one in enumerate(found))


LESSON = Lesson(
    code="fix_postcodes",
    title=Text(N_("Repair many at once")),
    brief=Text(
        N_(
            "A shop has sent twelve orders whose postcodes lost their last digit. Everything else in the "
            "addresses is right. Choose them all and repair them with one key."
        )
    ),
    par_s=45,
    teaches=(KIND.code, FORM.code),
    lay=lay,
    goals=(
        Goal("whole", Text(N_("All twelve have a whole postcode, or none")), _whole),
        Goal("on", Text(N_("All twelve go on")), go_on(*NAMES)),
        Goal("streets", Text(N_("No street changed")), _streets, keeps=True),
    ),
    hints=(
        Hint("whole", at("inbox", "inbox/rows")),
        Hint("whole", at_kind(KIND)),
        Hint("whole", at_repair(KIND, "use_suggestion")),
        Hint("on", at_repair(KIND, "use_suggestion")),
        Hint("streets", at_step(FORM, "street")),
    ),
    page="inbox",
)
