"""Priority on purchases: a source that cannot deliver all serves the high priority first."""

from dataclasses import replace

import pytest

from chains.defaults import Defaults
from chains.model import ChainFolder, Kind, Scope
from chains.priorities import ration
from chains.union import join_folders
from risk.model import Shock
from risk.scenarios import Simulation, simulate
from tests.factories import firm, folder, item, link, purchase, supply


def shared_source(first: int | None, second: int | None) -> ChainFolder:
    """Two makers of a product buy all their resin from one plant, which holds no spare."""
    return folder(
        items=[
            item("RESIN", cover_days=0.0),
            item("PRODUCT", Kind.PRODUCT, weight=1.0, suppliers_complete=True),
        ],
        links=[link("RESIN", "PRODUCT", essential=True)],
        suppliers=[firm("PLANT", "CHN"), firm("OTHER", "CHN"), firm("A", "CHN"), firm("B", "CHN")],
        supplies=[
            supply("PLANT", "RESIN", 0.5, spare=0.0),
            supply("OTHER", "RESIN", 0.5, spare=0.0),
            supply("A", "PRODUCT", 0.6, spare=0.0),
            supply("B", "PRODUCT", 0.4, spare=0.0),
        ],
        purchases=[
            purchase("A", "RESIN", "PLANT", 1.0, stock_days=0.0, spare=0.0, priority=first),
            purchase("B", "RESIN", "PLANT", 1.0, stock_days=0.0, spare=0.0, priority=second),
        ],
    )


def stop(rows: ChainFolder, severity: float, defaults: Defaults) -> Simulation:
    return simulate(
        join_folders([rows], "c1"),
        [Shock(Scope.SUPPLIER, "PLANT", severity=severity)],
        defaults=defaults,
        horizon=10,
    )


def losses(found: Simulation) -> dict[str, float]:
    return {unit.supplier_id: unit.mean_loss for unit in found.units if unit.item_id == "PRODUCT"}


@pytest.mark.parametrize(
    ("first", "second", "severity", "lost_a", "lost_b"),
    [
        # Nobody comes first: both lose what the plant loses.
        (None, None, 0.5, 0.5, 0.5),
        (3, 3, 0.5, 0.5, 0.5),
        # A takes 0.6 of the plant's listed sales. The plant delivers 0.5: A gets 0.5 / 0.6, B nothing.
        (2, 1, 0.5, 1 - 0.5 / 0.6, 1.0),
        (1, None, 0.5, 1 - 0.5 / 0.6, 1.0),
        # It delivers 0.8: A gets all, B (0.8 - 0.6) / 0.4 = 0.5.
        (2, 1, 0.2, 0.0, 0.5),
        # B first: 0.8 - 0.4 = 0.4 is left for A's 0.6.
        (1, 2, 0.2, 1 - 0.4 / 0.6, 0.0),
    ],
)
def test_short_supply_goes_to_the_high_priority_first(
    first: int | None, second: int | None, severity: float, lost_a: float, lost_b: float, defaults: Defaults
):
    found = stop(shared_source(first, second), severity, defaults)
    assert losses(found) == pytest.approx({"A": lost_a, "B": lost_b}, abs=1e-12)


def test_priorities_move_the_loss_between_plants_not_the_sum(defaults: Defaults):
    exposures = [
        stop(shared_source(first, second), 0.3, defaults).exposure
        for first, second in ((None, None), (2, 1), (1, 2))
    ]
    assert exposures == pytest.approx([0.3, 0.3, 0.3], abs=1e-12)


def test_three_classes_stand_one_behind_the_other():
    above, width = ration([7, 7, 7, 8], [1, 5, None, None], [0.2, 0.3, 0.5, 1.0])
    assert above.tolist() == pytest.approx([0.3, 0.0, 0.5, 0.0])
    assert width.tolist() == pytest.approx([0.2, 0.3, 0.5, 1.0])


def test_a_buyer_of_unknown_size_counts_like_the_smallest_known_one_in_its_line(defaults: Defaults):
    # C has no row of the product's market; ELSE, tiny, buys something else from somebody else.
    chain = shared_source(2, None)
    chain = replace(
        chain,
        items=(*chain.items, item("GLUE", cover_days=0.0), item("FILM", cover_days=0.0)),
        links=(*chain.links, link("FILM", "PRODUCT"), link("GLUE", "FILM"), link("RESIN", "FILM")),
        suppliers=(*chain.suppliers, firm("C"), firm("ELSE"), firm("MAKER")),
        supplies=(
            *chain.supplies,
            supply("C", "FILM"),
            supply("MAKER", "FILM", 0.99),
            supply("ELSE", "FILM", 0.01, spare=0.0),
        ),
        purchases=(
            *chain.purchases,
            purchase("A", "FILM", "C", 1.0, stock_days=0.0),
            purchase("C", "RESIN", "PLANT", 1.0, stock_days=0.0, spare=0.0, priority=1),
            purchase("ELSE", "GLUE", "MAKER", 1.0, stock_days=0.0),
        ),
    )
    found = stop(chain, 0.2, defaults)
    # The line at PLANT: A 0.6, then C like B 0.4, then B 0.4: 1.4 in all, of which 1.12 arrive.
    # A has all, C all, B (1.12 − 1) / 0.4.
    lost = {(unit.supplier_id, unit.item_id): unit.mean_loss for unit in found.units}
    assert lost["C", "FILM"] == pytest.approx(0.0, abs=1e-12)
    assert lost["B", "PRODUCT"] == pytest.approx(1 - 0.12 / 0.4, abs=1e-12)
