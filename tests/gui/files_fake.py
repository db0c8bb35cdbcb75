"""Files of a fake desk, kept in memory."""

from __future__ import annotations

from app.text import Text
from app.trouble import Trouble


class FakeFiles:
    """Implements `app.ports.Sheets`: keeps what was written, by path; a path with "full disk" fails."""

    def __init__(self) -> None:
        self.written: dict[str, list[tuple]] = {}
        self.whole: set[str] = set()

    def open(self, path: str, titles):
        if "full disk" in path:
            raise Trouble("cannot_write", Text("Cannot write."), retry=True)
        self.written[path] = [tuple(titles)]
        return FakeSheet(self, path)


class FakeSheet:
    """One file that is being written."""

    def __init__(self, files: FakeFiles, path: str) -> None:
        self.files, self.path = files, path

    def write(self, rows) -> None:
        self.files.written[self.path] += [tuple(row) for row in rows]

    def close(self) -> None:
        self.files.whole.add(self.path)

    def drop(self) -> None:
        self.files.written.pop(self.path, None)


class Here:
    """A lane that does its work at once, in the order asked."""

    async def run(self, work, *args, **kwargs):
        return work(*args, **kwargs)
