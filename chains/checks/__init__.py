"""What is wrong with chain data: one function a rule, every problem with its file and row."""

from collections.abc import Callable, Sequence
from typing import Final

from chains.checks.agreement import check_agreement
from chains.checks.origins import check_sources, check_years
from chains.checks.references import check_countries, check_items_known, check_suppliers_known
from chains.checks.register import check_register
from chains.checks.shares import check_purchase_lists, check_share_sums, check_spare
from chains.checks.structure import check_end_products, check_loops, check_self_links
from chains.checks.tiers import check_tiers
from chains.errors import Problem
from chains.model import ChainFolder

Check = Callable[[Sequence[ChainFolder]], list[Problem]]

CHECKS: Final[tuple[Check, ...]] = (
    check_agreement,
    check_items_known,
    check_suppliers_known,
    check_countries,
    check_self_links,
    check_loops,
    check_end_products,
    check_share_sums,
    check_purchase_lists,
    check_spare,
    check_tiers,
    check_sources,
    check_years,
)

__all__ = ["CHECKS", "check_folder", "check_folders", "check_register"]


def check_folder(folder: ChainFolder) -> list[Problem]:
    """Check one chain folder by itself.

    Parameters
    ----------
    folder
        The facts as read; items and suppliers of other chains count as unknown.

    Returns
    -------
    list of Problem
        In the order of `CHECKS`.
    """
    return check_folders((folder,))


def check_folders(folders: Sequence[ChainFolder]) -> list[Problem]:
    """Check chain folders together, as they are scored on their union.

    Parameters
    ----------
    folders
        All folders that are loaded or about to be.

    Returns
    -------
    list of Problem
        In the order of `CHECKS`, each with its places.
    """
    return [problem for check in CHECKS for problem in check(folders)]
