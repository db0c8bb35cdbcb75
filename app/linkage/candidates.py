"""Which pairs of rows are worth comparing: those that share something rare, alone or two things together."""

from __future__ import annotations

import numpy as np

from app.linkage.columns import Column, Kind, Whole, spread

BLOCK = 40
"""So many rows that share a key are compared each with each."""
NEIGHBOURS = 6
"""In a larger crowd each row is compared with so many that are sorted next to it."""
RAREST = 8
"""So many of a row's rarest keys are taken two by two."""
PAIRS_A_ROW = 60
MANY_PAIRS = 2_000_000
PAIRS_OF_MANY = 20
"""More pairs a row than that, on average, are not compared, and fewer in a table that has many pairs already:
what shares the rarest keys comes first."""
SOUND = str.maketrans("", "", "aeiouhwy ")


def candidates(columns: list[Column], rows: int) -> tuple[Whole, Whole]:
    """Return pairs of rows, the lower one first, each pair once."""
    keys, holders, crowd = _keys(columns, rows)
    order = np.lexsort(tuple(column.of for column in columns))
    rank = np.empty(rows, np.int64)
    rank[order] = np.arange(rows)
    pairs = [_pairs(keys, holders, rank), _pairs(*_two_by_two(keys, holders, crowd, rows), rank)]
    found = np.concatenate(pairs)
    _, first = np.unique(found, return_index=True)
    first.sort()
    kept = found[first[: _budget(rows)]]
    kept.sort()
    return kept // rows, kept % rows


def _keys(columns: list[Column], rows: int) -> tuple[Whole, Whole, Whole]:
    """Return keys, the rows that have them, and how many rows have each."""
    keys: list[Whole] = []
    holders: list[Whole] = []
    crowds: list[Whole] = []
    used = 0
    everyone = np.arange(rows)
    for column in columns:
        there = everyone[column.of >= 0]
        values = column.of[there]
        parts = [(there, values, len(column.values))]
        if column.words is not None:
            owner, place = spread(column.words.start, column.words.count, values)
            parts.append((there[owner], column.words.of[place], len(column.words.weight)))
        else:
            parts += [(there, other[values], int(other.max(initial=0)) + 1) for other in _other_forms(column)]
        for row, key, size in parts:
            keys.append(used + key)
            holders.append(row)
            crowds.append(np.bincount(key, minlength=size)[key])
            used += size
    return np.concatenate(keys), np.concatenate(holders), np.concatenate(crowds)


def _other_forms(column: Column) -> list[Whole]:
    """Return, by value, further keys: how a name sounds, how a number begins and ends."""
    forms: list[list[str]] = []
    if column.kind is Kind.WORD:
        forms.append([value[:1] + value[1:].translate(SOUND)[:5] for value in column.values])
    elif column.kind in (Kind.NUMBER, Kind.CODE) and column.filled:
        length = sum(map(len, column.values)) / len(column.values)
        if length >= 6:
            forms.append(["^" + value[:5] for value in column.values])
            forms.append([value[-4:] + "$" for value in column.values])
    found = []
    for form in forms:
        places: dict[str, int] = {}
        found.append(np.array([places.setdefault(one, len(places)) for one in form], np.int64))
    return found


def _two_by_two(keys: Whole, holders: Whole, crowd: Whole, rows: int) -> tuple[Whole, Whole]:
    """Join each row's rarest keys in pairs."""
    several = crowd > 1
    keys, holders, crowd = keys[several], holders[several], crowd[several]
    if not len(keys):
        return keys, holders
    order = np.lexsort((crowd, holders))
    keys, holders = keys[order], holders[order]
    begins = np.flatnonzero(np.concatenate([[True], holders[1:] != holders[:-1]]))
    place = np.arange(len(holders)) - np.repeat(begins, np.diff(np.append(begins, len(holders))))
    table = np.full((rows, RAREST), -1, np.int64)
    few = place < RAREST
    table[holders[few], place[few]] = keys[few]
    size = int(keys.max()) + 1
    joined: list[Whole] = []
    whose: list[Whole] = []
    for i in range(RAREST):
        for j in range(i + 1, RAREST):
            both = np.flatnonzero(table[:, j] >= 0)
            one, other = table[both, i], table[both, j]
            joined.append(np.minimum(one, other) * size + np.maximum(one, other))
            whose.append(both)
    return np.concatenate(joined), np.concatenate(whose)


def _pairs(keys: Whole, holders: Whole, rank: Whole) -> Whole:
    """Pair the rows of each key, the smallest crowds first; a pair is written low × rows + high."""
    rows = len(rank)
    order = np.lexsort((rank[holders], keys))
    keys, holders = keys[order], holders[order]
    if not len(keys):
        return np.zeros(0, np.int64)
    begins = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    sizes = np.diff(np.append(begins, len(keys)))
    found: list[Whole] = []
    budget = _budget(rows)
    for size in np.unique(sizes[(sizes > 1) & (sizes <= BLOCK)]).tolist():
        members = holders[begins[sizes == size][:, None] + np.arange(size)]
        i, j = np.triu_indices(size, 1)
        most = max(budget // len(i), 0)
        members = members[:most]
        found.append(_written(members[:, i].ravel(), members[:, j].ravel(), rows))
        budget -= found[-1].size
    crowded = np.repeat(sizes > BLOCK, sizes)
    for step in range(1, NEIGHBOURS + 1):
        if budget <= 0:
            break
        close = np.flatnonzero(crowded[:-step] & (keys[:-step] == keys[step:]))[:budget]
        found.append(_written(holders[close], holders[close + step], rows))
        budget -= found[-1].size
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def _budget(rows: int) -> int:
    return min(PAIRS_A_ROW * rows, max(MANY_PAIRS, PAIRS_OF_MANY * rows))


def _written(one: Whole, other: Whole, rows: int) -> Whole:
    return np.minimum(one, other) * rows + np.maximum(one, other)
