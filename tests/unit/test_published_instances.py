"""Instances in the layout of the OR-Library: figures only, what is wrong with them is said."""

from __future__ import annotations

import pytest

from app.boot import source
from app.sourcing.instance import read_instance
from app.sourcing.opening import plan_opening
from app.sourcing.published import read_published
from app.text import Text
from app.trouble import Trouble

TWO_BY_THREE = b"""
 2 3
 10 100.
 6 30
 4
 40.0 8
 5
 10 50
 2
 2.5 .5
"""
"""Only the cheap second site: 6 of 11 pieces fit. Both: 10 and 6."""


def test_figures_become_sites_demands_and_costs_of_all_of_a_demand():
    instance = read_instance(read_published(TWO_BY_THREE))

    assert [(site.id, site.capacity, site.fixed) for site in instance.sites] == [("1", 10, 100), ("2", 6, 30)]
    assert [demand.qty for demand in instance.demands] == [4, 5, 2]
    assert instance.costs == ((10, 2), (2, 10), (1.25, 0.25))
    assert instance.most is None


def test_what_is_read_is_planned_to_its_optimum(tmp_path):
    path = tmp_path / "cap.txt"
    path.write_bytes(TWO_BY_THREE)

    opening = plan_opening(source.read(path, 10.0), 10.0)

    assert opening.cost == pytest.approx(130 + 8 + 10 + 0.5)  # both open, each demand from its cheaper one
    assert opening.bound == pytest.approx(opening.cost)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"2 3 capacity 100 6 30", "The word “capacity” stands where a figure belongs."),
        (b"2 3 10 100 6 30 4 40", "The file should hold {wanted} figures and holds {there}."),
        (b"2 x 10", "Something in the file is no figure."),
        (b"2", "Something in the file is no figure."),
        (b"0 3 1", "More than {sites} sites or {pairs} pairs"),
        (b"1000 10000 1", "More than {sites} sites or {pairs} pairs"),
        (b"1e9 3 1", "Something in the file is no figure."),
    ],
)
def test_what_is_wrong_is_said(text, said):
    told = read_published(text)

    assert isinstance(told, Text)
    assert told.message.startswith(said)


def test_a_figure_beyond_bounds_is_told_like_in_any_instance(tmp_path):
    path = tmp_path / "cap.txt"
    path.write_bytes(TWO_BY_THREE.replace(b"100.", b"1e300"))

    with pytest.raises(Trouble) as told:
        source.read(path, 10.0)
    assert told.value.code == "no_instance"
