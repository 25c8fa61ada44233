"""Ledgers of sales to the edges of a firm network: what the command does, and how its report reads."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from chains.errors import Sentence
from ingest.ledger_columns import ROLES, LedgerError
from ingest.ledger_rows import SENTENCES, SET_ASIDE, Period
from ingest.ledgers import read_ledgers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from ingest.ledgers import LedgerExample, LedgerReport, Progress

_LABELS: Final = ("销售方", "购买方", "日期", "金额")


@dataclass(frozen=True, slots=True)
class LedgerResult:
    """Edges written, and what became of every row.

    Attributes
    ----------
    report
        Counts, sums, reasons and examples.
    out
        The file of edges.
    seconds
        Wall time.
    """

    report: LedgerReport
    out: Path
    seconds: float


def make_edges(
    files: Sequence[Path],
    out: Path,
    *,
    first_on: date | None = None,
    last_on: date | None = None,
    named: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> LedgerResult:
    """Turn ledgers of sales into edges of firms.

    Parameters
    ----------
    files
        CSV or Parquet.
    out
        ``.csv`` or ``.parquet``.
    first_on, last_on
        Days that count, both included.
    named
        Columns that a person named, by role.
    progress
        Told the file and how much of it (0 to 1) is read.

    Returns
    -------
    LedgerResult
        With every row accounted for.

    Raises
    ------
    LedgerError
        When a file cannot be read or no row counts; nothing is written then.
    """
    started = time.perf_counter()
    report = read_ledgers(files, out, period=Period(first_on, last_on), named=named, progress=progress)
    return LedgerResult(report, out, time.perf_counter() - started)


def read_named_columns(words: Sequence[str]) -> dict[str, str]:
    """Read columns that a person named on the command line.

    Parameters
    ----------
    words
        Each ``role=column``.

    Returns
    -------
    dict
        Column by role.

    Raises
    ------
    LedgerError
        When a word is not of this form or names no role.

    Examples
    --------
    >>> read_named_columns(["buyer=客户"])
    {'buyer': '客户'}
    """
    named = {}
    for word in words:
        role, sign, column = word.partition("=")
        if not sign or role not in ROLES or not column:
            raise LedgerError(
                f"--column {word}: write role=column, the roles are {', '.join(ROLES)}",
                zh=f"--column {word}:应写成 角色=列名,角色有 {'、'.join(ROLES)}",
            )
        named[role] = column
    return named


def tell_report(result: LedgerResult) -> tuple[Sentence, ...]:
    """Say what became of every row.

    Parameters
    ----------
    result
        Of `make_edges`.

    Returns
    -------
    tuple of Sentence
        Lines for a terminal: totals, each reason with its first rows, what was netted, the edges.
    """
    report = result.report
    lines = [_tell_total(report)]
    for reason, count in report.left_out.items():
        zh, en = SENTENCES[reason]
        kind = ("", "") if reason not in SET_ASIDE else ("(不算错误)", " (no error)")
        lines.append(Sentence(f"  {en}{kind[1]}: {count:,}", f"  {zh}{kind[0]}:{count:,} 行"))
        lines.extend(_tell_example(example) for example in report.examples[reason][:3])
    lines.extend(_tell_sums(report))
    lines.append(
        Sentence(
            f"written: {result.out} ({report.edges:,} edges, {report.suppliers:,} suppliers, "
            f"{report.buyers:,} buyers), {result.seconds:.1f} s",
            f"已写出:{result.out}({report.edges:,} 条边,销售方 {report.suppliers:,} 家,"
            f"购买方 {report.buyers:,} 家),用时 {result.seconds:.1f} 秒",
        )
    )
    return tuple(lines)


def _tell_total(report: LedgerReport) -> Sentence:
    aside = report.rows - report.good - report.bad
    return Sentence(
        f"rows {report.rows:,} = good {report.good:,} + bad {report.bad:,} + set aside {aside:,}",
        f"共 {report.rows:,} 行 = 可用 {report.good:,} + 有误 {report.bad:,} + 不计入 {aside:,}",
    )


def _tell_example(example: LedgerExample) -> Sentence:
    cells = "、".join(
        f"{label} {cell}" for label, cell in zip(_LABELS, example.cells, strict=True) if cell is not None
    )
    plain = " | ".join(cell for cell in example.cells if cell is not None)
    return Sentence(
        f"    {example.file} row {example.row}: {plain}", f"    {example.file} 第 {example.row} 行:{cells}"
    )


def _tell_sums(report: LedgerReport) -> list[Sentence]:
    lines = [
        Sentence(
            f"sums: good rows {_money(report.good_hundredths)} = edges {_money(report.edge_hundredths)} "
            f"+ pairs returned in full {_money(report.returned_hundredths)}",
            f"金额:可用行合计 {_money(report.good_hundredths)} = 各边合计 {_money(report.edge_hundredths)} "
            f"+ 净额不为正的买卖双方 {_money(report.returned_hundredths)}",
        )
    ]
    if report.credit_notes:
        lines.append(
            Sentence(
                f"  credit notes {report.credit_notes:,}, {_money(report.credit_hundredths)}, subtracted "
                f"from their pair; {report.returned_pairs:,} pairs come to 0 or less and are no edges",
                f"  负数(红字)发票 {report.credit_notes:,} 行,{_money(report.credit_hundredths)},"
                f"已从双方往来中冲减;净额不为正的 {report.returned_pairs:,} 对不成边",
            )
        )
    if report.rounded:
        lines.append(
            Sentence(
                f"  {report.rounded:,} amounts with more than two decimals were rounded",
                f"  {report.rounded:,} 行金额超过两位小数,已四舍五入到分",
            )
        )
    if report.first_on is not None:
        lines.append(
            Sentence(
                f"  days {report.first_on} to {report.last_on}",
                f"  日期 {report.first_on} 至 {report.last_on}",
            )
        )
    return lines


def _money(hundredths: int) -> str:
    sign = "-" if hundredths < 0 else ""
    whole, part = divmod(abs(hundredths), 100)
    return f"{sign}{whole:,}.{part:02}"


def report_cells(result: LedgerResult) -> dict[str, Any]:
    """Turn a report into cells for json.

    Parameters
    ----------
    result
        Of `make_edges`.

    Returns
    -------
    dict
        Sums are in the ledger's currency, exact to two decimals as text.
    """
    report = result.report
    return {
        "out": str(result.out),
        "seconds": round(result.seconds, 3),
        "rows": report.rows,
        "good": report.good,
        "bad": report.bad,
        "left_out": {reason.value: count for reason, count in report.left_out.items()},
        "examples": {
            reason.value: [{"file": one.file, "row": one.row, "cells": list(one.cells)} for one in examples]
            for reason, examples in report.examples.items()
        },
        "files": [
            {"name": file.name, "form": file.form, "columns": dict(file.columns), "rows": file.rows}
            for file in report.files
        ],
        "sums": {
            name: _money(getattr(report, f"{name}_hundredths")).replace(",", "")
            for name in ("good", "edge", "returned", "credit")
        },
        "edges": report.edges,
        "suppliers": report.suppliers,
        "buyers": report.buyers,
        "returned_pairs": report.returned_pairs,
        "credit_notes": report.credit_notes,
        "rounded": report.rounded,
        "first_on": None if report.first_on is None else report.first_on.isoformat(),
        "last_on": None if report.last_on is None else report.last_on.isoformat(),
    }
