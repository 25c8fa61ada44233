"""What stands when a list comes in: the facts it is compared with and the names it may use."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url

from chains.catalog import read_folder, read_regions
from chains.db_errors import DatabaseOutdatedError, StoreError
from chains.errors import Sentence, UnknownKeyError
from chains.matching import near_matches
from chains.repository import list_chains, load_folders, load_uploaded
from chains.union import NO_UPLOADS, join_all, join_folders
from chains.version import data_version
from desk.chain_names import require_chain
from desk.store import reading
from ingest.known_names import ChainNames, chain_names, known_names, no_facts
from ingest.mapping import read_mappings
from ingest.market import find_conflicts
from ingest.model import Warn
from ingest.pipeline import find_item
from ingest.preview import apply_plan
from ingest.repeats import WARNINGS_SHOWN
from ingest.repository import Upload, read_codes, read_decisions
from ingest.resolution import index_items, resolve_near

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session

    from chains.model import ChainFolder, ChainRecords, Item
    from chains.regions import Regions
    from chains.union import Joined, UploadedFacts
    from ingest.mapping import RememberedMapping
    from ingest.market import ShareConflict
    from ingest.model import Resolution
    from ingest.preview import ImportPlan
    from settings import Settings


@dataclass(frozen=True)
class Standing:
    """All facts as they stand.

    Attributes
    ----------
    folders
        As the chains' folders state them.
    uploaded
        As the uploads state them.
    """

    folders: tuple[ChainFolder, ...]
    uploaded: UploadedFacts = NO_UPLOADS

    @property
    def everything(self) -> Joined:
        """All of it joined."""
        return join_all(self.folders, uploaded=self.uploaded)

    def folder(self, chain_id: str) -> ChainFolder:
        """One chain's own folder."""
        return next(folder for folder in self.folders if folder.chain.chain_id == chain_id)

    def records(self, chain_id: str, uploaded: UploadedFacts | None = None) -> ChainRecords:
        """Restrict to what a chain is scored on, as it is or with other uploads."""
        return join_folders(self.folders, chain_id, uploaded=self.uploaded if uploaded is None else uploaded)


@dataclass(frozen=True)
class KnownFacts:
    """What a list of a chain is read against.

    Attributes
    ----------
    names
        Firms and items that it may name.
    items
        Items of the chain and upstream of it.
    remembered
        Decisions about names.
    note
        One sentence when the chain was read from elsewhere than the database, or not at all.
    labels
        Id of a firm or item to its Chinese and English name.
    mappings
        How lists of a sender are to be read, as a person said earlier.
    """

    names: ChainNames
    items: tuple[Item, ...] = ()
    remembered: Mapping[str, str] = field(default_factory=dict)
    note: Sentence | None = None
    labels: Mapping[str, tuple[str | None, str]] = field(default_factory=dict)
    mappings: tuple[RememberedMapping, ...] = ()


def read_standing(session: Session) -> Standing:
    """Read all facts.

    Parameters
    ----------
    session
        A session of either kind.

    Returns
    -------
    Standing
        Folders and uploads apart.
    """
    return Standing(load_folders(session), load_uploaded(session))


def read_known(settings: Settings, chain_id: str) -> KnownFacts:
    """Read what a list of a chain is read against; also where there is no database yet.

    Parameters
    ----------
    settings
        Where the database and the shipped folders are.
    chain_id
        Which chain.

    Returns
    -------
    KnownFacts
        From the database; where it is missing or empty from the shipped folder of this id; without both
        nothing is known and the note says so.

    Raises
    ------
    UnknownKeyError
        When other chains are loaded but not this one.
    """
    loaded: list[str] = []
    try:
        with _reading_what_is_there(settings) as session:
            loaded = [stored.chain.chain_id for stored in list_chains(session)]
            if chain_id in loaded:
                standing = read_standing(session)
                facts = _known(
                    standing, chain_id, codes=read_codes(session), remembered=read_decisions(session)
                )
                return replace(facts, mappings=read_mappings(session))
    except StoreError:
        # No database that this program can read: what is shipped has names too.
        loaded = []
    if loaded:
        known = "、".join(loaded)
        near = near_matches(chain_id, loaded)
        zh = f"没有产业链 {chain_id!r};已装入:{known}"
        raise UnknownKeyError(f"no chain {chain_id!r}; loaded: {', '.join(loaded)}", near=near, zh=zh)
    return _read_shipped(settings, chain_id)


def _reading_what_is_there(settings: Settings) -> AbstractContextManager[Session]:
    """Open a read session without making an empty file where no database is."""
    address = make_url(settings.database_url)
    if address.get_backend_name() == "sqlite" and address.database and not Path(address.database).exists():
        raise DatabaseOutdatedError("no database yet; run 'lianwen init'")
    return reading(settings)


def _read_shipped(settings: Settings, chain_id: str) -> KnownFacts:
    shipped = {path.name: path for path in (settings.data_dir / "chains").iterdir() if path.is_dir()}
    if chain_id in shipped:
        note = Sentence(
            f"chain {chain_id} is not in the database; names were checked against the shipped data; run "
            "'lianwen init' before importing",
            f"数据库里还没有产业链 {chain_id},名称按随附数据核对;导入前请先执行 lianwen init",
        )
        return _known(Standing((read_folder(shipped[chain_id])[0],)), chain_id, note=note)
    folder, records, everything = no_facts(chain_id)
    note = Sentence(
        f"chain {chain_id} is not loaded; neither suppliers nor items were checked",
        f"还没有装入产业链 {chain_id},供应商和物料都没有核对",
    )
    return KnownFacts(chain_names(folder, records, everything, codes={}), note=note)


def _known(
    standing: Standing,
    chain_id: str,
    *,
    codes: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
    note: Sentence | None = None,
) -> KnownFacts:
    folder, records, everything = standing.folder(chain_id), standing.records(chain_id), standing.everything
    items = {item.item_id: item for item in (*folder.items, *records.items)}
    labels: dict[str, tuple[str | None, str]] = {
        key: (firm.name_zh, firm.name_en) for key, firm in everything.suppliers.items()
    }
    labels |= {key: (item.name_zh, item.name_en) for key, item in everything.items.items()}
    names = chain_names(folder, records, everything, codes=codes or {})
    return KnownFacts(names, tuple(items[key] for key in sorted(items)), remembered or {}, note, labels)


def find_items(words: Iterable[str], items: Sequence[Item]) -> tuple[str, ...]:
    """Find items that a person named.

    Parameters
    ----------
    words
        Ids or whole names.
    items
        Items of the chain.

    Returns
    -------
    tuple of str
        Ids, each once.

    Raises
    ------
    UnknownKeyError
        When a word names no item, with near matches.
    """
    found = []
    for word in words:
        item_id = find_item(word, items)
        if item_id is None:
            names = [name for item in items for name in (item.item_id, item.name_zh, item.name_en)]
            raise UnknownKeyError(
                f"the chain has no item {word!r}",
                near=near_matches(word, names),
                zh=f"产业链上没有物料或环节 {word!r}",
            )
        found.append(item_id)
    return tuple(dict.fromkeys(found))


def place_items(names: Iterable[str], items: Iterable[Item]) -> dict[str, Resolution]:
    """Match names of items as those of a supplier list are matched: whole, or near above the threshold.

    Parameters
    ----------
    names
        As written.
    items
        Items to choose from; of several with one id the first counts.

    Returns
    -------
    dict
        Each name and what it stands for.
    """
    first: dict[str, Item] = {}
    for item in items:
        first.setdefault(item.item_id, item)
    index = index_items(known_names((), first.values())[1])
    return {name: resolve_near(name, index) for name in sorted(set(names))}


def near_warning(places: Mapping[str, Resolution], items: Iterable[Item]) -> Warn | None:
    """Say which names were tied to items by their likeness alone.

    Parameters
    ----------
    places
        From `place_items`, those that were used.
    items
        The same items.

    Returns
    -------
    Warn | None
        None when there is none.
    """
    shown = {item.item_id: item.name_zh or item.name_en for item in items}
    near = [f"{name} → {shown[found.key or '']}" for name, found in places.items() if found.how == "near"]
    if not near:
        return None
    return Warn("near-names", {"n": len(near), "names": "、".join(near[:WARNINGS_SHOWN])})


def closed_lists(uploaded: UploadedFacts, upload: Upload, source_id: str) -> set[tuple[str, str]]:
    """List the buyers and items whose list came with another upload than this one, after it.

    Parameters
    ----------
    uploaded
        Facts of the uploads.
    upload
        Whose rows are looked at again.
    source_id
        That upload as a source.

    Returns
    -------
    set of tuple
        Buyer and item; empty for an upload of which no row counts yet.
    """
    if upload.committed_at is None:
        return set()
    return {(row.buyer_id, row.item_id) for row in uploaded.purchases if row.source_id != source_id}


def load_regions(settings: Settings) -> Regions:
    """Read the spellings of places.

    Parameters
    ----------
    settings
        Where the shipped data are.

    Returns
    -------
    Regions
        Provinces and home cities.
    """
    return read_regions(settings.data_dir)


def same_facts(plan: ImportPlan, other: ImportPlan) -> bool:
    """Tell whether two plans would change the same.

    Parameters
    ----------
    plan, other
        Plans of one list.

    Returns
    -------
    bool
        False when the facts changed in between in a way that matters to the list.
    """
    names = ("waiting", "suppliers", "supplies", "purchases", "replaced", "untouched")
    return all(getattr(plan, name) == getattr(other, name) for name in names)


def affected_chains(standing: Standing, plan: ImportPlan) -> tuple[str, ...]:
    """List the chains whose facts a plan changes.

    Parameters
    ----------
    standing
        Facts before.
    plan
        What changes.

    Returns
    -------
    tuple of str
        Ids of all chains whose data version becomes another.
    """
    after = apply_plan(standing.uploaded, plan)
    chain_ids = (folder.chain.chain_id for folder in standing.folders)
    return tuple(
        chain_id
        for chain_id in chain_ids
        if data_version(standing.records(chain_id)) != data_version(standing.records(chain_id, after))
    )


def list_conflicts(settings: Settings, chain_id: str) -> tuple[ShareConflict, ...]:
    """List the uploaded market shares of a chain that differ from a folder's row, for its node pages.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Which chain.

    Returns
    -------
    tuple of ShareConflict
        Of items upstream of the chain; both rows are kept, `uploaded_counts` says which one scores rest on.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded.
    """
    with reading(settings) as session:
        require_chain(session, chain_id)
        standing = read_standing(session)
    items = {item.item_id for item in standing.records(chain_id).items}
    stated = join_all(standing.folders).supplies.values()
    found = find_conflicts(stated, standing.uploaded.supplies)
    return tuple(each for each in found if each.item_id in items)
