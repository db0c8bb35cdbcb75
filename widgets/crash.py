"""The last net: a bug is logged, reported without personal data and told calmly; the desk goes on."""

from __future__ import annotations

import json
import re
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final

KEPT_FRAMES: Final = 40
LOG_NAME: Final = "crash.log"

# Quoted values, numbers a customer could be found by, and anything that is not plain Latin.
_PERSONAL: Final = re.compile(r"'[^']*'|\"[^\"]*\"|\d{3,}|[^\x00-\x7f]+|\S+@\S+")


@dataclass(frozen=True, slots=True)
class CrashReport:
    """What a bug left behind: no values of variables, no message as it was, no folder of a person."""

    happened_at: str
    version: str
    thread: str
    kind: str
    message: str
    frames: tuple[str, ...]
    path: str = ""

    @property
    def place(self) -> str:
        """Where it happened; two bugs of one kind at one place are the same bug."""
        return f"{self.kind} {self.frames[-1] if self.frames else ''}"


class CrashHook:
    """Stands behind `sys.excepthook`, the unraisable hook and the thread hook."""

    def __init__(
        self,
        folder: Path,
        tell: Callable[[CrashReport], object],
        *,
        now: Callable[[], datetime],
        version: str = "",
    ) -> None:
        self._folder = folder
        self._tell = tell
        self._now = now
        self._version = version
        self._counts: dict[str, int] = {}
        self._is_busy = threading.local()
        self._before = (sys.excepthook, sys.unraisablehook, threading.excepthook)

    def install(self) -> None:
        """Take over the three hooks; what stood there before comes back with `remove`."""
        self._before = (sys.excepthook, sys.unraisablehook, threading.excepthook)
        sys.excepthook = self.caught
        sys.unraisablehook = lambda found: self.caught(found.exc_type, found.exc_value, found.exc_traceback)
        threading.excepthook = lambda found: self.caught(
            found.exc_type, found.exc_value, found.exc_traceback, found.thread.name if found.thread else ""
        )

    def remove(self) -> None:
        """Give the hooks back."""
        sys.excepthook, sys.unraisablehook, threading.excepthook = self._before

    def caught(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
        thread: str = "",
    ) -> None:
        """Report one bug. The same bug again is only counted; a bug in here only reaches the terminal."""
        if not issubclass(kind, Exception):
            self._before[0](kind, error or kind(), trace)
            return
        if getattr(self._is_busy, "now", False):
            traceback.print_exception(kind, error, trace)
            return
        self._is_busy.now = True
        try:
            self._keep(kind, error, trace, thread or threading.current_thread().name)
        except Exception:  # noqa: BLE001 - a full disk must not hide the first bug
            traceback.print_exc()
            traceback.print_exception(kind, error, trace)
        finally:
            self._is_busy.now = False

    def _keep(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None, thread: str
    ) -> None:
        report = CrashReport(
            happened_at=self._now().isoformat(timespec="seconds"),
            version=self._version,
            thread=thread,
            kind=kind.__name__,
            message=without_persons(str(error)),
            frames=_frames(trace),
        )
        times = self._counts[report.place] = self._counts.get(report.place, 0) + 1
        self._log(report, times)
        if times > 1:
            return
        stamp = re.sub(r"\D", "", report.happened_at)[:14]
        path = self._folder / f"crash-{stamp}-{len(self._counts)}.json"
        path.write_text(json.dumps(asdict(report), indent=1), encoding="utf-8")
        self._tell(CrashReport(**{**asdict(report), "path": path.name}))

    def _log(self, report: CrashReport, times: int) -> None:
        import structlog

        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / LOG_NAME).open("a", encoding="utf-8") as file:
            logger = structlog.wrap_logger(
                structlog.WriteLogger(file), processors=[structlog.processors.JSONRenderer()]
            )
            logger.error("bug", times=times, **{k: v for k, v in asdict(report).items() if k != "path"})


def without_persons(message: str) -> str:
    """The message of an error with everything that could name a customer blotted out."""
    return _PERSONAL.sub("…", message)


def _frames(trace: TracebackType | None) -> tuple[str, ...]:
    found = traceback.extract_tb(trace)[-KEPT_FRAMES:]
    return tuple(f"{'/'.join(Path(each.filename).parts[-3:])}:{each.lineno} {each.name}" for each in found)
