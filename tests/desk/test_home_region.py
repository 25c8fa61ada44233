"""What home is, and which facts speak of another home."""

from dataclasses import replace

from chains.errors import Place
from chains.union import join_folders
from desk.home_region import fit_home_use
from tests.factories import CHAIN, one_product, supply


def test_shipped_shares_of_home_use_speak_of_the_whole_country_alone():
    folder = one_product(supply("A", "PART", 1.0))
    stated = tuple(
        replace(item, home_use=0.4, place=Place(f"{name}/items.csv", 2))
        for item, name in zip(folder.items, (CHAIN, "own"), strict=True)
    )
    chain = replace(folder.chain, home_use=0.3)
    records = join_folders([replace(folder, chain=chain, items=stated)], CHAIN)

    def uses(home):
        fitting = fit_home_use(records, {CHAIN}, home=home)
        return [fitting.chain.home_use, *sorted((one.home_use or 0.0) for one in fitting.items)]

    assert uses(("CHN",)) == [0.3, 0.4, 0.4]
    assert uses(("CHN/江苏",)) == [None, 0.0, 0.4]
    assert uses(("CHN", "TWN")) == [None, 0.0, 0.4]
