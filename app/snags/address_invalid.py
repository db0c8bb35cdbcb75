"""The address was not understood, or only with a doubt."""

from __future__ import annotations

from app.command import Command, Facts
from app.commands.fix_address import FixAddress
from app.domain import address
from app.domain.clock import Wait
from app.domain.destination import doubts, is_complete, read_foreign, reading_of, suggested
from app.domain.events import in_a_row
from app.domain.order import EDITABLE, Order
from app.domain.values import Receiver
from app.repairs import OUT_OF_REACH, SENT_LATER, told
from app.snag import Finding, Kind, Repair
from app.text import N_, Text


def found(order: Order, facts: Facts) -> Finding | None:
    """Find an address nobody accepted; the sentence names the two worst doubts.

    Source: capabilities 15, address_invalid.
    """
    if order.region.verdict == address.ACCEPT or order.status not in EDITABLE:
        return None
    if order.receiver == Receiver():
        return Finding(Text(N_("There is no address. Ask the buyer.")))
    reading = reading_of(order, facts.refs.gazetteer)
    if reading is None:
        return Finding(Text(N_("The address is not clear. Check province, city and street.")))
    words = doubts(reading)
    if not words:
        return Finding(Text(N_("The address needs a look before it is used.")))
    return Finding(in_a_row(words[:2]))


def take_suggestion(order: Order, facts: Facts) -> Command | None:
    """Take the completed address, unless the reading itself asks to be fixed."""
    reading = reading_of(order, facts.refs.gazetteer)
    if reading is None or reading.verdict == address.FIX:
        return None
    receiver, region = suggested(order, reading, facts.refs.gazetteer)
    is_doubted = region.country != "CN" and not read_foreign(receiver, region).can_go
    if is_doubted or not is_complete(receiver, region):
        return None
    return FixAddress(order=order.id, receiver=receiver, region=region)


def keep_as_written(order: Order, _facts: Facts) -> Command | None:
    """Accept what is there, where nothing needed is empty."""
    region = order.region
    if not is_complete(order.receiver, region):
        return None
    kept = type(region)(
        country=region.country,
        province=region.province,
        city=region.city,
        district=region.district,
        postcode=region.postcode,
        verdict=address.ACCEPT,
    )
    return FixAddress(order=order.id, receiver=order.receiver, region=kept)


KIND = Kind(
    code="address_invalid",
    title=N_("Address unclear"),
    hint=N_("Compare with what the buyer wrote. House number, name and phone stay as they are."),
    severity="bad",
    rank=13,
    found=found,
    repairs=(
        Repair(
            "use_suggestion",
            N_("Use suggestion"),
            take_suggestion,
            N_("House number, receiver and phone stay. It can be undone until picking begins."),
            off=N_("No suggestion here"),
        ),
        Repair(
            "ask_buyer",
            N_("Ask buyer"),
            told("address_invalid", "address"),
            SENT_LATER,
            off=OUT_OF_REACH,
        ),
        Repair(
            "keep_as_written",
            N_("Keep as written"),
            keep_as_written,
            N_("Nothing changes but the verdict. It can be undone until picking begins."),
        ),
    ),
    form="fix_address",
    stops=(Wait.CUSTOMER,),
)
