"""The channel says something of an order that nobody here understands yet."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.classify import UNCLEAR, Classify
from app.domain.order import EDITABLE, ChannelState, Order
from app.domain.order_class import is_in_use
from app.domain.told import CaseState
from app.domain.values import digest
from app.repairs import answered, look_again
from app.snag import Finding, Kind, Repair
from app.text import N_, Text

TITLE = N_("State not known")


def found(order: Order, facts: Facts) -> Finding | None:
    """Find a state of the channel that nobody may ignore.

    Source: capabilities 15, unclassified; capabilities 1, unknown status means hold.
    """
    odd = [case.id for case in order.told.cases if case.state is CaseState.UNKNOWN]
    if order.told.unclear or odd:
        return Finding(
            Text(N_("The channel sent a message we do not know. Look the order up there.")),
            digest=digest(order.id, order.told.unclear, odd),
        )
    if order.status not in EDITABLE:
        return None
    if facts.at_hub and order.classed is None and is_in_use(facts.refs.order_classes.values()):
        text = Text(N_("No row of the class table fits. Add one for such orders, or mark it as read."))
        return Finding(text, digest=digest(order.id, "class"))
    if order.channel_state is ChannelState.UNKNOWN:
        return Finding(Text(N_("The channel sent a state we do not know. Look the order up there.")))
    if order.channel_state is ChannelState.PARTLY_SHIPPED:
        return Finding(Text(N_("Partly shipped on the channel, but not by us. Look the order up there.")))
    return None


def take_as_due(order: Order, _facts: Facts) -> Command | None:
    """Say that the order is to be shipped, as far as the channel is concerned."""
    if order.channel_state not in UNCLEAR:
        return None
    return Classify(order=order.id, state=ChannelState.TO_SHIP)


KIND = Kind(
    code="unclassified",
    title=TITLE,
    hint=N_("Look the order up on the channel, then say here what its state means."),
    severity="warn",
    rank=32,
    found=found,
    repairs=(
        Repair(
            "look_again",
            N_("Check again"),
            look_again,
            N_("Nothing changes unless the channel has sent something else."),
        ),
        Repair(
            "to_ship",
            N_("To ship"),
            take_as_due,
            N_("The gates still ask for money and stock. What the channel says next counts."),
        ),
        Repair(
            "answered",
            N_("Mark as read"),
            answered("unclassified"),
            N_("Only the question goes away. Another message nobody knows is asked about again."),
            off="",
        ),
    ),
    gate="payment",
    after_sales=True,
)
