"""XML from outside: plain data, or a sentence; never a fault of the library that reads it."""

from __future__ import annotations

import pytest
from builders import NOW

from sync.channel import Unreadable
from sync.manifest.blocks import Transport
from sync.manifest.request import build
from sync.manifest.xml_tree import MOST_DEPTH, MOST_TAGS, xml_document


def test_tags_are_keys_and_what_stands_there_twice_is_a_list():
    assert xml_document(b"<r><a>1</a><b>x</b><b>y</b></r>") == {"r": {"a": "1", "b": ["x", "y"]}}


def test_what_is_no_character_of_xml_does_not_spoil_what_is_sent():
    sent = build(Transport(base="https://wms.example.com", body="xml"), {"name": "李\x0b<四>\uffff"}, {}, NOW)

    assert xml_document(sent.body) == {"request": {"name": "李 <四>"}}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<r>",
        b"<!DOCTYPE r><r/>",
        b'<?xml version="1.0" encoding="nobody"?><r/>',
        b'<?xml version="1.0" encoding="rot13"?><r/>',
        b"<r>" * (MOST_DEPTH + 1) + b"</r>" * (MOST_DEPTH + 1),
        b"<r>" + b"<a/>" * MOST_TAGS + b"</r>",
    ],
)
def test_what_is_none_or_too_much_of_it_is_told(content: bytes):
    with pytest.raises(Unreadable):
        xml_document(content)
