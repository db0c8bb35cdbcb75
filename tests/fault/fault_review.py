"""Two-person review on three desks: edits, verdicts, undos, roles that change, and PCs without their hub."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from review_rounds import BUGS, play, with_bug
from saying import say

from app.boot.bench import Measured

TOLD_EVERY = 1_000


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--rounds", type=int, default=200, help="lives of orders")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--bug", choices=BUGS, default="", help="a mistake to put in first")


def measure(asked: argparse.Namespace) -> Measured:
    """Play the rounds and count what must never be."""
    memory = Path("/dev/shm")  # noqa: S108 - memory, and a folder of our own in it
    begun_s = time.monotonic()

    def tell(done: int) -> None:
        if done % TOLD_EVERY == 0:
            say(f"{done} rounds, {time.monotonic() - begun_s:.0f} s")

    with (
        tempfile.TemporaryDirectory(prefix="docket-review-", dir=memory if memory.is_dir() else None) as name,
        with_bug(asked.bug),
    ):
        run = play(Path(name), asked.rounds, asked.seed, tell)
    watch = run.watch
    for what, orders in (
        ("self-approved", watch.self_approved),
        ("stale", watch.stale),
        ("short", watch.short),
    ):
        if orders:
            say(f"{what}: {', '.join(sorted(orders)[:10])} (seed {asked.seed})")
    return Measured(
        "review",
        "review_rounds",
        {
            "rounds": asked.rounds,
            "self_approved": len(watch.self_approved),
            "stale_approvals_used": len(watch.stale),
            "too_few_approvals": len(watch.short),
            "seeded_shipped": run.shipped,
            "forged_signatures_used": run.forged,
            "signed_beside": run.beside_used,
            "seeded": len(run.seeded),
            "commands": run.commands,
            "refused_on_desks": run.refused,
            "released": len(watch.released),
            "seconds": round(time.monotonic() - begun_s, 1),
        },
    )
