"""What the disk alone asks of whoever writes a little and waits until it is safe."""

from __future__ import annotations

import os
import time
from pathlib import Path

BYTES = 8 * 1024
"""About what one command adds to the log of `work.db`."""


class DiskFloor:
    """A plain file beside the desk's own, written as its log is: no database, no decision, no seal."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / "floor", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.ms: list[float] = []

    def write(self) -> None:
        """Append a little, wait for the disk, and note how long it took."""
        began_s = time.monotonic()
        os.write(self._file, bytes(BYTES))
        os.fsync(self._file)
        self.ms.append((time.monotonic() - began_s) * 1e3)

    def close(self) -> None:
        os.close(self._file)
