"""The way out where data does not suffice: `plugins/<id>.py`, beside the hub, loaded from its disk only.

An administrator of the machine puts it there; no page and no call ever brings one. What it may define:
`sign(request, settings)` → `Request`; `verify(raw, headers, settings)` → bool; `parse(data)` → data;
`map_order(record, mapped)` → `Mapped`.
Source: channels.md section 5, code escape hatch.
"""

from __future__ import annotations

import importlib.util
import re
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from app.text import N_, Text
from app.trouble import Trouble

HOOKS = ("sign", "verify", "parse", "map_order")
_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Plugin(NamedTuple):
    """The functions of one plugin; those it does not define are None."""

    sign: Callable[..., Any] | None = None
    verify: Callable[..., Any] | None = None
    parse: Callable[..., Any] | None = None
    map_order: Callable[..., Any] | None = None


NOTHING = Plugin()


def plugin_of(folder: Path | None, id: str) -> Plugin:
    """Load the plugin of a manifest, if one lies in the folder.

    Raises:
        Trouble: others than its owner may write it or its folder, or it does not load; the hint says so.
    """
    if folder is None or not _ID.fullmatch(id):
        return NOTHING
    file = folder / f"{id}.py"
    if not file.is_file():
        return NOTHING
    for written, by in ((file, stat.S_IWGRP | stat.S_IWOTH), (folder, stat.S_IWOTH)):
        if sys.platform != "win32" and written.stat().st_mode & by:
            what = N_("Others may write the plugin {name}. Let only its owner write it.")
            raise Trouble("open_plugin", Text(what, {"name": written.name}))
    module = _loaded(file, id)
    return Plugin(**{name: found for name in HOOKS if callable(found := getattr(module, name, None))})


def plugins_in(folder: Path | None) -> dict[str, Plugin]:
    """Load every plugin of a folder, by the id of its manifest; a hub does so once, when it starts.

    Raises:
        Trouble: one of them cannot be loaded.
    """
    files = sorted(folder.glob("*.py")) if folder is not None else []
    return {file.stem: plugin_of(folder, file.stem) for file in files if _ID.fullmatch(file.stem)}


def called(name: str, hook: Callable[..., Any], *given: Any) -> Any:
    """Call a function of a plugin.

    Raises:
        Trouble: it failed; the hub goes on.
    """
    try:
        return hook(*given)
    except Exception as wrong:
        text = N_("The plugin {name} failed: {why}")
        raise Trouble("broken_plugin", Text(text, {"name": name, "why": type(wrong).__name__})) from wrong


def _loaded(file: Path, id: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"docket_plugin_{id}", file)
    if spec is None or spec.loader is None:
        raise _broken(file, "no module")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as wrong:  # whatever a stranger's code does, the hub goes on without it
        raise _broken(file, f"{type(wrong).__name__}: {wrong}"[:200]) from wrong
    return module


def _broken(file: Path, why: str) -> Trouble:
    return Trouble(
        "broken_plugin", Text(N_("The plugin {name} does not load: {why}"), {"name": file.name, "why": why})
    )
