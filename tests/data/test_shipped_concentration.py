"""What the shipped chains say about concentration and backup depth."""

from __future__ import annotations

from pathlib import Path

import pytest

from chains.catalog import read_folder
from chains.regions import Regions, read_cities, read_provinces
from chains.sources import ResolvedBy
from chains.union import join_folders
from risk.concentration.lines import load_concentration_lines
from risk.concentration.measure import GroupedBy, measure_concentration
from risk.depth.measure import measure_depths
from risk.depth.model import DepthLevel, TargetKind
from risk.model import Verdict

DATA = Path(__file__).resolve().parents[2] / "data"
CHAINS = ("autochip", "ic", "pv")


@pytest.fixture(scope="module")
def folders():
    return [read_folder(DATA / "chains" / name)[0] for name in CHAINS]


def test_about_three_items_in_four_of_the_chip_data_are_concentrated_by_country(folders, defaults):
    regions = Regions(
        read_provinces(DATA / "regions" / "provinces.csv"),
        read_cities(DATA / "regions" / "jiangsu_cities.csv"),
    )
    found = measure_concentration(
        join_folders(folders, "ic"),
        defaults=defaults,
        regions=regions,
        lines=load_concentration_lines(DATA / "concentration.toml"),
    )
    by_country = [
        one for one in found if one.by is GroupedBy.COUNTRY and one.view is ResolvedBy.COUNTRY and one.groups
    ]
    above = [one for one in by_country if one.verdict is Verdict.ABOVE]
    assert len(by_country) == 93
    assert 0.7 < len(above) / len(by_country) < 0.85


@pytest.mark.parametrize("chain", CHAINS)
def test_every_shipped_item_has_a_depth_or_says_that_it_is_open(folders, defaults, chain):
    depths = measure_depths(join_folders(folders, chain), defaults=defaults)
    assert {one.target.kind for one in depths} == {TargetKind.END, TargetKind.ITEM}
    for depth in depths:
        for level in DepthLevel:
            one = depth.at(level)
            assert one.exact != bool(one.unknown)


def test_every_fake_backup_of_the_shipped_chains_tells_how_the_stop_reaches_each_name(folders, defaults):
    fakes = [
        (depth, fake)
        for chain in CHAINS
        for depth in measure_depths(join_folders(folders, chain), defaults=defaults)
        for fake in depth.fakes
    ]
    assert fakes
    for depth, fake in fakes:
        assert [one.supplier_id for one in fake.hides] == list(depth.sources)
        assert all(one.stopped for one in fake.hides)
