"""Files of a firm network as tables of text: what cannot be read is a problem that names the file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

import polars as pl

from risk.cascade.errors import refuse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from chains.errors import Problem

PARQUET: Final = ".parquet"
ROW: Final = "#row"
_HEADER_ROWS: Final = 2


def read_text_table(path: Path, columns: Sequence[str]) -> tuple[pl.DataFrame | None, list[Problem]]:
    """Read a CSV or Parquet file as text.

    Parameters
    ----------
    path
        The file; ``.parquet`` is Parquet, anything else CSV in UTF-8 or GB18030.
    columns
        Columns that must be there.

    Returns
    -------
    table : polars.DataFrame or None
        All cells text without blanks at their ends, blank cells null; a column `ROW` holds the
        1-based line of the file. None when the file cannot be used.
    problems : list of Problem
        Why not.
    """
    try:
        table = pl.read_parquet(path) if path.suffix.lower() == PARQUET else _read_csv(path)
    except OSError as error:
        return None, [_unreadable(path, error.strerror or str(error))]
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        return None, [_unreadable(path, str(error).splitlines()[0])]
    missing = [name for name in columns if name not in table.columns]
    if missing:
        return None, [_missing_columns(path, missing, table.columns)]
    if not table.height:
        return None, [refuse("empty-file", "the file has no rows", "文件没有数据行", file=path.name)]
    text = pl.all().cast(pl.String).str.strip_chars().replace("", None)
    return table.select(text).with_row_index(ROW, offset=_HEADER_ROWS), []


def _read_csv(path: Path) -> pl.DataFrame:
    if not path.stat().st_size:
        return pl.DataFrame()
    try:
        return _parse_csv(path)
    except pl.exceptions.ComputeError as error:
        if "utf" not in str(error).lower():
            raise
        return _parse_csv(io.BytesIO(path.read_bytes().decode("gb18030").encode()))


def _parse_csv(source: Path | io.BytesIO) -> pl.DataFrame:
    table = pl.read_csv(source, infer_schema=False)
    return table.rename({name: name.strip() for name in table.columns})


def _unreadable(path: Path, reason: str) -> Problem:
    return refuse(
        "unreadable-file",
        f"the file cannot be read: {reason}",
        f"读不了这个文件:{reason}",
        file=path.name,
    )


def _missing_columns(path: Path, missing: Sequence[str], present: Sequence[str]) -> Problem:
    there, there_zh = ", ".join(present) or "nothing", "、".join(present) or "没有任何列"
    return refuse(
        "missing-column",
        f"the file has no column {', '.join(missing)} (it has {there})",
        f"文件缺少列 {'、'.join(missing)}(现有:{there_zh})",
        file=path.name,
    )
