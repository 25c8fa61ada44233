"""The worked example of home and abroad: invented facts to follow by hand, answered by the model.

References
----------
perspective.md, worked example.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chains.mixes import home_first, left_for_abroad
from chains.model import (
    Chain,
    ChainFolder,
    Item,
    Kind,
    Link,
    Perspective,
    Relation,
    Scope,
    Supplier,
    SupplierKind,
    Supply,
    Use,
)
from chains.regions import HOME_COUNTRY
from chains.union import join_folders
from desk.scenario_parts import simulate_plan
from risk.model import Cut, Shock
from risk.scenario_store.model import Answer, Plan

if TYPE_CHECKING:
    from chains.defaults import Defaults

CHAIN_ID = "worked-example"
COUNTRIES = ("NLD", "JPN", "USA")
_HOME_USE = {"TOOL": 0.4, "RESIST": 0.25, "CHIP": 0.3}
_SUPPLIES: tuple[tuple[str, str, str, float, float, float], ...] = (
    ("NL", "NLD", "TOOL", 0.8, 0.0, 0.0),
    ("CT", "CHN", "TOOL", 0.2, 0.0, 0.0),
    ("JP", "JPN", "RESIST", 0.6, 0.0, 0.0),
    ("US", "USA", "RESIST", 0.3, 0.05, 30.0),
    ("CR", "CHN", "RESIST", 0.1, 0.04, 60.0),
    ("CF", "CHN", "CHIP", 0.3, 0.0, 0.0),
    ("TF", "TWN", "CHIP", 0.7, 0.0, 0.0),
)


@dataclass(frozen=True, slots=True)
class MixRow:
    """What one source covers of the world's, home's and others' use of an item, 0 to 1."""

    item_id: str
    country: str
    world: float
    home: float
    abroad: float


def example_folder() -> ChainFolder:
    """Give the facts of the worked example.

    Returns
    -------
    ChainFolder
        Invented; tools and resist go into chips, all lists are complete.
    """
    known: dict[str, Any] = {"spare_ratio": 0.0, "suppliers_complete": True}
    kinds = {"TOOL": (Kind.EQUIPMENT, 0.0), "RESIST": (Kind.MATERIAL, 20.0), "CHIP": (Kind.PRODUCT, 0.0)}
    return ChainFolder(
        chain=Chain(CHAIN_ID, "算例", "Worked example"),
        items=tuple(
            Item(
                item_id,
                item_id,
                item_id,
                kind,
                weight=1.0 if kind is Kind.PRODUCT else None,
                use=Use.CONSUMABLE,
                cover_days=cover,
                home_use=_HOME_USE[item_id],
                **known,
            )
            for item_id, (kind, cover) in kinds.items()
        ),
        links=tuple(
            Link(item_id, "CHIP", Relation.INPUT_OF, essential=True) for item_id in ("TOOL", "RESIST")
        ),
        suppliers=tuple(
            Supplier(name, name, name, SupplierKind.ENTERPRISE, country) for name, country, *_ in _SUPPLIES
        ),
        supplies=tuple(
            Supply(name, item_id, share, spare=spare, ramp_days=ramp, qualified=True)
            for name, _, item_id, share, spare, ramp in _SUPPLIES
        ),
    )


def example_mixes() -> tuple[MixRow, ...]:
    """Work out who covers which part of the use of tools and resist.

    Returns
    -------
    tuple of MixRow
        As the model mixes: home buys at home before it imports.
    """
    rows = []
    for item_id in ("TOOL", "RESIST"):
        listed = [row for row in _SUPPLIES if row[2] == item_id]
        shares = [row[3] for row in listed]
        at_home = [row[1] == HOME_COUNTRY for row in listed]
        use = _HOME_USE[item_id]
        home = home_first(shares, at_home, others=0.0, home_use=use)
        abroad = left_for_abroad(shares, home, others=0.0, home_use=use)
        parts = zip(listed, home.parts, abroad.parts, strict=True)
        rows += [MixRow(item_id, row[1], row[3], own, other) for row, own, other in parts]
    return tuple(rows)


def answer_example(defaults: Defaults) -> tuple[Answer, ...]:
    """Answer what a cut by each country does to home, and what its stop does to the world.

    Parameters
    ----------
    defaults
        What blanks mean; the example leaves none that matters.

    Returns
    -------
    tuple of Answer
        For each of `COUNTRIES` the cut, then the stop.
    """
    records = join_folders([example_folder()], CHAIN_ID)
    plans = [
        plan
        for country in COUNTRIES
        for plan in (
            Plan(CHAIN_ID, cuts=(Cut((country,)),), perspective=Perspective.HOME),
            Plan(CHAIN_ID, shocks=(Shock(Scope.COUNTRY, country),)),
        )
    ]
    return tuple(
        Answer(plan, "", "", defaults.digest(), simulation=simulate_plan(records, plan, defaults=defaults))
        for plan in plans
    )
