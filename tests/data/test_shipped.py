"""The shipped data: complete, without errors, and without a text that is not ours."""

import csv
import math
import re
from collections import Counter
from pathlib import Path

import pytest

from chains.catalog import read_bottlenecks, read_folder, read_sources
from chains.checks import check_folders
from chains.checks.folders import check_all
from chains.errors import Severity
from chains.union import end_products, join_folders

DATA = Path(__file__).resolve().parents[2] / "data"
CHAINS = ("autochip", "ic", "pv")


@pytest.fixture(scope="module")
def folders():
    return {name: read_folder(DATA / "chains" / name)[0] for name in CHAINS}


@pytest.fixture(scope="module")
def register():
    return read_bottlenecks(DATA / "bottlenecks.csv")[0]


def test_the_shipped_data_has_no_error_and_only_the_warnings_that_docs_explain():
    problems = check_all(DATA)
    assert [str(p) for p in problems if p.severity is Severity.ERROR] == []
    assert [p.code for p in problems] == ["shares-above-1"] * 9
    explained = (DATA.parent / "docs" / "data.md").read_text(encoding="utf-8")
    assert all(
        item_id in explained for p in problems for item_id in re.findall(r"shares of (\S+)", p.message)
    )


@pytest.mark.parametrize(
    ("chain", "counts"),
    [
        ("ic", (132, 141, 334, 1220, 926, 16)),
        ("pv", (93, 106, 152, 224, 89, 21)),
        ("autochip", (99, 427, 135, 319, 27, 14)),
    ],
)
def test_no_row_of_a_chain_was_lost(folders, chain, counts):
    folder = folders[chain]
    assert counts == (
        len(folder.items),
        len(folder.links),
        len(folder.suppliers),
        len(folder.supplies),
        sum(supply.share is not None for supply in folder.supplies),
        len(folder.sources),
    )


@pytest.mark.parametrize(
    ("chain", "shares", "weights", "estimates", "in_jiangsu"),
    [("ic", 177.156, 20.0, 16, 31), ("pv", 13.59108, 1.0, 56, 38), ("autochip", 5.2213, 0, 27, 35)],
)
def test_the_figures_of_a_chain_are_the_sources_figures(
    folders, chain, shares, weights, estimates, in_jiangsu
):
    folder = folders[chain]
    assert math.fsum(supply.share or 0 for supply in folder.supplies) == pytest.approx(shares, abs=1e-9)
    assert math.fsum(link.weight or 0 for link in folder.links) == pytest.approx(weights, abs=1e-3)
    assert sum(supply.is_estimate is True for supply in folder.supplies) == estimates
    assert sum(supplier.province == "江苏" for supplier in folder.suppliers) == in_jiangsu


def test_single_figures_stand_as_published(folders):
    share_of = {
        (row.supplier_id, row.item_id): (row.share, row.year, row.source_id)
        for folder in folders.values()
        for row in folder.supplies
    }
    assert share_of["acm-research", "IC-N55"] == (0.024, 2025, "eto-techinsights-2025")
    assert share_of["infineon", "AC-MCU"] == (0.29, 2023, "techinsights-mcu-2023")
    assert share_of["country-nld", "IC-N20"] == (1.0, 2025, "eto-techinsights-2025")


def test_every_share_has_a_year_a_document_and_says_whether_it_is_an_estimate(folders):
    for folder in folders.values():
        documents = {source.source_id for source in folder.sources} - {"public-knowledge"}
        for row in folder.supplies:
            if row.share is not None:
                assert row.year is not None, row.place
                assert row.is_estimate is not None, row.place
                assert row.source_id in documents, row.place


def test_every_home_use_has_a_year_and_a_document(folders):
    stated = {"ic": 19, "pv": 16, "autochip": 12}
    for name, folder in folders.items():
        documents = {source.source_id for source in folder.sources} - {"public-knowledge"}
        with (DATA / "chains" / name / "items.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row["home_use"]]
        assert len(rows) == stated[name]
        assert {row["home_use_source_id"] for row in rows} <= documents
        assert all(2022 <= int(row["home_use_year"]) <= 2025 for row in rows)


def test_every_fact_names_a_listed_document(folders):
    for folder in folders.values():
        listed = {source.source_id for source in folder.sources}
        for rows in (folder.items, folder.links, folder.suppliers, folder.supplies):
            assert {row.source_id for row in rows} <= listed


def test_the_end_products_are_the_chip_the_plant_and_the_vehicle(folders):
    assert {name: end_products(folder) for name, folder in folders.items()} == {
        "ic": {"IC-N99": 1.0},
        "pv": {"PV-SYSTEM": 1.0},
        "autochip": {"AC-VEHICLE": 1.0},
    }


@pytest.mark.parametrize("left_out", CHAINS)
def test_the_other_chains_load_without_any_one_of_them(folders, left_out):
    rest = [folder for name, folder in folders.items() if name != left_out]
    assert [p for p in check_folders(rest) if p.severity is Severity.ERROR] == []
    for folder in rest:
        assert join_folders(rest, folder.chain.chain_id).items


def test_autochip_holds_22_items_of_ic_and_one_of_pv(folders):
    own = {item.item_id for item in folders["autochip"].items}
    assert len(own & {item.item_id for item in folders["ic"].items}) == 22
    assert own & {item.item_id for item in folders["pv"].items} == {"PV-GALLIUM"}
    assert not {row.item_id for row in folders["autochip"].supplies if not row.item_id.startswith("AC-")}


def test_tags_are_unknown_until_a_list_brings_them(folders):
    for name, folder in folders.items():
        header = (DATA / "chains" / name / "suppliers.csv").read_text(encoding="utf-8").splitlines()[0]
        assert "tags" in header.split(",")
        assert {supplier.tags for supplier in folder.suppliers} == {None}


def test_tier_and_cluster_stand_only_where_a_document_names_them(folders):
    assert {name: (f.chain.tier_531, f.chain.cluster) for name, f in folders.items()} == {
        "ic": ("卓越链", "集成电路"),
        "pv": (None, None),
        "autochip": (None, None),
    }
    assert "tier_531_source" in (DATA / "chains" / "ic" / "chain.toml").read_text(encoding="utf-8")


def test_no_text_of_the_non_commercial_source_was_copied(folders):
    ours = re.compile(r"ETO \w+(; 全球市场规模 [\d.]+ (bn|mn) USD( \([\w ,]+\))?)?")
    for item in folders["ic"].items:
        if item.source_id == "eto-2026" and not item.item_id.startswith("IC-S"):
            assert ours.fullmatch(item.description), item
    assert all(len(item.description or "") <= 60 for folder in folders.values() for item in folder.items)


def test_whoever_uses_the_non_commercial_facts_is_told():
    notice = (DATA.parent / "NOTICE").read_text(encoding="utf-8")
    for text in (notice, (DATA / "chains" / "ic" / "SOURCES.md").read_text(encoding="utf-8")):
        assert "CC BY-NC 4.0" in text
        assert "Emerging Technology Observatory" in text
    assert "U.S. Geological Survey" in notice
    assert "IEA (2022)" in notice


def test_taiwan_is_written_as_the_house_writes_it(folders):
    supplier = next(s for s in folders["ic"].suppliers if s.supplier_id == "country-twn")
    assert (supplier.name_zh, supplier.name_en) == ("中国台湾", "Taiwan, China")
    for path in DATA.rglob("*.csv"):
        # Sample uploads are written as firms write them, GBK included.
        if path.parent.name not in {"regions", "uploads"}:
            text = path.read_text(encoding="utf-8").replace("Taiwan Mask Corporation", "")
            assert "Taiwan" not in text.replace("Taiwan, China", ""), path
            assert "台湾" not in text.replace("中国台湾", ""), path


def test_the_register_has_278_rows_with_known_counts(register):
    assert [row.bottleneck_id for row in register] == [f"B{number:03}" for number in range(1, 279)]
    assert Counter(row.five_base.value for row in register) == {
        "basic_component": 103,
        "basic_material": 73,
        "industrial_software": 22,
        "basic_process_equipment": 56,
        "technology_platform": 24,
    }
    assert Counter(row.evidence_grade for row in register) == {"E1": 196, "E2": 30, "E3": 30, "E4": 22}
    assert Counter(row.status for row in register) == {
        "open": 247,
        "domestic_trial": 23,
        "tackling": 7,
        "substituted": 1,
    }
    assert Counter(row.foreign_dependence for row in register) == {
        "high": 180,
        "medium": 68,
        None: 23,
        "low": 7,
    }


def test_the_register_is_tied_to_items_by_three_kinds_of_link(register):
    assert Counter(row.link_kind for row in register) == {None: 165, "same": 45, "part_of": 41, "nearest": 27}
    tie_of = {row.bottleneck_id: (row.item_id, row.link_kind) for row in register}
    assert tie_of["B037"] == ("IC-N20", "same")
    assert tie_of["B026"] == ("IC-N31", "part_of")
    assert tie_of["B032"] == ("IC-X1", "same")
    assert tie_of["B092"] == ("AC-BODYDCU", "nearest")


def test_the_note_of_a_register_row_does_not_repeat_its_grade(register):
    assert not any(re.match(r"E[1-4]", row.note or "") for row in register)


def test_the_register_says_that_it_is_not_the_official_list():
    text = (DATA / "BOTTLENECKS.md").read_text(encoding="utf-8")
    assert "工作目录(公开资料)" in text
    assert "并非官方" in text
    assert len(read_sources(DATA / "bottleneck_sources.csv")[0]) == 76
