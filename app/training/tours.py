"""Tours: marks that point at the real controls of a page, one after the other, and wait for the real deed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.text import N_

SCAN: Final = "scan"
"""Stands among the keys of a mark that a scanner answers too."""


class Deed(StrEnum):
    """What a mark waits for."""

    KEY = "key"
    """One of its keys, or a click on its control."""
    TYPE = "type"
    """A character typed into its control."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One control of a page by its object name, what to do there, and why."""

    control: str
    text: str
    reason: str
    keys: tuple[str, ...] = ()
    deed: Deed = Deed.KEY


@dataclass(frozen=True, slots=True)
class Tour:
    """The marks of one page; `form` where they belong to one guide of the guide page."""

    code: str
    page: str
    marks: tuple[Mark, ...]
    form: str = ""


TOURS: Mapping[str, Tour] = {
    tour.code: tour
    for tour in (
        Tour(
            "today",
            "today",
            (
                Mark(
                    "today/rows",
                    N_("Press J to go through what waits."),
                    N_("What is nearly late stands first; Enter opens it in the inbox."),
                    ("J", "K", "Down", "Up"),
                ),
                Mark(
                    "today/first",
                    N_("Press 1 to do what presses most."),
                    N_("It says what it does before, and Z takes it back for 30 seconds."),
                    ("1", "Enter"),
                ),
            ),
        ),
        Tour(
            "inbox",
            "inbox",
            (
                Mark(
                    "inbox/rows",
                    N_("Press J for the next exception."),
                    N_("What is late stands first; K goes back."),
                    ("J", "K", "Down", "Up"),
                ),
                Mark(
                    "inbox/evidence",
                    N_("Read the evidence, then press C to claim it."),
                    N_("Whoever claims first works on it; nobody else repairs it meanwhile."),
                    ("C",),
                ),
                Mark(
                    "inbox/actions",
                    N_("Press 1 for the first repair."),
                    N_("Effects are said before, and Z takes it back for 30 seconds."),
                    ("1", "2", "Enter"),
                ),
                Mark(
                    "inbox/splits",
                    N_("Press Tab for the next pile."),
                    N_("Mine, my group, due soon, put off."),
                    ("Tab", "Ctrl+Tab"),
                ),
            ),
        ),
        Tour(
            "new_order",
            "guide",
            (
                Mark(
                    "guide/shop/field",
                    N_("Choose the shop the money belongs to, then press Tab."),
                    N_("Currency and warehouses follow from it."),
                    ("Tab",),
                ),
                Mark(
                    "guide/customer/field",
                    N_("Choose a business, or leave it empty and press Tab."),
                    N_("Its prices, terms and invoice data are filled in."),
                    ("Tab",),
                ),
                Mark(
                    "guide/next",
                    N_("Press Ctrl+Enter to go on."),
                    N_("Every answer is kept at once; Alt+Left comes back without loss."),
                    ("Ctrl+Enter",),
                ),
            ),
            form="new_order",
        ),
        Tour(
            "guide",
            "guide",
            (
                Mark(
                    "guide/next",
                    N_("Answer the question, then press Ctrl+Enter."),
                    N_("One decision a step; Alt+Left comes back without loss."),
                    ("Ctrl+Enter",),
                ),
                Mark(
                    "guide/evidence",
                    N_("See what it changes, then press Ctrl+Enter."),
                    N_("Nothing is written before the last step; Esc keeps the draft."),
                    ("Ctrl+Enter",),
                ),
            ),
        ),
        Tour(
            "orders",
            "orders",
            (
                Mark(
                    "orders/search",
                    N_("Press / and type the end of a phone number."),
                    N_("Numbers, names, articles and places are all found."),
                    deed=Deed.TYPE,
                ),
                Mark(
                    "orders/table",
                    N_("Press Enter to open the order."),
                    N_("Esc comes back to this very row."),
                    ("Enter",),
                ),
            ),
        ),
        Tour(
            "order",
            "order",
            (
                Mark(
                    "order/to_gate",
                    N_("Press G to see which gate stops it."),
                    N_("Below it stands what is missing, and what clears it."),
                    ("G",),
                ),
                Mark(
                    "order/evidence",
                    N_("Press F6 to go through the panes."),
                    N_("Why it ships from there, and how the free pieces are counted."),
                    ("F6",),
                ),
            ),
        ),
        Tour(
            "import_file",
            "import_file",
            (
                Mark(
                    "import_file/drop",
                    N_("Press Ctrl+O and choose the file of a shop."),
                    N_("Nothing is written before the last step; a whole file can be taken back."),
                    ("Ctrl+O",),
                ),
            ),
        ),
        Tour(
            "review",
            "review",
            (
                Mark(
                    "review/list",
                    N_("Press Tab, then key what the buyer asked."),
                    N_("What will ship stays hidden until it agrees."),
                    ("Tab",),
                ),
                Mark(
                    "review/actions",
                    N_("Press 1 to pass it, 2 to send it back."),
                    N_("Two different people sign; neither sees the other's verdict."),
                    ("1", "2"),
                ),
            ),
        ),
        Tour(
            "warehouse",
            "warehouse",
            (
                Mark(
                    "warehouse/scan",
                    N_("Scan the article, or press Enter."),
                    N_("The cursor may be anywhere; a wrong code is said at once."),
                    ("Enter", SCAN),
                ),
                Mark(
                    "warehouse/forward",
                    N_("Press P to pack, then once more to ship."),
                    N_("The key works as soon as every piece is in."),
                    ("P",),
                ),
            ),
        ),
        Tour(
            "handover",
            "handover",
            (
                Mark(
                    "handover/table",
                    N_("Press J to read what is open, line by line."),
                    N_("What was promised, whose it is and until when; N adds a sentence to a line."),
                    ("J", "K", "Down", "Up"),
                ),
                Mark(
                    "handover/actions",
                    N_("Press S to sign what stands there."),
                    N_("Two people sign one page: who leaves, and who takes over."),
                    ("S",),
                ),
            ),
        ),
        Tour(
            "stock",
            "stock",
            (
                Mark(
                    "stock/filter",
                    N_("Press / and type a code or words of a title."),
                    N_("A scanner works too, wherever the cursor is."),
                    deed=Deed.TYPE,
                ),
                Mark(
                    "stock/table",
                    N_("Press J for the next article."),
                    N_("On hand, promised and free always add up."),
                    ("J", "K", "Down", "Up"),
                ),
            ),
        ),
        Tour(
            "outbox",
            "outbox",
            (
                Mark(
                    "outbox/table",
                    N_("Press J to look at what you did."),
                    N_("Saved here, accepted, protected: how safe each deed is."),
                    ("J", "K", "Down", "Up"),
                ),
            ),
        ),
        Tour(
            "settings",
            "settings",
            (
                Mark(
                    "settings/sections",
                    N_("Press J for the next section, Enter goes into it."),
                    N_("Language, colours and density stand first; / finds any setting."),
                    ("J", "K", "Down", "Up", "Enter"),
                ),
            ),
        ),
    )
}


def tour_of(page: str, form: str = "") -> Tour | None:
    """Return the tour of a page, or of a guide on the guide page: its own, else the one of all guides."""
    here = [tour for tour in TOURS.values() if tour.page == page and tour.form in (form, "")]
    return max(here, key=lambda tour: bool(tour.form), default=None)
