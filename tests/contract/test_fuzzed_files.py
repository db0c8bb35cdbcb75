"""Files that people bring: whatever is in them, and however they say it is to be read, a sentence answers."""

# ruff: noqa: F811 - fixtures come from another file

from __future__ import annotations

import gzip
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from test_fuzzed import JUNK, ask, hub, is_said_well, running  # noqa: F401 - fixtures
from test_fuzzed_desk import HUGE, STRANGE, bent, places

from app.imports import Matching
from app.trouble import Trouble
from sync.hub.imports.sheets import open_sheet
from sync.hub.keeping.keyfile import opened_key
from sync.hub.keeping.manifest import NAME, read_manifest
from sync.hub.witness.anchors import read_anchors

FEW = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
CELLS = st.text(max_size=12) | st.sampled_from(
    ["1,5", "2026-06-13", '"', "=1+1", "١", "1e999", "\x00", "9" * 400]
)
TABLE = st.lists(st.lists(CELLS, max_size=6), max_size=6).map(
    lambda rows: "\n".join(",".join(row) for row in rows).encode("utf-8", "replace")
)
CONTENT = (
    st.binary(max_size=200)
    | TABLE
    | st.sampled_from(
        [
            b"",
            b"\xff\xfe",
            b"\xff\xfea",
            b"\xef\xbb\xbf",
            b"<html>",
            b'"' * 5_000,
            b"," * 5_000,
            b"\r" * 5_000,
            b"\x00" * 500,
        ]
    )
)


@given(
    content=CONTENT,
    header_row=st.integers(0, 10_000_000),
    delimiter=st.sampled_from(["", ",", ";", "\t", "é"]),
)
@FEW
def test_any_table_is_read_or_told(tmp_path: Path, content: bytes, header_row: int, delimiter: str):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    try:
        sheet = open_sheet(path, tmp_path, header_row=header_row, delimiter=delimiter)
        rows = list(sheet.rows())
    except Trouble:
        return
    assert sheet.header
    assert all(row.cells for row in rows)


@pytest.mark.parametrize("content", [b"PK\x03\x04" + b"x" * 400, b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_what_only_begins_like_a_workbook_is_told(tmp_path: Path, content: bytes):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)

    with pytest.raises(Trouble) as caught:
        open_sheet(path, tmp_path)
    assert caught.value.code == "broken"


@given(content=st.binary(max_size=80) | JUNK.map(msgspec.json.encode) | st.sampled_from(STRANGE))
@FEW
def test_any_key_anchor_and_manifest_is_read_or_told(tmp_path: Path, content: bytes):
    (tmp_path / "file").write_bytes(content)
    (tmp_path / NAME).write_bytes(content)
    for read in (
        lambda: opened_key(content, "the tea went cold"),
        lambda: read_manifest(tmp_path),
        lambda: read_anchors(tmp_path / "file"),
    ):
        with suppress(Trouble):
            read()


@pytest.fixture(scope="module")
def sent(hub: tuple[Any, str]) -> tuple[str, Any]:
    """A file the hub holds, and the mapping it proposes."""
    table = "订单编号,商品编码,数量,金额\nT1,A-1,1,12.50\nT2,A-2,2,3\n".encode()

    def said(method: str, path: str, body: bytes) -> Any:
        status, answer = ask(hub[0], method, path, b"", body, hub[1])
        assert status == 200, answer
        return msgspec.json.decode(answer)

    file = said("POST", "/v1/files", msgspec.json.encode({"name": "a.csv", "size": len(table)}))
    said("PUT", f"/v1/files/{file}/0", table)
    said("POST", f"/v1/files/{file}/look", b"{}")
    asked = msgspec.json.encode({"shop": "TM1", "files": [file]})
    found = msgspec.convert(said("POST", "/v1/imports/match", asked), Matching)
    return file, msgspec.json.decode(found.plan)


READING = st.fixed_dictionaries(
    {},
    optional={
        "encoding": JUNK | st.sampled_from(["utf-16", "gb18030", "latin-1", "utf-8", "rot13"]),
        "delimiter": JUNK | st.sampled_from(["ab", "\n", '"', "\0", ";", "\r", " "]),
        "sheet": JUNK | st.sampled_from(["\0", "x" * 200_000, "-h"]),
        "header_row": JUNK | st.sampled_from([-1, 10**400, 2**31, 1, 2, 3]),
    },
)


@given(asked=READING)
@example(asked={"encoding": "utf-16"})
@example(asked={"delimiter": "ab"})
@example(asked={"header_row": -1})
@example(asked={"sheet": "\0"})
@FEW
def test_any_way_to_read_a_file_is_taken_or_told(hub: tuple[Any, str], sent: tuple[str, Any], asked: Any):
    status, answer = ask(hub[0], "POST", f"/v1/files/{sent[0]}/look", b"", msgspec.json.encode(asked), hub[1])

    assert is_said_well(status, answer), answer
    ask(hub[0], "POST", f"/v1/files/{sent[0]}/look", b"", b"{}", hub[1])


@given(data=st.data())
@FEW
def test_any_mapping_that_comes_back_is_taken_or_told(
    hub: tuple[Any, str], sent: tuple[str, Any], data: st.DataObject
):
    file, plan = sent
    at = data.draw(st.sampled_from(list(places(plan))))
    changed = bent(plan, at, data.draw(HUGE | JUNK | st.sampled_from(["date", "money", "receiver.name"])))
    asked = {"shop": "TM1", "files": [file], "plan": msgspec.json.encode(changed).decode()}

    for path in ("/v1/imports/sample", "/v1/imports/match"):
        status, answer = ask(hub[0], "POST", path, b"", msgspec.json.encode(asked), hub[1])
        assert is_said_well(status, answer), answer


@given(data=st.data())
@FEW
def test_a_packed_body_that_is_damaged_is_told(hub: tuple[Any, str], data: st.DataObject):
    whole = bytearray(gzip.compress(b'{"order":"' + bytes(range(32, 92)) * 4 + b'"}'))
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=3)):
        whole[place] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(0, len(whole)))
    head = ((b"content-encoding", b"gzip"),)

    status, answer = ask(hub[0], "POST", "/v1/receiver", b"", bytes(whole[:cut]), hub[1], head)

    assert is_said_well(status, answer), answer
