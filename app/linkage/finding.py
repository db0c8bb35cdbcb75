"""Find the rows of a table that speak of the same thing, with what speaks for it column by column."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from app.domain.likeness import Trait, likely_pct
from app.linkage.alike import FIGURES, MISSING, STEPS, Levels, compare
from app.linkage.candidates import candidates
from app.linkage.columns import Column, Kind, Real, Whole
from app.linkage.groups import groups
from app.linkage.weights import Weights, learn

LEAST_PCT = 90
"""Rows are called one thing from this likelihood on."""
CHUNK = 200_000
"""So many pairs are compared at once."""
EQUAL = math.log(99)
"""Rows that are filled and equal in all that is compared are one thing, however little that is."""
EQUAL_MOST = 5
"""What more rows have in common is what a family of things has, as a town or a price."""
STEP_NAMES = ("other", "distant", "close", "near", "same")


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows by their places. Units: `score_pct` percent."""

    one: int
    other: int
    score_pct: float
    traits: tuple[Trait, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The groups of rows, by their places, and how many pairs were compared for them."""

    groups: tuple[tuple[int, ...], ...]
    compared: int
    weights: Weights | None
    equal: Whole = field(default_factory=lambda: np.zeros(0, np.int64))
    """By row: the same number where rows are equal in everything."""

    def pairs(self, one: Sequence[int], other: Sequence[int]) -> list[Pair]:
        """Say why pairs of rows belong together, or not."""
        if self.weights is None or not one:
            return []
        a, b = np.array(one, np.int64), np.array(other, np.int64)
        levels = self.weights.levels(a, b)
        parts, scores = self.weights.parts(levels, a), _scores(self.weights, self.equal, levels, a, b)
        return [
            Pair(
                one[k],
                other[k],
                round(likely_pct(float(scores[k]) / math.log(2)), 1),
                _traits(self.weights.columns, levels[k], parts[k]),
            )
            for k in range(len(one))
        ]


def find_same(columns: Sequence[Column], least_pct: float = LEAST_PCT) -> Found:
    """Find what speaks of the same thing. Columns that hold nothing are passed over."""
    telling = [column for column in columns if column.kind is not Kind.EMPTY]
    rows = len(telling[0].of) if telling else 0
    if rows < 2:
        return Found((), 0, None)
    one, other = candidates(telling, rows)
    if not len(one):
        return Found((), 0, None)
    levels = _levels(telling, one, other)
    weights = learn(telling, levels)
    equal = _equal(telling)

    def said(levels: Levels, a: Whole, b: Whole) -> Real:
        return _scores(weights, equal, levels, a, b)

    scores = np.concatenate(
        [
            said(levels[k : k + CHUNK], one[k : k + CHUNK], other[k : k + CHUNK])
            for k in range(0, len(one), CHUNK)
        ]
    )
    least = math.log(least_pct / (100 - least_pct))

    def scorer(a: Whole, b: Whole) -> Real:
        return np.concatenate(
            [
                said(weights.levels(mine, theirs), mine, theirs)
                for k in range(0, len(a), CHUNK)
                for mine, theirs in ((a[k : k + CHUNK], b[k : k + CHUNK]),)
            ]
        )

    found = groups(rows, one, other, scores, least, scorer)
    return Found(tuple(tuple(group) for group in found), len(one), weights, equal)


def _equal(columns: Sequence[Column]) -> Whole:
    """Number the rows so that only those have one number that are filled and equal in all columns."""
    rows = len(columns[0].of)
    number = np.zeros(rows, np.int64)
    is_filled = np.ones(rows, np.bool_)
    for column in columns:
        is_filled &= column.of >= 0
        _, number = np.unique(number * len(column.values) + column.of, return_inverse=True)
    is_shared = is_filled & (np.bincount(number)[number] <= EQUAL_MOST)
    found: Whole = np.where(is_shared, number, -1 - np.arange(rows))
    return found


def _scores(weights: Weights, equal: Whole, levels: Levels, one: Whole, other: Whole) -> Real:
    scores = weights.scores(levels, one)
    found: Real = np.where(equal[one] == equal[other], np.maximum(scores, EQUAL), scores)
    return found


def _levels(columns: Sequence[Column], one: Whole, other: Whole) -> Levels:
    levels = np.empty((len(one), len(columns)), np.int8)
    for k in range(0, len(one), CHUNK):
        for i, column in enumerate(columns):
            levels[k : k + CHUNK, i] = compare(column, one[k : k + CHUNK], other[k : k + CHUNK])
    return levels


def _traits(columns: Sequence[Column], levels: Levels, parts: Real) -> tuple[Trait, ...]:
    return tuple(
        Trait(column.name, stand_of(column.kind, int(level)), round(float(part) / math.log(2), 1))
        for column, level, part in zip(columns, levels, parts, strict=True)
    )


def stand_of(kind: Kind, level: int) -> str:
    """Name a level: "same", "near", "missing", or for an address "near, other number"."""
    if level == MISSING:
        return "missing"
    figures, step = divmod(level, STEPS)
    words = STEP_NAMES[step]
    if kind not in (Kind.TEXT, Kind.ADDRESS) or figures == 0:
        return words
    return f"{words}, {FIGURES[figures]} number"
