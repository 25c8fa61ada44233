"""Joining folders: each fact once, only what lies upstream, disagreement refused."""

from dataclasses import replace

import pytest

from chains.errors import ChainDataError, Place, UnknownKeyError
from chains.model import Relation
from chains.union import end_products, join_folders
from tests.factories import firm, folder, item, link, purchase, supply


def test_rows_that_two_folders_share_count_once():
    one = folder(items=[item("A"), item("END", weight=1.0)], links=[link("A", "END")])
    two = folder(items=[item("A"), item("CAR", weight=1.0)], links=[link("A", "CAR")], chain_id="c2")
    assert [part.item_id for part in join_folders([one, two], "c1").items] == ["A", "END"]


def test_folders_that_disagree_on_a_row_are_refused_naming_both_files_and_the_field():
    first = replace(item("A", cover_days=10.0), place=Place("ic/items.csv", 4))
    second = replace(item("A", cover_days=20.0), place=Place("pv/items.csv", 9))
    one = folder(items=[first, item("END", weight=1.0)], links=[link("A", "END")])
    two = folder(items=[second, item("CAR", weight=1.0)], links=[link("A", "CAR")], chain_id="c2")
    with pytest.raises(
        ChainDataError, match=r"ic/items.csv row 4.*pv/items.csv row 9.*cover_days 10.0 / 20.0"
    ):
        join_folders([one, two], "c1")


def test_texts_may_differ_and_the_chains_own_text_is_kept():
    own = replace(item("A"), description="own")
    other = replace(item("A"), description="other")
    one = folder(items=[own, item("END", weight=1.0)], links=[link("A", "END")], chain_id="z")
    two = folder(items=[other, item("CAR", weight=1.0)], links=[link("A", "CAR")], chain_id="a")
    assert join_folders([two, one], "z").items[0].description == "own"


def test_another_chain_upstream_counts_and_one_beside_it_does_not():
    chips = folder(
        items=[item("RESIST"), item("CHIP", weight=1.0)],
        links=[link("RESIST", "CHIP")],
        suppliers=[firm("J", "JPN")],
        supplies=[supply("J", "RESIST", 0.5)],
        chain_id="ic",
    )
    cars = folder(
        items=[item("CHIP", weight=1.0), item("CAR", weight=1.0)],
        links=[link("CHIP", "CAR")],
        chain_id="auto",
    )
    assert {part.item_id for part in join_folders([chips, cars], "auto").items} == {"RESIST", "CHIP", "CAR"}
    assert {part.item_id for part in join_folders([chips, cars], "ic").items} == {"RESIST", "CHIP"}


def test_a_substitute_is_not_upstream():
    rows = folder(
        items=[item("A"), item("B"), item("END", weight=1.0)],
        links=[link("A", "END"), link("B", "A", Relation.SUBSTITUTE_OF)],
    )
    assert [part.item_id for part in join_folders([rows], "c1").items] == ["A", "END"]


def test_a_bought_item_that_feeds_nothing_the_buyer_makes_lies_upstream_of_what_it_makes():
    rows = folder(
        items=[item("FILTER"), item("END", weight=1.0)],
        suppliers=[firm("FAB", "CHN"), firm("F", "DEU")],
        supplies=[supply("FAB", "END", 1.0)],
        purchases=[purchase("FAB", "FILTER", "F", 1.0)],
    )
    assert {part.item_id for part in join_folders([rows], "c1").items} == {"END", "FILTER"}


def test_without_weights_the_end_products_are_what_nothing_is_made_of_equally_weighted():
    rows = folder(
        items=[item("A"), item("X"), item("Y"), item("LONELY")], links=[link("A", "X"), link("A", "Y")]
    )
    assert end_products(rows) == {"X": 0.5, "Y": 0.5}


def test_end_weights_are_scaled_to_one():
    rows = folder(items=[item("X", weight=3.0), item("Y", weight=1.0), item("Z")])
    assert end_products(rows) == {"X": 0.75, "Y": 0.25}


def test_a_chain_without_end_product_is_refused_with_a_remedy():
    with pytest.raises(ChainDataError, match=r"give one item of items\.csv a weight"):
        end_products(folder(items=[item("A")]))


def test_an_unknown_chain_is_named_with_near_matches():
    with pytest.raises(UnknownKeyError, match="did you mean ic") as caught:
        join_folders([folder(items=[item("A", weight=1.0)], chain_id="ic")], "icc")
    assert caught.value.near == ("ic",)
