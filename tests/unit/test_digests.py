"""A digest is of what stands there, not of where it came from: signatures and receipts rely on it."""

from __future__ import annotations

from enum import Enum

import msgspec
import pytest
from builders import order, receive

from app.commands.receive import Receive
from app.domain import review
from app.domain.order import Line
from app.domain.values import Receiver, Region, digest

SMALL = range(-5, 257)  # the integers of which Python has one object each


def decoded(region: Region) -> Region:
    """The same region as a file or the network brings it: every text a new object."""
    fields = {name: getattr(region, name) for name in Region.__struct_fields__}
    return msgspec.json.decode(msgspec.json.encode(fields), type=Region)


def test_equal_regions_have_equal_digests() -> None:
    region = Region(province="浙江省", city="杭州市")

    assert decoded(region) == region
    assert digest(decoded(region)) == digest(region)


def test_a_signature_binds_what_it_says_not_where_it_came_from() -> None:
    here = order(region=Region(province="浙江省"))
    there = order(region=decoded(Region(province="浙江省")))

    assert review.content_hash(here) == review.content_hash(there)


def test_the_same_delivery_has_the_same_bytes() -> None:
    here = receive(region=Region(province="浙江省"))
    there = receive(region=decoded(Region(province="浙江省")))

    assert msgspec.json.encode(here) == msgspec.json.encode(there)


@pytest.mark.parametrize("kind", [Region, Receiver, Line, Receive])
def test_only_defaults_there_is_one_object_of_are_left_out_of_what_is_digested(kind: type) -> None:
    config = kind.__struct_config__
    defaults = [d for d in kind.__struct_defaults__ if d is not msgspec.NODEFAULT]
    loose = [d for d in defaults if not (d in ("", (), None) or d in SMALL or isinstance(d, bool | Enum))]

    assert not (config.omit_defaults and loose)
