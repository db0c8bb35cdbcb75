"""What is asked of the simulated Taobao, read field by field, and how it refuses.

Source: channels.md 2.1.
"""

from __future__ import annotations

import json
from typing import Any

from sync.simulators.platform import Refused, as_json
from sync.simulators.sorted_kv import epoch


def refused(code: int, message: str, sub_code: str = "", sub_message: str = "") -> Refused:
    told: dict[str, Any] = {"code": code, "msg": message, "request_id": "simulated"}
    if sub_code:
        told |= {"sub_code": sub_code, "sub_msg": sub_message or message}
    return Refused(sub_code or str(code), as_json({"error_response": told}))


def wanted_of(fields: dict[str, Any]) -> set[str]:
    names = {name.strip() for name in str(fields.get("fields", "")).split(",") if name.strip()}
    if not names:
        raise refused(40, "Missing required arguments:fields")
    return names


def time_of(fields: dict[str, Any], name: str) -> float:
    try:
        return epoch(str(fields.get(name)))
    except ValueError:
        raise refused(41, f"Invalid arguments:{name}", "isv.invalid-parameter") from None


def number_of(fields: dict[str, Any], name: str, default: int) -> int:
    text = str(fields.get(name, default))
    if not text.isdecimal():
        raise refused(41, f"Invalid arguments:{name}", "isv.invalid-parameter")
    return int(text)


def listed(fields: dict[str, Any], name: str) -> list[dict[str, Any]]:
    try:
        return list(json.loads(str(fields.get(name) or "[]")))
    except (ValueError, TypeError):
        raise refused(41, f"Invalid arguments:{name}", "isv.invalid-parameter") from None


def packages_of(fields: dict[str, Any]) -> list[dict[str, Any]]:
    try:
        found = json.loads(str(fields.get("consign_pkgs", "")))
        if found and all(one["company_code"] and one["out_sid"] for one in found):
            return list(found)
    except (ValueError, TypeError, KeyError):
        pass
    raise refused(40, "Missing required arguments:consign_pkgs")


def is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal()
