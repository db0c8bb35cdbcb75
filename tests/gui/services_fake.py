"""What a desk under test hears of the systems its hub does something at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

import msgspec

from app.domain.outbound import AskService, OutService, OutServices, SaidService
from app.text import Text

STATES = {"keep": "on", "rest": "off", "go_on": "on", "end": "none"}


class FakeServices:
    """Answers as a hub does; `services_at_hub` are those it tells of."""

    given: list[Any]
    now: Callable[[], datetime]
    services_at_hub: ClassVar[list[OutService]] = []

    def services(self) -> OutServices:
        return OutServices(as_of=self.now(), all=tuple(self.services_at_hub))

    def ask_service(self, name: str, asked: AskService) -> SaidService:
        self.given.append((name, asked))
        if asked.deed in STATES:
            changed = [
                msgspec.structs.replace(one, state=STATES[asked.deed]) if one.name == name else one
                for one in self.services_at_hub
            ]
            self.services_at_hub = changed  # type: ignore[misc]
        return SaidService(text=Text(f"{asked.deed} done"))
