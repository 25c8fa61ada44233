"""Sums of sales by pair of firms in bounded memory: names as numbers, whole hundredths, runs on disk.

Whole numbers add up to the same sum in any order, so blocks, runs and cores leave no trace in the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ingest.parsing import fold_width

PAIRS_IN_MEMORY: Final = 6_000_000
_PENDING: Final = 3_000_000
_BLANKS: Final = re.compile(r"\s+")
_DAMAGED: Final = re.compile("[\x00-\x1f\x7f-\x9f\ufffd\u202a-\u202e\u2066-\u2069]")
_TAX_CODE: Final = re.compile(r"[0-9a-zA-Z]{15,20}")
_PLAIN: Final = re.compile(r"^[0-9A-Z]+$")
_NAMES_AT_ONCE: Final = 500_000
_NO_NAME: Final = 2**32 - 1
_SUMS: Final = (pl.col("hundredths").sum(), pl.col("rows").sum(), pl.col("first").min())


def tidy_name(name: str) -> str:
    """Write one firm one way: no stray blanks, plain width, tax numbers in capitals.

    Parameters
    ----------
    name
        As in the ledger.

    Returns
    -------
    str
        Empty when the name is damaged.

    Examples
    --------
    >>> tidy_name(" 甲　厂（苏州） "), tidy_name("9132000006454ma52x"), tidy_name("a\ufffdb")
    ('甲 厂(苏州)', '9132000006454MA52X', '')
    """
    plain = fold_width(name)
    if not plain.isalnum():
        plain = _BLANKS.sub(" ", plain)
        if _DAMAGED.search(plain):
            return ""
    return plain.upper() if plain.isascii() and _TAX_CODE.fullmatch(plain) else plain


@dataclass(slots=True)
class EdgeSums:
    """Adds up rows; holds at most so many pairs in memory and keeps the rest as sorted runs in a folder."""

    folder: Path
    pairs_in_memory: int = PAIRS_IN_MEMORY
    _names: pl.Series = field(init=False)
    _pending: list[pl.DataFrame] = field(init=False, default_factory=list)
    _waiting: int = field(init=False, default=0)
    _held: int = field(init=False, default=0)
    _runs: list[Path] = field(init=False, default_factory=list)
    _largest: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        # Numbers of names live as long as a series of their kind does: this one.
        self._names = pl.Series([""], dtype=pl.Categorical(pl.Categories.random()))

    @property
    def runs(self) -> int:
        """How many runs went to disk."""
        return len(self._runs)

    def add(self, rows: pl.DataFrame) -> None:
        """Add rows.

        Parameters
        ----------
        rows
            ``supplier``, ``buyer`` (text), ``hundredths`` (Int64) and ``first`` (UInt64).
        """
        if rows.is_empty():
            return
        numbers = {
            name: rows[name].cast(pl.String).cast(self._names.dtype).to_physical()
            for name in ("supplier", "buyer")
        }
        self._largest = max(self._largest, *(_largest(series) for series in numbers.values()))
        pair = numbers["supplier"].cast(pl.UInt64) * 2**32 + numbers["buyer"].cast(pl.UInt64)
        keyed = rows.select(pair.alias("pair"), "hundredths", pl.lit(1, pl.UInt32).alias("rows"), "first")
        self._pending.append(_sum_by(keyed.lazy(), "pair"))
        self._waiting += self._pending[-1].height
        if self._waiting - self._held > _PENDING or self._waiting > self.pairs_in_memory:
            self._merge()

    def _merge(self) -> None:
        merged = _sum_by(pl.concat(self._pending).lazy(), "pair")
        self._pending = [merged]
        self._waiting = self._held = merged.height
        if merged.height > self.pairs_in_memory:
            path = self.folder / f"run-{len(self._runs)}.parquet"
            merged.write_parquet(path)
            self._runs.append(path)
            self._pending, self._waiting, self._held = [], 0, 0

    def finish(self) -> Iterator[pl.DataFrame]:
        """Give the sums.

        Yields
        ------
        polars.DataFrame
            ``supplier``, ``buyer`` (text, empty when the name is damaged), ``hundredths`` (Int64), ``rows``
            (UInt32) and ``first`` (UInt64); one range of suppliers each, in the order of supplier and buyer.
        """
        if self._pending:
            self._merge()
        parts: list[Path | pl.DataFrame] = [*self._runs, *self._pending]
        ranks, names = self._rank_names()
        if len(parts) <= 1:
            yield from (_in_order(_ranked(part, ranks), names) for part in parts)
            return
        for bucket in self._regroup(parts, ranks):
            found = pl.concat([pl.read_parquet(path) for path in bucket])
            for path in bucket:
                path.unlink()
            yield _in_order(found, names)

    def _rank_names(self) -> tuple[NDArray[np.uint32], pl.Series]:
        """Rank of every number in the order of tidied names; different spellings of one name share a rank."""
        codes = pl.int_range(0, self._largest + 1, dtype=pl.UInt32, eager=True)
        raw = codes.cat.to(self._names.dtype).cast(pl.String)
        tidied = pl.concat([_tidy(part) for part in raw.alias("name").to_frame().iter_slices(_NAMES_AT_ONCE)])
        names = tidied.unique().sort("name")["name"]
        frame = tidied.join(
            names.to_frame().with_row_index("rank"), on="name", how="left", maintain_order="left"
        )
        return frame["rank"].to_numpy().astype(np.uint32), names

    def _regroup(self, parts: list[Path | pl.DataFrame], ranks: NDArray[np.uint32]) -> Iterator[list[Path]]:
        """Cut all runs at the same suppliers, so that each range can be summed alone."""
        first = _ranked(parts[0], ranks)["supplier"].to_numpy()
        limits = np.unique(np.quantile(first, np.linspace(0, 1, len(parts) + 1)[1:-1], method="lower"))
        buckets: list[list[Path]] = [[] for _ in range(len(limits) + 1)]
        for number, part in enumerate(parts):
            ranked = _ranked(part, ranks)
            place = np.searchsorted(limits, ranked["supplier"].to_numpy(), side="left")
            for bucket, paths in enumerate(buckets):
                path = self.folder / f"part-{number}-{bucket}.parquet"
                ranked.filter(pl.Series(place == bucket)).write_parquet(path)
                paths.append(path)
            if isinstance(part, Path):
                part.unlink()
        yield from buckets


def _tidy(part: pl.DataFrame) -> pl.DataFrame:
    """Tidy names a portion at a time, and only those that are not plain capitals and digits."""
    odd = (~part["name"].str.contains(_PLAIN.pattern)).arg_true()
    tidied = pl.Series([tidy_name(name) for name in part["name"].gather(odd)], dtype=pl.String)
    return part.with_columns(part["name"].scatter(odd, tidied))


def _largest(numbers: pl.Series) -> int:
    return int(numbers.to_numpy().max())


def _sum_by(rows: pl.LazyFrame, *key: str) -> pl.DataFrame:
    return rows.group_by(*key).agg(*_SUMS).collect(engine="streaming")


def _ranked(part: Path | pl.DataFrame, ranks: NDArray[np.uint32]) -> pl.DataFrame:
    frame = pl.read_parquet(part) if isinstance(part, Path) else part
    pair = frame["pair"].to_numpy()
    supplier, buyer = (
        ranks[(pair >> np.uint64(32)).astype(np.int64)],
        ranks[(pair & np.uint64(_NO_NAME)).astype(np.int64)],
    )
    return frame.select(
        pl.Series("supplier", supplier), pl.Series("buyer", buyer), "hundredths", "rows", "first"
    )


def _in_order(ranked: pl.DataFrame, names: pl.Series) -> pl.DataFrame:
    summed = _sum_by(ranked.lazy(), "supplier", "buyer").sort("supplier", "buyer")
    return summed.with_columns(
        *(names.gather(summed[column]).alias(column) for column in ("supplier", "buyer"))
    )
