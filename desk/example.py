"""合成示例: loading the synthetic province, taking it out again, and telling whether it is there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from chains.catalog import read_folder
from chains.checks import check_folders
from chains.errors import ChainDataError, Sentence, Severity
from chains.repository import list_chains, load_folders, remove_chain, store_folder
from chains.union import join_folders
from chains.version import data_version, folder_digest
from chains.withdrawal import withdraw_uploaded
from desk.store import reading, writing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy.orm import Session

    from chains.errors import Problem
    from chains.model import ChainFolder
    from settings import Settings

EXAMPLE: Final = "example"
EXAMPLE_CHAIN: Final = "demo"
MARK: Final = "合成示例"
_NOT_LOADED: Final = Sentence(
    "the synthetic example is not loaded; nothing was changed", f"{MARK}没有装入,没有改动"
)
_BROKEN: Final = Sentence(
    "the synthetic example was not loaded: its shipped files have errors; install the program again",
    f"{MARK}未装入:随附的示例数据有误,请重新安装程序",
)
_DISAGREES: Final = Sentence(
    "the synthetic example was not loaded: it disagrees with data that are loaded",
    f"{MARK}未装入:与已装入的数据不一致",
)
_IN_USE: Final = Sentence(
    "the synthetic example was not removed: another chain names its firms; "
    "correct that chain's folder and import it again",
    f"{MARK}未移除:别的链引用了示例企业,请先改正其文件夹并重新导入",
)


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """What loading or removing the example changed.

    Attributes
    ----------
    sentence
        For the person in front of the screen; says what to run next.
    changed
        Whether any fact is new or gone.
    chains
        Chains whose data version differs now; their latest runs are out of date.
    """

    sentence: Sentence
    changed: bool
    chains: tuple[str, ...] = ()


def load_example(settings: Settings) -> ExampleResult:
    """Store the synthetic province as chain ``demo`` of origin ``example``; safe to repeat.

    Parameters
    ----------
    settings
        Where database and shipped data are.

    Returns
    -------
    ExampleResult
        Nothing is queued; the sentence names the command that computes.

    Raises
    ------
    ChainDataError
        When a chain of one's own has the id ``demo``, or the example disagrees with loaded data.
    StoreError
        When the database cannot be opened.

    Notes
    -----
    Buyers of a chain that is not loaded are left out: what they make is not known here.
    Repeating it after that chain was loaded adds them.
    """
    example = _read_example(settings.data_dir)
    with writing(settings) as session:
        _refuse_own_chain(session)
        before = _versions(load_folders(session))
        changed = refit_example(session, example, at=datetime.now(UTC))
        stored = load_folders(session)
    fitted = next(folder for folder in stored if folder.chain.chain_id == EXAMPLE_CHAIN)
    chains = _differing(before, _versions(stored))
    return ExampleResult(_tell_loaded(fitted, chains, changed=changed), changed, chains)


def remove_example(settings: Settings) -> ExampleResult:
    """Take the synthetic province out; the current facts are those of before; safe to repeat.

    Parameters
    ----------
    settings
        Where the database is.

    Returns
    -------
    ExampleResult
        Rows stay as history; uploads that name firms of the example are superseded with them.

    Raises
    ------
    ChainDataError
        When the folder of another chain names firms of the example.
    StoreError
        When the database cannot be opened.
    """
    with writing(settings) as session:
        if not _is_stored(session):
            return ExampleResult(_NOT_LOADED, changed=False)
        folders = load_folders(session)
        now = datetime.now(UTC)
        example = next(folder for folder in folders if folder.chain.chain_id == EXAMPLE_CHAIN)
        remove_chain(session, EXAMPLE_CHAIN, at=now)
        withdrawn = withdraw_uploaded(session, _firms(example), at=now)
        left = load_folders(session)
        _refuse(check_folders(left), _IN_USE)
        chains = _differing(_versions(folders), _versions(left))
    return ExampleResult(_tell_removed(chains, withdrawn), changed=True, chains=chains)


def example_loaded(settings: Settings) -> bool:
    """Tell whether invented firms are among the data, for a banner and for exports.

    Parameters
    ----------
    settings
        Where the database is.

    Returns
    -------
    bool
        True from `load_example` to `remove_example`.

    Raises
    ------
    StoreError
        When the database cannot be opened.
    """
    with reading(settings) as session:
        return _is_stored(session)


def refit_loaded_example(session: Session, data_dir: Path, *, at: datetime) -> bool:
    """Fit a loaded example to the chains as they stand now, after one came or went.

    Parameters
    ----------
    session
        A write session; nothing is committed here.
    data_dir
        The shipped data.
    at
        When, aware.

    Returns
    -------
    bool
        Whether any fact of the example changed; False when none is loaded.

    Raises
    ------
    ChainDataError
        When the example disagrees with loaded data; nothing may be committed then.
    """
    return _is_stored(session) and refit_example(session, _read_example(data_dir), at=at)


def refit_example(session: Session, example: ChainFolder, *, at: datetime) -> bool:
    """Store the part of the example that the loaded chains know the items of.

    Parameters
    ----------
    session
        A write session; nothing is committed here.
    example
        The whole example.
    at
        When, aware.

    Returns
    -------
    bool
        False when exactly this stands there already.

    Raises
    ------
    ChainDataError
        When the example disagrees with loaded data; nothing may be committed then.
    """
    others = tuple(folder for folder in load_folders(session) if folder.chain.chain_id != EXAMPLE_CHAIN)
    fitted = _fit(example, others)
    digest = folder_digest(fitted)
    stored = {chain.chain.chain_id: chain.digest for chain in list_chains(session)}
    if stored.get(EXAMPLE_CHAIN) == digest:
        return False
    _refuse(check_folders((*others, fitted)), _DISAGREES)
    store_folder(session, fitted, digest=digest, origin=EXAMPLE, at=at)
    return True


def _read_example(data_dir: Path) -> ChainFolder:
    folder, problems = read_folder(data_dir / "examples" / "province" / EXAMPLE_CHAIN)
    _refuse(problems, _BROKEN)
    return folder


def _fit(example: ChainFolder, others: Sequence[ChainFolder]) -> ChainFolder:
    known = {item.item_id for folder in (example, *others) for item in folder.items}
    return replace(
        example,
        supplies=tuple(supply for supply in example.supplies if supply.item_id in known),
        purchases=tuple(purchase for purchase in example.purchases if purchase.item_id in known),
    )


def _refuse_own_chain(session: Session) -> None:
    for chain in list_chains(session):
        if chain.chain.chain_id == EXAMPLE_CHAIN and chain.origin != EXAMPLE:
            raise ChainDataError(
                f"the synthetic example was not loaded: a chain of your own is called {EXAMPLE_CHAIN}; "
                "give that chain another id and repeat",
                zh=f"{MARK}未装入:已有一条自行导入的链也叫 {EXAMPLE_CHAIN};请把它改用别的编号后重试",
            )


def _is_stored(session: Session) -> bool:
    return any(chain.origin == EXAMPLE for chain in list_chains(session))


def _firms(example: ChainFolder) -> set[str]:
    return {supplier.supplier_id for supplier in example.suppliers}


def _refuse(problems: Sequence[Problem], sentence: Sentence) -> None:
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    if errors:
        english, chinese = (
            "\n".join([sentence.say(language), *(problem.say(language) for problem in errors)])
            for language in ("en", "zh")
        )
        raise ChainDataError(english, zh=chinese)


def _versions(folders: Sequence[ChainFolder]) -> dict[str, str]:
    ids = [folder.chain.chain_id for folder in folders]
    return {chain_id: data_version(join_folders(folders, chain_id)) for chain_id in ids}


def _differing(before: dict[str, str], after: dict[str, str]) -> tuple[str, ...]:
    """Chains that stand in `after` with another version than in `before`, the example first."""
    found = [chain_id for chain_id, version in after.items() if before.get(chain_id) != version]
    return tuple(sorted(found, key=lambda chain_id: (chain_id != EXAMPLE_CHAIN, chain_id)))


def _tell_loaded(folder: ChainFolder, chains: Sequence[str], *, changed: bool) -> Sentence:
    firms, buyers = len(folder.suppliers), len({purchase.buyer_id for purchase in folder.purchases})
    lists = len({(purchase.buyer_id, purchase.item_id) for purchase in folder.purchases})
    held = f"{firms} firms, {buyers} buyers, {lists} lists, all invented"
    held_zh = f"企业 {firms} 家,采购方 {buyers} 家,清单 {lists} 份(均为虚构)"
    if not changed:
        return Sentence(
            f"the synthetic example is there already, nothing was changed: {held}",
            f"{MARK}已在库中,没有改动:{held_zh}",
        )
    versions = _tell_chains(chains)
    return Sentence(
        f"synthetic example loaded: {held}. {versions.en}", f"{MARK}已装入:{held_zh}。{versions.zh}"
    )


def _tell_removed(chains: Sequence[str], withdrawn: int) -> Sentence:
    also = f" with {withdrawn} uploaded rows that name its firms" if withdrawn else ""
    also_zh = f",连同引用示例企业的上传数据 {withdrawn} 行" if withdrawn else ""
    versions = _tell_chains(chains)
    return Sentence(
        f"synthetic example removed{also}; its rows stay as history. {versions.en}",
        f"{MARK}已移除{also_zh};历史记录保留。{versions.zh}",
    )


def _tell_chains(chains: Sequence[str]) -> Sentence:
    if not chains:
        return Sentence("no data version changed", "没有链的数据版本改变")
    command = f"lianwen recompute {' '.join(f'--chain {chain_id}' for chain_id in chains)}"
    return Sentence(
        f"data versions changed: {', '.join(chains)}; nothing was computed, run: {command}",
        f"数据版本已变:{'、'.join(chains)};没有自动计算,请运行 {command}",
    )
