"""What happened to mappings, rules and the index of duplicates."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from app.domain.catalogue import Sku
from app.domain.duplicate import Entry
from app.domain.event import Event
from app.domain.revision import Revision, revision_key, what
from app.domain.values import EVERY_OPEN, Key, block_key, sku_key
from app.domain.watch import WHAT, Watch
from app.text import N_, Text

__all__ = [
    "ArticleSet",
    "BuyerWatched",
    "SettingSet",
    "SkuMapped",
    "TwinsDropped",
    "TwinsNoted",
]


class SkuMapped(Event, frozen=True, kw_only=True):
    shop: str
    ext_sku: str
    sku: str
    by: str
    at: datetime

    @override
    def keys(self) -> tuple[Key, ...]:
        return (("sku_map", f"{self.shop}/{self.ext_sku}"),)

    @override
    def wakes(self) -> tuple[str, ...]:
        return (f"sku_map:{self.shop}/{self.ext_sku}",)

    @override
    def says(self) -> Text:
        return Text(
            N_("{ext_sku} of {shop} means {sku}"),
            {"ext_sku": self.ext_sku, "shop": self.shop, "sku": self.sku},
        )


class ArticleSet(Event, frozen=True, kw_only=True):
    """An article was made, completed or corrected."""

    article: Sku
    by: str

    @override
    def keys(self) -> tuple[Key, ...]:
        return (sku_key(self.article.code),)

    @override
    def says(self) -> Text:
        said = (
            N_("Article {sku} is a draft: {title}") if self.article.is_draft else N_("Article {sku}: {title}")
        )
        return Text(said, {"sku": self.article.code, "title": self.article.title})


class TwinsNoted(Event, frozen=True, kw_only=True):
    """The order joined the index of possible duplicates. Units: `window_h` hours."""

    order: str
    block_keys: tuple[str, ...]
    entry: Entry
    window_h: int

    @override
    def keys(self) -> tuple[Key, ...]:
        return tuple(block_key(key) for key in self.block_keys)


class TwinsDropped(Event, frozen=True, kw_only=True):
    """The order left the index of possible duplicates, under these keys."""

    order: str
    block_keys: tuple[str, ...]

    @override
    def keys(self) -> tuple[Key, ...]:
        return tuple(block_key(key) for key in self.block_keys)


class BuyerWatched(Event, frozen=True, kw_only=True):
    """The buyer of an order is on the list now, or off it again. A desk has no keys to remember."""

    order: str
    block_keys: tuple[str, ...] = ()
    watch: Watch | None

    @override
    def keys(self) -> tuple[Key, ...]:
        return tuple(block_key(key) for key in self.block_keys)

    @override
    def wakes(self) -> tuple[str, ...]:
        return (EVERY_OPEN,)

    @override
    def says(self) -> Text:
        if self.watch is None:
            return Text(N_("The buyer is off the list"))
        what = Text(WHAT.get(self.watch.what, self.watch.what))
        params: dict[str, str | int | Text] = {"what": what, "reason": self.watch.reason}
        return Text(N_("The buyer is on the list. {what}: {reason}"), params)


WAKING = frozenset({"shop", "customer", "price_list", "warehouse", "outlet"})
"""Settings that orders wait for by their code."""


class SettingSet(Event, frozen=True, kw_only=True):
    """A shop, a colleague, a calendar or the rules were published anew; the revision says what they were."""

    revision: Revision

    @override
    def keys(self) -> tuple[Key, ...]:
        revision = self.revision
        return ((revision.kind, revision.code), revision_key(revision.kind, revision.code, revision.rev))

    @override
    def wakes(self) -> tuple[str, ...]:
        kind, code = self.revision.kind, self.revision.code
        if kind == "rules":
            return ("rules",)
        if kind in ("snag_rule", "order_class", "carrier", "source_policy", "gate_profile"):
            return (EVERY_OPEN,)
        if kind in ("warehouse", "shop") and self._sends_otherwise():
            return (f"{kind}:{code}", EVERY_OPEN)
        return (f"{kind}:{code}",) if kind in WAKING else ()

    def _sends_otherwise(self) -> bool:
        """Tell whether a warehouse stops sending, or begins again, or sends for another company."""
        before, after = self.revision.before or {}, self.revision.after
        stops = bool(before.get("is_stopped")) is not bool(after.get("is_stopped"))
        return stops or before.get("entity", "") != after.get("entity", "")

    @override
    def says(self) -> Text:
        return what(self.revision)
