"""The channel keeps an order back: risk control, a group that is not complete, a gift nobody has claimed."""

from __future__ import annotations

from app.command import Facts
from app.domain.clock import Wait
from app.domain.order import EDITABLE, ChannelState, Order
from app.domain.told import REFUND_PENDING
from app.repairs import OUT_OF_REACH, held_for, look_again, told
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

TITLE = N_("Held by the channel")
"""Also why it is held here, where that is the answer."""
WHY: dict[str, str] = {
    "": N_("The channel does not let it go yet. It goes on by itself when it does."),
    "risk_review": N_("The channel checks it for fraud. It goes on by itself when that is over."),
    "group_forming": N_("The group of buyers is not complete yet. It goes on by itself when it is."),
    "presale_balance": N_("The balance of the pre-sale is open. It goes on by itself when it is paid."),
    "gift_unclaimed": N_("Nobody has claimed the gift yet. It goes on by itself when somebody does."),
    "address_pending": N_("The channel waits for an address. It goes on by itself when there is one."),
}
"""What the channel waits for, by the word it has for it."""
PATIENCE_MIN = 7 * 24 * 60
"""The type has no goal of its own; after a week of working time somebody asks the channel all the same."""


def found(order: Order, _facts: Facts) -> Finding | None:
    """Find an order the channel does not let go. Source: capabilities 15, platform_lock."""
    if order.status not in EDITABLE or order.channel_state is not ChannelState.ON_HOLD:
        return None
    if order.told.lock == REFUND_PENDING:
        return None
    return Finding(Text(WHY.get(order.told.lock, WHY[""])))


KIND = Kind(
    code="platform_lock",
    title=TITLE,
    hint=N_("Nothing to do while the channel checks. Change nothing; remind the buyer if it takes long."),
    severity="warn",
    rank=2,
    found=found,
    repairs=(
        Repair(
            "look_again",
            N_("Check again"),
            look_again,
            N_("Nothing changes unless the channel has let it go."),
        ),
        Repair(
            "remind_buyer",
            N_("Remind buyer"),
            told("platform_lock", "unlock"),
            N_("It leaves after 30 seconds and can be taken back till then. Nothing else changes."),
            off=OUT_OF_REACH,
        ),
        Repair(
            "hold_order",
            N_("Hold order"),
            held_for(TITLE),
            N_("It stays here too when the channel lets it go, until somebody resumes it."),
            off=N_("On hold already"),
        ),
    ),
    gate="payment",
    goal_min=PATIENCE_MIN,
    effort_min=1,
    stops=(Wait.PLATFORM,),
    locks=True,
)
