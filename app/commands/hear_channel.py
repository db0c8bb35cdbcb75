"""Note what the channel of a shop may be told beside shipments."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Spec, publish, refuse
from app.domain.values import Keys
from app.text import N_


class HearChannel(Command, frozen=True, kw_only=True):
    """`hears`: of `company.HEARS`, in its order; nothing where the shop is not connected."""

    shop: str
    hears: tuple[str, ...]


def needs(command: HearChannel) -> Keys:
    """Name the shop."""
    return frozenset({("shop", command.shop)})


def decide(command: HearChannel, facts: Facts) -> Decided:
    """Publish the shop with it, so that desks know too.

    Refuses: `unknown_shop`, `unchanged`.
    """
    shop = facts.refs.shops.get(command.shop)
    if shop is None:
        return refuse("unknown_shop", N_("There is no such shop. Choose one from the list."))
    return publish("shop", shop.code, msgspec.structs.replace(shop, hears=command.hears), facts)


SPEC = Spec("hear_channel", HearChannel, needs, decide, Authority.HUB, touches=False)
