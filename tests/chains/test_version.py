"""Data versions: what changes them and what does not."""

from dataclasses import replace

from chains.model import ChainFolder
from chains.union import join_folders
from chains.version import data_version, folder_digest
from tests.factories import firm, folder, item, link, supply

ITEMS = [item("A"), item("END", weight=1.0)]
ROWS = folder(
    items=ITEMS, links=[link("A", "END")], suppliers=[firm("S", "JPN")], supplies=[supply("S", "A", 0.5)]
)


def version_of(rows: ChainFolder) -> str:
    return data_version(join_folders([rows], "c1"))


def test_the_order_of_rows_does_not_change_the_version():
    assert version_of(replace(ROWS, items=tuple(reversed(ITEMS)))) == version_of(ROWS)
    assert folder_digest(replace(ROWS, items=tuple(reversed(ITEMS)))) == folder_digest(ROWS)


def test_a_share_changes_the_version():
    changed = replace(ROWS, supplies=(supply("S", "A", 0.6),))
    assert version_of(changed) != version_of(ROWS)


def test_a_description_changes_the_folder_but_not_what_scores_rest_on():
    described = replace(ROWS, items=(replace(ITEMS[0], description="new words"), ITEMS[1]))
    assert version_of(described) == version_of(ROWS)
    assert folder_digest(described) != folder_digest(ROWS)


def test_what_lies_beside_the_chain_does_not_change_its_version():
    beside = folder(items=[item("Z", weight=1.0)], chain_id="c2")
    assert data_version(join_folders([ROWS, beside], "c1")) == version_of(ROWS)


def test_what_a_chain_says_of_the_use_at_home_changes_the_version():
    said = replace(ROWS, chain=replace(ROWS.chain, home_use=0.3))
    assert version_of(said) != version_of(ROWS)
