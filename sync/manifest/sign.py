"""Signatures of calls, as data: which text, which algorithm, how it is written.

What is signed is what is sent: `signature` takes the parameters exactly as they travel.
Source: channels.md section 2; every vector of `signing_vectors.json` is a test.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, quote_plus
from zoneinfo import ZoneInfo

import msgspec

from sync.manifest.blocks import Clock, Sign
from sync.manifest.paths import fill

_PLAIN = {"md5": hashlib.md5, "sha1": hashlib.sha1, "sha256": hashlib.sha256}
_KEYED = {"hmac": hashlib.md5, "hmac-sha1": hashlib.sha1, "hmac-sha256": hashlib.sha256}


def as_sent(value: Any, sign: Sign) -> str:
    """Write one parameter as it travels, and so as it is signed."""
    if isinstance(value, bool):
        return ("true" if value else "false") if sign.bool == "lower" else str(int(value))
    if isinstance(value, list | dict):
        return compact(value).decode()
    return str(value)


def compact(value: Any, *, is_sorted: bool = False) -> bytes:
    """JSON without spaces and without escapes; with keys in order at every depth where that is asked for."""
    return msgspec.json.encode(value, order="sorted" if is_sorted else None)


def signature(sign: Sign, params: Mapping[str, str], settings: Mapping[str, Any], body: bytes = b"") -> str:
    """Sign a call. `params` are all that travel, as they travel; `body` is what is sent."""
    secret = fill(sign.secret, settings)
    if sign.strategy == "template":
        text = fill(sign.template, {**settings, **params, "body": body.decode()})
    else:
        text = joined(sign, params)
    if sign.body == "append":
        text += body.decode()
    if sign.escape == "url":
        text = quote_plus(text, safe="*-._")
    if sign.wrap == "both":
        text = f"{secret}{text}{secret}"
    return _encoded(sign, _digest(sign, text.encode(), secret.encode()))


def joined(sign: Sign, params: Mapping[str, str]) -> str:
    """Put the parameters in a row, sorted by name as ASCII sorts."""
    left_out = {sign.param, *sign.exclude}
    kept = sorted((key, value) for key, value in params.items() if key not in left_out)
    return sign.between.join(f"{key}{sign.join}{value}" for key, value in kept)


def _digest(sign: Sign, text: bytes, secret: bytes) -> bytes:
    if sign.algorithm in _KEYED:
        return hmac.new(secret, text, _KEYED[sign.algorithm]).digest()
    return _PLAIN[sign.algorithm](text).digest()


def _encoded(sign: Sign, raw: bytes) -> str:
    if sign.encoding == "base64":
        return base64.b64encode(raw).decode()
    text = raw.hex()
    if sign.encoding == "base64_hex":
        return base64.b64encode(text.encode()).decode()
    return text.upper() if sign.case == "upper" else text


def clock_text(form: str, at: datetime, zone: str = "UTC") -> str | int:
    """Write an instant as a channel wants it. Units: epoch_s seconds, epoch_ms milliseconds."""
    if form == "epoch_s":
        return int(at.timestamp())
    if form == "epoch_ms":
        return int(at.timestamp()) * 1000 + at.microsecond // 1000
    if form == "iso8601":
        return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    local = at.astimezone(ZoneInfo(zone))
    return local.strftime(form.replace("%f3", f"{local.microsecond // 1000:03d}"))


def stamped(clock: Clock, at: datetime) -> str:
    """Write the time of a call."""
    return str(clock_text(clock.format, at, clock.tz))


def oauth1_params(
    method: str, url: str, params: Mapping[str, str], key: str, secret: str, at: datetime, nonce: str
) -> dict[str, str]:
    """Return what OAuth 1 adds to a URL, with HMAC-SHA256 and no token. Source: RFC 5849 section 3."""
    added = {
        "oauth_consumer_key": key,
        "oauth_timestamp": str(int(at.timestamp())),
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA256",
    }
    pairs = sorted((_escaped(k), _escaped(v)) for k, v in {**params, **added}.items())
    text = "&".join(
        (method.upper(), _escaped(url), _escaped("&".join(f"{name}={value}" for name, value in pairs)))
    )
    raw = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha256).digest()
    return {**added, "oauth_signature": base64.b64encode(raw).decode()}


def _escaped(text: str) -> str:
    return quote(text, safe="-._~")


def message_signature(
    private_key: str, token: str, method: str, path: str, authority: str, body: bytes, at: datetime
) -> dict[str, str]:
    """Return the headers of an HTTP message signature with Ed25519, as eBay asks for them with refunds.

    Source: RFC 9421; eBay's digital signatures for public APIs.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_der_private_key

    lines = [line for line in private_key.strip().splitlines() if not line.startswith("-----")]
    key = load_der_private_key(base64.b64decode("".join(lines)), None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("not an Ed25519 key")
    digested = base64.b64encode(hashlib.sha256(body).digest()).decode()
    parts = {"content-digest": f"sha-256=:{digested}:"} if body else {}
    parts |= {"x-ebay-signature-key": token, "@method": method, "@path": path, "@authority": authority}
    named = " ".join(f'"{name}"' for name in parts)
    what = f"({named});created={int(at.timestamp())}"
    text = "\n".join(
        [*(f'"{name}": {value}' for name, value in parts.items()), f'"@signature-params": {what}']
    )
    raw = base64.b64encode(key.sign(text.encode())).decode()
    headers = {"Content-Digest": parts["content-digest"]} if body else {}
    return headers | {
        "Signature-Input": f"sig1={what}",
        "Signature": f"sig1=:{raw}:",
        "x-ebay-signature-key": token,
    }
