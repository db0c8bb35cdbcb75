"""Deliveries that prove where they come from, over the bytes exactly as they came.

Nothing is parsed before it is verified, and every comparison takes the same time.
Source: channels.md sections 2 and 7.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import struct
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from app.trouble import Trouble
from sync.manifest.blocks import Handshake, Verify
from sync.manifest.durations import duration
from sync.manifest.paths import fill
from sync.manifest.plugin import NOTHING, Plugin, called

_ALGORITHMS = {"sha256": hashlib.sha256, "sha1": hashlib.sha1}
_ENTITY = re.compile(r"&(?:(quot|lt|gt|amp)|#0*(\d{1,5})|#x0*([0-9a-fA-F]{1,5}));")
_NAMED = {"quot": '"', "lt": "<", "gt": ">", "amp": "&"}
_NUMBERED = {34: '"', 39: "'", 60: "<", 62: ">", 38: "&"}

KeyOf = Callable[[str], str]
"""Returns the public key a channel names by its id, as PEM; empty where it is not known."""


class Verified(msgspec.Struct, frozen=True):
    """Whether a delivery is genuine, and what it holds: the body, or what was encrypted in it."""

    is_genuine: bool
    body: bytes = b""


FORGED = Verified(is_genuine=False)


def verified(
    verify: Verify,
    body: bytes,
    headers: Mapping[str, str],
    query: Mapping[str, str],
    settings: Mapping[str, Any],
    now: datetime,
    key_of: KeyOf | None = None,
    plugin: Plugin = NOTHING,
) -> Verified:
    """Look a delivery over. `headers` are looked up without regard to case."""
    lower = {name.lower(): value for name, value in headers.items()}
    match verify.strategy:
        case "none":
            return Verified(is_genuine=True, body=body)
        case "hmac_b64" | "hmac":
            is_genuine = _by_hmac(verify, body, lower, settings, now)
        case "md5_body":
            is_genuine = _by_digest(verify, body, lower, settings)
        case "wechat_aes":
            return _by_wechat(verify, body, query, settings)
        case "ecdsa":
            is_genuine = key_of is not None and by_ecdsa(body, lower.get(verify.header.lower(), ""), key_of)
        case _:
            is_genuine = plugin.verify is not None and _by_hand(plugin.verify, body, lower, settings)
    return Verified(is_genuine=True, body=body) if is_genuine else FORGED


def _by_hand(
    hook: Callable[..., Any], body: bytes, headers: Mapping[str, str], settings: Mapping[str, Any]
) -> bool:
    """Ask a plugin; one that fails proves nothing."""
    try:
        return called("verify", hook, body, headers, dict(settings)) is True
    except Trouble:
        return False


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _by_hmac(
    verify: Verify, body: bytes, headers: Mapping[str, str], settings: Mapping[str, Any], now: datetime
) -> bool:
    secret = fill(verify.secret, settings)
    if not secret:
        return False
    if verify.secret_transform == "wp_specialchars_decode":  # noqa: S105 - how it is written, not a secret
        secret = plain_characters(secret)
    stamp = headers.get(verify.timestamp_header.lower(), "") if verify.timestamp_header else ""
    if verify.timestamp_header and not _is_fresh(stamp, verify, now):
        return False
    raw = body.strip() if verify.trim else body
    before, _, after = verify.signed.partition("{{raw_body}}")
    text = fill(before, {"timestamp": stamp}).encode() + raw + fill(after, {"timestamp": stamp}).encode()
    made = hmac.new(secret.encode(), text, _ALGORITHMS[verify.algorithm]).digest()
    given = headers.get(verify.header.lower(), "").removeprefix(f"{verify.algorithm}=")
    written = {"base64": base64.b64encode(made).decode(), "hex": made.hex()}
    ways = ("base64",) if verify.strategy == "hmac_b64" else verify.encoding
    return any(_same(written[way], given if way == "base64" else given.lower()) for way in ways)


def _is_fresh(stamp: str, verify: Verify, now: datetime) -> bool:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 13):
        return False
    seconds = int(stamp) / 1000 if len(stamp) > 11 else int(stamp)
    return abs(now.timestamp() - seconds) <= duration(verify.max_age).total_seconds()


def _by_digest(verify: Verify, body: bytes, headers: Mapping[str, str], settings: Mapping[str, Any]) -> bool:
    key, secret = fill(verify.key, settings), fill(verify.secret, settings)
    made = hashlib.md5(key.encode() + body + secret.encode()).hexdigest()  # noqa: S324 - the channel's choice
    return bool(secret) and _same(made, headers.get(verify.header.lower(), "").lower())


def plain_characters(text: str) -> str:
    """Undo what WordPress did to a secret: five characters, one pass."""

    def plain(found: re.Match[str]) -> str:
        if found[1]:
            return _NAMED[found[1]]
        return _NUMBERED.get(int(found[2]) if found[2] else int(found[3], 16), found[0])

    return _ENTITY.sub(plain, text)


def by_ecdsa(body: bytes, header: str, key_of: KeyOf) -> bool:
    """Verify eBay's notification: a header of JSON names the key and holds the signature."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        said = msgspec.json.decode(base64.b64decode(header, validate=True), type=dict[str, str])
        pem = key_of(said["kid"])
        raw = re.sub(r"-----[A-Z ]+-----|\s", "", pem)
        key = load_der_public_key(base64.b64decode(raw))
        if not raw or not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(base64.b64decode(said["signature"]), body, ec.ECDSA(hashes.SHA1()))  # noqa: S303 - eBay's
    except (InvalidSignature, ValueError, KeyError, TypeError, msgspec.DecodeError, binascii.Error):
        return False
    return True


def sha1_of_sorted(*parts: str) -> str:
    """WeChat's signature of a delivery."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - the channel's choice


def _by_wechat(
    verify: Verify, body: bytes, query: Mapping[str, str], settings: Mapping[str, Any]
) -> Verified:
    token, key = fill(verify.token, settings), fill(verify.key, settings)
    try:
        text = msgspec.json.decode(body, type=dict[str, Any])["Encrypt"]
    except (msgspec.DecodeError, KeyError, RecursionError):
        found = re.search(rb"<Encrypt><!\[CDATA\[([A-Za-z0-9+/=]+)\]\]></Encrypt>", body)
        text = found[1].decode() if found else ""
    made = sha1_of_sorted(token, query.get("timestamp", ""), query.get("nonce", ""), str(text))
    if not text or not token or not _same(made, query.get("msg_signature", "")):
        return FORGED
    opened = wechat_opened(key, str(text), fill(verify.app_id, settings))
    return Verified(is_genuine=True, body=opened) if opened is not None else FORGED


def wechat_opened(key: str, text: str, app_id: str) -> bytes | None:
    """Decrypt one message; None where it is damaged or meant for another app."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    try:
        secret = base64.b64decode(key + "=")
        cipher = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).decryptor()
        raw = cipher.update(base64.b64decode(text)) + cipher.finalize()
        raw = raw[: -raw[-1]]
        (length,) = struct.unpack(">I", raw[16:20])
        message, whose = raw[20 : 20 + length], raw[20 + length :].decode()
    except (ValueError, IndexError, struct.error, binascii.Error):
        return None
    return message if len(message) == length and (not app_id or whose == app_id) else None


def wechat_closed(key: str, random16: bytes, message: bytes, app_id: str) -> str:
    """Encrypt one message as WeChat does: what a simulator sends."""
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

    raw = random16 + struct.pack(">I", len(message)) + message + app_id.encode()
    pad = 32 - len(raw) % 32
    secret = base64.b64decode(key + "=")
    cipher = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).encryptor()
    return base64.b64encode(cipher.update(raw + bytes([pad]) * pad) + cipher.finalize()).decode()


def greeted(handshake: Handshake, query: Mapping[str, str], settings: Mapping[str, Any]) -> str | None:
    """Answer a channel that asks before it sends anything; None where it did not prove who it is."""
    asked = query.get(handshake.param, "")
    token = fill(handshake.token, settings)
    if handshake.answer == "ebay_challenge":
        text = asked + token + fill(handshake.endpoint, settings)
        return msgspec.json.encode({"challengeResponse": hashlib.sha256(text.encode()).hexdigest()}).decode()
    if handshake.answer == "wechat_echo":
        made = sha1_of_sorted(token, query.get("timestamp", ""), query.get("nonce", ""))
        return asked if token and _same(made, query.get("signature", "")) else None
    return asked
