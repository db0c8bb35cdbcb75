"""What a fake hub answers when it is asked itself, and what was asked of it."""

from __future__ import annotations

from typing import Any

import msgspec

from app.domain.values import Receiver
from app.ports import Pc
from app.text import Text
from app.trouble import Trouble


class FakePort:
    """Answers as `app.ports.HubPort` does; `given` is what was decided."""

    link_state: str
    asked: list[str]
    at_hub: dict[str, Receiver]

    def __init__(self, given: list[Any]) -> None:
        self.given = given
        self.enrolled = "waits"
        self.pcs_at_hub: list[Pc] = []

    def submit_each(self, wanted, login):
        """Submit many as `app.ports.Replica` does, one after the other: nothing here reaches a disk."""
        done = []
        for each in wanted:
            given = each.make(self.order(each.order, login) if each.order else None)
            if not isinstance(given, Text):
                given = self.submit(given.command, login, given.because, given.seen_ver)
            done.append(given)
        return done

    def enrolment(self) -> str:
        return self.enrolled

    def pcs(self) -> list[Pc]:
        return self.pcs_at_hub

    def approve_pc(self, id: str) -> None:
        self._decide(id, "approved")

    def revoke_pc(self, id: str) -> None:
        self._decide(id, "revoked")

    def _decide(self, id: str, state: str) -> None:
        self.given.append((state, id))
        self.pcs_at_hub = [
            msgspec.structs.replace(pc, state=state) if pc.id == id else pc for pc in self.pcs_at_hub
        ]

    def receiver(self, order: str):
        """What the hub tells a desk that holds masks."""
        self.asked.append(order)
        if self.link_state == "offline":
            raise Trouble("hub_unreachable", Text("The hub does not answer."), retry=True)
        return self.at_hub[order]

    def first_password(self, user: str) -> str:
        self.given.append(("first_password", user))
        return f"first-{user}"
