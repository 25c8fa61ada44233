"""Concentration of supply in a chain as it is stored now; computed on the spot, nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.catalog import read_regions
from chains.defaults import load_defaults
from chains.regions import HOME_COUNTRY
from chains.repository import load_records
from chains.version import data_version
from desk.chain_names import require_chain
from desk.store import reading
from risk.concentration.hhi import count_effective
from risk.concentration.lines import load_concentration_lines
from risk.concentration.measure import GroupedBy, measure_concentration, measure_foreign

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chains.model import Chain, Item, Supplier
    from desk.output import Cell
    from risk.concentration.lines import ConcentrationLines
    from risk.concentration.measure import Concentration, ForeignShare
    from settings import Settings

CONCENTRATION_COLUMNS = (
    "item", "name_zh", "buyer", "by", "view", "basis", "used", "low", "point", "high", "verdict",
    "percentile", "effective_low", "effective_high", "rest", "sources", "groups",
    "foreign_low", "foreign_high", "foreign_verdict", "foreign_basis", "defaults",
)  # fmt: skip
"""Columns of ``concentration --format csv``; later ones are only ever added."""
BRIEF_COLUMNS = (
    "item", "name_zh", "buyer", "by", "view", "low", "high", "verdict", "percentile", "sources", "groups",
)  # fmt: skip
_BRIEF_GROUPS = 3


@dataclass(frozen=True, slots=True)
class ConcentrationReport:
    """Concentration of all source lists of one chain.

    Attributes
    ----------
    chain
        Which.
    data_version
        Of the facts measured.
    items, suppliers
        By id.
    lines
        That verdicts were given against.
    rows
        Every view of every list by every group.
    foreign
        Every view of every list.
    """

    chain: Chain
    data_version: str
    items: Mapping[str, Item]
    suppliers: Mapping[str, Supplier]
    lines: ConcentrationLines
    rows: tuple[Concentration, ...]
    foreign: tuple[ForeignShare, ...]


def read_lines(settings: Settings) -> ConcentrationLines:
    """Read the lines of concentration.

    Parameters
    ----------
    settings
        Where ``data/`` is.

    Returns
    -------
    ConcentrationLines
        As ``data/concentration.toml`` says now.

    Raises
    ------
    ParameterError
        When the file cannot be read.
    """
    return load_concentration_lines(settings.data_dir / "concentration.toml")


def measure_shares(settings: Settings, chain_id: str) -> ConcentrationReport:
    """Measure how concentrated the supply of every item and every buyer's list of a chain is.

    Parameters
    ----------
    settings
        Where database, defaults, lines and regions are.
    chain_id
        Which chain.

    Returns
    -------
    ConcentrationReport
        Frozen values.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded, with near matches.
    """
    with reading(settings) as session:
        chain = require_chain(session, chain_id)
        records = load_records(session, chain_id)
    defaults = load_defaults(settings.data_dir / "defaults.toml")
    lines = read_lines(settings)
    regions = read_regions(settings.data_dir)
    return ConcentrationReport(
        chain=chain,
        data_version=data_version(records),
        items={item.item_id: item for item in records.items},
        suppliers={supplier.supplier_id: supplier for supplier in records.suppliers},
        lines=lines,
        rows=measure_concentration(records, defaults=defaults, regions=regions, lines=lines),
        foreign=measure_foreign(records, defaults=defaults, home=(HOME_COUNTRY,), lines=lines),
    )


def concentration_cells(
    report: ConcentrationReport, *, by: GroupedBy | None = None, both_views: bool = False, brief: bool = False
) -> list[dict[str, Cell]]:
    """Write concentration as rows of the command line.

    Parameters
    ----------
    report
        From `measure_shares`.
    by
        Only this kind of group; ``None`` for all.
    both_views
        Also the view of a market that knows less; the two are never added.
    brief
        Only the largest groups.

    Returns
    -------
    list of dict
        Cells by `CONCENTRATION_COLUMNS`; blank where only countries are known.
    """
    abroad = {(one.item_id, one.buyer_id): one for one in report.foreign if one.shown}
    return [
        _row(report, one, abroad.get((one.item_id, one.buyer_id)), brief=brief)
        for one in report.rows
        if (by is None or one.by is by) and (both_views or one.shown)
    ]


def _row(
    report: ConcentrationReport, one: Concentration, abroad: ForeignShare | None, *, brief: bool
) -> dict[str, Cell]:
    known = one.hhi is not None
    groups = one.groups[:_BRIEF_GROUPS] if brief else one.groups
    row: dict[str, Cell] = {
        "item": one.item_id,
        "name_zh": report.items[one.item_id].name_zh,
        "buyer": one.buyer_id,
        "by": one.by.value,
        "view": one.view.value,
        "basis": one.basis.value,
        "used": one.used,
        "low": one.hhi.low if one.hhi else None,
        "point": one.point,
        "high": one.hhi.high if one.hhi else None,
        "verdict": one.verdict.value,
        "percentile": one.percentile,
        "effective_low": count_effective(one.hhi.high) if one.hhi else None,
        "effective_high": count_effective(one.hhi.low) if one.hhi else None,
        "rest": one.rest if known else None,
        "sources": one.sources,
        "groups": tuple(f"{key} {share:.4f}" for key, share in groups),
        "defaults": one.defaults.names(),
    }
    if abroad is not None:
        row |= {
            "foreign_low": abroad.share.low,
            "foreign_high": abroad.share.high,
            "foreign_verdict": abroad.verdict.value,
            "foreign_basis": abroad.basis.value,
        }
    return row
