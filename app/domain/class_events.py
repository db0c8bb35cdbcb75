"""An order found its class, or another one."""

from __future__ import annotations

from typing_extensions import override

from app.domain.classed import Classed
from app.domain.event import Event
from app.text import N_, Text

__all__ = ["OrderClassed"]


class OrderClassed(Event, frozen=True, kw_only=True):
    """None: no row of the table fits, or there is no table. What nobody has claimed goes to the new queue."""

    order: str
    classed: Classed | None

    @override
    def says(self) -> Text:
        if self.classed is None:
            return Text(N_("Of no class"))
        params: dict[str, str | int | Text] = {"title": Text(self.classed.title), "said": self.classed.said}
        return Text(N_("Class {title}, {said}"), params)
