"""A fence around a practising process: its own hub is the only thing it can reach, whatever asks for more.

Python tells an audit hook of every connection and of every program before it begins; a hook cannot be taken
away again. So that holds for what packages do, too.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Sequence
from ipaddress import ip_address
from pathlib import Path
from subprocess import list2cmdline
from typing import Any, Final
from urllib.parse import unquote

ENVIRONMENT: Final = ("DOCKET_HUB", "DOCKET_HUB_CA", "DOCKET_HUB_KEY", "DOCKET_DOOR")
"""What would lead to a live hub, or holds a key of one."""
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_ASKED: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"})
_CHANGED: Final = {
    "os.remove": 1,
    "os.rename": 2,
    "os.link": 2,
    "os.symlink": 2,
    "os.mkdir": 1,
    "os.rmdir": 1,
}
"""What changes a folder, and how many places it names."""
_STARTED: Final = frozenset({"subprocess.Popen", "os.exec", "os.posix_spawn", "os.startfile", "os.system"})

_BARRED: Final = frozenset({"keyring", "PySide6.QtPrintSupport"})
"""The key store of the live desk, and printers."""


def forget_live() -> None:
    """Take from the environment of this process whatever leads to a live hub."""
    for name in ENVIRONMENT:
        os.environ.pop(name, None)


def raise_fence(home: Path, port: Callable[[], int], program: Sequence[str] = ()) -> None:
    """From now on this process reaches that port of this PC alone, and writes below `home` alone.

    `program`: how the only command begins that it may start.
    """
    sys.addaudithook(_Fence(home, port, program))


class _Fence:
    def __init__(self, home: Path, port: Callable[[], int], program: Sequence[str]) -> None:
        self._roots = tuple(f"{root}{os.sep}" for root in (home.resolve(), home.absolute()))
        self._code = (str(Path(__file__).resolve().parents[2]), sys.prefix, sys.base_prefix)
        self._port, self._program = port, tuple(program)

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if event in _ASKED:
            self._look_at_line(event, args)
        elif event == "open":
            if isinstance(args[2], int) and args[2] & _WRITES:
                self._look_at_place(args[0])
        elif event in _CHANGED:
            for place in args[: _CHANGED[event]]:
                self._look_at_place(place)
        elif event == "sqlite3.connect":
            self._look_at_database(str(args[0]))
        elif event == "import":
            if args[0] in _BARRED:
                raise ImportError(f"practice has no use for {args[0]}")
        elif event in _STARTED:
            self._look_at_program(args[1] if event == "subprocess.Popen" else ())

    def _look_at_program(self, command: object) -> None:
        begins = tuple(command[: len(self._program)]) if isinstance(command, list) else command
        wanted: object = self._program
        if isinstance(command, str):  # Windows has one line for all of it
            wanted = f"{list2cmdline(self._program)} "
            begins = command[: len(str(wanted))]
        if not self._program or begins != wanted:
            raise OSError(errno.EACCES, "practice starts nothing but its own hub")

    def _look_at_line(self, event: str, args: tuple[Any, ...]) -> None:
        where = args[0:2] if event == "socket.getaddrinfo" else args[-1]
        if event in ("socket.sendto", "socket.sendmsg") and where is None:
            return  # on a line that is open already
        if isinstance(where, tuple) and _is_here(where[0]) and where[1] in (self._port(), str(self._port())):
            return
        raise OSError(errno.ENETUNREACH, "practice reaches nothing but its own hub")

    def _look_at_database(self, name: str) -> None:
        if name != ":memory:":
            self._look_at_place(unquote(name.removeprefix("file:").partition("?")[0]))

    def _look_at_place(self, place: object) -> None:
        if isinstance(place, int) or not isinstance(place, (str, bytes, os.PathLike)):
            return  # a file that is open already
        path = str(Path(os.fsdecode(place)).absolute())
        if "__pycache__" in path and path.startswith(self._code):
            return  # what Python keeps of a module it compiled
        if ".." in path or (not path.startswith(self._roots) and path != os.devnull):
            raise OSError(errno.EACCES, "practice writes nothing but its own files", path)


def _is_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host in ("localhost", None):
        return True
    try:
        return ip_address(str(host)).is_loopback
    except ValueError:
        return False
