"""Firm networks and shocks from files; every bad row is counted and the first ones are named."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from chains.errors import Severity
from risk.cascade.errors import refuse
from risk.cascade.model import FirmShocks
from risk.cascade.network import LinkRows, bad_classes, link_firms
from risk.cascade.tables import ROW, read_text_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from chains.errors import Problem
    from risk.cascade.model import ClassArray, FirmNetwork, OffsetArray

_NAMED = 20


@dataclass(frozen=True, slots=True)
class NetworkFiles:
    """Names of the three files, for sentences."""

    edges: str = "edges"
    firms: str = "firms"
    essential: str = "essential"


def read_network(edges: Path, firms: Path, *, essential: Path) -> tuple[FirmNetwork | None, list[Problem]]:
    """Read a firm network from three files, CSV or Parquet.

    Parameters
    ----------
    edges
        Columns ``supplier``, ``buyer``, ``weight``.
    firms
        Columns ``id``, ``sector``.
    essential
        First column the supplier's sector, every other column a buyer's sector; cells 0, 1 or 2.

    Returns
    -------
    network : FirmNetwork or None
        Firms in rising order of id, so that the order of rows does not matter; None on any error.
    problems : list of Problem
        Errors and warnings of all three files, each with a count, places and examples.
    """
    edge_rows, problems = read_text_table(edges, ("supplier", "buyer", "weight"))
    firm_rows, found = read_text_table(firms, ("id", "sector"))
    class_rows, more = read_text_table(essential, ())
    problems += found + more
    if edge_rows is None or firm_rows is None or class_rows is None:
        return None, problems
    names = NetworkFiles(edges.name, firms.name, essential.name)
    return network_from_frames(edge_rows, firm_rows, essential=class_rows, names=names)


def network_from_frames(
    edges: pl.DataFrame, firms: pl.DataFrame, *, essential: pl.DataFrame, names: NetworkFiles
) -> tuple[FirmNetwork | None, list[Problem]]:
    """Build a firm network from tables.

    Parameters
    ----------
    edges, firms, essential
        As in the files; a column `ROW` with the 1-based row of the file may be added. Weights and
        classes may be numbers or text.
    names
        How the tables are called in sentences.

    Returns
    -------
    network : FirmNetwork or None
        None on any error.
    problems : list of Problem
        Errors and warnings, each with a count, places and examples.
    """
    edges, firms, essential = (_with_rows(table) for table in (edges, firms, essential))
    sector_ids, classes, problems = _read_classes(essential, names.essential)
    firms, found = _check_firms(firms, sector_ids, names)
    problems += found
    rows, found = _number_links(edges, firms, names.edges)
    problems += found
    if _refused(problems):
        # Weights are looked at as well, so that a person sees everything at once.
        return None, problems + (_weights_alone(rows, firms, sector_ids, classes) if rows else [])
    if rows is None:  # pragma: no cover - an error is among the problems then
        return None, problems
    network, found = link_firms(
        tuple(firms["id"].to_list()),
        sector_ids,
        sectors=_sector_numbers(firms, sector_ids),
        essential=classes,
        rows=rows,
    )
    return network, problems + found


def read_shocks(path: Path, network: FirmNetwork) -> tuple[FirmShocks | None, list[Problem]]:
    """Read what fails in each scenario.

    Parameters
    ----------
    path
        CSV or Parquet with columns ``scenario``, ``id`` and ``shock`` (0 to 1).
    network
        The firms.

    Returns
    -------
    shocks : FirmShocks or None
        Scenarios in the order in which they first stand in the file; None on any error.
    problems : list of Problem
        Unknown firms, shares outside 0 to 1, a firm twice in one scenario.
    """
    table, problems = read_text_table(path, ("scenario", "id", "shock"))
    if table is None:
        return None, problems
    table = table.with_columns(share=pl.col("shock").cast(pl.Float64, strict=False)).join(
        _numbers(network.firm_ids).rename({"id": "id", "number": "firm"}),
        on="id",
        how="left",
        maintain_order="left",
    )
    problems = _check_shocks(table, path.name)
    if _refused(problems):
        return None, problems
    names = table["scenario"].unique(maintain_order=True)
    table = table.join(
        pl.DataFrame({"scenario": names, "place": np.arange(len(names))}), on="scenario", how="left"
    ).sort("place", "firm")
    counts = np.bincount(table["place"].to_numpy(), minlength=len(names))
    return FirmShocks(
        scenario_ids=tuple(names.to_list()),
        shock_start=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        firm_of_shock=table["firm"].to_numpy().astype(np.int32),
        share_of_shock=table["share"].to_numpy().astype(np.float64),
    ), problems


def _with_rows(table: pl.DataFrame) -> pl.DataFrame:
    return table if ROW in table.columns else table.with_row_index(ROW, offset=1)


def _refused(problems: Sequence[Problem]) -> bool:
    return any(problem.severity is Severity.ERROR for problem in problems)


def _numbers(ids: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame({"id": pl.Series(ids, dtype=pl.String), "number": np.arange(len(ids))})


def _bad_rows(
    table: pl.DataFrame, code: str, sentences: tuple[str, str], file: str, show: str
) -> list[Problem]:
    """Make one problem of all rows of a table, with braces for their count."""
    if not table.height:
        return []
    few = table.head(_NAMED)
    return [
        refuse(
            code,
            sentences[0].format(table.height),
            sentences[1].format(table.height),
            file=file,
            rows=few[ROW].to_list(),
            found=[str(value) for value in few[show].to_list() if value is not None],
        )
    ]


def _read_classes(table: pl.DataFrame, file: str) -> tuple[tuple[str, ...], ClassArray, list[Problem]]:
    """Read the matrix of classes; sectors that stand in rows or in columns alone are left out."""
    first, *columns = (name for name in table.columns if name != ROW)
    supplier = table[first].cast(pl.String)
    repeated = table.filter(supplier.is_duplicated() | supplier.is_null())
    problems = _bad_rows(
        repeated,
        "repeated-sector",
        ("{} rows name a sector twice or not at all", "{} 行的行业重复或为空"),
        file,
        first,
    )
    both = sorted(set(columns) & set(supplier.drop_nulls().to_list()))
    chosen = table.filter(supplier.is_in(both)).unique(first, keep="first").sort(first)
    cells = chosen.select(both).with_columns(pl.all().cast(pl.Float64, strict=False)).to_numpy()
    bad = ~np.isin(cells, (0.0, 1.0, 2.0))
    if bad.any():
        where = np.argwhere(bad)[:_NAMED]
        found = [f"{both[row]}/{both[column]}={chosen[both[column]][int(row)]}" for row, column in where]
        problems.append(bad_classes(int(bad.sum()), file=file, found=found))
    return tuple(both), np.where(bad, 0, cells).astype(np.int8), problems


def _check_firms(
    firms: pl.DataFrame, sector_ids: tuple[str, ...], names: NetworkFiles
) -> tuple[pl.DataFrame, list[Problem]]:
    firms = firms.with_columns(pl.col("id", "sector").cast(pl.String))
    blank = firms.filter(pl.col("id").is_null() | pl.col("sector").is_null())
    problems = _bad_rows(
        blank,
        "blank-firm",
        ("{} firms have no id or no sector", "{} 家企业没有编号或没有行业"),
        names.firms,
        "id",
    )
    firms = firms.drop_nulls(["id", "sector"])
    problems += _bad_rows(
        firms.filter(~pl.col("id").is_first_distinct()),
        "repeated-firm",
        ("{} rows repeat the id of a firm; keep one row a firm", "{} 行的企业编号重复;每家企业只留一行"),
        names.firms,
        "id",
    )
    problems += _bad_rows(
        firms.filter(~pl.col("sector").is_in(sector_ids)),
        "unknown-sector",
        (
            f"{{}} firms are of a sector without row or column in {names.essential}; add or correct it",
            f"{{}} 家企业的行业在 {names.essential} 中没有相应的行和列;请补上或更正",
        ),
        names.firms,
        "sector",
    )
    return firms.unique("id", keep="first").sort("id"), problems


def _number_links(
    edges: pl.DataFrame, firms: pl.DataFrame, file: str
) -> tuple[LinkRows | None, list[Problem]]:
    numbers = _numbers(firms["id"].to_list())
    table = edges.select(
        ROW,
        pl.col("supplier", "buyer").cast(pl.String),
        value=pl.col("weight").cast(pl.Float64, strict=False),
    )
    for end in ("supplier", "buyer"):
        table = table.join(
            numbers.rename({"id": end, "number": f"{end}_number"}), on=end, how="left", maintain_order="left"
        )
    problems = []
    for end, zh in (("supplier", "供应方"), ("buyer", "采购方")):
        problems += _bad_rows(
            table.filter(pl.col(f"{end}_number").is_null()),
            f"unknown-{end}",
            (
                f"{{}} links have a {end} that is blank or not in the list of firms",
                f"{{}} 条关系的{zh}为空或不在企业名单中",
            ),
            file,
            end,
        )
    known = table.drop_nulls(["supplier_number", "buyer_number"])
    return LinkRows(
        supplier=known["supplier_number"].to_numpy().astype(np.int64),
        buyer=known["buyer_number"].to_numpy().astype(np.int64),
        weight=known["value"].fill_null(np.nan).to_numpy().astype(np.float64),
        row=known[ROW].to_numpy().astype(np.int64),
        file=file,
    ), problems


def _sector_numbers(firms: pl.DataFrame, sector_ids: tuple[str, ...]) -> OffsetArray:
    numbers = {name: index for index, name in enumerate(sector_ids)}
    return firms["sector"].replace_strict(numbers, default=0, return_dtype=pl.Int64).to_numpy()


def _weights_alone(
    rows: LinkRows, firms: pl.DataFrame, sector_ids: tuple[str, ...], classes: ClassArray
) -> list[Problem]:
    _, problems = link_firms(
        tuple(firms["id"].to_list()),
        sector_ids,
        sectors=_sector_numbers(firms, sector_ids),
        essential=classes,
        rows=rows,
    )
    return problems


def _check_shocks(table: pl.DataFrame, file: str) -> list[Problem]:
    blank = table.filter(pl.col("scenario").is_null())
    unknown = table.filter(pl.col("firm").is_null())
    outside = table.filter(~pl.col("share").is_between(0.0, 1.0).fill_null(value=False))
    twice = table.filter(~pl.struct("scenario", "id").is_first_distinct())
    return [
        *_bad_rows(blank, "blank-scenario", ("{} rows have no scenario", "{} 行没有填写情景"), file, "id"),
        *_bad_rows(
            unknown,
            "unknown-firm",
            ("{} rows name a firm that is not in the list of firms", "{} 行的企业不在企业名单中"),
            file,
            "id",
        ),
        *_bad_rows(
            outside,
            "bad-shock",
            ("{} rows have a shock that is not a number from 0 to 1", "{} 行的冲击不是 0 到 1 之间的数"),
            file,
            "shock",
        ),
        *_bad_rows(
            twice,
            "repeated-shock",
            ("{} rows repeat a firm within a scenario; keep one", "{} 行在同一情景中重复了企业;请只留一行"),
            file,
            "id",
        ),
    ]
