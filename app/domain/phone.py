"""Judge a receiver's phone number; the number itself never enters a sentence."""

from __future__ import annotations

import re

from app.domain.characters import half_width
from app.domain.land import UNKNOWN
from app.domain.land_names import land_name
from app.text import N_, Text

MOBILE_DIGITS = 11
CHINA = 86
LANDLINE_DIGITS = range(10, 13)  # 0, area code, 7 or 8 digits
EXTENSION = re.compile(r"(?:转|ext\.?|[-,#_])\s*\d{1,6}$", re.IGNORECASE)
HOTLINE = re.compile(r"(?:400|800)\d{7}|95\d{3,6}")


_EXTENSION = re.compile(r"转|ext\.?", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")


def judge_phone(phone: str, country: str) -> Text | None:
    """Say what is wrong with a phone number, or nothing; a masked number is never judged.

    Source: capabilities.md section 2; a mobile number is 11 digits that begin with 1, assigned or not.
    """
    written = half_width(phone).strip()
    if not written:
        return Text(N_("No phone number."))
    if "*" in written:
        return None
    if country == UNKNOWN and not written.startswith("+"):
        return None
    if _LETTER.search(_EXTENSION.sub("", written)):
        return Text(N_("A phone number has digits only."))
    return _judge_chinese(written) if country == "CN" else _judge_foreign(written, country)


def plain_phone(phone: str, country: str = "CN") -> str:
    """Return the same figures for 138-0013-8000, +86 138 0013 8000 and １３８００１３８０００.

    An extension stays: behind one number of a platform stand many buyers. A masked number stays as it is.
    Abroad (217) 555-0100 and +1 217-555-0100 are one.
    Source: capabilities.md section 1, duplicates are found by the normalised phone.
    """
    written = half_width(phone).strip()
    digits = _national(written)
    if "*" in written or not digits:
        return written
    is_abroad = country != "CN" or (written.startswith("+") and not written.startswith("+86"))
    if is_abroad and (found_abroad := _international(written, country)):
        return found_abroad
    if written.startswith("+") and not written.startswith("+86"):
        return f"+{digits}"
    if len(digits) <= (LANDLINE_DIGITS[-1] if digits.startswith("0") else MOBILE_DIGITS):
        return digits
    found = EXTENSION.search(written)
    if found is None:
        return digits
    return f"{_national(written[: found.start()])}-{_national(found[0])}"


def _international(written: str, country: str) -> str:
    """Return a number of another country with its country's code; "" where it is none, or an extension."""
    import phonenumbers

    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return ""
    is_whole = phonenumbers.is_possible_number(number) and not number.extension
    is_here = number.country_code != CHINA
    return f"+{number.country_code}{number.national_number}" if is_whole and is_here else ""


def _judge_chinese(written: str) -> Text | None:
    digits = _national(written)
    if _whole(digits) or _whole(_national(EXTENSION.sub("", written))):
        return None
    if digits.startswith("0"):
        return _landline(digits)
    count = len(digits)
    if count < MOBILE_DIGITS:
        return Text(
            N_("{count} digits, {missing} missing."), {"count": count, "missing": MOBILE_DIGITS - count}
        )
    if count > MOBILE_DIGITS:
        return Text(
            N_("{count} digits, {surplus} too many."), {"count": count, "surplus": count - MOBILE_DIGITS}
        )
    return Text(N_("A mobile number begins with 1, a landline with 0."))


def _national(written: str) -> str:
    digits = re.sub(r"\D", "", written)
    return re.sub(r"^(?:0086|86)(?=\d{10,12}$)", "", digits)


def _whole(digits: str) -> bool:
    mobile = len(digits) == MOBILE_DIGITS and digits.startswith("1")
    return (
        mobile
        or HOTLINE.fullmatch(digits) is not None
        or (digits.startswith("0") and _landline(digits) is None)
    )


def _landline(digits: str) -> Text | None:
    import phonenumbers

    if len(digits) in LANDLINE_DIGITS and phonenumbers.is_valid_number(phonenumbers.parse(digits, "CN")):
        return None
    return Text(N_("{count} digits are no landline number with its area code."), {"count": len(digits)})


def _judge_foreign(written: str, country: str) -> Text | None:
    import phonenumbers

    there = Text(land_name(country))
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return Text(N_("This is no phone number of {country}."), {"country": there})
    count = len(str(number.national_number))
    verdict = phonenumbers.is_possible_number_with_reason(number)
    if verdict == phonenumbers.ValidationResult.TOO_SHORT:
        return Text(N_("{count} digits, too few for {country}."), {"count": count, "country": there})
    if verdict == phonenumbers.ValidationResult.TOO_LONG:
        return Text(N_("{count} digits, too many for {country}."), {"count": count, "country": there})
    if verdict != phonenumbers.ValidationResult.IS_POSSIBLE:
        return Text(N_("This is no phone number of {country}."), {"country": there})
    return None
