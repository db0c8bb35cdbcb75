"""What TOP, JD and Pinduoduo share: a form whose every field is signed, sorted by name."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl

from sync.simulators.platform import Heard

CHINA = timezone(timedelta(hours=8))
"""Platforms want Chinese wall time, whatever the zone of who calls."""


class Unformed(Exception):
    """The request is no form, or says a field twice."""


def form(heard: Heard) -> dict[str, str]:
    """Return every field of the address and the body, as it was sent.

    Raises:
        Unformed: no form, or a field said twice: then nobody knows which one was signed.
    """
    try:
        text = heard.body.decode()
        pairs = parse_qsl(heard.query, keep_blank_values=True, strict_parsing=bool(heard.query))
        pairs += parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text))
    except ValueError as fault:
        raise Unformed from fault
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Unformed
    return fields


def joined(fields: dict[str, str]) -> str:
    """Write what is signed: every field but the signature, sorted, name and value with nothing between."""
    return "".join(name + fields[name] for name in sorted(fields) if name != "sign")


def wrapped_md5(fields: dict[str, str], secret: str) -> str:
    """MD5 of the fields between two copies of the secret."""
    text = f"{secret}{joined(fields)}{secret}".encode()
    return hashlib.md5(text, usedforsecurity=False).hexdigest().upper()


def keyed(fields: dict[str, str], secret: str, digest: str) -> str:
    """Return the HMAC of the fields."""
    return hmac.new(secret.encode(), joined(fields).encode(), digest).hexdigest().upper()


def is_same(given: str, wanted: str) -> bool:
    """Compare two signatures."""
    return hmac.compare_digest(given.encode(), wanted.encode())


def wall(at: float) -> str:
    """Write a time as Chinese platforms do; nothing for never."""
    return datetime.fromtimestamp(at, CHINA).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def epoch(text: str) -> float:
    """Read Chinese wall time.

    Raises:
        ValueError: it is none.
    """
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA).timestamp()


def major(minor: int) -> str:
    """Write an amount in whole units and hundredths."""
    sign, minor = "-" if minor < 0 else "", abs(minor)
    return f"{sign}{minor // 100}.{minor % 100:02d}"
