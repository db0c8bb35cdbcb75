"""Take orders out of Docket with names, phones and streets in full; the hub keeps who did."""

from __future__ import annotations

from app.command import Authority, Command, Decided, Facts, Spec, refuse
from app.domain.values import Keys
from app.text import N_

FORMATS = ("csv", "xlsx")


class ExportOrders(Command, frozen=True, kw_only=True):
    """What was taken out; the words of a search may be a name, so only that there were some is said."""

    count: int
    format: str
    columns: tuple[str, ...]
    filters: tuple[tuple[str, str], ...] = ()
    has_words: bool = False


def needs(_command: ExportOrders) -> Keys:
    """Name no row: nothing changes."""
    return frozenset()


def decide(command: ExportOrders, _facts: Facts) -> Decided:
    """Let it be written down; no row changes and no history mentions it.

    Refuses: `nothing_to_export`, `bad_format`.
    """
    if command.count < 1 or not command.columns:
        return refuse("nothing_to_export", N_("There is nothing to export. Change the search."))
    if command.format not in FORMATS:
        return refuse("bad_format", N_("This format is unknown. Take XLSX or CSV."))
    return []


SPEC = Spec("export_orders", ExportOrders, needs, decide, Authority.DESK, touches=False, offline=False)
