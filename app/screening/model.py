"""A learned model as a small file: it says how likely a row ends badly, and which of its columns say so.

Scoring needs nothing but this module, so a desk does it without the libraries that learned it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

import msgspec

from app.screening.features import Feature, Kind

FORMAT = 1
REASONS = 3
LEAST_PUSH = 0.05
"""In log odds; less than that is no reason."""
SUREST = 700.0
"""In log odds; more of them is no figure any more."""


class Tree(msgspec.Struct, frozen=True, array_like=True):
    """One tree, node by node; `below` of a leaf is 0. `value` of an inner node is what its rows have in mean.

    A row without the figure goes where `blank_below` says.
    """

    feature: tuple[int, ...]
    limit: tuple[float, ...]
    below: tuple[int, ...]
    above: tuple[int, ...]
    blank_below: tuple[bool, ...]
    value: tuple[float, ...]


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """How well it did on rows that came later than those it learned from."""

    rows: int
    bad: int
    roc_auc: float | None
    """None where all rows ended alike, the same of the next."""
    pr_auc: float | None
    brier: float
    calibration: tuple[tuple[float, float, int], ...] = ()
    """By tenths of the rows: what was expected, what came, and how many rows."""


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody must know who relies on it."""

    learned_rows: int
    learned_bad: int
    last_at: date | None = None
    """The newest row it knows."""
    shape: str = ""
    """Which of the shapes that were tried it has; the simplest of those that do equally well."""
    tried: dict[str, float] = {}
    """By shape: the area under the ROC curve on later rows of what was learned from."""
    quality: Quality | None = None


class Push(NamedTuple):
    """What one column adds to the log odds, and the cell that does it."""

    column: str
    kind: Kind
    cell: str
    weight: float


class Score(NamedTuple):
    """How likely a row ends badly, and the columns that speak for it most."""

    probability: float
    reasons: tuple[Push, ...]


class Model(msgspec.Struct, frozen=True, kw_only=True):
    """`start` is the log odds of a row nobody knows anything of; `slope` and `shift` make odds honest."""

    format: int = FORMAT
    features: tuple[Feature, ...]
    trees: tuple[Tree, ...]
    start: float
    slope: float = 1.0
    shift: float = 0.0
    card: Card

    def score(self, cells: Mapping[str, str], at: datetime | None = None) -> Score:
        """Score one row."""
        row = [feature.of(cells, at) for feature in self.features]
        pushes = [0.0] * len(row)
        odds = self.start
        for tree in self.trees:
            node, here = 0, tree.value[0]
            odds += here
            while tree.below[node]:
                feature = tree.feature[node]
                node = _next(tree, node, row[feature])
                pushes[feature] += tree.value[node] - here
                here = tree.value[node]
        odds += sum(pushes)
        by_weight = sorted(range(len(row)), key=lambda i: -pushes[i])[:REASONS]
        reasons = tuple(
            Push(one.column, one.kind, cells.get(one.column, ""), self.slope * pushes[i])
            for i in by_weight
            if self.slope * pushes[i] >= LEAST_PUSH
            for one in (self.features[i],)
        )
        against = min(-(self.slope * odds + self.shift), SUREST)
        return Score(1 / (1 + math.exp(against)), reasons)


def _next(tree: Tree, node: int, figure: float) -> int:
    is_below = tree.blank_below[node] if math.isnan(figure) else figure <= tree.limit[node]
    return tree.below[node] if is_below else tree.above[node]


def encoded(model: Model) -> bytes:
    """Return the file of a model."""
    return msgspec.json.encode(model)


def decoded(content: bytes) -> Model | None:
    """Read the file of a model; None where it is none, or one this program does not understand."""
    try:
        model = msgspec.json.decode(content, type=Model)
    except msgspec.DecodeError:
        return None
    is_sound = model.format == FORMAT and all(_is_sound(tree, len(model.features)) for tree in model.trees)
    return model if is_sound else None


def _is_sound(tree: Tree, features: int) -> bool:
    """Tell whether a tree's ways lead on, so that every row comes to a leaf, by figures there are."""
    count = len(tree.value)
    sides = (tree.feature, tree.limit, tree.below, tree.above, tree.blank_below)
    if (
        not count
        or any(len(side) != count for side in sides)
        or not all(0 <= f < features for f in tree.feature)
    ):
        return False
    leads = zip(range(count), tree.below, tree.above, strict=True)
    return all(
        not below or node < min(below, above) <= max(below, above) < count for node, below, above in leads
    )
