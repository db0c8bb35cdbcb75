"""How the company's own model stands: what it learned from, how well it does, why it is not used.

It travels to desks as one row; who relies on it reads the same row as a card.
Source: capabilities 10, versioning, drift check, fallback to rules; population stability index, Siddiqi 2006.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

import msgspec

from app.domain.order import Order
from app.domain.usual import Finding
from app.domain.values import Key
from app.screening.features import Feature, Kind
from app.screening.model import Model, Push, Quality, decoded
from app.screening.orders import COLUMNS, cells_of_order
from app.text import N_, Text

SCREENING_KEY: Key = ("screening", "current")
FAR = 0.25
"""From this index on the orders of today are others than those it learned from."""
SAMPLE_LEAST = 100
"""Of fewer orders nothing is said of drift."""
LASTS = timedelta(days=180)
TENTHS = 10
FLOOR = 0.001
"""A share of none counts as so much, so that its logarithm is a figure."""


class Bins(msgspec.Struct, frozen=True, kw_only=True):
    """How figures lay when it was learned: `shares` of them up to each of `limits`, above all, and blank."""

    limits: tuple[float, ...]
    shares: tuple[float, ...]


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """How far orders of late are from those it learned from; `n` quiet ones were drawn for it."""

    at: datetime
    n: int
    scores: float
    columns: dict[str, float] = {}

    @property
    def is_small(self) -> bool:
        """Tell whether too few were drawn to say anything."""
        return self.n < SAMPLE_LEAST

    @property
    def is_far(self) -> bool:
        """Tell whether the scores have moved too far to rely on."""
        return not self.is_small and self.scores >= FAR


class Screening(msgspec.Struct, frozen=True, kw_only=True):
    """One version. `file` is the model in JSON; without it there is none, and `thin` says why.

    `rows` orders from `first_at` to `last_at`, of which `bad` ended badly, were looked at: the earlier to
    learn from, the later `quality.rows` to try it on. Probabilities from `alert_at` on are findings.
    """

    version: int
    trained_at: datetime
    rows: int
    bad: int
    first_at: datetime | None = None
    last_at: datetime | None = None
    thin: Text | None = None
    file: str = ""
    shape: str = ""
    quality: Quality | None = None
    roc: tuple[float, float] = (0.0, 1.0)
    pr: tuple[float, float] = (0.0, 1.0)
    """Between which values the areas lie with 95 %."""
    alert_at: float = 1.0
    scores: Bins | None = None
    columns: dict[str, Bins] = {}
    drift: Drift | None = None
    is_on: bool = False
    on_by: str = ""
    on_at: datetime | None = None

    @property
    def base(self) -> float:
        """The plain share of later orders that ended badly: what a guess would have as its PR area."""
        found = self.quality
        return found.bad / found.rows if found is not None and found.rows else 0.0


def why_not(one: Screening | None, now: datetime) -> Text | None:
    """Say why the model finds nothing now, so that rules check alone; None while it is used."""
    if one is None:
        return Text(N_("The hub looks at outcomes once a week and has not yet. Rules check alone."))
    if not one.file:
        return one.thin or Text(N_("There is no model. Rules check alone."))
    if not one.is_on:
        return Text(N_("It is switched off. Rules check alone."))
    if one.drift is not None and one.drift.is_far:
        message = N_("Orders of late are others than those it learned from ({psi}). Rules check alone.")
        return Text(message, {"psi": f"{one.drift.scores:.2f}"})
    if now - one.trained_at > LASTS:
        return Text(N_("It is older than {days} days. Rules check alone."), {"days": LASTS.days})
    return None


@lru_cache(maxsize=2)
def model_of(file: str) -> Model | None:
    """Read the model of a version once; None where this program does not understand it."""
    return decoded(file.encode()) if file else None


def found(order: Order, one: Screening | None, now: datetime) -> Iterator[Finding]:
    """Yield the columns of an order that speak for a bad end, each with what the model knows of it."""
    if one is None or why_not(one, now) is not None:
        return
    model = model_of(one.file)
    if model is None:
        return
    score = model.score(cells_of_order(order), order.ordered_at)
    if score.probability < one.alert_at:
        return
    for push in score.reasons:
        yield Finding(
            field=push.column or "ordered_at",
            by=N_("Learned from outcomes"),
            said=Text(
                N_("{column}: {cell}"), {"column": Text(COLUMNS[push.column]), "cell": _cell(order, push)}
            ),
            because=_because(push, model, score.probability, one),
        )


def _cell(order: Order, push: Push) -> str:
    if push.kind is Kind.HOUR:
        return f"{order.ordered_at:%H:%M}Z"
    if push.kind is Kind.WEEKDAY:
        return f"{order.ordered_at:%Y-%m-%d}"
    if push.column in ("payable", "dearest"):
        return f"{int(push.cell) / 100:,.2f}"
    return push.cell or "–"


def _because(push: Push, model: Model, probability: float, one: Screening) -> Text:
    params: dict[str, str | int | Text] = {
        "p": f"{100 * probability:.0f}", "base": f"{100 * one.base:.0f}", "version": one.version,
    }  # fmt: skip
    rate = next((f for f in model.features if _is_rate(f, push)), None)
    if rate is not None and push.cell in rate.known:
        params |= {"rate": f"{100 * rate.known[push.cell]:.0f}", "usual": f"{100 * rate.usual:.0f}"}
        message = N_(
            "Of earlier orders with it {rate} % ended badly, of all {usual} %. "
            "Orders like this: {p} %. Model {version}."
        )
        return Text(message, params)
    return Text(N_("Orders like this end badly in {p} %, all in {base} %. Model {version}."), params)


def _is_rate(feature: Feature, push: Push) -> bool:
    return feature.column == push.column and feature.kind is push.kind is Kind.RATE


# --- drift ----------------------------------------------------------------------------------------------


def bins_of(figures: Sequence[float]) -> Bins:
    """Return the tenths of some figures, and how many lie in each."""
    there = sorted(one for one in figures if not math.isnan(one))
    marks = [there[len(there) * i // TENTHS] for i in range(1, TENTHS)] if there else []
    limits = tuple(sorted(set(marks)))
    return Bins(limits=limits, shares=_shares(limits, figures))


def moved(bins: Bins, figures: Sequence[float]) -> float:
    """Return the population stability index of figures against those that were learned from."""
    index = 0.0
    for was, now in zip(bins.shares, _shares(bins.limits, figures), strict=True):
        before, after = max(was, FLOOR), max(now, FLOOR)
        index += (after - before) * math.log(after / before)
    return index


def _shares(limits: tuple[float, ...], figures: Sequence[float]) -> tuple[float, ...]:
    counts = [0] * (len(limits) + 2)
    for one in figures:
        blank = math.isnan(one)
        counts[-1 if blank else sum(one > limit for limit in limits)] += 1
    return tuple(count / max(len(figures), 1) for count in counts)


def drifted(
    one: Screening, cells: Sequence[dict[str, str]], moments: Sequence[datetime], at: datetime
) -> Drift:
    """Return how far some orders are from those a version learned from."""
    model = model_of(one.file)
    if model is None or one.scores is None or not cells:
        return Drift(at=at, n=0, scores=0.0)
    rows = list(zip(cells, moments, strict=True))
    said = [model.score(row, moment).probability for row, moment in rows]
    columns = {
        name_of(feature): round(moved(one.columns[name_of(feature)], [feature.of(*row) for row in rows]), 3)
        for feature in model.features
        if name_of(feature) in one.columns
    }
    return Drift(at=at, n=len(rows), scores=round(moved(one.scores, said), 3), columns=columns)


def name_of(feature: Feature) -> str:
    """Name a feature: a column may be read in more than one way."""
    return f"{feature.column}/{feature.kind.value}"
