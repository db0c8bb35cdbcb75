"""What lines say of kits: what was sold, which pieces a kit is, how money is shared out. Pure.

A part is known by the article its recipe names, whatever goes in its place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from app.domain.money import apportion
from app.domain.order import Line


def sold(lines: Sequence[Line], only: Collection[str] | None = None) -> tuple[Line, ...]:
    """Return lines as they were sold: kits in the place of their parts, where nobody changed these since.

    `only` these kits are packed again; of all others the parts stay.
    """
    found: dict[str, Line] = {}
    for line in lines:
        name = line.kit.line if line.kit is not None and (only is None or line.kit.line in only) else ""
        kit = _packed(lines, name) if name and name not in found else None
        if kit is not None:
            found[name] = kit
        elif not name or name not in found:
            found[line.id] = line
    return tuple(found.values())


def _packed(lines: Sequence[Line], name: str) -> Line | None:
    """Return a kit as it was sold; None where somebody changed articles, pieces or prices of its parts."""
    parts = [line for line in lines if line.kit is not None and line.kit.line == name]
    kit = parts[0].kit if parts else None
    is_touched = any(line.picked or line.swapped_from or line.priced_from is not None for line in parts)
    if kit is None or is_touched:
        return None
    pieces: Counter[str] = Counter()
    for line in parts:
        pieces[line.sku] += line.qty
    is_whole = all(line.kit is not None and pieces[line.sku] == kit.qty * line.kit.each for line in parts)
    money = sum(line.qty * line.unit_price_minor for line in parts)
    held = next((line for line in parts if line.held), parts[0])
    if not is_whole or money != kit.qty * kit.unit_price_minor:
        return None
    return Line(
        id=kit.line,
        ext_sku=kit.ext_sku,
        title=kit.title,
        sku=kit.sku,
        qty=kit.qty,
        unit_price_minor=kit.unit_price_minor,
        priced_from=kit.priced_from,
        held=held.held,
        held_by=held.held_by,
    )


def still_unpacked(said: Sequence[Line], lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return what a channel says, with the parts of every kit of `lines` that it says again as it was."""
    known = {line.id: line for line in sold(lines) if line.sku}
    found: list[Line] = []
    for line in said:
        parts = [part for part in lines if part.kit is not None and part.kit.line == line.id]
        was = known.get(line.id)
        plain = msgspec.structs.replace(was, held="", held_by="") if was is not None else None
        is_same = bool(parts) and plain == line
        found += parts if is_same else [line]
    return tuple(found)


def article_of(line: Line) -> str:
    """Return the article a line is sold as, whatever goes in its place."""
    return line.swapped_from or line.sku


def named(lines: Sequence[Line], name: str) -> list[Line]:
    """Return the lines a channel means by one of its own: the line itself, or the parts of the kit."""
    return [line for line in lines if line.id == name or (line.kit is not None and line.kit.line == name)]


def line_meant(lines: Sequence[Line], name: str) -> str:
    """Return the line a channel means by its number, or by the code of its article; what is neither stays."""
    if not name or named(lines, name):
        return name
    for line in lines:
        code = line.kit.ext_sku if line.kit is not None else line.ext_sku
        if code == name:
            return line.kit.line if line.kit is not None else line.id
    return name


def pieces_of(lines: Sequence[Line], kits: int, most: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Say how many pieces of each line so many `kits` are; never more of a line than `most`. 0: all of them.

    A line that is no part is meant by its pieces. Units: pieces.
    """
    left: dict[str, int] = {}
    for line in lines:
        part = article_of(line) if line.kit is not None else f"\0{line.id}"
        each = line.kit.each if line.kit is not None else 1
        want = left.setdefault(part, kits * each) if kits else line.qty
        qty = min(want, line.qty, most[line.id])
        left[part] = want - qty
        yield line.id, qty


def waiting(lines: Sequence[Line], short: Mapping[str, int]) -> Counter[str]:
    """Say how many pieces of each line wait where so much of articles is short; no kit is torn for it.

    Units: pieces; `short` by article. What was ordered last waits first.
    """
    found: Counter[str] = Counter()
    left = Counter(short)
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(f"\0{line.kit.line}" if line.kit is not None else line.id, []).append(line)
    for group in reversed(groups.values()):
        had: Counter[str] = Counter()
        for line in group:
            had[line.sku] += line.qty
        lacking = {sku: min(qty, left[sku]) for sku, qty in had.items()}
        for name, qty in _waiting_of(group, lacking):
            found[name] = qty
        for line in group:
            left[line.sku] = max(0, left[line.sku] - found[line.id])
    return found


def _waiting_of(group: Sequence[Line], lacking: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Take whole kits from a group, or all of a changed one; of a plain line its pieces."""
    all_of = {line.id: line.qty for line in group}
    if group[0].kit is None or not any(lacking.values()):
        yield from ((line.id, lacking[line.sku]) for line in group)
        return
    kits = counted(group, all_of)[group[0].kit.line]
    wanted = max(-(-lacking[line.sku] // max(1, line.kit.each)) for line in group if line.kit is not None)
    is_whole = dict(pieces_of(group, kits, all_of)) == all_of
    yield from pieces_of(group, wanted, all_of) if is_whole and wanted < kits else all_of.items()


def counted(lines: Sequence[Line], pieces: Mapping[str, int]) -> Counter[str]:
    """Count pieces of lines in what was sold: of a kit as many as are whole in them. Units: pieces, kits."""
    found: Counter[str] = Counter()
    parts: dict[str, Counter[str]] = {}
    each: dict[tuple[str, str], int] = {}
    for line in lines:
        if line.kit is None:
            found[line.id] += pieces.get(line.id, 0)
        else:
            parts.setdefault(line.kit.line, Counter())[article_of(line)] += pieces.get(line.id, 0)
            each[line.kit.line, article_of(line)] = line.kit.each
    for kit, inside in parts.items():
        found[kit] += min(qty // max(1, each[kit, sku]) for sku, qty in inside.items())
    return found


def shared(minor: int, lines: Sequence[Line], weights: Sequence[int]) -> tuple[int, ...]:
    """Share money out over lines; the parts of a kit come to exactly what the kit would have got.

    Units: minor units.
    """
    groups: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        groups.setdefault(f"\0{line.kit.line}" if line.kit is not None else line.id, []).append(at)
    of_group = apportion(minor, [sum(weights[at] for at in group) for group in groups.values()])
    shares = [0] * len(lines)
    for group, amount in zip(groups.values(), of_group, strict=True):
        for at, share in zip(group, apportion(amount, [weights[at] for at in group]), strict=True):
            shares[at] = share
    return tuple(shares)
