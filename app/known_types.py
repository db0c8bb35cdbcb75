"""Every type is known before threads share it.

msgspec finds out what the fields of a type are when it is first decoded. Where two threads do that at once,
the second reads a table the first is still filling, and the process dies without a word. So whoever starts a
thread that decodes has all types looked up first, in one thread.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress

import msgspec

_lock = threading.Lock()
_known: set[type] = set()


def know_types() -> None:
    """Have msgspec look up every type that was imported so far; only new ones cost anything."""
    with _lock:
        for kind in _below(msgspec.Struct):
            if kind not in _known:
                _known.add(kind)
                with suppress(TypeError, NameError):  # one that nobody could decode
                    msgspec.json.Decoder(kind)


def _below(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)
