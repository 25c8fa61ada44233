"""Firm networks on the desk: bring one in, compute its index, take it out; the synthetic one among them."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from chains.errors import Sentence
from desk.store import reading, writing
from ingest.parsing import parse_text
from ingest.uscc import is_credit_code
from risk.alerts.model import ReviewKind
from risk.cascade.errors import FirmDataError, refusal, warn
from risk.cascade.model import DEFAULT_EPS
from risk.cascade.reading import NetworkFiles, network_from_frames
from risk.cascade.tables import ROW, read_text_table
from risk.errors import ParameterError
from risk.firms.blobs import digest_network
from risk.firms.criteria import load_firm_criteria
from risk.firms.model import FirmAttributes, FirmRun, NetworkLoad, NetworkOrigin
from risk.firms.repository import find_network, insert_network, list_networks, load_network, retire_network
from risk.firms.run_repository import latest_run
from risk.firms.watch import record_firm_run
from settings import code_version

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from chains.errors import Problem
    from risk.cascade.model import FirmNetwork, Progress
    from risk.firms.model import StoredNetwork
    from settings import Settings

EXAMPLE_KEY: Final = "demo-firms"
EXAMPLE_TITLE: Final = "合成示例企业网络"
_KEY: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_FROM_FILES: Final = ("edges.csv", "firms.csv", "essential.csv")


@dataclass(frozen=True, slots=True)
class NetworkFilesGiven:
    """The three files of a network."""

    edges: Path
    firms: Path
    essential: Path


@dataclass(frozen=True, slots=True)
class ImportedNetwork:
    """What bringing in a network came to.

    Attributes
    ----------
    network
        As stored; of before when nothing changed.
    changed
        False when exactly this was there already.
    problems
        Warnings: what was left out or added up.
    """

    network: StoredNetwork
    changed: bool
    problems: tuple[Problem, ...]

    @property
    def sentence(self) -> Sentence:
        """For the person in front of the screen."""
        net = self.network
        done = ("stored", "已装入") if self.changed else ("is there already, unchanged", "已在库中,没有改动")
        return Sentence(
            f"firm network {net.key} {done[0]}: {net.firms:,} firms, {net.links:,} links, "
            f"{net.sectors} sectors",
            f"企业网络 {net.key} {done[1]}:企业 {net.firms:,} 家,往来 {net.links:,} 条,行业 {net.sectors} 个",
        )


@dataclass(frozen=True, slots=True)
class ComputedNetwork:
    """A run and the network it belongs to."""

    network: StoredNetwork
    run: FirmRun

    @property
    def sentence(self) -> Sentence:
        """For the person in front of the screen."""
        run, net = self.run, self.network
        compared = {
            ReviewKind.BASELINE: ("baseline, opens no alert", "首次体检,不发预警"),
            ReviewKind.NEW_BASIS: (
                "new parameters: a new basis, opens no alert",
                "参数已变,另起基线,不发预警",
            ),
        }.get(
            run.review,
            (
                f"compared with run #{run.previous_run_id}: {run.opened} alerts opened, {run.closed} closed",
                f"与运行 #{run.previous_run_id} 对照:新预警 {run.opened} 条,关闭 {run.closed} 条",
            ),
        )
        return Sentence(
            f"run #{run.run_id} of {net.key}: {net.firms:,} firms in {run.seconds:.1f} s, eps {run.eps:g}, "
            f"at most {run.largest_sweeps} sweeps; {compared[0]}",
            f"{net.key} 的运行 #{run.run_id}:{net.firms:,} 家企业,用时 {run.seconds:.1f} 秒,eps {run.eps:g},"
            f"最多 {run.largest_sweeps} 轮;{compared[1]}",
        )


def import_network(
    settings: Settings,
    key: str,
    *,
    files: NetworkFilesGiven,
    title: str | None = None,
    origin: NetworkOrigin = NetworkOrigin.IMPORTED,
) -> ImportedNetwork:
    """Store a firm network; repeating it with other files replaces the current one, whose runs stay.

    Parameters
    ----------
    settings
        Where the database is.
    key
        Name in commands and links: lower-case letters, digits and hyphens, at most 40.
    files
        Edges (supplier, buyer, weight), firms (id, sector, perhaps name, city, uscc) and the matrix of
        essential inputs, CSV or Parquet.
    title
        Name on screen; the key when left out.
    origin
        Whether it is the synthetic example.

    Returns
    -------
    ImportedNetwork
        With the warnings told.

    Raises
    ------
    ParameterError
        When the key cannot be one.
    FirmDataError
        When the files break a rule; nothing was stored.
    StoreError
        When the database cannot be opened.
    """
    if not _KEY.fullmatch(key):
        raise ParameterError(
            f"--network {key}: use lower-case letters, digits and hyphens, at most 40",
            zh=f"--network {key}:只能用小写字母、数字和连字符,最多 40 个",
        )
    network, attributes, problems = _read_files(files)
    told = tuple((problem.message_zh, problem.message) for problem in problems)
    load = NetworkLoad(key, title or key, origin, told)
    with writing(settings) as session:
        current = {one.key: one for one in list_networks(session)}.get(key)
        same = current is not None and current.digest == digest_network(network, attributes)
        if same and current is not None and current.title == load.title:
            return ImportedNetwork(current, changed=False, problems=problems)
        insert_network(session, network, attributes=attributes, load=load, at=datetime.now(UTC))
        return ImportedNetwork(find_network(session, key), changed=True, problems=problems)


def _read_files(
    files: NetworkFilesGiven,
) -> tuple[FirmNetwork, tuple[FirmAttributes, ...], tuple[Problem, ...]]:
    edges, problems = read_text_table(files.edges, ("supplier", "buyer", "weight"))
    firms, found = read_text_table(files.firms, ("id", "sector"))
    essential, more = read_text_table(files.essential, ())
    problems = [*problems, *found, *more]
    if edges is None or firms is None or essential is None:
        raise refusal(problems)
    names = NetworkFiles(files.edges.name, files.firms.name, files.essential.name)
    network, found = network_from_frames(edges, firms, essential=essential, names=names)
    problems += found
    if network is None:
        raise refusal(problems)
    attributes, found = _read_attributes(firms, network, file=files.firms.name)
    return network, attributes, (*problems, *found)


def _read_attributes(
    firms: pl.DataFrame, network: FirmNetwork, *, file: str
) -> tuple[tuple[FirmAttributes, ...], list[Problem]]:
    """Read what the list says beyond the sector; a credit code that is none is left out and told."""
    wanted = [name for name in ("name", "city", "uscc") if name in firms.columns]
    rows = {row["id"]: row for row in firms.select("id", ROW, *wanted).iter_rows(named=True)}
    bad = [row for row in rows.values() if row.get("uscc") and not is_credit_code(row["uscc"].upper())]
    wrong = {row["id"] for row in bad}
    attributes = tuple(
        FirmAttributes(
            firm_id,
            name=_tidy(rows[firm_id].get("name")),
            city=_tidy(rows[firm_id].get("city")),
            uscc=None if firm_id in wrong else _upper(rows[firm_id].get("uscc")),
        )
        for firm_id in network.firm_ids
    )
    if not bad:
        return attributes, []
    problem = warn(
        "bad-credit-code",
        f"{len(bad)} credit codes have a wrong check digit or length and were left out",
        f"{len(bad)} 个统一社会信用代码位数或校验位不对,未计入",
        file=file,
        rows=[int(row[ROW]) for row in bad[:20]],
        found=[str(row["uscc"]) for row in bad[:20]],
    )
    return attributes, [problem]


def _tidy(cell: str | None) -> str | None:
    return parse_text(cell) or None if cell else None


def _upper(cell: str | None) -> str | None:
    return cell.upper() if cell else None


def compute_network(
    settings: Settings,
    key: str | None = None,
    *,
    eps: float = DEFAULT_EPS,
    replaceability: bool = True,
    max_sweeps: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> ComputedNetwork:
    """Compute the index of every firm of a network, store it as a run and compare it with the previous one.

    Parameters
    ----------
    settings
        Where the database and the alert rules are.
    key
        Which network; the only one when left out.
    eps, replaceability, max_sweeps
        As `risk.cascade.compute.compute_esri` takes them.
    workers
        Threads; one a core when left out.
    progress
        Called with the number of firms done and of all.

    Returns
    -------
    ComputedNetwork
        Stored in one transaction; an interrupted call stores nothing and the next one goes on where it was.

    Raises
    ------
    UnknownKeyError
        When there is no such network.
    ParameterError
        When a parameter or the alert rules mean nothing.
    """
    from risk.cascade.compute import compute_esri

    criteria = load_firm_criteria(settings.data_dir / "alert_rules.toml")
    with reading(settings) as session:
        stored = find_network(session, key)
        network = load_network(session, stored.network_id)
    # A call that is stopped goes on where it was.
    kept = settings.var_dir / f"firm-index-{stored.key}.part"
    started_at, started = datetime.now(UTC), time.perf_counter()
    result = compute_esri(
        network,
        eps=eps,
        replaceability=replaceability,
        max_sweeps=max_sweeps,
        workers=workers,
        resume=kept,
        progress=progress,
    )
    run = FirmRun(
        run_id=0,
        network_id=stored.network_id,
        network_key=stored.key,
        digest=stored.digest,
        eps=eps,
        replaceability=replaceability,
        max_sweeps=max_sweeps,
        code_version=code_version(),
        started_at=started_at,
        seconds=time.perf_counter() - started,
        largest_sweeps=int(result.sweeps.max()),
        review=ReviewKind.BASELINE,
        previous_run_id=None,
        opened=0,
        kept=0,
        closed=0,
    )
    with writing(settings) as session:
        recorded = record_firm_run(session, run, result, criteria=criteria, at=datetime.now(UTC))
    kept.unlink(missing_ok=True)
    return ComputedNetwork(stored, recorded)


def remove_network(settings: Settings, key: str) -> Sentence:
    """Take a network out of use; its runs and alerts stay as history.

    Parameters
    ----------
    settings
        Where the database is.
    key
        Which network.

    Returns
    -------
    Sentence
        What was done.

    Raises
    ------
    UnknownKeyError
        When there is no such network.
    """
    with writing(settings) as session:
        find_network(session, key)
        retire_network(session, key, at=datetime.now(UTC))
    return Sentence(
        f"firm network {key} removed; its runs stay as history", f"企业网络 {key} 已移除;运行记录保留"
    )


def load_example_network(settings: Settings) -> ComputedNetwork:
    """Store the synthetic firm network and compute it, unless that was done already.

    Parameters
    ----------
    settings
        Where the database and the shipped data are.

    Returns
    -------
    ComputedNetwork
        Its latest run.

    Raises
    ------
    FirmDataError
        When a network of one's own has its key.
    """
    folder = settings.data_dir / "examples" / "firms"
    with reading(settings) as session:
        own = {one.key: one for one in list_networks(session)}.get(EXAMPLE_KEY)
    if own is not None and own.origin is not NetworkOrigin.EXAMPLE:
        raise FirmDataError(
            f"a firm network of your own is called {EXAMPLE_KEY}; import it under another key and repeat",
            zh=f"已有自行导入的企业网络叫 {EXAMPLE_KEY};请换一个名称导入后重试",
        )
    files = NetworkFilesGiven(*(folder / name for name in _FROM_FILES))
    import_network(settings, EXAMPLE_KEY, files=files, title=EXAMPLE_TITLE, origin=NetworkOrigin.EXAMPLE)
    with reading(settings) as session:
        stored = find_network(session, EXAMPLE_KEY)
        run = latest_run(session, stored)
    return ComputedNetwork(stored, run) if run else compute_network(settings, EXAMPLE_KEY)
