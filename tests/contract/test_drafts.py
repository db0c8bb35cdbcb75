"""Half-filled guides: kept for who filled them, whoever sits at the desk in between."""

# ruff: noqa: F811 - fixtures come from another file

from __future__ import annotations

from line_world import Desk
from test_loop import address, desk, hub  # noqa: F401

from app.domain.values import Role


def test_a_half_filled_guide_is_for_who_filled_it(desk: Desk) -> None:
    desk.store.save_draft("fix_address:o1", {"street": "梧桐里弄"})

    desk.sign_in(Role.CLERK)
    assert desk.store.draft("fix_address:o1") == {}
    desk.store.drop_draft("fix_address:o1")
    desk.sign_in(Role.LEAD)
    assert desk.store.draft("fix_address:o1") == {"street": "梧桐里弄"}
    desk.store.drop_draft("fix_address:o1")
    assert desk.store.draft("fix_address:o1") == {}


def test_a_draft_of_an_older_desk_is_found_and_goes_with_the_guide(desk: Desk) -> None:
    desk.store.outbox.save_draft("hold:o1", {"reason": "half a sentence"})

    assert desk.store.draft("hold:o1") == {"reason": "half a sentence"}
    desk.store.drop_draft("hold:o1")
    assert desk.store.draft("hold:o1") == {}
