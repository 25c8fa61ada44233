"""The index of a firm network from files to a file; a stopped computation goes on where it was."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from chains.errors import LianwenError, Sentence
from risk.errors import ParameterError

if TYPE_CHECKING:
    import polars as pl

    from chains.errors import Problem
    from risk.cascade.model import EsriResult, FirmNetwork, FirmShocks, Progress

FORMS: Final = (".csv", ".parquet")
KEPT_SUFFIX: Final = ".part"


class OutputFileError(LianwenError):
    """The result cannot be written."""

    code = "output-file"


@dataclass(frozen=True, slots=True)
class IndexFiles:
    """What is read and written.

    Attributes
    ----------
    edges, firms, essential
        The network (`risk.cascade.reading.read_network`).
    shocks
        Scenarios; every firm alone when left out.
    out
        ``.csv`` or ``.parquet``.
    """

    edges: Path
    firms: Path
    essential: Path
    shocks: Path | None
    out: Path


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """How it is computed (`risk.cascade.compute.compute_esri`)."""

    eps: float
    replaceability: bool
    max_sweeps: int | None
    workers: int | None
    cluster: str | None


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What came of it.

    Attributes
    ----------
    problems
        Of the files read.
    sentence
        What was computed and written; None when the files were refused.
    """

    problems: tuple[Problem, ...]
    sentence: Sentence | None

    @property
    def refused(self) -> bool:
        """Whether nothing was computed."""
        return self.sentence is None


def index_firms(files: IndexFiles, options: IndexOptions, *, progress: Progress | None = None) -> IndexReport:
    """Compute the index of every firm or scenario and write it.

    Parameters
    ----------
    files
        What is read and written.
    options
        How it is computed.
    progress
        Called with the number of scenarios done and of all.

    Returns
    -------
    IndexReport
        All problems of the files; refused when one of them is an error.

    Raises
    ------
    ParameterError
        When an option means nothing.
    OutputFileError
        When the result cannot be written.

    Notes
    -----
    What is finished stands in ``OUT.part`` beside the result until the result is written, so the same
    words given again after a stop go on from there.
    """
    from risk.cascade.compute import check_parameters, compute_esri
    from risk.cascade.reading import read_network
    from risk.distribute import check_workers

    began = time.monotonic()
    check_parameters(options.eps, options.max_sweeps)
    check_workers(options.workers)
    check_out(files.out)
    network, problems = read_network(files.edges, files.firms, essential=files.essential)
    shocks, found = (None, []) if network is None else _read_scenarios(files.shocks, network)
    problems += found
    if network is None or (files.shocks is not None and shocks is None):
        return IndexReport(tuple(problems), None)
    kept = files.out.with_name(files.out.name + KEPT_SUFFIX)
    result = compute_esri(
        network,
        eps=options.eps,
        replaceability=options.replaceability,
        shocks=shocks,
        max_sweeps=options.max_sweeps,
        workers=options.workers,
        cluster=options.cluster,
        resume=kept,
        progress=progress,
    )
    write_result(result, files.out, key="id" if shocks is None else "scenario")
    kept.unlink(missing_ok=True)
    return IndexReport(tuple(problems), _tell(network, result, files.out, time.monotonic() - began))


def check_out(out: Path) -> None:
    """Refuse a file that cannot be written before hours are spent on it.

    Raises
    ------
    ParameterError
        When it is neither ``.csv`` nor ``.parquet``.
    OutputFileError
        When its folder does not exist or cannot be written.
    """
    if out.suffix.lower() not in FORMS:
        raise ParameterError(
            f"--out {out.name}: give a .csv or .parquet file",
            zh=f"--out {out.name}:请给 .csv 或 .parquet 文件",
        )
    if not out.parent.is_dir() or not os.access(out.parent, os.W_OK):
        raise OutputFileError(
            f"the folder of {out.name} does not exist or cannot be written",
            zh=f"{out.name} 所在的文件夹不存在或不可写",
        )


def write_result(result: EsriResult, out: Path, *, key: str) -> None:
    """Write a result, all or nothing.

    Parameters
    ----------
    result
        What was found; Parquet holds eps, replaceability and the limit of sweeps as metadata.
    out
        ``.csv`` or ``.parquet``.
    key
        Name of the first column.

    Raises
    ------
    OutputFileError
        When it cannot be written.
    """
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        _write_frame(result.as_frame(key=key), draft, result, parquet=out.suffix.lower() != FORMS[0])
        draft.replace(out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise OutputFileError(
            f"the file {out.name} cannot be written: {error.strerror}",
            zh=f"无法写入 {out.name}:{error.strerror}",
        ) from error


def _write_frame(frame: pl.DataFrame, file: Path, result: EsriResult, *, parquet: bool) -> None:
    if not parquet:
        frame.write_csv(file)
        return
    facts = {
        "eps": repr(result.eps),
        "replaceability": str(result.replaceability).lower(),
        "max_sweeps": "" if result.max_sweeps is None else str(result.max_sweeps),
    }
    frame.write_parquet(file, metadata=facts)


def _read_scenarios(path: Path | None, network: FirmNetwork) -> tuple[FirmShocks | None, list[Problem]]:
    if path is None:
        return None, []
    from risk.cascade.reading import read_shocks

    return read_shocks(path, network)


def _tell(network: FirmNetwork, result: EsriResult, out: Path, seconds: float) -> Sentence:
    count, eps = len(result.ids), f"{result.eps:g}"
    return Sentence(
        f"{network.firms} firms, {network.links} links, {count} cascades at eps {eps} in {seconds:.1f} s; "
        f"written to {out.name}",
        f"企业 {network.firms} 家,关系 {network.links} 条,推演 {count} 次,eps {eps},用时 {seconds:.1f} 秒;"
        f"已写入 {out.name}",
    )
