"""Set a warehouse up, or change how it is set up."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Spec, Undo, go_back, publish, refuse
from app.domain.company import Warehouse, is_code, is_title, is_zone
from app.domain.values import Keys
from app.text import N_

HANDLING_MOST_MIN = 10_080
PARCELS_MOST = 10**6


class SetWarehouse(Command, frozen=True, kw_only=True):
    """`warehouse.rev` is the revision the person started from, 0 for a new building."""

    warehouse: Warehouse


def needs(command: SetWarehouse) -> Keys:
    """Name the warehouse."""
    return frozenset({("warehouse", command.warehouse.code)})


def decide(command: SetWarehouse, facts: Facts) -> Decided:
    """Publish the warehouse under its next revision.

    Refuses: `bad_code`, `bad_title`, `bad_zone`, `bad_handling`, `bad_room`, `no_carrier`, `bad_entity`,
    `stale_content`, `unchanged`.
    """
    house = command.warehouse
    if house.code not in facts.refs.warehouses and not is_code(house.code):
        return refuse("bad_code", N_("A code has up to 32 letters and digits. Shorten it."))
    if not is_title(house.title) or not is_title(house.city):
        return refuse("bad_title", N_("Give name and city, up to 60 characters each."))
    if not is_zone(house.zone) or house.cut_off.tzinfo is not None:
        return refuse("bad_zone", N_("A time zone looks like Asia/Shanghai."))
    if not 0 <= house.handling_min <= HANDLING_MOST_MIN:
        return refuse("bad_handling", N_("A parcel is closed within 0 to 10,080 minutes. Change it."))
    if not 0 <= house.parcels_a_day <= PARCELS_MOST:
        return refuse("bad_room", N_("A warehouse sends up to 1,000,000 parcels a day, 0 for no limit."))
    if set(house.carriers) - facts.refs.carriers.keys() or len(set(house.carriers)) < len(house.carriers):
        return refuse("no_carrier", N_("Choose carriers that exist, each once."))
    if house.entity and not is_title(house.entity):
        return refuse("bad_entity", N_("A company is called by up to 60 characters."))
    return publish("warehouse", house.code, house, facts)


def inverse(command: SetWarehouse, facts: Facts) -> Undo | None:
    """Publish the warehouse as it was; a new one stays, stock may lie there already."""
    return go_back("set_warehouse", "warehouse", facts.refs.warehouses.get(command.warehouse.code))


SPEC = Spec("set_warehouse", SetWarehouse, needs, decide, Authority.HUB, inverse=inverse, touches=False)
