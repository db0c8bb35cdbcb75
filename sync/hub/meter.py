"""What the hub counts while it works: few figures, fixed labels, nothing about anybody.

Source: Prometheus text format 0.0.4.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

BUCKETS_MS = (2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000)
STATUSES = ("applied", "refused", "conflict")

Sample = tuple[Mapping[str, str], float]
_NOBODY: Callable[[], int] = lambda: 0  # noqa: E731 - until somebody waits


class Meter:
    """Counts of one hub process, for many threads. `waiting` and `queued` are asked when somebody looks."""

    def __init__(self) -> None:
        self.waiting, self.queued = _NOBODY, _NOBODY
        self._lock = threading.Lock()
        self._commands: Counter[str] = Counter()
        self._buckets = [0] * (len(BUCKETS_MS) + 1)
        self._batches = self._again = 0
        self._took_ms = self._commit_ms = 0.0

    def batch(self, took_s: float, commit_s: float, statuses: Iterable[str]) -> None:
        """A batch was committed; `commit_s` of the time went into that alone."""
        took_ms = took_s * 1_000
        with self._lock:
            self._batches += 1
            self._took_ms += took_ms
            self._commit_ms += commit_s * 1_000
            self._buckets[bisect_left(BUCKETS_MS, took_ms)] += 1
            self._commands.update(statuses)

    def again(self) -> None:
        """A batch met a passing fault and runs again."""
        with self._lock:
            self._again += 1

    def lines(self) -> Iterator[str]:
        """Return the counts in Prometheus' text."""
        with self._lock:
            commands, buckets = Counter(self._commands), list(self._buckets)
            batches, again, took_ms = self._batches, self._again, self._took_ms
            commit_ms = self._commit_ms
        answered = [({"status": status}, float(commands[status])) for status in STATUSES]
        yield from told("docket_commands_total", "counter", "Commands answered.", answered)
        yield from told("docket_batches_total", "counter", "Batches committed.", [({}, batches)])
        what = "Milliseconds that commits took."
        yield from told("docket_commit_ms_total", "counter", what, [({}, round(commit_ms, 3))])
        yield from told("docket_batch_retries_total", "counter", "Batches that ran again.", [({}, again)])
        yield from told(
            "docket_commands_queued", "gauge", "Commands that wait for a batch.", [({}, self.queued())]
        )
        yield from told("docket_pulls_waiting", "gauge", "Desks that wait for news.", [({}, self.waiting())])
        yield "# HELP docket_batch_ms How long a batch took until it was committed."
        yield "# TYPE docket_batch_ms histogram"
        reached = 0
        for edge, count in zip((*BUCKETS_MS, "+Inf"), buckets, strict=True):
            reached += count
            yield f'docket_batch_ms_bucket{{le="{edge}"}} {reached}'
        yield f"docket_batch_ms_sum {took_ms:.3f}"
        yield f"docket_batch_ms_count {batches}"


def told(name: str, kind: str, what: str, samples: Iterable[Sample]) -> Iterator[str]:
    """Return one figure in Prometheus' text; label values are ours and need no escaping."""
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} {kind}"
    for labels, value in samples:
        where = ",".join(f'{label}="{said}"' for label, said in labels.items())
        yield f"{name}{{{where}}} {value:g}" if where else f"{name} {value:g}"
