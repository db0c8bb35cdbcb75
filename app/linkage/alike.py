"""How alike two values of one column are: a few levels, counted for many pairs at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, JaroWinkler

from app.linkage.columns import Column, Kind, Whole, Words, spread

Levels = NDArray[np.int8]
Real = NDArray[np.float64]

MISSING = -1
SAME = 4
"""The level of equal values, and of texts that share nearly all that is rare in them."""
STEPS = 5
FIGURES = ("none", "same", "near", "other")
"""How the house numbers of two texts stand to each other."""
NEAR_FIGURE = 10
RARE = 4
"""The mark of a model that so few rows have is its own; one that more have is a family's."""
OVERLAPS = (0.3, 0.5, 0.7, 0.9)
"""Shares of what two texts say that raise their level."""
NAMES = (0.75, 0.85, 0.93)
AMOUNTS = (0.2, 0.05, 0.01)
SPELLED_ALIKE = 80.0
"""Texts whose letters agree so far, in percent, are alike although their words differ."""


def level_count(kind: Kind) -> int:
    """Return how many levels values of this kind have."""
    return STEPS * len(FIGURES) if kind in (Kind.TEXT, Kind.ADDRESS) else STEPS


def elsewhere(kind: Kind) -> tuple[int, ...]:
    """Return the levels at which two addresses are two places, or two titles two models; else none."""
    if kind is Kind.TEXT:
        return tuple(range(3 * STEPS, 4 * STEPS))
    if kind is not Kind.ADDRESS:
        return ()
    unsure = tuple(range(2))  # no numbers to compare, and hardly a word in common
    return (*unsure, *range(2 * STEPS, 4 * STEPS))


def compare(column: Column, one: Whole, other: Whole) -> Levels:
    """Return the level of each pair of rows; the same two values are looked at once."""
    mine, theirs = column.of[one], column.of[other]
    levels = np.full(len(one), MISSING, np.int8)
    both = (mine >= 0) & (theirs >= 0)
    if not both.any():
        return levels
    size = max(len(column.values), 1)
    low, high = np.minimum(mine, theirs)[both], np.maximum(mine, theirs)[both]
    pairs, back = np.unique(low * size + high, return_inverse=True)
    levels[both] = _compared(column, pairs // size, pairs % size)[back.ravel()]
    return levels


def _compared(column: Column, low: Whole, high: Whole) -> Levels:
    if column.words is not None:
        return _texts(column, column.words, low, high)
    if column.kind is Kind.AMOUNT:
        levels = _amounts(column, low, high)
    elif column.kind is Kind.WORD:
        levels = _names(column, low, high)
    else:
        levels = _figures(column, low, high)
    levels[low == high] = SAME
    return levels


def _figures(column: Column, low: Whole, high: Whole) -> Levels:
    """Count typing errors; a number behind stars agrees as far as it can be seen."""
    a, b = _taken(column.values, low), _taken(column.values, high)
    slips = process.cpdist(a, b, scorer=OSA.distance, score_cutoff=2, dtype=np.int32)
    longest = np.maximum(_lengths(a), _lengths(b))
    levels = np.zeros(len(low), np.int8)
    levels[(slips == 2) & (longest >= 6)] = 2
    levels[(slips == 1) & (longest >= 4)] = 3
    for i in np.flatnonzero([("*" in x) != ("*" in y) for x, y in zip(a, b, strict=True)]):
        levels[i] = 2 if _seen_alike(a[i], b[i]) else 0
    return levels


def _seen_alike(a: str, b: str) -> bool:
    masked, whole = (a, b) if "*" in a else (b, a)
    head, tail = masked.partition("*")[0], masked.rpartition("*")[2]
    shown = len(head) + len(tail)
    return 4 <= shown < len(whole) and whole.startswith(head) and whole.endswith(tail)


def _names(column: Column, low: Whole, high: Whole) -> Levels:
    a, b = _taken(column.values, low), _taken(column.values, high)
    alike = _paired(a, b, JaroWinkler.similarity)
    turned = [" ".join(sorted(x.split())) for x in a], [" ".join(sorted(x.split())) for x in b]
    alike = np.maximum(alike, _paired(*turned, JaroWinkler.similarity) * 0.99)
    return np.searchsorted(NAMES, alike, side="right").astype(np.int8)


def _amounts(column: Column, low: Whole, high: Whole) -> Levels:
    figures = np.array([float(value) for value in column.values])
    a, b = figures[low], figures[high]
    off = np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-9)
    levels: Levels = np.sum([off <= step for step in AMOUNTS], axis=0).astype(np.int8)
    return levels


def _texts(column: Column, words: Words, low: Whole, high: Whole) -> Levels:
    """Weigh the words two texts share by their rarity, and hold their numbers against each other."""
    pairs, size = len(low), len(words.weight)
    a_owner, a_place = spread(words.start, words.count, low)
    b_owner, b_place = spread(words.start, words.count, high)
    a_word, b_word = words.of[a_place], words.of[b_place]
    all_words = np.concatenate([a_owner * size + a_word, b_owner * size + b_word])
    all_words.sort()
    shared = all_words[1:][all_words[1:] == all_words[:-1]]
    owner, word = shared // size, shared % size
    common = np.bincount(owner, words.weight[word], pairs)
    lesser = np.minimum(words.total[low], words.total[high])
    larger = np.maximum(words.total[low], words.total[high])
    alike = common / np.sqrt(np.maximum(lesser * larger, 1e-9))
    a, b = ([value.replace(" ", "") for value in _taken(column.values, one)] for one in (low, high))
    spelled = process.cpdist(a, b, scorer=fuzz.ratio, score_cutoff=SPELLED_ALIKE, dtype=np.float32)
    alike = np.maximum(alike, spelled / 100.0)
    steps = np.searchsorted(OVERLAPS, alike + 1e-9, side="right")
    steps[low == high] = SAME
    has_a = np.bincount(a_owner, words.figure[a_word], pairs) > 0
    has_b = np.bincount(b_owner, words.figure[b_word], pairs) > 0
    some_shared = np.bincount(owner, words.figure[word], pairs) > 0
    first_a, first_b = words.first_figure[low], words.first_figure[high]
    if column.kind is Kind.ADDRESS:
        same, near = first_a == first_b, some_shared | (np.abs(first_a - first_b) <= NEAR_FIGURE)
    else:
        rare = words.figure & (words.rows <= RARE + column.filled / 1000)
        same, near = np.bincount(owner, rare[word], pairs) > 0, some_shared
    stand = np.select([~(has_a & has_b), same, near], [0, 1, 2], default=3)
    levels: Levels = (stand * STEPS + steps).astype(np.int8)
    return levels


def _paired(a: list[str], b: list[str], scorer: Callable[..., float]) -> Real:
    found: Real = process.cpdist(a, b, scorer=scorer, dtype=np.float64)
    return found


def _taken(values: Sequence[str], places: Whole) -> list[str]:
    return [values[i] for i in places.tolist()]


def _lengths(values: Sequence[str]) -> NDArray[Any]:
    return np.fromiter(map(len, values), np.int64, len(values))
