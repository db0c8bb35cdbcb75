"""What a channel says of an order beyond the fields every order has: shown in one block, decides nothing.

What may name people is in `Beside.receiver`, so it is sealed, opened and masked like a receiver.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from app.domain.mask import mask_name
from app.domain.values import Receiver

EXTRAS_MOST = 20
"""So many of one order are kept."""
VALUE_MOST = 160
LABEL_MOST = 80
"""Units: characters, of both languages together."""
_CUT = "…"
_decoder = msgspec.json.Decoder(dict[str, str])


class Extra(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of them. `label` and the value of a `word` are in both languages; `name` tells them apart.

    `kind`: text | word | person | money (minor units) | time (ISO 8601) | yes. Of a personal one the value
    stands elsewhere, see `with_values`. An empty value says that it holds no more.
    """

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    is_personal: bool = False


class Beside(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All of one order. `receiver`: its note holds the values of personal ones, as JSON by name."""

    extras: tuple[Extra, ...] = ()
    receiver: Receiver = Receiver()


def beside_of(extras: Iterable[Extra]) -> Beside:
    """Put apart what may name people; no more and no longer than an order keeps."""
    kept = [_cut(extra) for extra in extras][:EXTRAS_MOST]
    personal = {extra.name: extra.value for extra in kept if extra.is_personal}
    told = tuple(msgspec.structs.replace(one, value="") if one.is_personal else one for one in kept)
    if not personal:
        return Beside(extras=told)
    return Beside(extras=told, receiver=Receiver(note=msgspec.json.encode(personal).decode()))


def with_values(beside: Beside | None) -> tuple[Extra, ...]:
    """Return them with the values of personal ones, where these may be read."""
    if beside is None:
        return ()
    try:
        personal = _decoder.decode(beside.receiver.note) if beside.receiver.note else {}
    except msgspec.MsgspecError:
        personal = {}
    return tuple(
        msgspec.structs.replace(one, value=personal.get(one.name, "")) if one.is_personal else one
        for one in beside.extras
    )


def newest(known: Beside, said: Beside | None) -> Beside:
    """Take in what a channel says now: the newest word on each, in the place it had.

    Not every answer of a channel says everything: what it does not speak of stays as it was.
    """
    if said is None or said == known or not said.extras:
        return known
    found = {one.name: one for one in with_values(known)} | {one.name: one for one in with_values(said)}
    return beside_of(one for one in found.values() if one.value)


def masked_extras(beside: Beside, *, is_revealed: bool) -> tuple[Extra, ...]:
    """Return what a screen shows: whoever is named is masked until that is asked for with a reason."""
    return tuple(
        msgspec.structs.replace(one, value=mask_name(one.value))
        if one.kind == "person" and not is_revealed
        else one
        for one in with_values(beside)
        if one.value
    )


def _cut(extra: Extra) -> Extra:
    value = extra.value if len(extra.value) <= VALUE_MOST else extra.value[: VALUE_MOST - 1] + _CUT
    label = extra.label[:LABEL_MOST]
    return msgspec.structs.replace(extra, value=value, label=label)
