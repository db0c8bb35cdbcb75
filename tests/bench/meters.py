"""What every measurement needs: percentiles, CPU time of this process and of a database, machine's load."""

from __future__ import annotations

import math
import os
import statistics
from collections.abc import Sequence

import psutil


def percentile(values: Sequence[float], share: float) -> float:
    """Nearest rank: a value that was measured."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan


def median(values: Sequence[float]) -> float:
    return statistics.median(values) if values else math.nan


def rounded(value: float, digits: int = 1) -> float:
    return round(value, digits)


def load_average() -> float:
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else -1.0


def cpu_s(pid: int) -> float:
    """CPU seconds a process and all its children used, those that have ended included."""
    try:
        process = psutil.Process(pid)
        used = process.cpu_times()
        total = used.user + used.system
        total += getattr(used, "children_user", 0.0) + getattr(used, "children_system", 0.0)
        for child in process.children(recursive=True):
            try:
                times = child.cpu_times()
            except psutil.NoSuchProcess:
                continue
            total += times.user + times.system
    except psutil.NoSuchProcess:
        return 0.0
    return total


def own_mb(pid: int = 0) -> float:
    """Memory that is nobody else's: without pages of a mapped file, which the system takes back at will."""
    return psutil.Process(pid or None).memory_full_info().uss / 2**20


def rss_mb(pid: int = 0) -> float:
    return psutil.Process(pid or None).memory_info().rss / 2**20
