"""What an earlier Docket wrote is read as the present one would have written it."""

from __future__ import annotations

import dataclasses
import json
from types import MappingProxyType

import msgspec
import pytest

from app import engine, upcast
from app.command import Refusal
from app.commands.hold import Hold
from tests.contract.upcast_golden import OLD


def test_a_command_of_today_is_read_as_it_is():
    assert upcast.read("hold", 1, b'{"order":"o1","reason":"ask"}') == Hold(order="o1", reason="ask")


@pytest.mark.parametrize(
    ("name", "rev", "args", "code"),
    [
        ("dance", 1, b"{}", "unreadable"),
        ("hold", 2, b"{}", "too_new"),
        ("hold", 0, b"{}", "too_old"),
        ("hold", -1, b"{}", "too_old"),
        ("hold", 1, b"{", "unreadable"),
        ("hold", 1, b'{"order":1}', "unreadable"),
        ("hold", 1, b"\xff", "unreadable"),
        ("hold", 1, b"[" * 100_000, "unreadable"),
        ("hold", 0, b"[]", "unreadable"),
    ],
)
def test_what_nobody_can_read_is_refused_with_what_to_do(name, rev, args, code):
    found = upcast.read(name, rev, args)
    assert isinstance(found, Refusal)
    assert found.code == code
    assert found.text.message.endswith(".")


@pytest.fixture
def later(monkeypatch):
    """`hold` two revisions later: the reason was called `why`, and once it was a list of words."""

    def from_1(args):
        return {"order": args["order"], "why": " ".join(args["words"])}

    def from_2(args):
        return {"order": args["order"], "reason": args["why"]}

    spec = dataclasses.replace(engine.SPECS["hold"], rev=3, upcasts={1: from_1, 2: from_2})
    specs = MappingProxyType({**engine.SPECS, "hold": spec})
    monkeypatch.setattr(upcast, "SPECS", specs)


@pytest.mark.parametrize("rev", [1, 2, 3])
def test_two_revisions_back_is_read_step_by_step(later, rev):
    written = {1: {"words": ["ask", "buyer"]}, 2: {"why": "ask buyer"}, 3: {"reason": "ask buyer"}}
    args = json.dumps({"order": "o1", **written[rev]}).encode()
    assert upcast.read("hold", rev, args) == Hold(order="o1", reason="ask buyer")


def test_a_step_that_stumbles_over_what_came_refuses_it(later):
    for args in (b'{"order":"o1"}', b'{"order":"o1","words":3}', b"null"):
        found = upcast.read("hold", 1, args)
        assert isinstance(found, Refusal)
        assert found.code == "unreadable"


@pytest.mark.parametrize("name", sorted(engine.SPECS))
def test_every_revision_of_the_last_two_is_read(name):
    """Whoever raises the `rev` of a verb keeps its old spelling here, and the step to the next."""
    spec = engine.SPECS[name]
    for rev in range(max(1, spec.rev - 2), spec.rev):
        old = OLD[name, rev]
        command = upcast.read(name, rev, old)
        assert isinstance(command, spec.type), f"{name} {rev}"
        assert upcast.read(name, spec.rev, msgspec.json.encode(command)) == command
