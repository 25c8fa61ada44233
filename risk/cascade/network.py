"""Firm networks from arrays and from networkx graphs: checked, links of one pair added up, sorted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from chains.errors import Severity
from risk.cascade.errors import refusal, refuse, warn
from risk.cascade.model import ESSENTIAL, NEGLIGIBLE, FirmNetwork

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import networkx as nx
    from numpy.typing import ArrayLike

    from chains.errors import Problem
    from risk.cascade.model import BoolArray, ClassArray, FloatArray, OffsetArray


_WEIGHT_RULES: Final = {
    "bad-weight": (
        refuse,
        "{} links have a weight that is not a number; write the amount as a plain number",
        "{} 条关系的金额不是数字;请写普通数字",
    ),
    "negative-weight": (
        refuse,
        "{} links have a negative weight; net out returns before, or remove the rows",
        "{} 条关系的金额为负;请先冲抵退货,或删去这些行",
    ),
    "zero-weight": (warn, "{} links with weight 0 were dropped", "{} 条金额为 0 的关系未计入"),
    "self-loop": (
        warn,
        "{} links from a firm to itself were dropped",
        "{} 条企业对自身的关系未计入",
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class LinkRows:
    """Links as they came, before anything is checked.

    Attributes
    ----------
    supplier, buyer
        Shape (rows,): indices of firms.
    weight
        Shape (rows,): anything a float can be.
    row
        Shape (rows,): 1-based rows of the file.
    file
        Name of the file; blank for arrays.
    """

    supplier: OffsetArray
    buyer: OffsetArray
    weight: FloatArray
    row: OffsetArray
    file: str = ""


def network_from_arrays(
    sector_of_firm: ArrayLike,
    links: tuple[ArrayLike, ArrayLike, ArrayLike],
    *,
    essential: ArrayLike,
    firm_ids: Sequence[str] | None = None,
    sector_ids: Sequence[str] | None = None,
) -> tuple[FirmNetwork, list[Problem]]:
    """Build a firm network from arrays of numbers.

    Parameters
    ----------
    sector_of_firm
        Shape (firms,): indices of sectors.
    links
        Suppliers, buyers (indices of firms) and weights, each of shape (links,), in any order.
    essential
        Shape (sectors, sectors): 0, 1 or 2 by supplier's sector (row) and buyer's sector (column).
    firm_ids, sector_ids
        Names; the numbers 0, 1, … when left out.

    Returns
    -------
    network : FirmNetwork
        In the order of the firms given.
    warnings : list of Problem
        What was dropped or added up, and firms without links.

    Raises
    ------
    FirmDataError
        When an index, a weight or a class is not one.

    Examples
    --------
    >>> network, warnings = network_from_arrays([0, 1], ([0], [1], [5.0]), essential=[[2, 2], [2, 2]])
    >>> network.links, warnings
    (1, [])
    """
    sectors = np.asarray(sector_of_firm, dtype=np.int64)
    classes = np.asarray(essential)
    supplier, buyer = (np.asarray(end, dtype=np.int64) for end in links[:2])
    weight = np.asarray(links[2], dtype=np.float64)
    problems = _check_shapes(sectors, classes, (supplier, buyer, weight))
    if problems:
        raise refusal(problems)
    rows = LinkRows(supplier, buyer, weight, np.arange(1, len(weight) + 1))
    network, problems = link_firms(
        tuple(firm_ids or map(str, range(len(sectors)))),
        tuple(sector_ids or map(str, range(len(classes)))),
        sectors=sectors,
        essential=classes.astype(np.int8),
        rows=rows,
    )
    if network is None:
        raise refusal(problems)
    return network, problems


def network_from_graph(
    graph: nx.DiGraph[str],
    essential: Mapping[tuple[str, str], int],
    *,
    sector: str = "sector",
    weight: str = "weight",
) -> tuple[FirmNetwork, list[Problem]]:
    """Build a firm network from a graph whose edges point from supplier to buyer.

    Parameters
    ----------
    graph
        Nodes carry their sector, edges their weight.
    essential
        0, 1 or 2 by (sector of the supplier, sector of the buyer); every pair of sectors in use.
    sector, weight
        Names of the attributes.

    Returns
    -------
    network : FirmNetwork
        In the order of the graph's nodes.
    warnings : list of Problem
        What was dropped or added up, and firms without links.

    Raises
    ------
    FirmDataError
        When a node has no sector, an edge no usable weight, or a pair of sectors no class.
    """
    ids = list(graph)
    without = [str(node) for node in ids if graph.nodes[node].get(sector) is None]
    if without:
        raise refusal([_no_sector(sector, without)])
    names = sorted({str(graph.nodes[node][sector]) for node in ids})
    missing = [f"{row}/{column}" for row in names for column in names if (row, column) not in essential]
    if missing:
        raise refusal([_no_class(missing)])
    number = {node: index for index, node in enumerate(ids)}
    sector_number = {name: index for index, name in enumerate(names)}
    edges = list(graph.edges(data=weight, default=np.nan))
    return network_from_arrays(
        [sector_number[str(graph.nodes[node][sector])] for node in ids],
        (
            [number[supplier] for supplier, _, _ in edges],
            [number[buyer] for _, buyer, _ in edges],
            [value for _, _, value in edges],
        ),
        essential=[[essential[row, column] for column in names] for row in names],
        firm_ids=[str(node) for node in ids],
        sector_ids=names,
    )


def link_firms(
    firm_ids: tuple[str, ...],
    sector_ids: tuple[str, ...],
    *,
    sectors: OffsetArray,
    essential: ClassArray,
    rows: LinkRows,
) -> tuple[FirmNetwork | None, list[Problem]]:
    """Check links and join them to firms.

    Parameters
    ----------
    firm_ids, sector_ids
        Names.
    sectors
        Shape (firms,): indices of sectors.
    essential
        Shape (sectors, sectors): classes.
    rows
        Links as they came; the indices are valid.

    Returns
    -------
    network : FirmNetwork or None
        None when there is an error among the problems.
    problems : list of Problem
        Errors for weights that are none, warnings for what was dropped or added up.
    """
    problems = _check_weights(rows, firm_ids)
    if any(problem.severity is Severity.ERROR for problem in problems):
        return None, problems
    kept = (rows.weight > 0) & (rows.supplier != rows.buyer)
    pair = rows.supplier[kept] * len(firm_ids) + rows.buyer[kept]
    order = np.argsort(pair, kind="stable")
    sorted_pair = pair[order]
    first = np.ones(len(pair), dtype=np.bool_)
    first[1:] = sorted_pair[1:] != sorted_pair[:-1]
    problems += _tell_repeats(rows, np.flatnonzero(kept)[order], first, firm_ids)
    if not len(pair):
        return None, [*problems, _no_links(rows)]
    starts = np.flatnonzero(first)
    with np.errstate(over="ignore"):
        weight = np.add.reduceat(rows.weight[kept][order], starts)
        total = weight.sum()
    if not np.isfinite(total):
        return None, [*problems, _too_large(rows)]
    supplier, buyer = np.divmod(sorted_pair[starts], len(firm_ids))
    network = FirmNetwork(
        firm_ids=firm_ids,
        sector_ids=sector_ids,
        sector_of_firm=sectors.astype(np.int32),
        supplier_of_link=supplier.astype(np.int32),
        buyer_of_link=buyer.astype(np.int32),
        weight_of_link=weight,
        essential=essential,
    )
    return network, problems + _tell_lonely(network)


def _check_shapes(
    sectors: OffsetArray, classes: ClassArray, links: tuple[OffsetArray, OffsetArray, FloatArray]
) -> list[Problem]:
    problems = []
    if classes.ndim != 2 or classes.shape[0] != classes.shape[1]:  # noqa: PLR2004 - a matrix
        problems.append(refuse("essential-shape", "the essential matrix is not square", "关键性矩阵不是方阵"))
    elif not np.isin(classes, (NEGLIGIBLE, 1, ESSENTIAL)).all():
        problems.append(bad_classes(int((~np.isin(classes, (0, 1, 2))).sum())))
    elif len(sectors) and not 0 <= sectors.min() <= sectors.max() < len(classes):
        problems.append(
            refuse(
                "unknown-sector",
                "a firm's sector is not in the essential matrix",
                "有企业的行业不在关键性矩阵中",
            )
        )
    if len({len(column) for column in links}) != 1:
        problems.append(
            refuse(
                "link-shape",
                "suppliers, buyers and weights are not equally many",
                "供应方、采购方和金额的数量不一致",
            )
        )
    for end in links[:2]:
        outside = int(((end < 0) | (end >= len(sectors))).sum())
        if outside:
            problems.append(
                refuse(
                    "unknown-firm",
                    f"{outside} links name a firm that does not exist",
                    f"{outside} 条关系中的企业不存在",
                )
            )
    return problems


def bad_classes(count: int, *, file: str = "", found: Sequence[str] = ()) -> Problem:
    """Make the problem of classes that are not 0, 1 or 2.

    Parameters
    ----------
    count
        How many cells.
    file
        Name of the file.
    found
        Examples.

    Returns
    -------
    Problem
        An error.
    """
    return refuse(
        "bad-class",
        f"{count} cells of the essential matrix are not 0, 1 or 2",
        f"关键性矩阵有 {count} 个单元格不是 0、1 或 2",
        file=file,
        found=found,
    )


def _name_links(rows: LinkRows, which: OffsetArray, firm_ids: tuple[str, ...]) -> list[str]:
    few = which[:20]
    return [f"{firm_ids[s]}→{firm_ids[b]}" for s, b in zip(rows.supplier[few], rows.buyer[few], strict=True)]


def _check_weights(rows: LinkRows, firm_ids: tuple[str, ...]) -> list[Problem]:
    found = (
        ("bad-weight", ~np.isfinite(rows.weight)),
        ("negative-weight", rows.weight < 0),
        ("zero-weight", rows.weight == 0),
        ("self-loop", (rows.supplier == rows.buyer) & (rows.weight > 0)),
    )
    problems = []
    for code, bad in found:
        which = np.flatnonzero(bad)
        if len(which):
            tell, en, zh = _WEIGHT_RULES[code]
            problems.append(
                tell(
                    code,
                    en.format(len(which)),
                    zh.format(len(which)),
                    file=rows.file,
                    rows=rows.row[which[:20]].tolist(),
                    found=_name_links(rows, which, firm_ids),
                )
            )
    return problems


def _tell_repeats(
    rows: LinkRows, order: OffsetArray, first: BoolArray, firm_ids: tuple[str, ...]
) -> list[Problem]:
    again = order[~first]
    if not len(again):
        return []
    return [
        warn(
            "repeated-pair",
            f"{len(again)} rows repeat a pair of supplier and buyer; their weights were added up",
            f"{len(again)} 行重复了同一对供应方和采购方,金额已相加",
            file=rows.file,
            rows=rows.row[again[:20]].tolist(),
            found=_name_links(rows, again, firm_ids),
        )
    ]


def _tell_lonely(network: FirmNetwork) -> list[Problem]:
    linked = np.zeros(network.firms, dtype=np.bool_)
    linked[network.supplier_of_link] = True
    linked[network.buyer_of_link] = True
    lonely = np.flatnonzero(~linked)
    if not len(lonely):
        return []
    return [
        warn(
            "firm-without-links",
            f"{len(lonely)} firms have no links; they stay in the list and their index is 0",
            f"{len(lonely)} 家企业没有任何关系;仍列出,指数为 0",
            found=[network.firm_ids[index] for index in lonely[:20]],
        )
    ]


def _no_links(rows: LinkRows) -> Problem:
    return refuse("no-links", "no link is left", "没有任何可用的关系", file=rows.file)


def _too_large(rows: LinkRows) -> Problem:
    return refuse(
        "huge-weight",
        "the weights add up to more than a number can hold; give them in a larger unit of money",
        "金额之和超出数字范围;请换用更大的货币单位",
        file=rows.file,
    )


def _no_sector(attribute: str, firms: Sequence[str]) -> Problem:
    return refuse(
        "unknown-sector",
        f"{len(firms)} nodes have no attribute {attribute}",
        f"{len(firms)} 个节点没有属性 {attribute}",
        found=firms,
    )


def _no_class(pairs: Sequence[str]) -> Problem:
    return refuse(
        "missing-sector",
        f"{len(pairs)} pairs of sectors have no class",
        f"{len(pairs)} 对行业没有关键性类别",
        found=pairs,
    )
