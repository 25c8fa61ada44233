"""Shares of one market and of one buyer's need must fit into 1."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from chains.checks.places import Placed, error, warning
from chains.errors import Problem
from chains.model import ChainFolder, Purchase, ShareScope, SupplierKind, Supply
from chains.union import purchase_key, supply_key

Row = TypeVar("Row", Supply, Purchase)

# Sources round their figures; beyond this they are wrong, not rounded.
ROUNDING_LIMIT: Final = 1.02
SLACK: Final = 1e-9
_MARKETS_ZH: Final = {ShareScope.GLOBAL: "全球", ShareScope.DOMESTIC: "国内"}
_VIEWS_ZH: Final = {SupplierKind.ENTERPRISE: "企业", SupplierKind.COUNTRY_AGGREGATE: "国家/地区"}


def check_share_sums(folders: Sequence[ChainFolder]) -> list[Problem]:
    """Find items whose known shares sum to more than 1.

    Parameters
    ----------
    folders
        All folders that are scored together.

    Returns
    -------
    list of Problem
        An error beyond 1.02, else a warning, per item, share scope and view: shares of firms and of
        country aggregates are two views of one market. Of each supplier the latest year counts.
    """
    kind_of = {supplier.supplier_id: supplier.kind for folder in folders for supplier in folder.suppliers}
    markets: dict[tuple[str, ShareScope, SupplierKind], list[Supply]] = defaultdict(list)
    for row in _latest_supplies(folders):
        view = kind_of.get(row.supplier_id, SupplierKind.ENTERPRISE)
        markets[row.item_id, row.share_scope, view].append(row)
    return [
        problem
        for (item_id, scope, view), rows in sorted(markets.items())
        for problem in _check_sum(
            f"{scope} {view} shares of {item_id}",
            rows,
            zh=f"{item_id} 在{_MARKETS_ZH[scope]}市场的{_VIEWS_ZH[view]}份额",
        )
    ]


def check_purchase_lists(folders: Sequence[ChainFolder]) -> list[Problem]:
    """Find buyers' lists whose shares sum to more than 1 or whose rows disagree.

    Parameters
    ----------
    folders
        All folders that are scored together.

    Returns
    -------
    list of Problem
        An error beyond 1.02 or when rows of one list are and are not complete, else a warning.
        Rows may differ in stock_days: the largest counts.
    """
    lists: dict[tuple[str, str], list[Purchase]] = defaultdict(list)
    for row in {purchase_key(row): row for folder in folders for row in folder.purchases}.values():
        lists[row.buyer_id, row.item_id].append(row)
    problems = []
    for (buyer, item_id), rows in sorted(lists.items()):
        problems += _check_sum(
            f"shares of {item_id} bought by {buyer}", rows, zh=f"{buyer} 采购 {item_id} 的份额"
        )
        said = [row for row in rows if row.list_complete is not None]
        if len({row.list_complete for row in said}) > 1:
            message = (
                f"the list of {item_id} bought by {buyer} is and is not complete; make list_complete agree"
            )
            zh = f"{buyer} 采购 {item_id} 的名单有的行写完整、有的行写不完整;请统一 list_complete"
            problems.append(error("list-disagrees", message, said, zh=zh))
    return problems


def check_spare(folders: Sequence[ChainFolder]) -> list[Problem]:
    """Find spare capacities above the whole demand, which are mostly percentages.

    Parameters
    ----------
    folders
        Folders to look at.

    Returns
    -------
    list of Problem
        One warning per row.
    """
    rows: list[tuple[float | None, Placed]] = []
    for folder in folders:
        rows += [(item.spare_ratio, item) for item in folder.items]
        rows += [(supply.spare, supply) for supply in folder.supplies]
        rows += [(purchase.spare, purchase) for purchase in folder.purchases]
    return [
        warning(
            "spare-above-1",
            f"spare {spare:g} is above the whole demand; 20 percent is 0.2",
            (row,),
            zh=f"备用产能 {spare:g} 超过全部需求;20% 请写 0.2",
        )
        for spare, row in rows
        if spare is not None and spare > 1
    ]


def _latest_supplies(folders: Sequence[ChainFolder]) -> Iterable[Supply]:
    latest: dict[tuple[str, str, str], Supply] = {}
    every = {supply_key(row): row for folder in folders for row in folder.supplies}
    for row in sorted(every.values(), key=lambda supply: supply.year or 0):
        latest[row.supplier_id, row.item_id, row.share_scope.value] = row
    return latest.values()


def _check_sum(what: str, rows: Sequence[Row], *, zh: str) -> list[Problem]:
    known = sorted(((row.share, row) for row in rows if row.share is not None), key=lambda pair: -pair[0])
    total = sum(share for share, _ in known)
    if total <= 1 + SLACK:
        return []
    report = error if total > ROUNDING_LIMIT + SLACK else warning
    placed = [row for _, row in known]
    message_zh = f"{zh}合计 {total:.6g},超过 1;请改正"
    return [report("shares-above-1", f"{what} sum to {total:.6g}; correct them", placed, zh=message_zh)]
