"""Learn a model from rows whose end is known: several shapes are tried, the simplest good one stays.

Loaded where something is learned: scikit-learn takes seconds to load, and scoring does not need it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score
from threadpoolctl import threadpool_limits

from app.screening.features import Feature, Kind, Table, figures, kinds_of, learned, too_thin
from app.screening.model import Card, Model, Quality, Tree
from app.text import N_, Text
from app.trouble import Trouble

Real = NDArray[np.float64]
FOLDS = ((0.4, 0.6), (0.6, 0.8), (0.8, 1.0))
"""Learned up to the first, tried up to the second share of the rows."""
BINS = 16
SAME = 0.98
"""Columns that go together so closely say one thing twice."""
TENTHS = 10
SEED = 1


class Shape(NamedTuple):
    """What a model may look like. `columns`: the best so many, 0 for all."""

    name: str
    columns: int
    leaves: int
    rounds: int
    rate: float
    least: int


SHAPES = (
    Shape("one column", 1, 4, 60, 0.05, 40),
    Shape("three columns", 3, 4, 60, 0.05, 40),
    Shape("eight columns", 8, 4, 80, 0.05, 40),
    Shape("every column, small trees", 0, 6, 120, 0.05, 40),
    Shape("every column", 0, 31, 150, 0.08, 20),
)
"""From the simplest on."""


class Known(NamedTuple):
    """Features in the order of what each says alone, with the figures of the rows they learned from."""

    features: list[Feature]
    rows: Real


def fit(table: Table) -> Model:
    """Learn from a table, sorted by time, and say how each shape did on its later rows.

    Raises:
        Trouble: too_thin: too few rows ended either way; nothing: no column says anything.
    """
    bad = sum(table.is_bad)
    if (thin := too_thin(bad, len(table))) is not None:
        raise Trouble("too_thin", thin)
    kinds = kinds_of(table)
    if not kinds:
        raise Trouble("nothing", Text(N_("These columns hold nothing to learn from. Name others.")))
    shape, tried, (slope, shift) = _chosen(table, kinds)
    known = known_of(table, kinds)
    machine, chosen = grown(shape, known, table)
    trees, start = as_trees(machine)
    card = Card(
        learned_rows=len(table),
        learned_bad=bad,
        last_at=table.moments[-1].date() if table.moments else None,
        shape=shape.name,
        tried=tried,
    )
    features = tuple(known.features[i] for i in chosen)
    return Model(features=features, trees=trees, start=start, slope=slope, shift=shift, card=card)


def tried_on(model: Model, later: Table) -> Model:
    """Return the model with how well it does on rows that came later."""
    moments: Sequence[Any] = later.moments or [None] * len(later)
    scores = [model.score(later.row(i), at).probability for i, at in enumerate(moments)]
    card = msgspec.structs.replace(model.card, quality=quality(scores, later.is_bad))
    return msgspec.structs.replace(model, card=card)


def quality(scores: Sequence[float], is_bad: Sequence[bool]) -> Quality:
    """Hold scores against how the rows ended; there is no area where all ended alike."""
    said, came = np.asarray(scores, float), np.asarray(is_bad, bool)
    has_both = 0 < int(came.sum()) < len(came)
    parts = [part for part in np.array_split(np.argsort(said, kind="stable"), TENTHS) if len(part)]
    return Quality(
        rows=len(came),
        bad=int(came.sum()),
        roc_auc=float(roc_auc_score(came, said)) if has_both else None,
        pr_auc=float(average_precision_score(came, said)) if has_both else None,
        brier=float(np.mean((said - came) ** 2)) if len(came) else 0.0,
        calibration=tuple((float(said[p].mean()), float(came[p].mean()), len(p)) for p in parts),
    )


# --- which shape -----------------------------------------------------------------------------------------


def _chosen(
    table: Table, kinds: Sequence[tuple[str, Kind]]
) -> tuple[Shape, dict[str, float], tuple[float, float]]:
    """Try every shape on later rows; the simplest within one standard error of the best is taken.

    Source: Breiman and others 1984, the one standard error rule; Hanley and McNeil 1982, its error.
    """
    folds = []
    for start, end in FOLDS:
        cut, stop = int(len(table) * start), int(len(table) * end)
        early, late = table.part(0, cut), table.part(cut, stop)
        if 0 < sum(early.is_bad) < len(early) and 0 < sum(late.is_bad) < len(late):
            known = known_of(early, kinds)
            folds.append((early, late, known, _matrix(known.features, late)))
    if not folds:
        raise Trouble("too_thin", Text(N_("What ended badly is all of one time. Add rows of other times.")))
    areas: dict[str, float] = {}
    odds: dict[str, tuple[Real, NDArray[np.bool_]]] = {}
    for shape in SHAPES:
        said, came, each = [], [], []
        for early, late, known, matrix in folds:
            machine, columns = grown(shape, known, early)
            scores = np.asarray(machine.decision_function(matrix[:, columns]), float)
            is_bad = np.asarray(late.is_bad, bool)
            each.append(float(roc_auc_score(is_bad, scores)))
            said.append(scores)
            came.append(is_bad)
        areas[shape.name] = float(np.mean(each))
        odds[shape.name] = np.concatenate(said), np.concatenate(came)
    best = max(areas.values())
    came_all = next(iter(odds.values()))[1]
    allowed = best - _error(best, int(came_all.sum()), int((~came_all).sum()))
    shape = next(one for one in SHAPES if areas[one.name] >= allowed)
    return shape, areas, _honest(*odds[shape.name])


def _error(area: float, bad: int, good: int) -> float:
    """Return the standard error of an area under the ROC curve."""
    one, two = area / (2 - area), 2 * area**2 / (1 + area)
    spread = area * (1 - area) + (bad - 1) * (one - area**2) + (good - 1) * (two - area**2)
    return math.sqrt(max(spread, 0.0) / (bad * good))


def _honest(odds: Real, came: NDArray[np.bool_]) -> tuple[float, float]:
    """Return slope and shift that make log odds on later rows mean what they say. Source: Platt 1999."""
    line = LogisticRegression(C=1e6).fit(odds[:, None], came)
    slope = float(line.coef_[0, 0])
    return (slope, float(line.intercept_[0])) if slope > 0 else (1.0, 0.0)


# --- features and trees -----------------------------------------------------------------------------------


def known_of(table: Table, kinds: Sequence[tuple[str, Kind]]) -> Known:
    """Learn every feature, those that say most alone first; one that repeats another is left out."""
    found = [learned(column, kind, table) for column, kind in kinds]
    came = np.asarray(table.is_bad, bool)
    alone = [_alone(np.asarray(said, float), came) for _, said in found]
    kept: list[int] = []
    for i in sorted(range(len(found)), key=lambda one: -alone[one][0]):
        rates = alone[i][1]
        if rates.std() and not any(abs(np.corrcoef(rates, alone[j][1])[0, 1]) > SAME for j in kept):
            kept.append(i)
    kept = kept or [0]
    rows = np.array([found[i][1] for i in kept], float).T
    return Known([found[i][0] for i in kept], rows)


def _alone(said: Real, came: NDArray[np.bool_]) -> tuple[float, Real]:
    """Return how well one figure tells the rows apart, by what earlier rows of its sixteenth ended like."""
    marks = np.linspace(0, 1, BINS + 1)[1:-1]
    limits: Real = np.unique(np.nanquantile(said, marks)) if not np.isnan(said).all() else np.empty(0)
    places = np.where(np.isnan(said), BINS, np.searchsorted(limits, said, side="left"))
    cells = [str(place) for place in places]
    _, rates = learned("", Kind.RATE, Table({"": cells}, came.tolist()))
    asked = np.asarray(rates, float)
    return float(roc_auc_score(came, asked)), asked


def _matrix(features: Sequence[Feature], table: Table) -> Real:
    return np.array(list(figures(features, table)), float)


def grown(shape: Shape, known: Known, table: Table) -> tuple[HistGradientBoostingClassifier, list[int]]:
    """Grow the trees of a shape; return them with the places of the features they read."""
    columns = list(range(len(known.features)))[: shape.columns or None]
    machine = HistGradientBoostingClassifier(
        max_iter=shape.rounds,
        learning_rate=shape.rate,
        max_leaf_nodes=shape.leaves,
        min_samples_leaf=shape.least,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=SEED,
    )
    with threadpool_limits(1):  # on two busy cores threads wait for each other longer than they work
        machine.fit(known.rows[:, columns], np.asarray(table.is_bad, bool))
    return machine, columns


def as_trees(machine: Any) -> tuple[tuple[Tree, ...], float]:
    """Take the grown trees out of the library; a test holds their sum against what the library says."""
    trees = tuple(_as_tree(round_[0].nodes) for round_ in machine._predictors)  # noqa: SLF001 - no public way
    return trees, float(np.ravel(machine._baseline_prediction)[0])  # noqa: SLF001 - the same


def _as_tree(nodes: Any) -> Tree:
    values = [float(value) for value in nodes["value"]]
    for place in reversed(range(len(nodes))):
        node = nodes[place]
        if not node["is_leaf"]:
            left, right = int(node["left"]), int(node["right"])
            weights = float(nodes["count"][left]), float(nodes["count"][right])
            values[place] = (values[left] * weights[0] + values[right] * weights[1]) / sum(weights)
    most = float(np.finfo(float).max)
    inner = [not leaf for leaf in nodes["is_leaf"]]
    return Tree(
        feature=tuple(
            int(one) if is_inner else 0 for one, is_inner in zip(nodes["feature_idx"], inner, strict=True)
        ),
        limit=tuple(float(np.clip(one, -most, most)) for one in nodes["num_threshold"]),
        below=tuple(int(one) if is_inner else 0 for one, is_inner in zip(nodes["left"], inner, strict=True)),
        above=tuple(int(one) if is_inner else 0 for one, is_inner in zip(nodes["right"], inner, strict=True)),
        blank_below=tuple(bool(one) for one in nodes["missing_go_to_left"]),
        value=tuple(values),
    )
