"""What deserves a second look is learned from earlier rows, and told with the columns that say so."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest

from app.screening.features import Kind, Table, kinds_of, learned
from app.screening.fitting import SHAPES, as_trees, fit, grown, known_of, quality, tried_on
from app.screening.model import Card, Model, Tree, decoded, encoded
from app.trouble import Trouble

ROWS = 600
FIRST = datetime(2026, 1, 1, tzinfo=UTC)


def made(seed: int = 1, rows: int = ROWS) -> Table:
    """Rows that end badly where somebody pays late and the amount is large; the rest is noise."""
    dice = random.Random(seed)  # noqa: S311 - dice
    way = [dice.choice(("card", "late", "cash")) for _ in range(rows)]
    amount = [dice.uniform(1, 100) for _ in range(rows)]
    is_bad = [
        dice.random() < (0.7 if w == "late" and a > 50 else 0.03) for w, a in zip(way, amount, strict=True)
    ]
    cells = ["" if dice.random() < 0.05 else f"{a:.2f}" for a in amount]
    columns = {
        "way": way,
        "amount": cells,
        "buyer": [f"b{dice.randrange(400)}" for _ in range(rows)],
        "same": ["x"] * rows,
    }
    return Table(columns, is_bad, [FIRST + timedelta(hours=i) for i in range(rows)])


@pytest.fixture(scope="module")
def model():
    return fit(made())


def test_what_a_column_holds_decides_which_figures_it_gives():
    assert kinds_of(made()) == [
        ("way", Kind.RATE),
        ("amount", Kind.NUMBER),
        ("buyer", Kind.SEEN),
        ("", Kind.HOUR),
        ("", Kind.WEEKDAY),
    ]


def test_a_figure_of_a_row_says_nothing_of_itself_or_of_later_rows():
    table = Table({"way": ["a", "a", "a", "b"]}, [True, False, True, False])

    feature, said = learned("way", Kind.RATE, table)

    usual = 2 / 4
    assert said[0] == said[3] == pytest.approx(usual), "nothing was known before"
    assert said[1] == pytest.approx((1 + 20 * usual) / 21)
    assert feature.of({"way": "a"}, None) == pytest.approx((2 + 20 * usual) / 23)
    assert feature.of({"way": "never met"}, None) == usual


def test_what_was_learned_is_told_apart_on_later_rows(model):
    later = made(seed=2)

    found = tried_on(model, later).card.quality

    assert found is not None
    assert found.roc_auc > 0.8
    assert found.pr_auc > 3 * found.bad / found.rows


def test_reasons_are_the_columns_that_say_so(model):
    score = model.score({"way": "late", "amount": "90", "buyer": "b1"}, FIRST)
    plain = model.score({"way": "card", "amount": "90", "buyer": "b1"}, FIRST)

    assert {push.column for push in score.reasons} >= {"way", "amount"}
    assert score.reasons[0].cell in ("late", "90")
    assert score.probability > 0.4
    assert plain.probability < 0.15


@pytest.mark.parametrize("shape", SHAPES, ids=lambda one: one.name)
def test_the_trees_say_what_the_library_says(shape):
    table = made()
    known = known_of(table, kinds_of(table))
    machine, columns = grown(shape, known, table)
    trees, start = as_trees(machine)
    figures = known.rows[:50, columns]

    def odds(row) -> float:
        total = start
        for tree in trees:
            node = 0
            while tree.below[node]:
                figure = row[tree.feature[node]]
                is_below = tree.blank_below[node] if math.isnan(figure) else figure <= tree.limit[node]
                node = tree.below[node] if is_below else tree.above[node]
            total += tree.value[node]
        return total

    assert [odds(row) for row in figures] == pytest.approx(list(machine.decision_function(figures)))


def test_noise_alone_is_not_believed():
    dice = random.Random(5)  # noqa: S311 - dice
    table = made()
    noise = Table(
        {name: cells for name, cells in table.columns.items() if name == "buyer"}
        | {f"n{i}": [f"{dice.random():.4f}" for _ in range(ROWS)] for i in range(4)},
        [dice.random() < 0.1 for _ in range(ROWS)],
    )

    assert fit(noise).card.shape == SHAPES[0].name


def test_the_file_of_a_model_comes_back_as_it_was_and_nothing_else_is_one(model):
    assert decoded(encoded(model)) == model
    assert decoded(b"{}") is None
    assert decoded(b"\xff") is None
    assert decoded(encoded(msgspec.structs.replace(model, format=99))) is None
    ring = Tree((0, 0), (1.0, 1.0), (1, 0), (0, 0), (True, True), (0.0, 0.0))
    assert decoded(encoded(msgspec.structs.replace(model, trees=(ring,)))) is None, "it would never end"
    blind = Tree((99, 0, 0), (1.0, 1.0, 1.0), (1, 0, 0), (2, 0, 0), (True,) * 3, (0.0,) * 3)
    assert decoded(encoded(msgspec.structs.replace(model, trees=(blind,)))) is None, "it has no such feature"


@pytest.mark.parametrize(("start", "probability"), [(-9.0, 0.0), (9.0, 1.0)])
def test_whoever_is_sure_of_a_row_has_a_probability_too(start: float, probability: float):
    sure = Model(features=(), trees=(), start=start, slope=1_000.0, card=Card(learned_rows=1, learned_bad=1))

    assert sure.score({}).probability == pytest.approx(probability)


def test_too_few_bad_ends_teach_nothing():
    table = made()
    few = Table(table.columns, [i < 5 for i in range(ROWS)], table.moments)

    with pytest.raises(Trouble) as refused:
        fit(few)

    assert (refused.value.code, refused.value.hint.params["bad"]) == ("too_thin", 5)


def test_a_share_of_one_kind_only_has_no_area():
    found = quality([0.1, 0.2], [False, False])

    assert (found.roc_auc, found.pr_auc) == (None, None)
    assert found.brier == pytest.approx(np.mean([0.01, 0.04]))
