"""Services that do something for us, as data: which call asks, which one tells what became of it.

The same blocks, signatures and paths as a channel's manifest; `resources/services` holds those we know. What
an answer means is a list of replies, the first that fits; what none fits is unclear: looked up, never resent.
Source: channels.md sections 3 and 5.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, field

import resources
from app.text import N_, Text
from sync.manifest.block import Block, Code, Condition, Duration, Fields, Long, Short, Words
from sync.manifest.blocks import Setting, Sign, Transport
from sync.manifest.reading import BadManifest, from_yaml


class Reply(Block, frozen=True, kw_only=True):
    """What an answer means. `ref` is where the number stands that we keep, `field` what of it they refuse."""

    when: Condition
    then: Literal["done", "pending", "rejected", "missing", "later"]
    ref: Short = ""
    field: Short = ""
    wait: Duration = "PT30S"


class Errand(Block, frozen=True, kw_only=True):
    """One call. `each` is the parameter that holds a list: one `item` for each of the `items`."""

    call: Fields
    each: Short = ""
    items: Short = ""
    item: Fields = field(default_factory=dict)
    unpack: Short = ""
    """Where the answer holds JSON in a text; its fields stand under `inner`."""
    replies: Annotated[tuple[Reply, ...], Meta(min_length=1, max_length=20)]


class Deed(Block, frozen=True, kw_only=True):
    """One kind of effect. `takes_key`: asked twice under the same number it is done once."""

    only: Condition = field(default_factory=dict)
    """What it does nothing else than; the rest is done by hand."""
    send: Errand
    look_up: Errand | None = None
    takes_key: bool = False
    phone_for: Condition = field(default_factory=dict)
    """Of what it must know the end of the buyer's number, to follow it; of nothing else it is told."""
    settle: Duration = "PT5S"


class Word(Block, frozen=True, kw_only=True):
    """What one of their words means: a kind of scan, and of failed ones why."""

    when: Condition
    then: Code
    reason: Code | Literal[""] = ""


class Scans(Block, frozen=True, kw_only=True):
    """Where in what they send a parcel and its scans stand; `words` are looked through in order."""

    number: Short
    each: Short
    at: Short
    tz: Short = "Asia/Shanghai"
    words: Annotated[tuple[Word, ...], Meta(min_length=1, max_length=60)]


class Parcels(Block, frozen=True, kw_only=True):
    """Where in what they send it stands which order left, how, and what was in it.

    `left` holds of an order that left whole, `refused` of one that does not leave; all else only tells.
    """

    code: Short
    left: Condition
    refused: Condition
    packages: Short
    carrier: Short
    number: Short
    lines: Short
    sku: Short
    qty: Short


class Hears(Block, frozen=True, kw_only=True):
    """What a service sends by itself, to `/services/NAME`. `only`: which of it is meant for us.

    What travels in the URL and in a form is signed as `sign` says; `inner` is the field that holds JSON.
    """

    body: Literal["form", "xml"]
    only: Condition = field(default_factory=dict)
    inner: Short = ""
    sign: Sign
    scans: Scans | None = None
    parcels: Parcels | None = None
    taken: Long
    """What they are answered when it is kept."""
    refused: Long
    """The same where it is not; `{{why}}` is a sentence."""


class Service(Block, frozen=True, kw_only=True):
    """A service as data. `does` says by kind of effect how it is asked, `hears` what it says by itself."""

    format: Annotated[int, Meta(ge=1, le=1)] = 1
    id: Code
    version: Annotated[int, Meta(ge=1)] = 1
    title: Words
    about: Words
    settings: Annotated[dict[Code, Setting], Meta(max_length=40)]
    transport: Transport
    does: Annotated[dict[Code, Deed], Meta(min_length=1, max_length=10)]
    hears: Hears | None = None


def service_ids() -> tuple[str, ...]:
    """Return the services that come with Docket."""
    return tuple(sorted(path.stem for path in resources.path("services").glob("*.yaml")))


@lru_cache(maxsize=64)
def service_of(id: str) -> Service:
    """Return a service that comes with Docket, read once: it is asked for with every document.

    Raises:
        BadManifest: there is none of that name, or it cannot be read.
    """
    if id not in service_ids():
        known = ", ".join(service_ids())
        raise BadManifest(
            (Text(N_("There is no service {id}. There are: {known}."), {"id": id[:40], "known": known}),)
        )
    return read_service(from_yaml(resources.read("services", f"{id}.yaml")))


def read_service(tree: dict[str, Any]) -> Service:
    """Read the manifest of a service.

    Raises:
        BadManifest: it is not as it must be.
    """
    try:
        return msgspec.convert(tree, Service)
    except msgspec.ValidationError as wrong:
        what: dict[str, str | int | Text] = {"block": "service", "what": Text(str(wrong)[:200])}
        raise BadManifest((Text(N_("{block}: {what}"), what),)) from wrong


def settled(service: Service, given: dict[str, str]) -> dict[str, str]:
    """Return the settings of a service, with its defaults.

    Raises:
        BadManifest: one is missing, unknown, or would let secrets travel unprotected.
    """
    wrong = [
        Text(N_("{key} is no setting of {service}. Remove it."), {"key": key[:40], "service": service.id})
        for key in given.keys() - service.settings.keys()
    ]
    found: dict[str, str] = {}
    for key, one in service.settings.items():
        found[key] = given.get(key, "") or one.value or one.default
        if not found[key] and not one.optional:
            missing: dict[str, str | int | Text] = {"key": key, "service": service.id}
            wrong.append(Text(N_("{service} needs the setting {key}. Write it down."), missing))
        if one.type == "url" and not found[key].startswith(("https://", "http://127.0.0.1:")):
            wrong.append(Text(N_("The address begins with http. Write it with https.")))
    if wrong:
        raise BadManifest(tuple(wrong))
    return found
