"""Who did what is written in the history, as people call them."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.company import Shop


def author(by: str, names: Mapping[str, str], shops: Mapping[str, Shop]) -> str:
    """Name whoever asked: a colleague, a channel account by its shop; nobody where the hub followed rules."""
    kind, _, code = by.partition(":")
    if by == "hub" or kind == "worker":
        return ""
    shop = shops.get(code)
    return names.get(by, shop.title if shop else by)
