"""A hub that reads small CSV files in memory: `app.imports.Imports` without a wire, told what to answer."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
from builders import NOW

from app.imports import (
    Account,
    ColumnMatch,
    FileLook,
    ImportRow,
    Join,
    Matching,
    PreviewCell,
    PreviewRow,
    Reading,
    Reason,
    Retake,
    Sample,
    Stays,
    Target,
    UndoPlan,
)
from app.text import Text
from app.trouble import Trouble

DATES = (("ymd", "2026-06-13"), ("dmy", "13/06/2026"), ("mdy", "06/13/2026"))
TARGETS = (
    Target(code="number", title="Order number", is_required=True),
    Target(code="ordered_at", title="Ordered at", is_required=True, readings=DATES),
    Target(
        code="payable",
        title="Amount to pay",
        is_required=True,
        readings=(("yuan", "128.50"), ("fen", "12850")),
    ),
    Target(code="buyer", title="Buyer"),
)
GUESSES = {"order id": ("number", "sure"), "date": ("ordered_at", "guess"), "total": ("payable", "likely")}
NO_DATE = Text("{column} is not a date. Write it like {form}.", {"column": "date", "form": "2026-06-13"})
NO_NUMBER = Text("No {column}. Fill it in.", {"column": "order id"})
ACCOUNT = Account(
    read=2_000,
    new=1_962,
    changed=12,
    unchanged=6,
    rejected=20,
    orders=1_310,
    reasons=(
        Reason(text=NO_DATE, count=17, rows=(4, 19, 23, 77, 102, 340, 341)),
        Reason(text=NO_NUMBER, count=3, rows=(8, 9, 1_204)),
    ),
)


class FakeImports:
    """Reads what is there; `asked` lists every question, `steps` is how a run goes on at each look."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, object]] = []
        self.is_down = False
        self.looks: dict[str, FileLook] = {}
        self.paths: dict[str, str] = {}
        self.runs: dict[str, ImportRow] = {}
        self.steps: list[ImportRow] = []
        self.account = ACCOUNT
        self.plan = UndoPlan(cancels=1_308, stays=2, first=(
            Stays(id="o1", number="DK-118204", why=Text("Shipped at 14:10")),
            Stays(id="o2", number="DK-118207", why=Text("Changed by Lin")),
        ))  # fmt: skip
        self.trial: ImportRow | None = None
        self.joins: tuple[Join, ...] = ()
        self.more: dict[str, object] = {}

    def _ask(self, what: str, about: object) -> None:
        if self.is_down:
            raise Trouble(
                "hub_unreachable",
                Text("The hub does not answer. Work goes on here and is sent later."),
                retry=True,
            )
        self.asked.append((what, about))

    def look(self, path: str, reading: Reading) -> FileLook:
        self._ask("look", path)
        file = Path(path)
        self.paths[file.name] = path
        return self._look(file.name, reading)

    def look_again(self, file: str, reading: Reading) -> FileLook:
        self._ask("look_again", reading)
        return self._look(file, reading)

    def _look(self, name: str, asked: Reading) -> FileLook:
        found = Reading(encoding="utf-8", delimiter=",", header_row=1)
        reading = Reading(
            encoding=asked.encoding or found.encoding,
            delimiter=asked.delimiter or found.delimiter,
            header_row=asked.header_row or found.header_row,
        )
        body = Path(self.paths[name]).read_text(reading.encoding)
        lines = [tuple(line) for line in csv.reader(body.splitlines(), delimiter=reading.delimiter)]
        head = reading.header_row
        self.looks[name] = FileLook(
            id=name, name=name, size=len(body), kind="csv", reading=reading, found=found,
            lines=tuple(lines[:8]), columns=lines[head - 1], rows=len(lines) - head,
        )  # fmt: skip
        return self.looks[name]

    def retake(self, case: str) -> Retake:
        self._ask("retake", case)
        return Retake(shop="TM1", file=self.looks[next(iter(self.looks))])

    def match(self, shop: str, files: Sequence[str], manual: Mapping[str, tuple[str, str]]) -> Matching:
        self._ask("match", dict(manual))
        columns = tuple(
            self._match(self.looks[file], column, manual)
            for file in files
            for column in self.looks[file].columns
        )
        filled = {each.field for each in columns}
        lacking = tuple(each.title for each in TARGETS if each.is_required and each.code not in filled)
        known = {"targets": TARGETS, "columns": columns, "missing": lacking, "joins": self.joins}
        return Matching(**(known | self.more))

    def _match(self, look: FileLook, column: str, manual: Mapping[str, tuple[str, str]]) -> ColumnMatch:
        key, at = f"{look.id}/{column}", look.columns.index(column)
        lines = look.lines[look.reading.header_row :]
        field, trust = GUESSES.get(column.casefold(), ("", "none"))
        why = Text("Some of these may be day first.") if trust == "guess" else None
        reading = next((t.readings[0][0] for t in TARGETS if t.code == field and t.readings), "")
        if key in manual:
            field, chosen = manual[key]
            reading, trust, why = chosen or reading, "manual", None
        samples = tuple(line[at] for line in lines if at < len(line))[:5]
        return ColumnMatch(
            key=key, file=look.name, column=column, samples=samples, field=field, reading=reading,
            trust=trust, why=why,
        )  # fmt: skip

    def sample(self, shop: str, files: Sequence[str], matching: Matching) -> Sample:
        self._ask("sample", matching)
        doubt = Text("Day and month could be the other way round.")
        rows = tuple(
            PreviewRow(
                row_no=n,
                cells=(
                    PreviewCell(f"A-{n:04}"),
                    PreviewCell("6月5日 20:30", doubt if n == 3 else None),
                    PreviewCell(f"¥{n}28.50"),
                    PreviewCell("季小雨"),
                ),
                problem=NO_NUMBER if n == 8 else None,
            )
            for n in range(2, 22)
        )
        return Sample(
            titles=("Order number", "Ordered at", "Amount to pay", "Buyer"),
            kinds=("text", "text", "money", "text"),
            rows=rows,
        )

    def rehearse(self, shop: str, files: Sequence[str], matching: Matching) -> str:
        self._ask("rehearse", shop)
        self.runs["trial"] = msgspec.structs.replace(
            self.trial or self.done(), id="trial", files=tuple(files)
        )
        return "trial"

    def begin(self, shop: str, files: Sequence[str], matching: Matching) -> str:
        self._ask("begin", tuple(files))
        begun = f"import-{len(self.runs) + 1}"
        self.runs[begun] = msgspec.structs.replace(
            self.done("running"), id=begun, files=tuple(files), account=Account()
        )
        return begun

    def row(self, id: str) -> ImportRow:
        self._ask("row", id)
        if self.runs[id].is_moving and self.steps and id != "trial":
            self.runs[id] = msgspec.structs.replace(self.steps.pop(0), id=id, files=self.runs[id].files)
        return self.runs[id]

    def done(self, state: str = "done", **changes: object) -> ImportRow:
        """An import as it is at its end."""
        known = {"id": "", "account": self.account, "rows": self.account.read, **changes}
        return ImportRow(
            files=("orders.csv",), shop="TM1", shop_title="青禾旗舰店", by="林小满", at=NOW,
            state=state, **known,
        )  # fmt: skip

    def stop(self, id: str) -> None:
        self._ask("stop", id)
        self.runs[id] = msgspec.structs.replace(self.runs[id], state="stopping")

    def undo_plan(self, id: str) -> UndoPlan:
        self._ask("undo_plan", id)
        return self.plan

    def undo(self, id: str) -> None:
        self._ask("undo", id)
        self.runs[id] = msgspec.structs.replace(self.runs[id], state="undone")

    def save_rejected(self, id: str, path: str) -> int:
        self._ask("save_rejected", path)
        return self.runs[id].account.rejected

    def past(self, limit: int = 50) -> Sequence[ImportRow]:
        self._ask("past", limit)
        return tuple(row for row in reversed(self.runs.values()) if row.id != "trial")
