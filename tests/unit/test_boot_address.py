"""`address`: a line in, an object out, whatever the line is."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.boot.address import FIELDS, LONGEST_LINE, answered, lines
from app.boot.divisions import load_gazetteer

ROOT = Path(__file__).parents[2]
GAZETTEER = load_gazetteer()


def answer(line):
    return answered(line.encode() if isinstance(line, str) else line, GAZETTEER)


def test_an_answer_names_every_field_and_what_was_done_to_it():
    told = answer("张三 13800138000 杭州西湖区北山街道文三路1号")
    assert [told[name] for name in FIELDS] == [
        "浙江省", "杭州市", "西湖区", "北山街道", "文三路1号", "310000", "张三", "13800138000",
    ]  # fmt: skip
    completed = {name for name, verdict in told["verdicts"].items() if verdict == "completed"}
    assert completed == {"province", "city", "postcode"}
    assert {told["verdicts"][name] for name in FIELDS} == {"completed", "confirmed"}
    assert told["verdict"] == "ACCEPT"
    assert told["written"] == {"city": "杭州"}
    assert told["reasons"][0] == "province: Completed from 西湖区."


def test_an_abolished_division_is_replaced_with_the_reason():
    told = answer("黑龙江省伊春市美溪区美溪大街1号")
    assert (told["county"], told["written"], told["verdicts"]["county"]) == (
        "伊美区",
        {"county": "美溪区"},
        "replaced",
    )
    assert "county: 美溪区 became 伊美区 (boundary change)." in told["reasons"]


@pytest.mark.parametrize(
    ("text", "city", "county"),
    [
        ("湖北省潜江市渔洋镇三叉河村8组", "潜江市", "潜江市"),
        ("新疆石河子市北四路1号", "石河子市", "石河子市"),
        ("东莞市虎门镇南栅1号", "东莞市", ""),
        ("诸暨市人民中路1270号", "绍兴市", "诸暨市"),
    ],
)
def test_a_county_without_a_city_above_it_is_both(text, city, county):
    told = answer(text)
    assert (told["city"], told["county"], told["verdict"]) == (city, county, "ACCEPT")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("杭州市西湖区文三路1号", "ACCEPT"),
        ("杭州市西湖区翠苑小区12幢", "CONFIRM_ADD_SUBPREMISES"),
        ("广东省杭州市西湖区文三路1号", "CONFIRM"),
        ("杭州市西湖区文三路1号 张三 0571-123456", "CONFIRM"),
        ("鼓楼区中山路1号", "FIX"),
        ("", "FIX"),
    ],
)
def test_the_four_verdicts(text, verdict):
    assert answer(text)["verdict"] == verdict


def test_ties_offer_every_candidate_and_pick_none():
    told = answer("鼓楼区中山路1号")
    assert (told["city"], told["county"], len(told["candidates"])) == ("", "鼓楼区", 4)


def test_bytes_that_are_no_text_are_answered_and_never_accepted():
    told = answer("杭州市西湖区文三路1号".encode() + b"\xff")
    assert (told["county"], told["verdict"]) == ("西湖区", "CONFIRM")
    assert answer(b"\xff\xfe\x00\x80abc")["verdict"] == "FIX"


def test_the_encoding_of_chinese_windows_is_read():
    assert answer("杭州市西湖区文三路1号".encode("gb18030"))["verdict"] == "ACCEPT"


def test_a_line_that_is_too_long_is_answered_and_the_next_one_read():
    source = io.BytesIO(b"x" * (LONGEST_LINE * 3) + b"\n" + "杭州市西湖区文三路1号\r\n\nlast".encode())
    told = [answered(line, GAZETTEER) for line in lines(source)]
    assert [one["verdict"] for one in told] == ["FIX", "ACCEPT", "FIX", "FIX"]
    assert (
        told[0]["reasons"] == [f"Longer than {LONGEST_LINE:,} bytes: this is no address."]
        or str(LONGEST_LINE) in told[0]["reasons"][0]
    )


def test_a_line_of_exactly_the_bound_is_read():
    exact = b"x" * LONGEST_LINE
    assert list(lines(io.BytesIO(exact + b"\n" + exact))) == [exact, exact]


def test_every_line_is_answered_before_the_next_one_comes():
    child = subprocess.Popen(
        [sys.executable, "-m", "app", "address", "--lang", "en"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with child:
        for _ in range(2):
            child.stdin.write("杭州市西湖区文三路1号\n".encode())
            child.stdin.flush()
            assert json.loads(child.stdout.readline())["verdict"] == "ACCEPT"
        child.stdin.close()
        assert child.stdout.read() == b""
    assert child.returncode == 0


def test_earlier_deliveries_are_evidence(tmp_path):
    delivered = tmp_path / "delivered.txt"
    delivered.write_text("杭州市西湖区文三路259号3幢602室\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "app", "address", "--delivered", str(delivered), "--lang", "en"],
        cwd=ROOT,
        input="文三路259号3幢602室\n".encode(),
        capture_output=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert (told["county"], told["verdict"]) == ("西湖区", "ACCEPT")
    assert "county: Parcels that arrived there before: 1." in told["reasons"]


def test_a_file_that_is_not_there_is_told(tmp_path):
    asked = [sys.executable, "-m", "app", "address", "--delivered", str(tmp_path / "no"), "--lang", "en"]
    done = subprocess.run(asked, cwd=ROOT, input=b"", capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.endswith(b"cannot be read.\n")
