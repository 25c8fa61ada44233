"""Nodes: who stops together, and finding a node by what a person types."""

import pytest

from chains.defaults import Defaults
from chains.errors import UnknownKeyError
from chains.model import ChainFolder, Scope
from chains.sources import resolve_sources
from chains.union import join_folders
from risk.nodes import NodeMembers, find_nodes, match_node
from tests.factories import aggregate, firm, folder, item, supply

SUPPLIERS = (
    firm("J1", "JPN", parent="JG"),
    firm("J2", "JPN", parent="J1"),
    firm("C1", "CHN", province="江苏", city="苏州"),
    firm("U1", "USA", city="苏州"),
    aggregate("CC-KOR", "KOR"),
)


def rows_of_all() -> ChainFolder:
    supplies = [supply(supplier.supplier_id, "A", 0.2) for supplier in SUPPLIERS[:4]]
    return folder(
        items=[item("A", weight=1.0), item("B", weight=1.0)],
        suppliers=SUPPLIERS,
        supplies=[*supplies, supply("CC-KOR", "B", 0.9)],
    )


@pytest.fixture
def members(defaults: Defaults) -> tuple[NodeMembers, ...]:
    records = join_folders([rows_of_all()], "c1")
    return find_nodes(records, resolve_sources(records, defaults))


def keys(members: tuple[NodeMembers, ...], scope: Scope) -> list[str]:
    return [one.node.key for one in members if one.node.scope is scope]


def test_a_group_reaches_to_the_topmost_parent(members: tuple[NodeMembers, ...]):
    assert keys(members, Scope.PARENT) == ["C1", "JG", "U1"]
    assert match_node(members, Scope.PARENT, "JG").supplier_ids == ("J1", "J2")


def test_a_country_aggregate_stops_with_its_country_and_is_no_firm(members: tuple[NodeMembers, ...]):
    assert "CC-KOR" not in keys(members, Scope.SUPPLIER)
    assert match_node(members, Scope.COUNTRY, "KOR").supplier_ids == ("CC-KOR",)


def test_cities_of_one_name_in_two_countries_stay_apart(members: tuple[NodeMembers, ...]):
    assert keys(members, Scope.CITY) == ["CHN/苏州", "USA/苏州"]


def test_home_and_abroad_are_told_apart(members: tuple[NodeMembers, ...]):
    assert match_node(members, Scope.SUPPLIER, "C1").node.home
    assert match_node(members, Scope.COUNTRY, "JPN").node.home is False
    assert match_node(members, Scope.ITEM, "A").node.home is None


@pytest.mark.parametrize("name", ["日本", "Japan", "japan"])
def test_a_country_called_by_its_name_is_found_by_its_code(members: tuple[NodeMembers, ...], name: str):
    with pytest.raises(UnknownKeyError) as caught:
        match_node(members, Scope.COUNTRY, name)
    assert caught.value.near[0] == "JPN"


def test_an_unknown_key_lists_near_matches(members: tuple[NodeMembers, ...]):
    with pytest.raises(UnknownKeyError, match="no supplier 'J3' in this chain") as caught:
        match_node(members, Scope.SUPPLIER, "J3")
    assert set(caught.value.near) >= {"J1", "J2"}
