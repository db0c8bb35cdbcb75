"""Two large orders wait for a second pair of eyes: one is right, one is not what its buyer asked for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

import msgspec

from app.commands.reject_review import RejectReview
from app.commands.set_rules import SetRules
from app.commands.sign_off import SignOff
from app.domain.order import Order
from app.domain.values import Role, order_key
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, typed
from app.training.lesson import Deck, Given, Goal, Hint, Lesson
from app.training.pointing import at
from app.training.standing import GOING, order_is

SKU, PRICE, ASKED, MISTYPED = "TW-2W", 3_900, 30, 300


def lay(deck: Deck) -> Iterator[Given]:
    """The review is on while the orders come in; a lead has looked at both; then the rules are as before."""
    yield from lies(deck, SKU, 500)
    usual = deck.rules
    always = msgspec.structs.replace(usual, review_from=time(0, 0), review_until=time(23, 59))
    yield Given(SetRules(rules=always), Role.LEAD)
    for name, qty in (("right", ASKED), ("wrong", MISTYPED)):
        who = buyer(deck, "周经理", f"151{len(name)}", f"文三路{qty}号临湖酒店")
        yield typed(deck, name, (Piece(SKU, qty, PRICE),), who, "LH", Role.CLERK)
    yield Given(SetRules(rules=msgspec.structs.replace(usual, rev=deck.rules.rev)), Role.LEAD)
    seal = _seal(deck, "right")
    yield Given(SignOff(order=deck.id("right"), content_hash=seal), Role.LEAD)
    why = "客户要的是 30 条"
    seal = _seal(deck, "wrong")
    yield Given(RejectReview(order=deck.id("wrong"), content_hash=seal, reason=why), Role.LEAD)


def _seal(deck: Deck, name: str) -> str:
    order = deck.before(order_key(deck.id(name)))
    return order.content_hash if isinstance(order, Order) else ""


LESSON = Lesson(
    code="sign_review",
    title=Text(N_("Sign off a review")),
    brief=Text(
        N_(
            "Two orders of the hotel supplier wait on the review board. Both times the customer asked "
            "for 30 bath towels on the phone. Sign what is right, and send back what is not."
        )
    ),
    par_s=60,
    teaches=("sign_off", "reject_review"),
    lay=lay,
    goals=(
        Goal(
            "right",
            Text(N_("The order of 30 towels goes out")),
            order_is("right", lambda o: o.status in GOING),
        ),
        Goal(
            "back",
            Text(N_("The order of 300 towels went back")),
            order_is("wrong", lambda order: order.rejection is not None),
        ),
        Goal(
            "stays",
            Text(N_("Nothing that is wrong goes out")),
            order_is("wrong", lambda order: order.status not in GOING),
            keeps=True,
        ),
    ),
    hints=(
        Hint("right", at("review", "review/list")),
        Hint("right", at("review", "review/actions"), frozenset({"signed_already", "stale_content"})),
        Hint("back", at("review", "review/list")),
        Hint("back", at("review", "review/actions"), frozenset({"no_reason"})),
        Hint("stays", at("review", "review/list")),
    ),
    page="review",
    role=Role.REVIEWER,
)
