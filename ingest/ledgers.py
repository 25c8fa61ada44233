"""Ledgers of firm-to-firm sales, row by invoice, to edges with their weight; every row is accounted for.

References
----------
docs/firms.md says how each kind of row is read.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

import polars as pl

from ingest.ledger_columns import LedgerError
from ingest.ledger_reading import BLOCK_BYTES, read_blocks
from ingest.ledger_rows import SENTENCES, SET_ASIDE, Period, Reason, judge_rows
from ingest.ledger_sums import PAIRS_IN_MEMORY, EdgeSums

EXAMPLES: Final = 5
_SHOWN: Final = ("supplier", "buyer", "date", "amount")
_LONGEST_CELL: Final = 60
_FILE_BITS: Final = 33
_WHOLE: Final = Period()

Progress = Callable[[str, float], None]
_Placed = tuple[int, "LedgerExample"]


@dataclass(frozen=True, slots=True)
class LedgerExample:
    """A row that does not count, as it stands in its file.

    Attributes
    ----------
    file, row
        Name of the file and 1-based line (of a Parquet file the row).
    cells
        Supplier, buyer, date and amount as written, cut at 60 characters; None where the file has no such
        column or cell.
    """

    file: str
    row: int
    cells: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class LedgerFile:
    """How a file was read: its form, the column taken for each role, how many rows it has."""

    name: str
    form: str
    columns: Mapping[str, str]
    rows: int


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """What became of every row.

    Attributes
    ----------
    rows
        Data rows of all files; `good` plus all of `left_out`.
    good
        Rows whose amount is in an edge, or in a pair that returned as much as it bought.
    left_out
        Rows by reason.
    examples
        Up to five rows a reason, the first ones.
    credit_notes, credit_hundredths
        Good rows below zero and their sum, in hundredths; they are subtracted from their pair.
    rounded
        Good rows with more than two decimals, rounded to hundredths (half to even).
    good_hundredths, edge_hundredths, returned_hundredths
        Sums of good rows, of edges, and of pairs whose sum is not above zero; the latter two make the
        first.
    edges, suppliers, buyers
        Pairs written, and how many firms sell or buy in them.
    returned_pairs
        Pairs left out because credit notes took up all their sales.
    first_on, last_on
        Days of the first and last good row; None where no file has days.
    """

    files: tuple[LedgerFile, ...]
    rows: int
    good: int
    left_out: Mapping[Reason, int]
    examples: Mapping[Reason, tuple[LedgerExample, ...]]
    credit_notes: int
    credit_hundredths: int
    rounded: int
    good_hundredths: int
    edge_hundredths: int
    returned_hundredths: int
    edges: int
    suppliers: int
    buyers: int
    returned_pairs: int
    first_on: date | None
    last_on: date | None

    @property
    def bad(self) -> int:
        """Rows that somebody should correct; the others left out are right but not part of the network."""
        return sum(count for reason, count in self.left_out.items() if reason not in SET_ASIDE)


@dataclass(slots=True)
class _Tally:
    """What is counted while rows stream by."""

    rows: int = 0
    left_out: Counter[Reason] = field(default_factory=Counter)
    examples: dict[Reason, list[_Placed]] = field(default_factory=dict)
    credit_notes: int = 0
    credit_hundredths: int = 0
    rounded: int = 0
    good_hundredths: int = 0
    days: list[date] = field(default_factory=list)

    def leave_out(self, reason: Reason, rows: int, examples: Iterable[_Placed]) -> None:
        """Count rows of one reason and keep the first examples of all."""
        self.left_out[reason] += rows
        found = [*self.examples.get(reason, ()), *examples]
        self.examples[reason] = sorted(found, key=lambda pair: pair[0])[:EXAMPLES]


@dataclass(frozen=True, slots=True)
class _Options:
    """How files are read."""

    period: Period
    named: Mapping[str, str] | None
    progress: Progress
    block_bytes: int


def _say_nothing(_file: str, _done: float) -> None:
    return


def read_ledgers(
    files: Sequence[Path],
    out: Path,
    *,
    period: Period = _WHOLE,
    named: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    block_bytes: int = BLOCK_BYTES,
    pairs_in_memory: int = PAIRS_IN_MEMORY,
) -> LedgerReport:
    """Turn ledgers into edges: one line a pair of firms with the sum of its sales.

    Parameters
    ----------
    files
        CSV or Parquet, one row an invoice (or a line of one).
    out
        Where the edges go, ``.csv`` or ``.parquet``: ``supplier``, ``buyer``, ``weight`` (in the ledger's
        currency, two decimals), sorted; written beside it first, so an interrupted call leaves nothing.
    period
        Days that count.
    named
        Columns that a person named, by role: ``supplier``, ``buyer``, ``date``, ``amount``, ``status``.
    progress
        Told the file and how much of it (0 to 1) is read.
    block_bytes, pairs_in_memory
        How much is held at once; the result does not depend on them.

    Returns
    -------
    LedgerReport
        Every row is either good or left out with its reason.

    Raises
    ------
    LedgerError
        When a file cannot be read, has no header of a ledger, no days where a period is asked for, or no
        row counts.
    """
    if out.suffix.lower() not in {".csv", ".parquet"}:
        raise LedgerError(
            f"{out.name}: edges are written as .csv or .parquet", zh=f"{out.name}:边只能写成 .csv 或 .parquet"
        )
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".lianwen-ledger-", dir=out.parent) as folder:
        sums = EdgeSums(Path(folder), pairs_in_memory)
        tally = _Tally()
        options = _Options(period, named, progress or _say_nothing, block_bytes)
        told = [
            _read_file(file, tally, sums, number=number, options=options) for number, file in enumerate(files)
        ]
        if not sum(one.rows for one in told) - tally.left_out.total():
            raise _no_rows(tally)
        return _write(tally, sums, told, out=out, folder=Path(folder))


def _read_file(
    file: Path,
    tally: _Tally,
    sums: EdgeSums,
    *,
    number: int,
    options: _Options,
) -> LedgerFile:
    columns, form, blocks = read_blocks(file, named=options.named, block_bytes=options.block_bytes)
    period = options.period
    if "date" not in columns.names and (period.first_on or period.last_on):
        raise LedgerError(
            f"{file.name} has no column of dates, so no period can be chosen; name it with --column date=…",
            zh=f"{file.name} 没有日期列,无法按日期范围选取;请用 --column date=… 指明",
        )
    size, before = max(file.stat().st_size, 1), tally.rows
    for block in blocks:
        judged = judge_rows(block.frame, factor=columns.factor, period=period)
        _count(judged, tally, file.name, number=number)
        good = judged.filter(pl.col("reason").is_null())
        place = pl.col("row").cast(pl.UInt64) + (number << _FILE_BITS)
        sums.add(good.select("supplier", "buyer", "hundredths", place.alias("first")))
        options.progress(file.name, min(block.done / size, 1.0))
    return LedgerFile(file.name, form, columns.names, tally.rows - before)


def _count(judged: pl.DataFrame, tally: _Tally, file: str, *, number: int) -> None:
    tally.rows += judged.height
    good = judged.filter(pl.col("reason").is_null())
    tally.good_hundredths += int(good["hundredths"].sum())
    tally.rounded += int(good["rounded"].sum())
    credits_ = good["hundredths"].filter(good["hundredths"] < 0)
    tally.credit_notes += len(credits_)
    tally.credit_hundredths += int(credits_.sum())
    days = good["day"].drop_nulls()
    if len(days):
        tally.days = [min([*tally.days, days.min()]), max([*tally.days, days.max()])]  # type: ignore[type-var, list-item]
    if good.height < judged.height:
        for (reason,), rows in judged.filter(pl.col("reason").is_not_null()).group_by("reason"):
            kept = rows.sort("row").head(EXAMPLES).iter_rows(named=True)
            shown = [((number << _FILE_BITS) + row["row"], _example(file, row)) for row in kept]
            tally.leave_out(Reason(str(reason)), rows.height, shown)


def _example(file: str, row: Mapping[str, Any]) -> LedgerExample:
    cells = tuple(None if row.get(name) is None else str(row[name])[:_LONGEST_CELL] for name in _SHOWN)
    return LedgerExample(file, int(row["row"]), cells)


def _no_rows(tally: _Tally) -> LedgerError:
    counts = sorted(tally.left_out.items(), key=lambda pair: (-pair[1], pair[0]))
    en = "; ".join(f"{SENTENCES[reason][1]}: {count}" for reason, count in counts)
    zh = ";".join(f"{SENTENCES[reason][0]}:{count} 行" for reason, count in counts)
    return LedgerError(
        f"none of {tally.rows} rows counts ({en or 'the files are empty'}); nothing was written",
        zh=f"{tally.rows} 行中没有一行可用({zh or '文件是空的'});没有写出任何内容",
    )


@dataclass(slots=True)
class _Written:
    """What the pairs came to."""

    parts: list[Path] = field(default_factory=list)
    edges: int = 0
    suppliers: int = 0
    edge_hundredths: int = 0
    returned_pairs: int = 0
    returned_hundredths: int = 0
    left_hundredths: int = 0


def _write(
    tally: _Tally, sums: EdgeSums, told: Sequence[LedgerFile], *, out: Path, folder: Path
) -> LedgerReport:
    written = _Written()
    for part in sums.finish():
        edges = _sort_out(part, tally, written, [file.name for file in told])
        path = folder / f"edges-{len(written.parts):05}.parquet"
        edges.write_parquet(path)
        written.parts.append(path)
    if (
        tally.good_hundredths
        != written.edge_hundredths + written.returned_hundredths + written.left_hundredths
    ):
        raise LedgerError(
            "the sums of rows and of edges differ; nothing was written, please report this",
            zh="各行之和与各边之和不一致;没有写出任何内容,请反馈这一问题",
        )
    if not written.edges:
        raise _no_rows(tally)
    return _report(tally, written, told, buyers=_sink(written.parts, out, folder))


def _report(tally: _Tally, written: _Written, told: Sequence[LedgerFile], *, buyers: int) -> LedgerReport:
    reasons = [reason for reason in Reason if tally.left_out[reason]]
    return LedgerReport(
        files=tuple(told),
        rows=tally.rows,
        good=tally.rows - tally.left_out.total(),
        left_out={reason: tally.left_out[reason] for reason in reasons},
        examples={reason: tuple(example for _place, example in tally.examples[reason]) for reason in reasons},
        credit_notes=tally.credit_notes,
        credit_hundredths=tally.credit_hundredths,
        rounded=tally.rounded,
        good_hundredths=tally.good_hundredths - written.left_hundredths,
        edge_hundredths=written.edge_hundredths,
        returned_hundredths=written.returned_hundredths,
        edges=written.edges,
        suppliers=written.suppliers,
        buyers=buyers,
        returned_pairs=written.returned_pairs,
        first_on=tally.days[0] if tally.days else None,
        last_on=tally.days[-1] if tally.days else None,
    )


def _sort_out(part: pl.DataFrame, tally: _Tally, written: _Written, files: Sequence[str]) -> pl.DataFrame:
    """Take out damaged names, sales to oneself and pairs that returned all; the rest are edges."""
    damaged = (pl.col("supplier") == "") | (pl.col("buyer") == "")
    reason = (
        pl.when(damaged)
        .then(pl.lit(Reason.BAD_NAME.value))
        .when(pl.col("supplier") == pl.col("buyer"))
        .then(pl.lit(Reason.SELF_SALE.value))
    )
    judged = part.with_columns(reason.alias("reason"))
    for (name,), rows in judged.filter(pl.col("reason").is_not_null()).group_by("reason"):
        kept = rows.sort("first").head(EXAMPLES).iter_rows(named=True)
        shown = [(row["first"], _pair_example(row, files)) for row in kept]
        tally.leave_out(Reason(str(name)), int(rows["rows"].sum()), shown)
        written.left_hundredths += int(rows["hundredths"].sum())
    pairs = judged.filter(pl.col("reason").is_null())
    edges, returned = pairs.filter(pl.col("hundredths") > 0), pairs.filter(pl.col("hundredths") <= 0)
    written.edges += edges.height
    written.suppliers += edges["supplier"].n_unique()
    written.edge_hundredths += int(edges["hundredths"].sum())
    written.returned_pairs += returned.height
    written.returned_hundredths += int(returned["hundredths"].sum())
    return edges.select("supplier", "buyer", (pl.col("hundredths") / 100).alias("weight"))


def _pair_example(row: Mapping[str, Any], files: Sequence[str]) -> LedgerExample:
    first = int(row["first"])
    cells = (str(row["supplier"])[:_LONGEST_CELL], str(row["buyer"])[:_LONGEST_CELL], None, None)
    return LedgerExample(files[first >> _FILE_BITS], first % (1 << _FILE_BITS), cells)


def _sink(parts: Sequence[Path], out: Path, folder: Path) -> int:
    """Join the parts in their order into one file, put it in place, and count the firms that buy."""
    edges = pl.scan_parquet(list(parts))
    beside = folder / out.name
    if out.suffix.lower() == ".parquet":
        edges.sink_parquet(beside, maintain_order=True)
    else:
        edges.sink_csv(beside, float_precision=2, maintain_order=True)
    buyers = edges.select(pl.col("buyer").n_unique()).collect(engine="streaming").item()
    beside.replace(out)
    return int(buyers)
