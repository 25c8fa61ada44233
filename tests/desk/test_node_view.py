"""What stands behind a node, on the example with buyers' lists."""

import pytest

from chains.errors import UnknownKeyError
from chains.model import Scope
from desk.neighbours import FIRMS, MADE
from desk.node_view import read_node


def test_a_firms_page_shows_every_source_of_what_it_makes_with_share_and_year(example):
    view = read_node(example("fabs"), "fabs", scope=Scope.SUPPLIER, key="J1")
    (resist,) = view.items
    assert resist.item.item_id == "RESIST"
    assert [(source.supplier_id, source.share, source.year) for source in resist.sources[:3]] == [
        ("J1", 0.6, 2025),
        ("J2", 0.3, 2025),
        ("C1", 0.1, 2025),
    ]
    assert resist.others == 0.0
    assert [slot.item_id for slot in resist.feeds] == ["WAFERFAB"]


def test_only_the_firms_of_the_node_are_marked_as_stopping(example):
    view = read_node(example("fabs"), "fabs", scope=Scope.PARENT, key="JGROUP")
    (resist,) = view.items
    assert {source.supplier_id for source in resist.sources if source.stops} == {"J1", "J2"}
    assert [firm.supplier_id for firm in view.firms] == ["J1", "J2"]


def test_the_lines_of_buyers_lists_that_name_a_firm_stand_on_its_page(example):
    view = read_node(example("fabs"), "fabs", scope=Scope.SUPPLIER, key="J4")
    assert {(line.purchase.buyer_id, line.buys) for line in view.purchases} == {("B1", False), ("B2", False)}
    buyer = read_node(example("fabs"), "fabs", scope=Scope.SUPPLIER, key="B1")
    assert all(line.buys for line in buyer.purchases)


def test_a_blank_share_stays_unknown_beside_what_the_model_reckons_with(example):
    view = read_node(example("blank"), "blank", scope=Scope.SUPPLIER, key="S1")
    (sealant,) = view.items
    (source,) = sealant.sources
    assert (source.share, source.filled, source.unsure) == (None, 0.1, True)
    assert sealant.others == 0.9


def test_the_picture_leads_from_the_firm_over_what_it_makes_to_the_end_product(example):
    view = read_node(example("fabs"), "fabs", scope=Scope.SUPPLIER, key="J1")
    layers = {node.node_id: node.layer for node in view.neighbours.nodes}
    assert layers["supplier:J1"] == FIRMS
    assert layers["item:RESIST"] == MADE
    assert layers["item:RESIST"] < layers["item:WAFERFAB"] < layers["item:MCU"] < layers["item:CAR"]
    assert {node.key for node in view.neighbours.nodes if node.is_end} == {"CAR"}
    ids = set(layers)
    assert all({edge.source_id, edge.target_id} <= ids for edge in view.neighbours.edges)


def test_a_picture_without_room_keeps_the_nearest_and_lists_the_rest(shipped):
    view = read_node(shipped, "pv", scope=Scope.COUNTRY, key="CHN")
    assert len(view.neighbours.nodes) <= 150
    shown = {node.node_id for node in view.neighbours.nodes}
    assert shown.isdisjoint(node.node_id for node in view.neighbours.left_out)
    assert len(shown) == len(view.neighbours.nodes)


def test_an_unknown_node_names_the_near_ones(example):
    with pytest.raises(UnknownKeyError) as error:
        read_node(example("fabs"), "fabs", scope=Scope.COUNTRY, key="JP")
    assert "JPN" in error.value.near
