"""Write down what a kit is put together from, or that an article is none any more."""

from __future__ import annotations

import msgspec

from app.command import Authority, Command, Decided, Facts, Spec, Undo, refuse
from app.domain.events import ArticleSet
from app.domain.kit import PARTS_MOST, PIECES_MOST, Part
from app.domain.values import Keys, sku_key
from app.text import N_


class SetKit(Command, frozen=True, kw_only=True):
    """`recipe` is the version the person started from; no parts: it lies on a shelf itself again."""

    sku: str
    parts: tuple[Part, ...]
    recipe: int = 0


def needs(command: SetKit) -> Keys:
    """Name the kit and its parts."""
    return frozenset({sku_key(command.sku), *(sku_key(part.sku) for part in command.parts[: PARTS_MOST + 1])})


def decide(command: SetKit, facts: Facts) -> Decided:
    """Write the recipe down under its next version; orders keep the one they were unpacked by.

    Refuses: `unknown_sku`, `stale_content`, `bad_kit`, `kit_in_kit`, `unchanged`.
    """
    article = facts.sku(command.sku)
    if article is None:
        return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=command.sku)
    if command.recipe != article.recipe:
        return refuse("stale_content", N_("Somebody published other values. Read them, then change."))
    skus = [part.sku for part in command.parts]
    is_bounded = all(1 <= part.qty <= PIECES_MOST for part in command.parts)
    if len(skus) > PARTS_MOST or len(set(skus)) < len(skus) or not is_bounded:
        return refuse("bad_kit", N_("A kit has up to 50 articles, each once, 1 to 1,000 pieces of it."))
    for part in command.parts:
        known = facts.sku(part.sku)
        if known is None:
            return refuse("unknown_sku", N_("No article {sku}. Choose one from the list."), sku=part.sku)
        if known.parts or part.sku == command.sku:
            return refuse("kit_in_kit", N_("{sku} is a kit. Name its parts instead."), sku=part.sku)
    if command.parts == article.parts:
        return refuse("unchanged", N_("It is written like this already. Nothing to do."))
    written = msgspec.structs.replace(article, parts=command.parts, recipe=article.recipe + 1)
    return [ArticleSet(article=written, by=facts.by.user)]


def inverse(command: SetKit, facts: Facts) -> Undo | None:
    """Bring back the recipe of before, as the next version."""
    was = facts.sku(command.sku)
    return Undo("set_kit", {"sku": was.code, "parts": was.parts, "recipe": was.recipe + 1}) if was else None


SPEC = Spec("set_kit", SetKit, needs, decide, Authority.HUB, inverse=inverse)
