"""A customer orders more than its credit allows."""

from __future__ import annotations

from collections.abc import Iterator

from app.commands.correct_price import CorrectPrice
from app.commands.set_customer import SetCustomer
from app.domain.account import Account, account_key
from app.domain.company import Customer
from app.domain.order import Status
from app.domain.values import Role
from app.forms.split import FORM as SPLIT
from app.snags.credit_hold import KIND
from app.text import N_, Text
from app.training.decks import Piece, buyer, lies, typed
from app.training.lesson import Deck, Floor, Given, Goal, Hint, Lesson
from app.training.pointing import at_kind, at_offer, at_repair
from app.training.standing import goes_on

CUSTOMER, BED, COVER = "CX", "MT-2W", "DV-4W"
FIRST, AGREED = 161_900, 215_000
GOODS = (Piece(COVER, 40, 95_900), Piece(BED, 20, FIRST))
TOTAL, CREDIT = 40 * 95_900 + 20 * AGREED, 8_000_000


def lay(deck: Deck) -> Iterator[Given]:
    """A customer of its own has just that much credit left; then a thicker mattress makes it dearer."""
    for sku in (BED, COVER):
        yield from lies(deck, sku, 80)
    known, account = deck.before(("customer", CUSTOMER)), deck.before(account_key(CUSTOMER))
    used = account.used_minor if isinstance(account, Account) else 0
    customer = Customer(
        code=CUSTOMER, title="晨曦月子会所", terms_days=7, credit_minor=used + CREDIT,
        rev=known.rev if isinstance(known, Customer) else 0,
    )  # fmt: skip
    yield Given(SetCustomer(customer=customer), Role.LEAD)
    who = buyer(deck, "陶前台", "5501", "曙光路18号晨曦月子会所")
    yield typed(deck, "large", GOODS, who, CUSTOMER, Role.CLERK)
    dearer = CorrectPrice(order=deck.id("large"), line="2", unit_price_minor=AGREED, reason="改加厚款")
    yield Given(dearer, Role.CLERK)


def _some_goes(floor: Floor) -> bool:
    return any(goes_on(order) for order in floor.heirs("large"))


def _all_there(floor: Floor) -> bool:
    open_orders = [order for order in floor.heirs("large") if order.status is not Status.CANCELLED]
    return sum(order.payable_minor for order in open_orders) == TOTAL


def _within(floor: Floor) -> bool:
    going = [order for order in floor.heirs("large") if goes_on(order)]
    return sum(order.payable_minor for order in going if order.is_on_account) <= CREDIT


LESSON = Lesson(
    code="fit_credit",
    title=Text(N_("Stay within the credit")),
    brief=Text(
        N_(
            "The care home 晨曦月子会所 orders for 81,360.00 and has 80,000.00 of its credit left. It "
            "pays the rest next week. What its credit allows goes out today, what it does not waits."
        )
    ),
    par_s=30,
    teaches=(KIND.code, SPLIT.code),
    lay=lay,
    goals=(
        Goal("some", Text(N_("What the credit allows goes on")), _some_goes),
        Goal("within", Text(N_("No more goes out than the credit allows")), _within, keeps=True),
        Goal("all", Text(N_("Nothing the customer ordered is lost")), _all_there, keeps=True),
    ),
    hints=(
        Hint("some", at_kind(KIND)),
        Hint("some", at_repair(KIND, "split_to_fit")),
        Hint("some", at_offer(SPLIT)),
        Hint("within", at_repair(KIND, "split_to_fit")),
        Hint("all", at_repair(KIND, "split_to_fit")),
    ),
    page="inbox",
)
