"""Families of cut sets: joined either way they stay minimal."""

from __future__ import annotations

from itertools import chain, combinations, product

from hypothesis import given
from hypothesis import strategies as st

from risk.depth.families import ALWAYS, NEVER, ORDER_CAP, Family, both, either, single

sets_of_nodes = st.lists(st.frozensets(st.integers(0, 5), min_size=1, max_size=3), max_size=6)


def family_of(sets: list[frozenset[int]]) -> Family:
    return either([both(single(node) for node in sorted(one)) for one in sets])


def listed(family: Family) -> set[frozenset[int]]:
    return {frozenset(one) for size in (1, 2, 3) for one in family.sets_of_size(size)}


def minimal(sets: set[frozenset[int]]) -> set[frozenset[int]]:
    return {one for one in sets if not any(other < one for other in sets) and len(one) <= ORDER_CAP}


def test_a_gate_that_nothing_empties_leaves_an_alternative_running():
    assert both([single(0), NEVER]).found is None
    assert both([single(0), NEVER]).at_least == ORDER_CAP + 1


def test_a_gate_that_is_always_empty_is_no_alternative():
    assert both([single(0), ALWAYS]) == single(0)
    assert either([single(0), ALWAYS]).found == 0


@given(first=sets_of_nodes, second=sets_of_nodes)
def test_either_holds_the_minimal_sets_of_both_families(first, second):
    assert listed(either([family_of(first), family_of(second)])) == minimal({*first, *second})


@given(first=sets_of_nodes, second=sets_of_nodes)
def test_both_holds_the_minimal_unions(first, second):
    unions = {a | b for a, b in product(first, second)}
    assert listed(both([family_of(first), family_of(second)])) == minimal(unions)


def test_four_independent_sources_have_no_cut_set_of_three():
    assert both(single(node) for node in range(4)).at_least == ORDER_CAP + 1


def test_a_product_too_large_to_list_says_up_to_which_size_it_is_whole():
    many = either(single(node) for node in range(600))
    more = either(single(node) for node in range(1000, 1600))
    joined = both([many, more])
    assert (joined.order, joined.at_least, joined.found) == (1, 2, 2)
    assert joined.twos <= {(a, b) for a in range(600) for b in range(1000, 1600)}


def test_common_nodes_are_found_however_large_the_families_are():
    common = range(5000, 5003)
    many = either(single(node) for node in chain(range(600), common))
    more = either(single(node) for node in chain(range(1000, 1600), common))
    assert [one for (one,) in both([many, more]).sets_of_size(1)] == list(common)


def test_pairs_that_share_a_node_join_to_a_triple():
    first = either([both([single(a), single(b)]) for a, b in combinations(range(3), 2)])
    assert listed(both([first, either([both([single(2), single(3)])])])) == {
        frozenset({0, 2, 3}),
        frozenset({1, 2, 3}),
    }


def test_many_large_independent_sources_have_no_cut_set_of_three():
    parts = [either(single(node) for node in range(start, start + 400)) for start in range(0, 4000, 400)]
    assert (both(parts).order, both(parts).at_least, both(parts).found) == (ORDER_CAP, ORDER_CAP + 1, None)


@given(parts=st.lists(sets_of_nodes, min_size=3, max_size=5))
def test_several_families_are_joined_at_once(parts):
    families = [family_of(sets) for sets in parts]
    joined = both(families)
    for size in (1, 2, 3):
        tried = {frozenset(one) for one in combinations(range(6), size)}
        whole = {one for one in tried if all(any(cut <= one for cut in listed(part)) for part in families)}
        smaller = {one for one in whole if any(cut < one for cut in listed(joined))}
        assert {one for one in listed(joined) if len(one) == size} == whole - smaller
