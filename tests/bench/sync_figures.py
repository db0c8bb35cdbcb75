"""From what every desk noted to what people would feel, and where on the way the time went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from meters import percentile, rounded

Report = dict[str, Any]
Figures = dict[str, float | int]


def felt(reports: Sequence[Report], watching: Sequence[Report]) -> Figures:
    """What people feel: `reports` of all who worked, `watching` of whole desks, the one on a disk first."""
    first = watching[0]  # the one that waits for a disk
    submit_ms, cpu_ms, disk_ms = first["submit_ms"], first["submit_cpu_ms"], first["disk_ms"]
    accepted_ms, seen_ms, unseen = [], [], 0
    for report in reports:
        others = [other["seen_s"] for other in watching if other is not report]
        for began_s, accepted_s, seq in report["commands"]:
            accepted_ms.append((accepted_s - began_s) * 1e3)
            for seen_s in others:
                if str(seq) in seen_s:
                    seen_ms.append((seen_s[str(seq)] - began_s) * 1e3)
                else:
                    unseen += 1
    return {
        "commands": len(accepted_ms),
        "refused": sum(report["refused"] + report["statuses"].get("refused", 0) for report in reports),
        "unanswered": sum(report["unanswered"] for report in reports),
        "unseen": unseen,
        "submit_ms_p50": rounded(percentile(submit_ms, 0.50), 2),
        "submit_ms_p99": rounded(percentile(submit_ms, 0.99), 2),
        "submit_cpu_ms_p50": rounded(percentile(cpu_ms, 0.50), 2),
        "submit_cpu_ms_p99": rounded(percentile(cpu_ms, 0.99), 2),
        "disk_alone_ms_p50": rounded(percentile(disk_ms, 0.50), 2),
        "disk_alone_ms_p99": rounded(percentile(disk_ms, 0.99), 2),
        "accepted_ms_p50": rounded(percentile(accepted_ms, 0.50)),
        "accepted_ms_p99": rounded(percentile(accepted_ms, 0.99)),
        "seen_ms_p50": rounded(percentile(seen_ms, 0.50)),
        "seen_ms_p95": rounded(percentile(seen_ms, 0.95)),
    }


def longest(reports: Sequence[Report]) -> float:
    """Return the longest a command of anybody waited for the hub's word. Units: milliseconds."""
    waited_s = [accepted_s - began_s for report in reports for began_s, accepted_s, _ in report["commands"]]
    return rounded(max(waited_s, default=0.0) * 1e3)


def steps(whole: Sequence[Report], hub: dict[str, float]) -> Figures:
    """Where the time of a command goes, step by step, at whole desks.

    desk: decided, kept and taken to the line; wire: there and back, without the hub's batch; batch and
    commit: the mean of the hub's own clock; wake: from the answer until another desk has the page; apply:
    until its rows are written there.
    """
    desk_ms, line_ms, wake_ms, apply_ms = [], [], [], []
    for report in whole:
        others = [other for other in whole if other is not report]
        for (began_s, _, seq), (left_s, answered_s) in zip(report["commands"], report["lines"], strict=True):
            desk_ms.append((left_s - began_s) * 1e3)
            line_ms.append((answered_s - left_s) * 1e3)
            for other in others:
                came_s, seen_s = other["came_s"].get(str(seq)), other["seen_s"].get(str(seq))
                if came_s is not None and seen_s is not None:
                    wake_ms.append((came_s - answered_s) * 1e3)
                    apply_ms.append((seen_s - came_s) * 1e3)
    batches = max(1.0, hub["docket_batch_ms_count"])
    commit_ms = hub["docket_commit_ms_total"] / batches
    batch_ms = hub["docket_batch_ms_sum"] / batches - commit_ms
    wire_ms = [took_ms - batch_ms - commit_ms for took_ms in line_ms]
    return {
        "step_desk_ms_p50": rounded(percentile(desk_ms, 0.50), 2),
        "step_desk_ms_p95": rounded(percentile(desk_ms, 0.95), 2),
        "step_wire_ms_p50": rounded(percentile(wire_ms, 0.50), 2),
        "step_wire_ms_p95": rounded(percentile(wire_ms, 0.95), 2),
        "step_batch_ms_mean": rounded(batch_ms, 2),
        "step_commit_ms_mean": rounded(commit_ms, 2),
        "commands_per_batch": rounded(sum(len(report["commands"]) for report in whole) / batches, 2),
        "step_wake_ms_p50": rounded(percentile(wake_ms, 0.50), 2),
        "step_wake_ms_p95": rounded(percentile(wake_ms, 0.95), 2),
        "step_apply_ms_p50": rounded(percentile(apply_ms, 0.50), 2),
        "step_apply_ms_p95": rounded(percentile(apply_ms, 0.95), 2),
    }
