"""The words beside a field of a guide, as a trainer writes them; without any, the built-in ones stand."""

from __future__ import annotations

import re

import msgspec

HINT_MOST = 160
"""Characters: what one reads beside a field without stopping."""
_CODE = re.compile(r"[a-z_]{1,40}/[a-z_]{1,40}(/[a-z_]{1,40})?")


class HintText(msgspec.Struct, frozen=True, kw_only=True):
    """`code` names a step and what of it is hinted at; a language without words has the built-in ones."""

    code: str
    zh: str = ""
    en: str = ""
    rev: int = 0

    @property
    def title(self) -> str:
        """What it is called where nobody knows its guide."""
        return self.code

    def words(self) -> dict[str, str]:
        """Return what stands in the place of the built-in words, by language."""
        return {language: text for language, text in (("zh_CN", self.zh), ("en", self.en)) if text}


def hint_code(form: str, step: str, field: str = "") -> str:
    """Name the hint beside a field, or the sentence that says why a step is asked."""
    return f"{form}/{step}/{field}" if field else f"{form}/{step}"


def is_hint_code(text: str) -> bool:
    """Tell whether a text names a hint."""
    return _CODE.fullmatch(text) is not None
