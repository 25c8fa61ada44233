"""Backup depth and cut sets of a chain as it is stored now; computed on the spot, nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chains.defaults import load_defaults
from chains.errors import UnknownKeyError
from chains.matching import near_matches
from chains.model import Mode
from chains.repository import load_records
from chains.version import data_version
from desk.chain_names import require_chain
from desk.store import reading
from risk.depth.measure import measure_depths
from risk.depth.model import TargetKind
from risk.levels import load_levels

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chains.model import Chain, ChainRecords, Item, Supplier
    from risk.depth.model import TargetDepth
    from settings import Settings


@dataclass(frozen=True, slots=True)
class DepthReport:
    """Backup depths of one chain with the names they speak of.

    Attributes
    ----------
    chain
        Which.
    mode
        Whether capital counts (build) or its installed base serves (run).
    data_version
        Of the facts measured.
    structural_need
        What leaves less than this of the need is certain, 0 to 1.
    items, suppliers
        By id.
    depths
        In order of `risk.depth.measure.find_targets`.
    """

    chain: Chain
    mode: Mode
    data_version: str
    structural_need: float
    items: Mapping[str, Item]
    suppliers: Mapping[str, Supplier]
    depths: tuple[TargetDepth, ...]


def measure_backups(
    settings: Settings,
    chain_id: str,
    *,
    mode: Mode = Mode.BUILD,
    buyer: str | None = None,
    kinds: Collection[TargetKind] = tuple(TargetKind),
) -> DepthReport:
    """Measure the backup depth of a chain's end products, buyers' inputs and items.

    Parameters
    ----------
    settings
        Where database, defaults and levels are.
    chain_id
        Which chain.
    mode
        Run or build.
    buyer
        Id or name of one buyer: only its inputs; ``None`` for all.
    kinds
        Which targets.

    Returns
    -------
    DepthReport
        Frozen values.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded, or no buyer of it has this id or name; with near matches.
    """
    with reading(settings) as session:
        chain = require_chain(session, chain_id)
        records = load_records(session, chain_id)
    buyer_id = None if buyer is None else find_buyer(records, buyer)
    need = load_levels(settings.data_dir / "levels.toml").structural_need
    depths = measure_depths(
        records,
        defaults=load_defaults(settings.data_dir / "defaults.toml"),
        mode=mode,
        structural_need=need,
        kinds=kinds if buyer is None else (TargetKind.SLOT,),
        buyer_id=buyer_id,
    )
    return DepthReport(
        chain=chain,
        mode=mode,
        data_version=data_version(records),
        structural_need=need,
        items={item.item_id: item for item in records.items},
        suppliers={supplier.supplier_id: supplier for supplier in records.suppliers},
        depths=depths,
    )


def find_buyer(records: ChainRecords, name: str) -> str:
    """Find the buyer of a list by id or by either name.

    Parameters
    ----------
    records
        The chain.
    name
        As typed.

    Returns
    -------
    str
        Its id.

    Raises
    ------
    UnknownKeyError
        When no supplier with a list has this id or name; with near matches.
    """
    buyers = {purchase.buyer_id for purchase in records.purchases}
    names = {
        word: supplier.supplier_id
        for supplier in records.suppliers
        if supplier.supplier_id in buyers
        for word in (supplier.name_en, supplier.name_zh, supplier.supplier_id)
        if word
    }
    if name in names:
        return names[name]
    if not buyers:
        raise UnknownKeyError(
            f"no buyer of chain {records.chain.chain_id} has a list of suppliers yet; upload one",
            zh=f"链 {records.chain.chain_id} 里还没有企业上传过供应商名录;请先上传",
        )
    raise UnknownKeyError(
        f"no buyer {name!r} with a list of suppliers in chain {records.chain.chain_id}",
        near=near_matches(name, names),
        zh=f"链 {records.chain.chain_id} 里没有上传过名录的企业 {name!r}",
    )
