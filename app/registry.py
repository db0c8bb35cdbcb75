"""Collect the one-per-file parts of a package: file name = code = wire name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType, ModuleType
from typing import Protocol, TypeVar


class Coded(Protocol):
    """Anything that knows its own code."""

    @property
    def code(self) -> str: ...


T = TypeVar("T", bound=Coded)


def collect(package: ModuleType, name: str, kind: type[T]) -> Mapping[str, T]:
    """Import every module of `package` and return its `name`, keyed by code.

    Raises:
        TypeError: a module lacks `name`, or it is not a `kind`.
        ValueError: a code is not its file name.
    """
    found: dict[str, T] = {}
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda i: i.name):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        part: object = getattr(module, name, None)
        if not isinstance(part, kind):
            raise TypeError(f"{module.__name__}.{name} is not a {kind.__name__}")
        if part.code != info.name:
            raise ValueError(f"{module.__name__}: code {part.code!r} is not the file name")
        found[part.code] = part
    return MappingProxyType(found)
