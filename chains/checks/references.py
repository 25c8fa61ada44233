"""Ids and codes that rows name must exist."""

from collections.abc import Sequence

from chains.checks.places import Placed, error
from chains.errors import Problem
from chains.model import ChainFolder
from chains.regions import is_country_code


def check_items_known(folders: Sequence[ChainFolder]) -> list[Problem]:
    """Find links, supplies and purchases that name an item no loaded folder has.

    Parameters
    ----------
    folders
        All folders that are scored together.

    Returns
    -------
    list of Problem
        One error per row and unknown id.
    """
    known = {item.item_id for folder in folders for item in folder.items}
    problems = []
    for folder in folders:
        rows: list[tuple[str, Placed]] = [(link.input_item_id, link) for link in folder.links]
        rows += [(link.output_item_id, link) for link in folder.links]
        rows += [(supply.item_id, supply) for supply in folder.supplies]
        rows += [(purchase.item_id, purchase) for purchase in folder.purchases]
        problems += [
            error(
                "unknown-item",
                f"item {item_id} is not in items.csv; add it or correct the id",
                (row,),
                zh=f"物料 {item_id} 不在 items.csv 里;请补上或改正编号",
            )
            for item_id, row in rows
            if item_id not in known
        ]
    return problems


def check_suppliers_known(folders: Sequence[ChainFolder]) -> list[Problem]:
    """Find supplies and purchases that name a firm no loaded folder has.

    Parameters
    ----------
    folders
        All folders that are scored together.

    Returns
    -------
    list of Problem
        One error per row and unknown id. A parent need not have a row of its own.
    """
    known = {supplier.supplier_id for folder in folders for supplier in folder.suppliers}
    problems = []
    for folder in folders:
        rows: list[tuple[str, Placed]] = [(supply.supplier_id, supply) for supply in folder.supplies]
        rows += [(purchase.supplier_id, purchase) for purchase in folder.purchases]
        rows += [(purchase.buyer_id, purchase) for purchase in folder.purchases]
        problems += [
            error(
                "unknown-supplier",
                f"{firm} is not in suppliers.csv; add it or correct the id",
                (row,),
                zh=f"{firm} 不在 suppliers.csv 里;请补上或改正编号",
            )
            for firm, row in rows
            if firm not in known
        ]
    return problems


def check_countries(folders: Sequence[ChainFolder]) -> list[Problem]:
    """Find country codes that are not in ISO 3166-1.

    Parameters
    ----------
    folders
        Folders to look at.

    Returns
    -------
    list of Problem
        One error per supplier.
    """
    return [
        error(
            "unknown-country",
            f"country {supplier.country} is no ISO 3166-1 alpha-3 code; write CHN, JPN, … or leave it blank",
            (supplier,),
            zh=f"国家/地区 {supplier.country} 不是 ISO 3166-1 三字母代码;请写 CHN、JPN 等,或留空",
        )
        for folder in folders
        for supplier in folder.suppliers
        if supplier.country is not None and not is_country_code(supplier.country)
    ]
