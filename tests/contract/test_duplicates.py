"""`run.py duplicates`: any table in, groups and reasons out; bad input gets a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.boot import duplicates

pytest.importorskip("numpy")


def written(folder: Path, rows: list[str], encoding: str = "utf-8") -> Path:
    path = folder / "buyers.csv"
    path.write_text("\n".join(rows) + "\n", encoding=encoding)
    return path


def buyers(count: int = 60) -> list[str]:
    names = "赵钱孙李周吴郑王冯陈"
    rows = ["编号,姓名,电话,地址,价"]
    for i in range(count):
        name = names[i % 10] + names[(i * 7 + 3) % 10] + names[(i * 3 + 1) % 10]
        rows.append(
            f"K{i},{name},138{i * 7919 % 10**8:08d},杭州市文三路{i * 13 % 97 + 1}号{i % 9 + 1}幢,{i}.50"
        )
    rows.append(rows[5].replace("K4", "K900").replace("号", "-").replace("幢", ""))
    return rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_tells_its_groups_and_why(tmp_path: Path, capsys, encoding: str):
    path = written(tmp_path, buyers(), encoding)

    code = duplicates.main([str(path), "--columns", "姓名,电话,地址", "--id", "编号", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert told["rows"] == 61
    assert [[row["id"] for row in group] for group in told["groups"]] == [["K4", "K900"]]
    assert told["groups"][0][0] == {"row": 6, "index": 4, "id": "K4"}
    assert told["pairs"][0]["score"] >= 90
    assert {one["column"]: one["stands"] for one in told["pairs"][0]["evidence"]}["电话"] == "same"


def test_columns_are_found_out_and_numbers_of_rows_left_out(tmp_path: Path, capsys):
    assert duplicates.main([str(written(tmp_path, buyers())), "--json"]) == 0

    kinds = {one["name"]: one["kind"] for one in json.loads(capsys.readouterr().out)["columns"]}
    assert kinds == {"姓名": "word", "电话": "number", "地址": "address", "价": "amount"}


@pytest.mark.parametrize(
    ("rows", "more", "said"),
    [
        (buyers(), ["--columns", "name"], "There is no column name."),
        (buyers(), ["--columns", "姓名:colour"], "colour is no kind of column"),
        (buyers(), ["--id", "nobody"], "There is no column nobody."),
        (buyers(), ["--least", "7"], "from 50 to below 100"),
        (buyers(), ["--least", "nan"], "from 50 to below 100"),
        (buyers()[:2], [], "not two rows"),
        (["a,b", ",", "x,", "y,"], ["--columns", "b"], "hold nothing to compare"),
        (["<html><body>", "x"], [], "is a web page"),
        (['{"a": [1,', "2]}"], [], "holds JSON"),
        (["%PDF-1.7", "x,y", "x,y"], [], "is no table"),
        (["\x01\x02,\x03", "\x04\x05,\x06"] * 20, [], "is no table"),
    ],
)
def test_bad_input_gets_a_sentence(tmp_path: Path, capsys, rows: list[str], more: list[str], said: str):
    code = duplicates.main([str(written(tmp_path, rows)), "--lang", "en", *more])

    heard = capsys.readouterr()
    assert (code, heard.out) == (2, "")
    assert said in heard.err


def test_a_table_without_names_is_read_from_its_first_row(tmp_path: Path, capsys):
    """What looks like data is no header; a person may say so, or the opposite."""
    path = written(tmp_path, buyers()[1:])

    def told(*more: str) -> tuple[dict[str, Any], str]:
        assert duplicates.main([str(path), "--lang", "en", "--json", *more]) == 0
        heard = capsys.readouterr()
        return json.loads(heard.out), heard.err

    found, said = told()
    assert (found["rows"], found["header_row"]) == (61, 0)
    assert [one["name"] for one in found["columns"]] == ["2", "3", "4", "5"]
    assert [[row["row"] for row in group] for group in found["groups"]] == [[5, 61]]
    assert "The first row looks like data" in said
    found, said = told("--no-header", "--columns", "2,3,4", "--id", "1")
    assert (found["groups"][0][0]["id"], said) == ("K4", "")
    found, said = told("--header")
    assert (found["rows"], found["header_row"], said) == (60, 1, "")


@pytest.mark.parametrize(
    ("header", "row", "is_names"),
    [
        ("name,phone", "Ann,13800000000", True),
        ("address_1,2024", "Elm Street 4,17", True),
        ("address_1,address_2", "Elm Street 4,Flat 2", True),
        ("赵六,杭州市文三路8号", "钱七,杭州市文三路9号", False),
        ("Ann,ann@example.com", "Bob,bob@example.com", False),
        ("Ann Smith", "Ann Smith", False),
    ],
)
def test_names_of_columns_are_told_from_data(tmp_path: Path, capsys, header: str, row: str, is_names: bool):
    duplicates.main([str(written(tmp_path, [header, *[row] * 5])), "--json"])

    assert json.loads(capsys.readouterr().out)["header_row"] == int(is_names)


def test_rows_that_do_not_fit_the_header_are_counted_and_told(tmp_path: Path, capsys):
    rows = buyers()
    rows[3] += ",too,much"
    rows[4] = rows[4].rpartition(",")[0]
    rows[0] = rows[0].replace("价", "姓名")

    assert duplicates.main([str(written(tmp_path, rows)), "--json", "--lang", "en"]) == 0

    heard = capsys.readouterr()
    assert json.loads(heard.out)["uneven_rows"] == {"longer": 1, "shorter": 1, "first": 4}
    assert "2 rows have more or fewer cells than the header, the first is row 4." in heard.err
    assert "More than one column is called 姓名" in heard.err


def test_a_folder_and_an_empty_file_are_told_from_a_missing_one(tmp_path: Path, capsys):
    (tmp_path / "nothing.csv").touch()

    assert duplicates.main([str(tmp_path), "--lang", "en"]) == 2
    assert "is a folder. Name one file in it." in capsys.readouterr().err
    assert duplicates.main([str(tmp_path / "nothing.csv"), "--lang", "en"]) == 2
    assert "nothing.csv is empty. Choose another file." in capsys.readouterr().err


def test_no_file_is_a_sentence_too(tmp_path: Path, capsys):
    assert duplicates.main([str(tmp_path / "none.csv"), "--lang", "en"]) == 2
    assert "There is no file none.csv" in capsys.readouterr().err


def test_a_person_reads_it_line_by_line(tmp_path: Path, capsys):
    duplicates.main([str(written(tmp_path, buyers())), "--columns", "姓名,电话,地址", "--lang", "en"])

    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("6 = 62")
    assert last == "1 groups of the same, 2 rows in them."
