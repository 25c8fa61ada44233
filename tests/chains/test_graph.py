"""The graph holds the same facts as the arrays, by name."""

from chains.defaults import Defaults
from chains.graph import build_graph, item_node, supplier_node, upstream_items
from chains.union import join_folders
from tests.factories import aggregate, firm, folder, item, link, purchase, supply

ROWS = folder(
    items=[item("ORE"), item("RESIST"), item("CHIP", weight=1.0)],
    links=[link("ORE", "RESIST"), link("RESIST", "CHIP")],
    suppliers=[firm("J", "JPN"), firm("FAB", "CHN"), aggregate("CC-JPN", "JPN")],
    supplies=[supply("J", "RESIST", 0.6), supply("CC-JPN", "RESIST", 0.9), supply("FAB", "CHIP", 1.0)],
    purchases=[purchase("FAB", "RESIST", "J", 1.0)],
)


def test_edges_point_the_way_goods_flow_and_carry_their_shares(defaults: Defaults):
    graph = build_graph(join_folders([ROWS], "c1"), defaults, bottleneck_items={"RESIST"})
    assert graph.edges[supplier_node("J"), item_node("RESIST")]["share"] == 0.6
    assert graph.nodes[item_node("RESIST")]["others"] == 0.4
    assert graph.nodes[item_node("RESIST")]["bottleneck"]
    assert not graph.nodes[item_node("CHIP")]["bottleneck"]
    assert graph.edges[supplier_node("J"), supplier_node("FAB")]["items"] == ("RESIST",)


def test_only_the_view_of_the_market_that_counts_is_drawn(defaults: Defaults):
    graph = build_graph(join_folders([ROWS], "c1"), defaults)
    assert not graph.has_edge(supplier_node("CC-JPN"), item_node("RESIST"))


def test_upstream_items_are_found_through_any_number_of_steps(defaults: Defaults):
    graph = build_graph(join_folders([ROWS], "c1"), defaults)
    assert list(upstream_items(graph, "CHIP")) == ["ORE", "RESIST"]
