"""What a cell may hold that a spreadsheet will open: words of strangers are never run as formulas."""

from __future__ import annotations

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text that begins so would be run, in some programs also after the wide sign. Source: OWASP."""


def neutral(cell: str) -> str:
    """Return a text as it may stand in a file: one that looks like a formula gets an apostrophe before it.

    For texts only; an amount is written as a number.
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def restored(cell: str) -> str:
    """Return a text as it was before `neutral`, when a file of ours comes back."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
