"""Sign an order in review: a second and a third pair of eyes on exactly this content."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from app.command import Authority, Command, Decided, Facts, Spec
from app.reviewing import ballot_of, judged

Milliseconds = Annotated[int, Meta(ge=0, le=86_400_000)]


class SignOff(Command, frozen=True, kw_only=True):
    """`content_hash` and `revision` are what the person had on screen, `read_ms` for how long."""

    order: str
    content_hash: str
    revision: int | None = None
    read_ms: Milliseconds = 0


def decide(command: SignOff, facts: Facts) -> Decided:
    """Say yes to the content; its last maker may not, and nobody is asked twice.

    Refuses: what `judged` refuses.
    Source: capabilities 10, two-person rule.
    """
    about = command.order, command.content_hash, command.revision
    return judged(*about, facts, is_pass=True, read_ms=command.read_ms)


SPEC = Spec("sign_off", SignOff, ballot_of, decide, Authority.DESK)
