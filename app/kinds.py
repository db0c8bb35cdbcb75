"""Every exception type by its code: those of the program, and those a company made for itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import app.snags
from app.domain.kind_names import called_now
from app.domain.order import Order, Snag
from app.domain.snag_rule import PREFIX, SnagRule
from app.made_kind import made_kind, made_kinds
from app.registry import collect
from app.snag import Kind, nothing_found
from app.text import N_

KINDS: Mapping[str, Kind] = collect(app.snags, "KIND", Kind)
ORDER_KINDS: Mapping[str, Kind] = {c: kind for c, kind in KINDS.items() if kind.found is not nothing_found}
_RANKS = {"bad": 16, "warn": 29}
"""Where a company's own type stands: behind goods and money, or behind all that can be repaired."""
_NONE: Mapping[str, SnagRule] = {}


def kind_of(code: str, made: Mapping[str, SnagRule] = _NONE) -> Kind:
    """Return a type by its code, an older one too; `made` are the company's own.

    One that nobody here knows, of a newer program perhaps, is called by its code and keeps its order back.
    """
    code = called_now(code)
    if code in KINDS:
        return KINDS[code]
    if not code.startswith(PREFIX):
        return Kind(code=code, title=code, hint=N_("Nobody here knows this type. Update."), severity="warn")
    name = code.removeprefix(PREFIX)
    return made_kind(made.get(name) or SnagRule(code=name, title=name, clauses=(), active=False))


def all_kinds(made: Mapping[str, SnagRule]) -> dict[str, Kind]:
    """Return every type that may be raised, the company's own last."""
    own = made_kinds(rule for rule in made.values() if rule.active)
    return dict(KINDS) | {kind.code: kind for kind in own}


def asked_of(order: Order, made: Mapping[str, SnagRule]) -> Iterator[Kind]:
    """Yield the types an order is asked for; a company's own that is gone is asked too, so that it closes."""
    yield from ORDER_KINDS.values()
    if made:
        yield from made_kinds(made.values())
    for snag in order.snags:
        if snag.kind.startswith(PREFIX) and snag.kind.removeprefix(PREFIX) not in made:
            yield kind_of(snag.kind)


def worst(snags: Iterable[Snag]) -> str:
    """Return the type that names an order in lists, the gravest of those that are open; empty for none.

    Source: capabilities 15, severity is the order of the table.
    """
    ranked = min(snags, key=lambda snag: (_rank(snag), snag.due_at, snag.kind), default=None)
    return ranked.kind if ranked is not None else ""


def _rank(snag: Snag) -> int:
    kind = KINDS.get(snag.kind)
    return kind.rank if kind is not None else _RANKS.get(snag.severity, _RANKS["warn"])
