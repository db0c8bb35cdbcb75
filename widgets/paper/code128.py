"""Code 128 as widths of bars and gaps: code sets B and C, switched where it makes the symbol shortest.

Source: ISO/IEC 15417:2007, tables 1 and 2, annex E.
"""

from __future__ import annotations

from typing import Final

QUIET: Final = 10
"""Modules of white at either side."""

_START_B, _START_C, _TO_C, _TO_B, _STOP = 104, 105, 99, 100, 106
_PATTERNS: Final = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231"
    "113222123122123221223211221132221231213212223112312131311222321122321221312212322112322211"
    "212123212321232121111323131123131321112313132113132311211313231113231311112133112331132131"
    "113123113321133121313121211331231131213113213311213131311123311321331121312113312311332111"
    "314111221411431111111224111422121124121421141122141221112214112412122114122411142112142211"
    "241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214"
    "211232"
)
"""Six widths a symbol, by its value."""

_END: Final = "2331112"


class Unspeakable(ValueError):
    """The text has a character that code sets B and C cannot say."""


def can_say(text: str) -> bool:
    """Tell whether a text fits: printable ASCII, at least one character."""
    return bool(text) and all(" " <= sign <= "~" for sign in text)


def symbols(text: str) -> tuple[int, ...]:
    """Return the symbol values of a text: start, data and switches, checksum, stop.

    Raises:
        Unspeakable: the text is empty, or not printable ASCII.
    """
    if not can_say(text):
        raise Unspeakable(f"Code 128 says printable ASCII only, not {text!r}")
    data = _shortest(text)
    check = (data[0] + sum(at * value for at, value in enumerate(data[1:], 1))) % 103
    return (*data, check, _STOP)


def widths(text: str) -> tuple[int, ...]:
    """Return the widths of bars and gaps in turn, a bar first, without the quiet zone. Units: modules.

    Raises:
        Unspeakable: the text is empty, or not printable ASCII.
    """
    values = symbols(text)[:-1]
    return tuple(map(int, "".join(_PATTERNS[6 * value : 6 * value + 6] for value in values) + _END))


def modules(text: str) -> int:
    """Return how wide a symbol is with its quiet zones. Units: modules."""
    return sum(widths(text)) + 2 * QUIET


def _shortest(text: str) -> list[int]:
    """Return start and data symbols, as few as can be: from the end, the better of going on or switching."""
    end = len(text)
    in_b: list[list[int]] = [[]] * (end + 1)  # the best way on from here in code set B, and in C
    in_c: list[list[int]] = [[]] * (end + 1)
    never = [0] * (2 * end + 3)
    for at in range(end - 1, -1, -1):
        stay_b = [ord(text[at]) - 32, *in_b[at + 1]]
        pair = text[at : at + 2]
        stay_c = [int(pair), *in_c[at + 2]] if len(pair) == 2 and pair.isdigit() else never
        in_b[at] = min(stay_b, [_TO_C, *stay_c], key=len)
        in_c[at] = min(stay_c, [_TO_B, *stay_b], key=len)
    return min([_START_B, *in_b[0]], [_START_C, *in_c[0]], key=len)
