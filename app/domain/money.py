"""An amount as a sentence shows it; the same in every language we speak."""

from __future__ import annotations

SIGNS = {
    "CNY": "¥", "JPY": "JP¥", "INR": "₹", "BRL": "R$", "USD": "$", "GBP": "£", "EUR": "€", "HKD": "HK$",
}  # fmt: skip
PLACES = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "KWD": 3, "BHD": 3, "JOD": 3, "OMR": 3, "TND": 3}


def shown(minor: int, currency: str) -> str:
    """Write 129800 fen as ¥1,298.00. Units: minor units of `currency`. Source: look.md section 9."""
    places = PLACES.get(currency, 2)
    whole, part = divmod(abs(minor), 10**places)
    fraction = f".{part:0{places}d}" if places else ""
    return f"{'-' if minor < 0 else ''}{SIGNS.get(currency, currency + ' ')}{whole:,}{fraction}"
