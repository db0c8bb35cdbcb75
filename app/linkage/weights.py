"""What agreement and disagreement in each column say: learned from the pairs themselves.

Two kinds of pairs are told apart, those of one thing and those of two (Fellegi and Sunter 1969), by
expectation and maximisation over the patterns of levels. Nobody gives examples. A few things are known
beforehand and hold for any table: what one thing usually agrees in, that one thing rarely has two addresses,
and how often two rows picked at random agree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.linkage.alike import MISSING, SAME, STEPS, Levels, compare, elsewhere, level_count
from app.linkage.columns import Column, Kind, Real, Whole

ROUNDS = 200
STILL = 1e-7
"""The share of pairs of one thing changes less than this: it is found."""
BELIEF = 20.0
"""What is known beforehand weighs as much as so many pairs."""
TWO_ADDRESSES = 0.02
"""One thing is written with two addresses no more often."""
LEARNED = 0.6
"""The share of what was learned in a score; the rest is what chance says."""
LEAST_COLUMNS = 3
"""With fewer columns that say something, two kinds of pairs cannot be told apart by counting."""
CLEAN = 0.05
"""So much of how often two rows agree at random stays, however much of it pairs of one thing explain."""
SAMPLE = 200_000
LIMIT = 12.0
"""No column says more than this, in natural logarithms: a factor of 160,000."""
RARITY = 2.0
"""Equal values say so much more where they are rare, at most, and so much less where everybody has them."""
USUAL = (0.10, 0.03, 0.05, 0.12, 0.70)
"""How values of one thing agree, before anything is counted: from not at all to equal."""
USUAL_FIGURES = (0.15, 0.70, 0.05, 0.10)
"""How its numbers agree: none written, the same, near, other ones."""
START = 0.1


@dataclass(frozen=True, slots=True)
class Weights:
    """What was learned: by column, the weight of each level; natural logarithms throughout.

    `chance` are the weights against two rows picked at random, with `chance_odds` for one thing before
    anything is compared: a pair must also stand against chance.
    """

    columns: tuple[Column, ...]
    learned: tuple[Real, ...]
    odds: float
    chance: tuple[Real, ...]
    chance_odds: float
    rarity: tuple[Real, ...]

    def levels(self, one: Whole, other: Whole) -> Levels:
        """Return the levels of pairs: a row for each, a place for each column."""
        return np.stack([compare(column, one, other) for column in self.columns], axis=1)

    def parts(self, levels: Levels, one: Whole) -> Real:
        """Return what each column says about each pair; `one` holds a row of each pair."""
        learned, chance = self._weighed(levels, one, self.learned), self._weighed(levels, one, self.chance)
        return LEARNED * learned + (1 - LEARNED) * chance

    def scores(self, levels: Levels, one: Whole) -> Real:
        """Return how much speaks for one thing: the logarithm of its odds.

        Pairs that were compared teach more than pairs at random, as long as there is much to learn from; so
        both views count, and what chance explains is never one thing.
        """
        learned = self._weighed(levels, one, self.learned).sum(axis=1) + self.odds
        chance = self._weighed(levels, one, self.chance).sum(axis=1) + self.chance_odds
        said: Real = np.minimum(chance, LEARNED * learned + (1 - LEARNED) * chance)
        return said

    def _weighed(self, levels: Levels, one: Whole, weights: Sequence[Real]) -> Real:
        said = np.zeros(levels.shape)
        for i, column in enumerate(self.columns):
            at = levels[:, i]
            there = at >= 0
            said[there, i] = weights[i][at[there]]
            equal = there & (at % STEPS == SAME)
            said[equal, i] += self.rarity[i][column.of[one[equal]]]
        return said


def learn(columns: Sequence[Column], levels: Levels) -> Weights:
    """Learn the weights of a table from the pairs worth comparing."""
    rows = len(columns[0].of)
    counts = [level_count(column.kind) for column in columns]
    usual = [_capped(_usual(column.kind), elsewhere(column.kind)) for column in columns]
    random = _at_random(columns, counts)
    patterns, times = np.unique(levels, axis=0, return_counts=True)
    all_pairs = max(rows * (rows - 1) / 2, 1.0)
    if _telling(columns) >= LEAST_COLUMNS:
        same, unlike, share = _told_apart(columns, patterns, times, usual, random)
        expected = max(share * len(levels), 1.0)
        odds = share / (1 - share)
    else:
        same = usual
        expected, random = _by_chance(patterns, times, usual, random, all_pairs)
        unlike, odds = random, expected / all_pairs
    return Weights(
        columns=tuple(columns),
        learned=tuple(map(_log, same, unlike)),
        odds=math.log(odds),
        chance=tuple(map(_log, same, random)),
        chance_odds=math.log(expected / all_pairs),
        rarity=tuple(map(_rarity, columns)),
    )


def _told_apart(
    columns: Sequence[Column], patterns: Levels, times: Whole, usual: list[Real], random: list[Real]
) -> tuple[list[Real], list[Real], float]:
    same, unlike, share = [one.copy() for one in usual], [one.copy() for one in random], START
    for _ in range(ROUNDS):
        odds = np.full(len(patterns), math.log(share / (1 - share)))
        for i in range(len(columns)):
            there = patterns[:, i] != MISSING
            odds[there] += np.log(same[i] / unlike[i])[patterns[there, i]]
        likely = _likely(odds)
        before, share = share, float((likely * times).sum() / times.sum())
        share = min(max(share, 1e-6), 1 - 1e-6)
        for i, column in enumerate(columns):
            same[i] = _counted(patterns[:, i], likely * times, usual[i])
            same[i] = _capped(same[i], elsewhere(column.kind))
            unlike[i] = _counted(patterns[:, i], (1 - likely) * times, random[i])
        if abs(share - before) < STILL:
            break
    return same, unlike, share


def _counted(levels: Levels, weight: Real, belief: Real) -> Real:
    there = levels != MISSING
    counted = np.bincount(levels[there], weight[there], len(belief)) + BELIEF * belief
    found: Real = counted / counted.sum()
    return found


def _capped(shares: Real, rare: Sequence[int]) -> Real:
    """Hold the shares of what is known to be rare below its bound."""
    if not rare:
        return shares
    at = np.array(rare)
    held = float(shares[at].sum())
    if held <= TWO_ADDRESSES:
        return shares
    capped = shares * (1 - TWO_ADDRESSES) / (1 - held)
    capped[at] = shares[at] * TWO_ADDRESSES / held
    return capped


def _usual(kind: Kind) -> Real:
    steps = np.array(USUAL)
    if level_count(kind) == STEPS:
        return steps
    return np.concatenate([share * steps for share in USUAL_FIGURES])


def _at_random(columns: Sequence[Column], counts: Sequence[int]) -> list[Real]:
    """Return how often two rows agree that have nothing to do with each other; no chance is needed for it."""
    rows = len(columns[0].of)
    first = np.arange(SAMPLE, dtype=np.int64) % rows
    step = 1 + np.arange(SAMPLE, dtype=np.int64) * 7919 // rows % max(rows - 1, 1)
    step = 1 + (step * 104_729 + first * 31) % max(rows - 1, 1)
    second = (first + step) % rows
    found = []
    for column, count in zip(columns, counts, strict=True):
        levels = compare(column, first, second)
        seen = np.bincount(levels[levels != MISSING], minlength=count) + 0.2
        found.append(seen / seen.sum())
    return found


def _by_chance(
    patterns: Levels, times: Whole, same: list[Real], random: list[Real], all_pairs: float
) -> tuple[float, list[Real]]:
    """Return how many pairs are of one thing, and how pairs at random agree once those are left out."""
    expected, unlike = math.sqrt(all_pairs), random
    for _ in range(ROUNDS):
        odds = np.full(len(patterns), math.log(expected / all_pairs))
        for i in range(len(same)):
            there = patterns[:, i] != MISSING
            odds[there] += np.log(same[i] / unlike[i])[patterns[there, i]]
        before, expected = expected, max(float((_likely(odds) * times).sum()), 1.0)
        share = expected / all_pairs
        unlike = [np.maximum(u - share * m, u * CLEAN) for u, m in zip(random, same, strict=True)]
        if abs(expected - before) < STILL * before:
            break
    return expected, unlike


def _likely(odds: Real) -> Real:
    found: Real = 1 / (1 + np.exp(-np.clip(odds, -50, 50)))
    return found


def _telling(columns: Sequence[Column]) -> int:
    """Count the columns that are filled often enough, and differ enough, to say something of their own.

    Texts repeat each other, as a description does its title: of several, one counts.
    """
    telling = [
        column.kind
        for column in columns
        if column.filled >= len(column.of) / 5 and int(column.rows.max(initial=0)) < column.filled * 0.9
    ]
    return len(telling) - max(telling.count(Kind.TEXT) - 1, 0)


def _rarity(column: Column) -> Real:
    """Return, by value, what it says more than a usual one of its column when it is equal."""
    filled = max(column.filled, 1)
    usual = float((column.rows.astype(float) ** 2).sum()) / filled
    return np.clip(np.log(usual / np.maximum(column.rows, 1)) / 2, -RARITY, RARITY)


def _log(same: Real, unlike: Real) -> Real:
    return np.clip(np.log(same / unlike), -LIMIT, LIMIT)
