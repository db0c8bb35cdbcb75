"""Two-person review in its short form: nothing old, nothing of one's own is used, and a bug is seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from review_rounds import WAVE, play, with_bug


def test_twenty_lives_on_three_desks_use_nothing_stale_and_nothing_of_ones_own(tmp_path: Path) -> None:
    run = play(tmp_path, WAVE, seed=1)
    watch = run.watch

    assert (watch.self_approved, watch.stale, watch.short) == (set(), set(), set())
    assert (run.shipped, run.forged, len(run.seeded)) == (0, 0, 3)
    assert run.beside_used, "people did sign on the screens of others"
    assert watch.released


def test_a_digest_nobody_looks_at_is_found(tmp_path: Path, expect_log: Callable[[str], None]) -> None:
    with with_bug("digest_not_checked"):
        watch = play(tmp_path, WAVE, seed=1).watch

    for refused_by_the_tables in ("did not fit the tables", "does not fit the tables"):
        expect_log(refused_by_the_tables)
    assert watch.stale


def test_a_second_signature_for_anything_is_found(tmp_path: Path) -> None:
    with with_bug("second_signature_for_anything"):
        run = play(tmp_path, WAVE, seed=1)

    assert run.forged
