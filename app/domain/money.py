"""An amount as a sentence shows it, the same in every language; and one shared out to the last fen."""

from __future__ import annotations

from collections.abc import Sequence

from app.text import N_, Text

SIGNS = {
    "CNY": "¥", "JPY": "JP¥", "INR": "₹", "BRL": "R$", "USD": "$", "GBP": "£", "EUR": "€", "HKD": "HK$",
}  # fmt: skip
PLACES = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "KWD": 3, "BHD": 3, "JOD": 3, "OMR": 3, "TND": 3}
DIGITS_MOST = 12
"""No amount that a person types has more figures before the point."""


def shown(minor: int, currency: str) -> str:
    """Write 129800 fen as ¥1,298.00. Units: minor units of `currency`. Source: look.md section 9."""
    places = PLACES.get(currency, 2)
    whole, part = divmod(abs(minor), 10**places)
    fraction = f".{part:0{places}d}" if places else ""
    return f"{'-' if minor < 0 else ''}{SIGNS.get(currency, currency + ' ')}{whole:,}{fraction}"


def rounded(minor: int, currency: str) -> Text:
    """Write whole thousands short, 964k or 96.4 万, 2M or 200 万, and everything else to the last fen.

    Units: minor units of `currency`. Source: look.md section 9.
    """
    thousands, rest = divmod(minor, 1_000 * 10 ** PLACES.get(currency, 2))
    if rest or thousands < 10:
        return Text("{amount}", {"amount": shown(minor, currency)})
    millions, below = divmod(thousands, 1_000)
    if not below:
        return Text(N_("{millions}M"), {"millions": millions})
    wan, more = divmod(thousands, 10)
    if more:
        return Text(N_("{wan}{more}k"), {"wan": wan, "more": more})
    return Text(N_("{wan}0k"), {"wan": wan})


def read_money(text: str, currency: str) -> int | None:
    """Read 1,298, 1298.5 or ¥12.00 as minor units; None where it is no amount of this money."""
    places = PLACES.get(currency, 2)
    plain = text.removeprefix(SIGNS.get(currency, currency)).strip().replace(",", "").replace("，", "")
    whole, _, part = plain.replace("。", ".").partition(".")
    if not whole.isdecimal() or (part and not part.isdecimal()) or len(part) > places:
        return None
    if not plain.isascii() or len(whole) > DIGITS_MOST:
        return None
    return int(whole + part.ljust(places, "0"))


def written_money(minor: int, currency: str) -> str:
    """Write minor units as a person would type them: 1298.00."""
    places = PLACES.get(currency, 2)
    whole, part = divmod(minor, 10**places)
    return f"{whole}.{part:0{places}d}" if places else str(whole)


def apportion(minor: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share an amount out by weights so that the shares add up exactly; equally where all weights are 0.

    Units: minor units of one currency; weights are not negative.
    Source: largest remainder (Hamilton); of equal remainders the first gets the odd unit.
    """
    if not weights:
        raise ValueError("nobody to share with")
    if not any(weights):
        weights = [1] * len(weights)
    whole, sign = abs(minor), -1 if minor < 0 else 1
    total = sum(weights)
    shares = [whole * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(whole * weights[i] % total), i))
    for i in by_remainder[: whole - sum(shares)]:
        shares[i] += 1
    return tuple(sign * share for share in shares)
