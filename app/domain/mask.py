"""How personal data looks to eyes that need not read it."""

from __future__ import annotations

from app.domain.values import Receiver

MOBILE_DIGITS = 11


def mask_name(name: str) -> str:
    """Keep the family name: 季小雨 → 季**, Maria Silva → M**. Source: look.md section 9."""
    return f"{name[0]}**" if name else ""


def mask_phone(phone: str) -> str:
    """Keep the ends a person compares by: 13800000000 → 138****0000; one digit short still looks so.

    Of one with signs, as abroad, no more than the last four stay: +1 217 555 0100 → +1 ****0100.
    Source: look.md section 9.
    """
    if len(phone) > MOBILE_DIGITS and not phone.isdecimal():
        return f"{phone[:3]}****{phone[-4:]}"
    return f"{phone[:3]}****{phone[7:]}" if len(phone) >= 8 else "*" * len(phone)


def masked(receiver: Receiver) -> Receiver:
    """Return what is left of a receiver for who need not read it: no street, no note."""
    return Receiver(name=mask_name(receiver.name), phone=mask_phone(receiver.phone))
