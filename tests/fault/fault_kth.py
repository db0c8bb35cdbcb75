"""Every verb, while the 1st, 2nd, … k-th call to a disk or a database fails, on the desk and at the hub."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator

from kth import Attempt, Fault, attempt, codes, exhaustive, in_turn, sample
from saying import say

from app.boot.bench import Measured


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--only", default="", help="verbs, by code: pick,pack")
    parser.add_argument(
        "--stride", type=int, default=64, help="bytes between two cuts of a message; 1: every byte"
    )
    parser.add_argument("--sample", type=int, default=0, help="so many by dice instead of all")
    parser.add_argument("--minutes", type=float, default=0.0, help="every verb in turn, for so long")
    parser.add_argument("--seed", type=int, default=1, help="of the dice")
    parser.add_argument("--exactly", default="", help="exactly this: where:kind:k, e.g. desk:gone:12")


def measure(asked: argparse.Namespace) -> Measured:
    """Try them; say what went wrong."""
    begun_s, tries, wrong, hits = time.monotonic(), 0, 0, Counter[str]()
    tried_verbs, met_verbs = Counter[str](), Counter[str]()
    wanted = asked.only.split(",") if asked.only else codes()
    if asked.exactly:
        where, kind, k = asked.exactly.split(":")
        runs: Iterator[Attempt] = (attempt(code, Fault(where, kind, int(k))) for code in wanted)
    elif asked.minutes:
        runs = _until(in_turn(asked.seed, wanted), begun_s + 60 * asked.minutes)
    elif asked.sample:
        runs = sample(asked.sample, asked.seed, wanted)
    else:
        runs = (one for code in wanted for one in exhaustive(code, asked.stride))
    last = ""
    for tried in runs:
        tries += 1
        hits[f"{tried.fault.where} {tried.fault.kind}".strip()] += tried.is_hit
        tried_verbs[tried.code] += 1
        met_verbs[tried.code] += tried.is_hit
        if tried.code != last and (not asked.minutes or tries % len(wanted) == 0):
            last = tried.code
            say(f"{last}: {tries} so far, {time.monotonic() - begun_s:.0f} s")
        if tried.wrong:
            wrong += 1
            say(f"{tried.code} with {tried.fault}: {tried.wrong[:3]}")
            if asked.exactly:
                say("\n".join(tried.trace))
    for code in wanted:
        say(f"{code}: {met_verbs[code]} failures met in {tried_verbs[code]} tries")
    figures: dict[str, float | int | bool | str] = {
        "verbs": len(wanted),
        "verbs_tried": len(tried_verbs),
        "verbs_that_met_one": sum(count > 0 for count in met_verbs.values()),
        "tries": tries,
        "failures_met": hits.total(),
        "breaches": wrong,
        "seconds": round(time.monotonic() - begun_s, 1),
        **{name.replace(" ", "_"): count for name, count in sorted(hits.items())},
    }
    return Measured("fault", "kth", figures)


def _until(runs: Iterator[Attempt], end_s: float) -> Iterator[Attempt]:
    while time.monotonic() < end_s:
        yield next(runs)
