"""Simulate seeds: companies in virtual time, with everything that may go wrong; a failure is a seed."""

from __future__ import annotations

import argparse
import time
from collections import Counter

from saying import say
from simulate import STEPS, Outcome, Plan, minimal, run, seeds

from app.boot.bench import Measured

SHOWN = 60


def arguments(parser: argparse.ArgumentParser) -> None:
    """Say what may be asked."""
    parser.add_argument("--seeds", type=int, default=200, help="how many seeds")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--steps", type=int, default=STEPS, help="how much happens before everything heals")
    parser.add_argument("--seed", type=int, default=None, help="only this one, with its trace")
    parser.add_argument("--muted", default="", help="disasters that do not happen, by number: 3,5")
    parser.add_argument("--only", default="", help="kinds of disasters that happen: 'cut a line,kill a hub'")
    parser.add_argument("--bug", default="", help="a bug to put in first")
    parser.add_argument("--small", action="store_true", help="the small world in which most bugs are hunted")
    parser.add_argument("--keep-going", action="store_true", help="count failures instead of stopping")


def measure(asked: argparse.Namespace) -> Measured:
    """Run seeds until one fails, or all of them."""
    if asked.seed is not None:
        muted = frozenset(int(number) for number in asked.muted.split(",") if number)
        only = frozenset(kind for kind in asked.only.split(",") if kind)
        outcome = run(Plan(asked.seed, asked.steps, muted, asked.bug, only, asked.small))
        say("\n".join(outcome.trace))
        _say(outcome)
        return _measured([outcome], 1, 0.0)
    begun_s, failed, done = time.monotonic(), list[Outcome](), list[Outcome]()
    for outcome in seeds(asked.first, asked.seeds, steps=asked.steps, bug=asked.bug):
        outcome.trace.clear()
        done.append(outcome)
        if outcome.verdict.findings:
            failed.append(outcome)
            if not asked.keep_going:
                break
            _say(outcome)
        if len(done) % 100 == 0:
            say(f"{len(done)} seeds, {time.monotonic() - begun_s:.0f} s")
    if failed and not asked.keep_going:
        smallest = minimal(failed[0])
        say("\n".join(smallest.trace[-SHOWN:]))
        _say(smallest)
    return _measured(done, len(failed), time.monotonic() - begun_s)


def _say(outcome: Outcome) -> None:
    for finding in outcome.verdict.findings[:10]:
        say(f"{finding.invariant} {finding.subject}: {finding.detail}")
    say(f"seed {outcome.plan.seed}: {outcome.plan.replay}")


def _measured(done: list[Outcome], failed: int, seconds: float) -> Measured:
    happened = sum((one.happened for one in done), Counter[str]())
    met = sum((one.met for one in done), Counter[str]())
    figures: dict[str, float | int | bool | str] = {
        "seeds": len(done),
        "steps": sum(one.steps for one in done),
        "failed": failed if len(done) > 1 else sum(bool(one.verdict.findings) for one in done),
        "commands": sum(one.verdict.commands for one in done),
        "old_words": sum(one.old_words for one in done),
        "promised": sum(one.verdict.promised for one in done),
        "lost": sum(one.verdict.lost for one in done),
        "doubled": sum(one.verdict.doubled for one in done),
        "oversold": sum(one.verdict.oversold for one in done),
        "self_approved": sum(one.verdict.self_approved for one in done),
        "stalls": sum(one.verdict.stalls for one in done),
        "breaches": sum(len(one.verdict.findings) for one in done),
        "slowest_drain_s": round(max((one.drain_s for one in done), default=0.0), 1),
        "virtual_hours": round(sum(one.virtual_s for one in done) / 3600, 1),
        "disasters": happened.total(),
        "faulted_requests": met.total(),
        "seconds": round(seconds, 1),
        **{name.replace(" ", "_").replace("'", ""): count for name, count in sorted(happened.items())},
    }
    return Measured("fault", "fault", figures)
