"""The names that the lists of a chain may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from chains.model import Chain, ChainFolder, ChainRecords, Item, Supplier
from chains.union import Joined
from ingest.hs_codes import find_hs_codes
from ingest.model import KnownName
from ingest.names import name_key


@dataclass(frozen=True, slots=True)
class ChainNames:
    """What a chain's lists may name.

    Attributes
    ----------
    suppliers, items
        Known names for `ingest.checking.check`.
    """

    suppliers: tuple[KnownName, ...]
    items: tuple[KnownName, ...]


def chain_names(
    folder: ChainFolder, records: ChainRecords, everything: Joined, *, codes: Mapping[str, str]
) -> ChainNames:
    """Gather the names that the lists of a chain may use.

    Parameters
    ----------
    folder
        The chain's own folder.
    records
        What the chain is scored on.
    everything
        All chains and uploads joined.
    codes
        Decided credit codes: code to supplier id.

    Returns
    -------
    ChainNames
        Items of this chain and of what lies upstream. Firms of all chains, but one of another chain steps
        back where this chain has the same name.
    """
    items = {item.item_id: item for item in (*folder.items, *records.items)}
    own = {firm.supplier_id: firm for firm in (*folder.suppliers, *records.suppliers)}
    taken = {name_key(name) for firm in own.values() for name in _names(firm)}
    for key, firm in everything.suppliers.items():
        if key not in own and not any(name_key(name) in taken for name in _names(firm)):
            own[key] = firm
    firms, things = known_names((own[key] for key in sorted(own)), (items[key] for key in sorted(items)))
    code_of = {supplier_id: code for code, supplier_id in codes.items()}
    return ChainNames(tuple(replace(firm, uscc=code_of.get(firm.key)) for firm in firms), things)


def _names(firm: Supplier) -> tuple[str, ...]:
    return tuple(name for name in (firm.name_zh, firm.name_en) if name)


def no_facts(chain_id: str) -> tuple[ChainFolder, ChainRecords, Joined]:
    """Make the facts of a chain of which nothing is known.

    Parameters
    ----------
    chain_id
        Its id.

    Returns
    -------
    tuple
        For `chain_names`.
    """
    chain = Chain(chain_id, chain_id, chain_id)
    folder = ChainFolder(chain, (), (), (), ())
    return folder, ChainRecords(chain, (), (), (), (), (), ()), Joined({}, {}, {}, {}, {}, ())


def known_names(
    suppliers: Iterable[Supplier], items: Iterable[Item]
) -> tuple[tuple[KnownName, ...], tuple[KnownName, ...]]:
    """Take the names of a chain's suppliers and items for `ingest.checking.check`.

    Parameters
    ----------
    suppliers, items
        From `chains.model.ChainRecords` or folders.

    Returns
    -------
    tuple[tuple[KnownName, ...], tuple[KnownName, ...]]
        Known suppliers and known items, each with its Chinese and English name.
    """
    firms = tuple(
        KnownName(
            supplier.supplier_id,
            tuple(name for name in (supplier.name_zh, supplier.name_en) if name),
            country=supplier.country,
            places=tuple(place for place in (supplier.province, supplier.city) if place),
        )
        for supplier in suppliers
    )
    things = tuple(
        KnownName(
            item.item_id,
            (item.name_zh, item.name_en),
            hs_codes=find_hs_codes(item.name_zh, item.name_en, item.description),
        )
        for item in items
    )
    return firms, things
