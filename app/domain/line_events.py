"""What happened to single lines of an order: somebody keeps one back, or lets it go."""

from __future__ import annotations

from typing_extensions import override

from app.domain.event import Event
from app.text import N_, Text

__all__ = ["LineHeld", "LineResumed"]


class LineHeld(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A line is kept back; `article` is what it is called, `rule` the type whose condition it meets."""

    order: str
    line: str
    article: str
    reason: str
    rule: str = ""

    @override
    def says(self) -> Text:
        reason = Text(self.reason) if self.rule else self.reason
        said: dict[str, str | int | Text] = {"article": self.article, "reason": reason}
        return Text(N_("{article} is held: {reason}"), said)


class LineResumed(Event, frozen=True, kw_only=True, omit_defaults=True):
    """A line is not kept back any more."""

    order: str
    line: str
    article: str
    reason: str = ""

    @override
    def says(self) -> Text:
        said: dict[str, str | int | Text] = {"article": self.article, "reason": self.reason}
        return Text(N_("{article} goes on: {reason}") if self.reason else N_("{article} goes on"), said)
