"""Firm networks on the desk: brought in once, computed, found again among the firms of chains."""

import subprocess
import sys
from pathlib import Path

import pytest

from desk import firm_pages
from desk.firm_networks import (
    EXAMPLE_KEY,
    NetworkFilesGiven,
    compute_network,
    import_network,
    load_example_network,
    remove_network,
)
from desk.firm_pages import (
    find_firm_indices,
    link_to_chains,
    prepare_stored,
    read_chain_firms,
    read_firm_scores,
    read_networks,
    read_standing,
    stop_firm,
)
from desk.loading import initialise
from desk.store import reading
from risk.cascade.errors import FirmDataError
from risk.errors import ParameterError
from tests.desk.conftest import make_home

ROOT = Path(__file__).resolve().parents[2]
FIRMS = (
    "id,sector,name,city,uscc\n"
    "A,s,甲厂,南京,91110000600037341L\n"
    "B,s,乙厂,,91110000600037341K\n"
    "C,t,丙厂,苏州,\n"
)
EDGES = "supplier,buyer,weight\nA,B,10\nB,C,5\nC,A,1\n"
ESSENTIAL = "sector,s,t\ns,2,2\nt,1,1\n"


@pytest.fixture
def settings(tmp_path):
    made = make_home(tmp_path / "home")
    initialise(made, empty=True)
    return made


@pytest.fixture
def bring(settings, tmp_path):
    def bring(edges=EDGES, firms=FIRMS, key="net", **options):
        given = NetworkFilesGiven(tmp_path / "edges.csv", tmp_path / "firms.csv", tmp_path / "essential.csv")
        for path, text in ((given.edges, edges), (given.firms, firms), (given.essential, ESSENTIAL)):
            path.write_text(text, encoding="utf-8")
        return import_network(settings, key, files=given, **options)

    return bring


def test_the_same_files_twice_are_one_load(bring, settings):
    first, again = bring(), bring()
    assert (first.changed, again.changed) == (True, False)
    assert again.network.network_id == first.network.network_id
    assert bring(edges=EDGES + "B,A,2\n").changed
    assert [one.network.links for one in read_networks(settings)] == [4]


def test_a_credit_code_with_a_wrong_check_digit_is_left_out_and_told(bring):
    (problem,) = bring().problems
    assert problem.code == "bad-credit-code"
    assert "91110000600037341K" in problem.message_zh
    assert problem.places[0].row == 3


def test_files_that_break_a_rule_store_nothing(bring, settings):
    with pytest.raises(FirmDataError, match="not in the list of firms"):
        bring(edges=EDGES + "X,A,1\n")
    assert read_networks(settings) == ()


def test_a_key_that_cannot_stand_in_a_link_is_refused(bring):
    with pytest.raises(ParameterError, match="lower-case"):
        bring(key="My Net")


def test_what_stops_with_a_firm_adds_up_to_its_index(bring, settings):
    bring()
    computed = compute_network(settings)
    prepared = prepare_stored(settings, computed.network.network_id)
    for row in read_firm_scores(settings, computed.run).iter_rows(named=True):
        losses = stop_firm(prepared, row["firm"], run=computed.run)
        assert losses.esri == pytest.approx(row["esri"], abs=1e-12)
        assert losses.sweeps == row["sweeps"]


def test_a_firm_is_found_by_id_code_or_exact_name_and_not_by_a_name_that_two_have(bring, settings):
    network = bring(firms=FIRMS + "D,t,双厂,,\nE,t,双厂,,\n").network
    wanted = [("C", ()), ("sup-a", ()), ("sup-b", ("乙厂",)), ("sup-d", ("双厂",)), ("sup-x", ("无此厂",))]
    with reading(settings) as session:
        pairs = firm_pages._match(session, network, wanted, {"91110000600037341L": "sup-a"})
    assert pairs == [("C", "C", "id"), ("sup-a", "A", "code"), ("sup-b", "B", "name")]


def test_a_supplier_shows_the_index_of_its_firm_and_its_place(bring, settings):
    bring()
    assert find_firm_indices(settings, [("A", ())]) == ()
    computed = compute_network(settings)
    (found,) = find_firm_indices(settings, [("A", ()), ("X", ("无此厂",))])
    scores = read_firm_scores(settings, computed.run)
    assert scores["firm_id"][found.rank - 1] == "A"
    assert found.esri == scores["esri"][found.rank - 1]
    assert found.is_systemic


def test_a_removed_network_is_gone_from_pages_but_may_come_back(bring, settings):
    bring()
    compute_network(settings)
    remove_network(settings, "net")
    assert read_networks(settings) == ()
    assert bring().changed


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The synthetic network, computed; to be read from only."""
    made = make_home(tmp_path_factory.mktemp("firms"))
    initialise(made, empty=True)
    load_example_network(made)
    return made


def test_the_example_is_marked_and_shows_a_plateau(example):
    standing = read_standing(example, EXAMPLE_KEY)
    assert standing.run is not None
    scores = read_firm_scores(example, standing.run)
    assert standing.network.origin == "example"
    assert all(name.startswith("合成示例·") for name in scores["name"])
    top = scores["esri"].to_list()
    assert top[7] > 0.3 > 2 * top[8] - 0.02
    assert load_example_network(example).run.run_id == standing.run.run_id


def test_firms_of_the_example_are_linked_to_the_example_chain(example):
    run = read_standing(example, None).run
    assert run is not None
    scores = read_firm_scores(example, run)
    assert link_to_chains(scores, read_chain_firms(example)) == {}


def test_the_shipped_files_are_those_that_the_script_writes(tmp_path):
    script = ROOT / "scripts" / "make_firm_example.py"
    subprocess.run([sys.executable, str(script), str(tmp_path)], check=True)
    for name in ("edges.csv", "firms.csv", "essential.csv"):
        assert (tmp_path / name).read_bytes() == (ROOT / "data" / "examples" / "firms" / name).read_bytes()
