"""Which of our articles a line of a shop probably means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from app.domain.catalogue import Sku, SkuMap
from app.domain.order import Line

SURE_PCT = 80
"""From here on a suggestion is offered as a one-key repair."""
LEAST_PCT = 45


class Likely(NamedTuple):
    """An article and why it may be meant. Units: `score_pct` whole percent."""

    sku: Sku
    score_pct: int
    same_code: bool


class Known(NamedTuple):
    """What most other shops mean by a code: `shops` of the `all` that know it, matched by so many people."""

    sku: str
    shops: int
    all: int
    people: int


def known_elsewhere(maps: Iterable[SkuMap]) -> Known | None:
    """Return what more than half of these mappings of one code agree on; what was taken back says nothing."""
    found = [one for one in maps if one.sku]
    counted = Counter(one.sku for one in found).most_common(1)
    if not counted or 2 * counted[0][1] <= len(found):
        return None
    ((sku, shops),) = counted
    return Known(sku, shops, len(found), len({one.by for one in found if one.sku == sku}))


def likely_skus(line: Line, articles: Mapping[str, Sku], limit: int = 6) -> tuple[Likely, ...]:
    """Return the articles most like `line`, best first: the same code or barcode, then similar titles.

    Source: capabilities 1, SKU unmapped; libraries.md, rapidfuzz for similarity.
    """
    from rapidfuzz import fuzz, process  # heavy, and only a person's screen asks

    code = line.ext_sku.strip().casefold()
    exact = [
        Likely(sku, 100, same_code=True)
        for sku in articles.values()
        if code and code in (sku.code.casefold(), sku.barcode.casefold())
    ]
    if not line.title:
        return tuple(exact[:limit])
    titles = {sku.code: _plain(sku.title) for sku in articles.values()}
    found = process.extract(
        _plain(line.title), titles, scorer=fuzz.WRatio, limit=limit, score_cutoff=LEAST_PCT
    )
    known = {likely.sku.code for likely in exact}
    similar = [
        Likely(articles[key], round(score), same_code=False) for _, score, key in found if key not in known
    ]
    return tuple((*exact, *similar)[:limit])


def _plain(title: str) -> str:
    """Drop the spaces inside Chinese, where they part no words."""
    return _BETWEEN_HAN.sub("", title.casefold())


_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")
