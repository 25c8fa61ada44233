"""合成示例: marked, joined to the three chains, and without a trace in the scores of what is real."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from chains.catalog import read_folder
from chains.checks import check_folders
from chains.errors import ChainDataError, Severity
from chains.model import ChainFolder, Purchase
from chains.repository import load_folders, remove_chain
from chains.tables import PurchaseRow
from chains.union import join_folders
from chains.version import data_version, folder_digest
from desk.example import (
    EXAMPLE_CHAIN,
    example_loaded,
    load_example,
    refit_loaded_example,
    remove_example,
)
from desk.loading import import_chain, initialise
from desk.reading import read_data_states, run_frame
from desk.store import reading, writing
from ingest.checking import check
from ingest.model import KnownName
from ingest.sandbox import Reader
from risk.compute import compute_scores
from risk.model import NODE_SCOPES
from settings import Settings, prepare_environment

DATA = Path(__file__).parents[2] / "data"
UPLOADS = DATA / "examples" / "uploads-demo"
REAL = ("autochip", "ic", "pv")
ALPHA = "demo-resist-japan-a"


def read_example() -> ChainFolder:
    folder, problems = read_folder(DATA / "examples" / "province" / EXAMPLE_CHAIN)
    assert problems == []
    return folder


def read_real() -> tuple[ChainFolder, ...]:
    return tuple(read_folder(DATA / "chains" / name)[0] for name in REAL)


@pytest.fixture
def home_settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "example-home")
    prepare_environment(settings)
    return settings


@pytest.fixture
def filled(home_settings: Settings) -> Settings:
    initialise(home_settings)
    return home_settings


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as own:
        yield own


def digests(settings: Settings) -> dict[str, str]:
    with reading(settings) as session:
        return {folder.chain.chain_id: folder_digest(folder) for folder in load_folders(session)}


def score(folders, chain_id, defaults, levels):
    records = join_folders(folders, chain_id)
    return compute_scores(
        records, defaults=defaults, levels=levels, home=("CHN",), main_horizon=180, scopes=NODE_SCOPES
    ).table


# -- what the example is -----------------------------------------------------------------------


def test_every_name_of_the_example_says_that_it_is_synthetic():
    folder = read_example()
    assert folder.chain.name_zh.startswith("合成示例")
    names = [(row.name_zh, row.name_en) for row in folder.items]
    names += [(row.name_zh or "", row.name_en) for row in folder.suppliers]
    assert all(zh.startswith("合成示例·") and en.startswith("Synthetic example") for zh, en in names)
    assert all(supplier.supplier_id.startswith("demo-") for supplier in folder.suppliers)
    assert all(item.item_id.startswith("DEMO-") for item in folder.items)


def test_the_example_agrees_with_the_shipped_chains():
    problems = check_folders((*read_real(), read_example()))
    assert [
        str(problem) for problem in problems if any("demo/" in str(place) for place in problem.places)
    ] == []


def test_invented_firms_trade_with_invented_firms_only_and_hold_no_share_of_a_real_market():
    folder = read_example()
    invented = {supplier.supplier_id for supplier in folder.suppliers}
    assert {firm for row in folder.purchases for firm in (row.buyer_id, row.supplier_id)} <= invented
    assert {row.supplier_id for row in folder.supplies} <= invented
    real = [row for row in folder.supplies if not row.item_id.startswith("DEMO-")]
    assert {(row.share, row.spare) for row in real} == {(0.0, 0.0)}


def test_each_of_the_three_chains_has_buyers_stock_spare_and_a_single_source():
    folder = read_example()
    lists: dict[tuple[str, str], list[Purchase]] = {}
    for row in folder.purchases:
        lists.setdefault((row.buyer_id, row.item_id), []).append(row)
    for prefix in ("IC-", "PV-", "AC-", "DEMO-"):
        own = [rows for (_, item_id), rows in lists.items() if item_id.startswith(prefix)]
        assert any(len(rows) == 1 for rows in own)
        assert any((row.spare or 0) > 0 for rows in own for row in rows)
        assert all((row.stock_days or 0) > 0 for rows in own for row in rows)
    assert len({row.buyer_id for row in folder.purchases}) == 16
    assert len(folder.suppliers) == 46


# -- what it does to the scores ----------------------------------------------------------------


@pytest.mark.parametrize("chain_id", REAL)
def test_scores_and_judgements_of_real_nodes_are_unchanged(chain_id, defaults, levels):
    before = score(read_real(), chain_id, defaults, levels)
    after = score((*read_real(), read_example()), chain_id, defaults, levels)
    column = {(node.scope, node.key): number for number, node in enumerate(after.nodes)}
    same = [column[node.scope, node.key] for node in before.nodes]
    for name, values in before.values.items():
        np.testing.assert_allclose(after.values[name][..., same], values, rtol=0, atol=1e-9, err_msg=name)
    facts = [replace(one, defaults=()) for one in before.judgements]
    assert [replace(after.judgements[number], defaults=()) for number in same] == facts
    assert [replace(after.nodes[number], firms=0) for number in same] == [
        replace(node, firms=0) for node in before.nodes
    ]
    added = {node.key for node in after.nodes} - {node.key for node in before.nodes}
    assert added
    assert all(key.startswith("demo-") for key in added)


@pytest.mark.parametrize("chain_id", REAL)
def test_the_data_version_of_every_real_chain_changes_as_its_union_does(chain_id):
    before = data_version(join_folders(read_real(), chain_id))
    assert data_version(join_folders((*read_real(), read_example()), chain_id)) != before


def test_the_fake_backups_stop_with_their_one_resin_and_their_one_parent(defaults, levels):
    table = score((read_example(),), EXAMPLE_CHAIN, defaults, levels)
    hidden = {
        node.key: judgement.worst_slot
        for node, judgement in zip(table.nodes, table.judgements, strict=True)
        if judgement.structural_run and node.scope in {"supplier", "parent"}
    }
    assert hidden == {
        "demo-resin-japan": ("DEMO-RESIN", 0.0),
        "demo-substrate-group": ("DEMO-SUBSTRATE", 0.0),
    }


def apply_list(folder: ChainFolder, name: str, reader: Reader) -> ChainFolder:
    """Replace a buyer's list of the items that an uploaded file names, as upload-rules.md says."""
    found = check(
        (UPLOADS / name).read_bytes(),
        name,
        known_suppliers=[
            KnownName(firm.supplier_id, (firm.name_zh or "",), country=firm.country)
            for firm in folder.suppliers
        ],
        known_items=[KnownName(item.item_id, (item.name_zh,)) for item in folder.items],
        reader=reader,
    )
    assert (found.status, found.bad_count) == ("accept", 0)
    buyers = {supplier.name_zh: supplier.supplier_id for supplier in folder.suppliers}
    rows = tuple(
        Purchase(
            buyers[row["buyer"]],
            row["item_id"],
            row["supplier_id"],
            share=row["share"],
            stock_days=row["stock_days"],
            spare=row["spare"],
            qualified=row["qualified"] == "yes",
        )
        for row in found.good()
    )
    named = {(row.buyer_id, row.item_id) for row in rows}
    kept = tuple(row for row in folder.purchases if (row.buyer_id, row.item_id) not in named)
    return replace(folder, purchases=(*kept, *rows))


def alpha_numbers(folder: ChainFolder, defaults, levels) -> dict[str, object]:
    table = score((folder,), EXAMPLE_CHAIN, defaults, levels)
    number = next(n for n, node in enumerate(table.nodes) if (node.scope, node.key) == ("supplier", ALPHA))
    at = table.horizons.index(180)
    tts = table.values["tts_days"][0, 0, at, number]
    return {
        "level": table.judgements[number].level.value,
        "decided_by": table.judgements[number].decided_by.value,
        "residual_run": round(float(table.values["residual"][0, 0, at, number]), 6),
        "exposure_build": round(float(table.values["exposure"][1, 0, at, number]), 6),
        "tts_days": None if np.isnan(tts) else int(tts),
    }


def test_one_list_makes_a_supplier_critical_and_the_other_heals_it(defaults, levels, reader):
    expected = json.loads((UPLOADS / "expected.json").read_text(encoding="utf-8"))
    before = read_example()
    critical = apply_list(before, "one-supplier.csv", reader)
    healed = apply_list(critical, "three-suppliers.xlsx", reader)
    found = {
        "as loaded": alpha_numbers(before, defaults, levels),
        "one-supplier.csv": alpha_numbers(critical, defaults, levels),
        "three-suppliers.xlsx": alpha_numbers(healed, defaults, levels),
    }
    assert found == expected
    assert [numbers["level"] for numbers in expected.values()] == ["yellow", "red", "yellow"]


def test_the_sample_list_names_the_synthetic_buyer_in_every_row():
    with (UPLOADS / "one-supplier.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert {row["采购方"] for row in csv.DictReader(lines)} == {"合成示例·南京晶圆厂"}


# -- loading and removing ----------------------------------------------------------------------


def test_loading_twice_changes_nothing_the_second_time_and_queues_no_run(filled):
    first = load_example(filled)
    assert first.changed
    assert first.chains == ("demo", "autochip", "ic", "pv")
    assert "lianwen recompute --chain demo" in first.sentence.zh
    held = digests(filled)
    second = load_example(filled)
    assert not second.changed
    assert digests(filled) == held
    assert run_frame(filled).empty


def test_removing_gives_back_exactly_the_facts_of_before(filled):
    before = digests(filled)
    versions = {state.chain.chain_id: state.data_version for state in read_data_states(filled)}
    load_example(filled)
    assert example_loaded(filled)
    assert remove_example(filled).changed
    assert not example_loaded(filled)
    assert digests(filled) == before
    assert {state.chain.chain_id: state.data_version for state in read_data_states(filled)} == versions
    assert not remove_example(filled).changed
    assert load_example(filled).changed


def test_init_leaves_a_loaded_example_in_place(filled):
    load_example(filled)
    held = digests(filled)
    initialise(filled)
    assert digests(filled) == held
    assert {state.origin for state in read_data_states(filled)} == {"shipped", "example"}


def test_removing_takes_along_what_was_uploaded_about_its_firms_in_any_chain(filled):
    before = digests(filled)
    load_example(filled)
    with writing(filled) as session:
        session.add(
            PurchaseRow(
                chain_id="pv",
                upload_id=1,
                buyer_id="demo-pv-module-changzhou",
                item_id="PV-GLASS",
                supplier_id="tongwei",
                recorded_at=datetime.now(UTC),
            )
        )
    assert "上传数据 1 行" in remove_example(filled).sentence.zh
    assert digests(filled) == before


def test_without_the_real_chains_the_example_stands_alone_and_grows_when_they_come(home_settings):
    initialise(home_settings, empty=True)
    assert load_example(home_settings).chains == ("demo",)
    alone = digests(home_settings)
    assert not load_example(home_settings).changed
    import_chain(home_settings, DATA / "chains" / "pv")
    assert load_example(home_settings).chains == ("pv",)
    assert digests(home_settings)["demo"] != alone["demo"]


def test_buyers_of_a_chain_that_leaves_go_with_it_and_those_of_the_others_stay(filled):
    load_example(filled)
    with writing(filled) as session:
        remove_chain(session, "ic", at=datetime.now(UTC))
        assert refit_loaded_example(session, DATA, at=datetime.now(UTC))
        held = {folder.chain.chain_id: folder for folder in load_folders(session)}
        assert not refit_loaded_example(session, DATA, at=datetime.now(UTC))
    items = {purchase.item_id for purchase in held["demo"].purchases}
    assert "IC-X3" not in items
    assert {"PV-FILM", "AC-IGBT", "DEMO-RESIST"} <= items
    assert not [one for one in check_folders(tuple(held.values())) if one.severity is Severity.ERROR]


def test_an_officers_own_chain_of_the_same_id_is_never_overwritten(home_settings, tmp_path):
    folder = tmp_path / EXAMPLE_CHAIN
    folder.mkdir()
    for name, text in {
        "items.csv": "item_id,name_en,kind,weight\nGLUE,Glue,material,\nPANEL,Panel,product,1\n",
        "links.csv": "input_item_id,output_item_id,relation\nGLUE,PANEL,input_of\n",
        "suppliers.csv": "supplier_id,name_en,kind,country\nACME,Acme,enterprise,DEU\n",
        "supplies.csv": "supplier_id,item_id,share\nACME,GLUE,0.6\n",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    initialise(home_settings, empty=True)
    import_chain(home_settings, folder)
    held = digests(home_settings)
    with pytest.raises(ChainDataError, match="a chain of your own"):
        load_example(home_settings)
    assert not remove_example(home_settings).changed
    assert digests(home_settings) == held
