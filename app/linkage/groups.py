"""Pairs become groups: two groups join only while all their rows, on average, speak for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from app.linkage.columns import Real, Whole

LARGEST = 200
"""So many rows are looked at together; only a chain of accidents is longer."""

Scorer = Callable[[Whole, Whole], Real]


def groups(
    rows: int, one: Whole, other: Whole, scores: Real, least: float, scorer: Scorer
) -> list[list[int]]:
    """Return the groups of two rows and more; `scorer` says what was not compared yet."""
    joined = _chained(rows, one, other, scores, least)
    firsts, seconds = [], []
    for members in joined:
        at, (i, j) = np.array(members), np.triu_indices(len(members), 1)
        firsts.append(at[i])
        seconds.append(at[j])
    if not joined:
        return []
    said = scorer(np.concatenate(firsts), np.concatenate(seconds))
    found: list[list[int]] = []
    begin = 0
    for members in joined:
        end = begin + len(members) * (len(members) - 1) // 2
        found += _parted(members, said[begin:end], least)
        begin = end
    return sorted(found)


def _chained(rows: int, one: Whole, other: Whole, scores: Real, least: float) -> list[list[int]]:
    """Follow likely pairs, the likeliest first, until a chain would grow too long."""
    likely = np.flatnonzero(scores > least)
    likely = likely[np.argsort(-scores[likely], kind="stable")]
    head, size = list(range(rows)), [1] * rows
    for a, b in zip(one[likely].tolist(), other[likely].tolist(), strict=True):
        x, y = _head(head, a), _head(head, b)
        if x != y and size[x] + size[y] <= LARGEST:
            head[y] = x
            size[x] += size[y]
    members: dict[int, list[int]] = defaultdict(list)
    for row in {*one[likely].tolist(), *other[likely].tolist()}:
        members[_head(head, row)].append(row)
    return [sorted(found) for found in members.values() if len(found) > 1]


def _head(head: list[int], row: int) -> int:
    while head[row] != row:
        head[row] = head[head[row]]
        row = head[row]
    return row


def _parted(members: list[int], said: Real, least: float) -> list[list[int]]:
    """Join from single rows upwards, the likeliest two groups first, by the mean of all their pairs."""
    count = len(members)
    if count == 2:
        return [members] if said[0] > least else []
    mean = np.full((count, count), -np.inf)
    i, j = np.triu_indices(count, 1)
    mean[i, j] = mean[j, i] = said
    inside = [[member] for member in members]
    while True:
        x, y = divmod(int(np.argmax(mean)), count)
        if mean[x, y] <= least:
            return [sorted(group) for group in inside if len(group) > 1]
        a, b = len(inside[x]), len(inside[y])
        both = (mean[x] * a + mean[y] * b) / (a + b)
        mean[x], mean[:, x] = both, both
        mean[x, x] = mean[y] = mean[:, y] = -np.inf
        inside[x], inside[y] = inside[x] + inside[y], []
