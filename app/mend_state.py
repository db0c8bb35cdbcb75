"""What the editor of a manifest has in front: the record, the manifest as it is changed, and its form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from app.domain.mending import BLOCKS, Mending, Version, is_locked
from app.domain.schema_form import Entry, Form
from app.domain.tree_edits import ABSENT, changes, difference, value_at
from app.text import N_, Text

SHIPPED = Text(N_("This comes with the program."))
CHANGES_SHOWN = 200


class State(msgspec.Struct, frozen=True, kw_only=True):
    """`place`: the part of the manifest whose form is in front. `key`: the field, or row, under the keys."""

    shop: str = ""
    title: str = ""
    place: str = "map"
    trail: tuple[str, ...] = ()
    """Where this place was entered from."""
    key: str = ""
    mending: Mending | None = None
    schema: Mapping[str, Any] = {}
    shipped: Mapping[str, Any] = {}
    kept: Mapping[str, Any] = {}
    """The manifest in use."""
    tree: Mapping[str, Any] = {}
    """The manifest as it is changed here; kept only when somebody keeps it."""
    entries: tuple[Entry, ...] = ()
    bit: str = ""
    """The field of the record under the keys."""
    version: int = -1
    is_expert: bool = False
    """The place is shown as JSON."""
    wrong: Text | None = None
    """Why what was typed as JSON cannot be taken."""
    zone: str = "UTC"
    off: Text | None = None
    busy: bool = False
    notice: Text | None = None

    @property
    def block(self) -> str:
        """The block in front."""
        return self.place.partition("/")[0]

    @property
    def form(self) -> Form:
        """What the schema says of the manifest."""
        return self.form_of(self.tree)

    def form_of(self, tree: Mapping[str, Any]) -> Form:
        """What it says of another tree."""
        gone = self.mending.gone if self.mending is not None else ()
        return Form(self.schema, tree, self.shipped, gone)

    @property
    def is_fixed(self) -> bool:
        """Nothing at this place is changed from a desk."""
        return is_locked(self.place) or self.off is not None

    @property
    def patch(self) -> Mapping[str, Any]:
        """What lies over the shipped manifest here."""
        return difference(self.shipped, self.tree)

    @property
    def is_changed(self) -> bool:
        """Something here is not kept yet."""
        return self.tree != self.kept

    @property
    def changes(self) -> tuple[tuple[str, Any, Any], ...]:
        """What is not kept yet: key, what it was, what it is."""
        return tuple(changes(self.kept, self.tree))[:CHANGES_SHOWN]

    @property
    def is_here_changed(self) -> bool:
        """What is under the keys is not as it was shipped."""
        here = self.key
        return (
            bool(here) and not is_locked(here) and value_at(self.tree, here) != value_at(self.shipped, here)
        )

    def text(self) -> str:
        """The place as JSON."""
        value = value_at(self.tree, self.place)
        return "" if value is ABSENT else json.dumps(value, ensure_ascii=False, indent=2)

    def chosen(self) -> Version | None:
        """The version under the keys."""
        versions = self.mending.versions if self.mending is not None else ()
        return next((one for one in versions if one.n == self.version), None)

    def stop(self) -> Text | None:
        """Why nothing is kept now; None when it can be."""
        if self.off is not None:
            return self.off
        if self.mending is None or not self.is_changed:
            return Text(N_("Nothing was changed. Change a value first."))
        fault = next((each for block in BLOCKS for each in self.form.faults(block)), None)
        if fault is not None:
            where = Text(self.form.called(fault.key))
            return Text(N_("{where}: {what}"), {"where": where, "what": fault.text})
        return self.mending.wrong[0].text if self.mending.wrong else None

    def why_not_put(self) -> Text | None:
        """Why the field of the record cannot be put into the field under the keys."""
        if self.off is not None:
            return self.off
        if not self.key or not self.bit:
            return Text(N_("Choose a field on the left and one in the middle."))
        if is_locked(self.key):
            return SHIPPED
        return None if self.form.takes(self.key) else Text(N_("No field of the record fits here."))
