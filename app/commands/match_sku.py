"""Say which of our articles a shop's own code means."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.events import Event, LinesMatched, SkuMapped
from app.domain.kit_lines import sold
from app.domain.order import EDITABLE, Line
from app.domain.values import Key, Keys, order_key, sku_key, sku_map_key
from app.text import N_


class MatchSku(Command, frozen=True, kw_only=True):
    """`order` is where it was pressed, and is matched at once; an empty `sku` takes a match back.

    It is saved for the whole shop unless it is meant for this order alone.
    """

    shop: str
    ext_sku: str
    sku: str
    order: str = ""
    is_for_shop: bool = True


def needs(command: MatchSku) -> Keys:
    """Name the mapping, the article, and the order it was pressed on."""
    keys: set[Key] = {sku_map_key(command.shop, command.ext_sku)}
    if command.sku:
        keys.add(sku_key(command.sku))
    if command.order:
        keys.add(order_key(command.order))
    return frozenset(keys)


def decide(command: MatchSku, facts: Facts) -> Decided:
    """Save the mapping and match the lines of the order it was pressed on.

    Refuses: `no_code`, `unknown_sku`, `kit_changed`, `too_late`, `unchanged`.
    """
    if not command.ext_sku:
        return refuse("no_code", N_("This line has no shop code. Change the line itself."))
    if command.sku and facts.sku(command.sku) is None:
        return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=command.sku)
    events: list[Event] = []
    known = facts.mapping(command.shop, command.ext_sku)
    if command.is_for_shop and (known.sku if known else "") != command.sku:
        mapped = SkuMapped(
            shop=command.shop, ext_sku=command.ext_sku, sku=command.sku, by=facts.by.user, at=facts.now
        )
        events.append(mapped)
    order = facts.order(command.order) if command.order else None
    if order is not None and order.shop == command.shop:
        lines = sold(order.lines)
        skus = tuple(
            (line.id, command.sku)
            for line in lines
            if line.ext_sku == command.ext_sku and line.sku != command.sku and not line.swapped_from
        )
        is_torn = any(_is_torn(line, command) for line in lines)
        if (skus or is_torn) and order.status not in EDITABLE:
            return refuse("too_late", N_("The warehouse has begun. Put the goods back first."))
        if is_torn:
            return refuse(
                "kit_changed", N_("The parts of this kit were changed since. Take those changes back first.")
            )
        if skus:
            events.append(LinesMatched(order=order.id, skus=skus, by=facts.by.user))
    if not events:
        return refuse("unchanged", N_("It is already matched like this. Nothing to do."))
    return events


def _is_torn(line: Line, command: MatchSku) -> bool:
    """Tell whether a line is a part of the kit this code meant, and the kit cannot be packed again."""
    kit = line.kit
    return kit is not None and kit.ext_sku == command.ext_sku and kit.sku != command.sku


def inverse(command: MatchSku, facts: Facts) -> Undo | None:
    """Bring back what the code meant before, in the shop and on the order, where one command can do both.

    A kit that was put together by an older recipe would come back by that of today: no way back.
    """
    known = facts.mapping(command.shop, command.ext_sku)
    order = facts.order(command.order) if command.order else None
    lines = sold(order.lines) if order else ()
    was = next((line.sku for line in lines if line.ext_sku == command.ext_sku), "")
    meant = known.sku if known else ""
    if order is not None and any(_is_older(line, command, facts) for line in order.lines):
        return None
    args = {name: getattr(command, name) for name in command.__struct_fields__}
    if not command.is_for_shop:
        return Undo("match_sku", args | {"sku": was})
    if order is None or was == meant:
        return Undo("match_sku", args | {"sku": meant})
    return Undo("match_sku", args | {"sku": meant, "order": ""}) if was == command.sku else None


def _is_older(line: Line, command: MatchSku, facts: Facts) -> bool:
    kit = line.kit
    article = facts.sku(kit.sku) if kit is not None and kit.ext_sku == command.ext_sku else None
    return kit is not None and article is not None and article.recipe != kit.recipe


SPEC = Spec("match_sku", MatchSku, needs, decide, Authority.DESK, changes=("lines",), inverse=inverse)
