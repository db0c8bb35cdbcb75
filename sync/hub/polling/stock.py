"""Channels are told how much they may sell: the absolute figure of an article, wherever they list it.

A channel knows its listings by numbers of its own; the hub learns them from the orders it reads. A shop is
told only if its settings say so: its figures are the company's to give away.
Source: capabilities 3.7; channels.md section 3.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, select

from app.text import N_, Text
from app.trouble import Trouble
from sync.connection_tables import listing
from sync.hub.database import reading
from sync.hub.polling.connections import Connected, tells_stock
from sync.hub.polling.taking import Tools
from sync.hub.provider import Done, Rejected, Unclear, Unsent
from sync.manifest.caller import Caller, Refused
from sync.manifest.paths import get, names
from sync.manifest.writing import KEPT

SETTLE_S = 30.0
UNAUTHORISED_S = UNKNOWN_S = 900.0
MOST_LISTINGS = 50
KIND = "stock"


class Listing(NamedTuple):
    """Where a channel sells an article: its number there, and that of the goods it is a kind of."""

    ext_sku: str
    item: str
    goods: str


class StockTelling:
    """One connected shop. Not for several threads at once."""

    takes_keys = False
    can_look_up = False
    settle_s = SETTLE_S

    def __init__(self, tools: Tools, one: Connected, caller: Caller) -> None:
        self._tools, self._one, self._caller = tools, one, caller
        asked = names(msgspec.to_builtins(one.manifest.writes[KIND]))
        self._asks = frozenset(name for name in asked if not name.startswith(f"{KEPT}."))

    def send(self, key: str, payload: bytes) -> Done | Rejected:
        """Tell the figure, once for each place where the article is sold, though one of them refuses.

        Raises:
            Unsent: the channel asks to come later, or nobody knows yet what it calls the article.
            Unclear: no answer came; a figure may be told twice.
        """
        fields = msgspec.json.decode(payload, type=dict[str, str])
        ext_sku, quantity = fields["ext_sku"], int(fields["quantity"])
        with reading(self._tools.engine) as db:
            found = _listings(db, self._tools.feed_id, self._one.shop.code, ext_sku)
        refusals = []
        for each in found or [Listing(ext_sku, "", "")]:
            values = {
                "sku": {"code": ext_sku, "id": each.item, "goods_id": each.goods},
                "stock": {"available": quantity, "key": key},
            }
            self._check(values)
            no = self._tell(values)
            if no is not None:
                refusals.append(no)
        if refusals:
            return Rejected(refusals[0])
        return Done(fields["quantity"], Text(N_("The channel knows how much it may sell.")))

    def look_up(self, _key: str) -> Done | Rejected | None:
        """Remember nothing: the newest figure is simply told again."""
        return None

    def _check(self, values: Mapping[str, Any]) -> None:
        """Wait rather than tell a figure of nothing.

        Raises:
            Unsent: something the call must name is not known.
        """
        known = {**self._caller.settings, **values}
        missing = [name for name in self._asks if get(known, name) in (None, "")]
        if missing and not (missing == ["sku.goods_id"] and self._has_ways):
            raise Unsent(f"nobody knows {missing[0]}", UNKNOWN_S)

    @property
    def _has_ways(self) -> bool:
        """Goods without kinds are told otherwise than those that have some."""
        return bool(self._one.manifest.writes[KIND].steps)

    def _tell(self, values: Mapping[str, Any]) -> Text | None:
        """Tell one figure; return why the channel will not take it."""
        try:
            with self._tools.telling(self._one):
                self._caller.write(KIND, values, [{}])
        except Refused as refused:
            match refused.verdict.action:
                case "throttle":
                    raise Unsent(refused.code, refused.verdict.wait_s) from refused
                case "reauthorize":
                    raise Unsent(refused.code, UNAUTHORISED_S) from refused
                case "fail":
                    return refused.hint
            raise Unclear(refused.code) from refused
        except Trouble as trouble:
            raise Unclear(trouble.code) from trouble
        return None


def stock_telling(tools: Tools, one: Connected, caller: Caller) -> StockTelling | None:
    """Return who tells a shop how much it may sell; None where it shall not be told."""
    is_asked = tells_stock(one.settings)
    return StockTelling(tools, one, caller) if is_asked and KIND in one.manifest.writes else None


def _listings(db: Connection, feed_id: int, shop: str, ext_sku: str) -> list[Listing]:
    c = listing.c
    found = select(c.ext_sku, c.item, c.goods).where(
        c.feed_id == feed_id, c.shop == shop, c.ext_sku == ext_sku
    )
    return [Listing(*row) for row in db.execute(found.order_by(c.item, c.goods).limit(MOST_LISTINGS))]
