"""What the threshold of near names is worth, measured on labelled pairs (docs/upload.md, Matching)."""

import csv
from pathlib import Path

import pytest

from chains.catalog import read_folder
from ingest.item_likeness import score_items, take_item_apart
from ingest.known_names import known_names
from ingest.likeness import score_firms, take_apart
from ingest.model import KnownName
from ingest.resolution import (
    CERTAIN_SCORE,
    home_places,
    index_items,
    index_suppliers,
    resolve_near,
)

CHAINS = Path(__file__).parents[2] / "data" / "chains"
PAIRS = list(csv.DictReader(Path(__file__).with_name("labelled_names.csv").open(encoding="utf-8")))


def known_of(pair):
    places = tuple(filter(None, (pair["province"], pair["city"])))
    return KnownName("known", (pair["known_name"],), country=pair["country"] or None, places=places)


def placed(pair):
    """Tell whether a list's name is taken for the known one without asking."""
    make = index_items if pair["kind"] == "item" else index_suppliers
    return resolve_near(pair["list_name"], make([known_of(pair)])).key is not None


def score(pair):
    if pair["kind"] == "item":
        return score_items(take_item_apart(pair["list_name"]), take_item_apart(pair["known_name"]))
    known = known_of(pair)
    one, other = take_apart(pair["list_name"]), take_apart(pair["known_name"])
    return score_firms(one, other, home=home_places(known), country=known.country)


def measure(kind):
    pairs = [pair for pair in PAIRS if pair["kind"] == kind]
    taken = [pair for pair in pairs if placed(pair)]
    right = [pair for pair in taken if pair["same"] == "1"]
    same = sum(pair["same"] == "1" for pair in pairs)
    return len(right) / len(taken), len(right) / same, [pair for pair in taken if pair["same"] == "0"]


def test_the_set_is_large_and_half_of_it_are_pairs_that_only_look_alike():
    firms = [pair for pair in PAIRS if pair["kind"] == "supplier"]
    same = sum(pair["same"] == "1" for pair in firms)
    assert len(firms) >= 800
    assert 0.4 <= same / len(firms) <= 0.6


@pytest.mark.parametrize(("kind", "recall"), [("supplier", 0.70), ("item", 0.60)])
def test_of_100_names_that_are_placed_unasked_99_are_right(kind, recall):
    precision, found, wrong = measure(kind)
    assert precision >= 0.99, wrong
    assert found >= recall


def test_below_the_threshold_precision_falls_so_it_is_not_lower_than_it_could_be():
    def precision_at(least):
        taken = [pair for pair in PAIRS if pair["kind"] == "supplier" and score(pair) >= least]
        return sum(pair["same"] == "1" for pair in taken) / len(taken)

    assert precision_at(CERTAIN_SCORE) >= 0.99
    assert precision_at(88) < 0.99


def test_no_two_names_of_the_set_lead_into_each_other_when_all_are_known():
    known: dict[str, KnownName] = {}
    for pair in PAIRS:
        if pair["kind"] == "supplier" and pair["same"] == "1":
            known.setdefault(pair["known_name"], known_of(pair))
    firms = [
        KnownName(name, (name,), country=firm.country, places=firm.places) for name, firm in known.items()
    ]
    index = index_suppliers(firms)
    same = {(pair["list_name"], pair["known_name"]) for pair in PAIRS if pair["same"] == "1"}
    wrong = []
    for pair in PAIRS:
        found = resolve_near(pair["list_name"], index) if pair["kind"] == "supplier" else None
        if found is None or found.key is None or pair["list_name"] == found.key:
            continue
        # A short and a full name of one firm may both be known; then either is right.
        is_same = (pair["list_name"], found.key) in same or not known_apart(pair["list_name"], found.key)
        wrong += [] if is_same else [(pair["list_name"], found.key)]
    assert wrong == []


def known_apart(one, other):
    return any(
        {one, other} == {pair["list_name"], pair["known_name"]} and pair["same"] == "0" for pair in PAIRS
    )


@pytest.mark.parametrize("chain", ["ic", "pv", "autochip"])
def test_no_firm_or_item_of_the_shipped_chains_leads_by_likeness_to_another(chain):
    folder, _ = read_folder(CHAINS / chain)
    for known, index_of in zip(
        known_names(folder.suppliers, folder.items), (index_suppliers, index_items), strict=True
    ):
        index = index_of(known)
        for one in known:
            for name in one.names:
                found = resolve_near(name, index, country=one.country)
                assert found.how != "near" or found.key == one.key, (name, found)
