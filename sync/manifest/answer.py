"""What an answer means: all well, again, later, not allowed any more, or no; with what to do about it.

Channels answer errors with 200, and each with codes of its own: the rules of the manifest count first.
Source: channels.md section 2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from app.text import N_, Text
from sync.channel import Unreadable
from sync.manifest.block import Words
from sync.manifest.blocks import Transport
from sync.manifest.durations import duration
from sync.manifest.paths import get, holds, written
from sync.manifest.values import document
from sync.manifest.xml_tree import xml_document

Action = Literal["ok", "retry", "throttle", "reauthorize", "fail"]
WAIT_MOST_S = 3600.0
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,60}")
_CODES = ("sub_code", "error_code", "errcode", "code")
_WORDS = frozenset({"message", "msg", "sub_msg", "errmsg"})
THROTTLED, UNAUTHORISED, BROKEN, ELSEWHERE = 429, 401, 500, 300
"""Nobody goes where a channel sends us: what is answered from elsewhere was not done."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What to do next. `say` are the words of the manifest, `text` ours where it has none. Units: seconds."""

    action: Action
    text: Text
    say: Words = Words()
    wait_s: float = 0.0
    data: Any = None


_SAID: dict[str, str] = {
    "retry": N_("The channel is not well ({code}). It is asked again by itself."),
    "throttle": N_("The channel asks for patience ({code}). It is asked again by itself."),
    "reauthorize": N_("The channel does not accept our authorisation ({code}). Authorise the shop again."),
    "fail": N_("The channel refused the call ({code}). Look at the settings of the shop."),
}
_WELL = Text("")


def judge(transport: Transport, status: int, headers: Mapping[str, str], body: bytes) -> Verdict:
    """Say what an answer means."""
    lower = {name.lower(): value for name, value in headers.items()}
    try:
        read = xml_document if transport.body == "xml" else document
        data = read(body) if body.strip() else None
    except Unreadable:
        return _plain(_of_status(status) or "fail", str(status), lower)
    for rule in transport.errors:
        if isinstance(data, dict | list) and holds(data, rule.when):
            code = ", ".join(dict.fromkeys(_code(path, get(data, path)) for path in rule.when))
            action = (_of_status(status) or rule.action) if rule.action == "fail" else rule.action
            wait_s = max(duration(rule.wait).total_seconds(), _asked_wait(lower))
            return Verdict(
                action=action,
                text=Text(_SAID[action], {"code": code}),
                say=rule.say,
                wait_s=wait_s,
                data=data,
            )
    if status >= ELSEWHERE:
        return _plain(_of_status(status) or "fail", str(status), lower)
    if transport.ok is not None:
        said = get(data, transport.ok.path)
        if not holds({"said": said}, {"said": transport.ok.equals}):
            return _plain("fail", _code(transport.ok.path, said), lower)
    return Verdict(action="ok", text=_WELL, data=data)


def _of_status(status: int) -> Action | None:
    """Return what a status says by itself, also where the words beside it are no better than "an error"."""
    if status == THROTTLED:
        return "throttle"
    if status == UNAUTHORISED:
        return "reauthorize"
    return "retry" if status >= BROKEN else None


def _code(path: str, value: Any) -> str:
    """Return the code that stands there or inside, else what the place is called: words may quote a buyer."""
    if isinstance(value, Mapping):
        inside = (written(value[name]) for name in _CODES if name in value)
        return next((code for code in inside if _CODE.fullmatch(code)), path.rpartition(".")[2])
    name, text = path.rpartition(".")[2], written(value)
    return text if _CODE.fullmatch(text) and name not in _WORDS else name


def _plain(action: Action, code: str, headers: Mapping[str, str]) -> Verdict:
    return Verdict(action=action, text=Text(_SAID[action], {"code": code}), wait_s=_asked_wait(headers))


def _asked_wait(headers: Mapping[str, str]) -> float:
    """Return how long the channel itself asks to wait. Units: seconds."""
    asked = headers.get("retry-after", "").strip()
    return min(float(asked), WAIT_MOST_S) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0.0
