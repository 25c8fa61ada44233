"""The order of gates is that of networkx's condensation."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from risk.depth.order import find_components

graphs = st.integers(1, 9).flatmap(
    lambda count: st.lists(st.lists(st.integers(0, count - 1), max_size=4), min_size=count, max_size=count)
)


@given(reads=graphs)
def test_components_are_those_of_networkx_and_read_only_earlier_ones(reads):
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(len(reads)))
    graph.add_edges_from((gate, read) for gate, row in enumerate(reads) for read in row)
    found = find_components(reads)
    assert {frozenset(one) for one in found} == {
        frozenset(one) for one in nx.strongly_connected_components(graph)
    }
    place = {gate: at for at, component in enumerate(found) for gate in component}
    assert all(place[read] <= place[gate] for gate, row in enumerate(reads) for read in row)


def test_a_long_chain_needs_no_recursion():
    assert len(find_components([[], *([gate] for gate in range(20_000))])) == 20_001
