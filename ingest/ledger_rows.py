"""From the rows of a ledger to what counts: amounts in hundredths, days, and why a row is set aside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import polars as pl

from ingest.parsing import FULL_WIDTH, ZERO_WIDTH

# Above this a double no longer holds every hundredth; no invoice comes near.
LARGEST_AMOUNT: Final = 1e12
FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2100
_PLAIN_DAY: Final = 10
_ROUNDING: Final = 1e-4
_ABSENT: Final = ("", "-", "--", "—", "——", "/", "无", "暂无", "未知", "null", "NULL", "None", "N/A", "n/a")
_VOID: Final = ("作废", "已作废", "void", "voided", "cancelled", "canceled")
_GROUPED: Final = r"^[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$"
_CURRENCY: Final = r"^([+-]?)\s*(?:¥|￥|CNY|RMB|人民币)\s*"
_DAY: Final = (
    r"^([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"
    r"(?:[ T]+[0-9]{1,2}[:时][0-9]{1,2}(?:[:分][0-9]{1,2}(?:\.[0-9]+)?秒?)?Z?)?$"
)
_COMPACT_DAY: Final = r"^([0-9]{4})([0-9]{2})([0-9]{2})$"
_TAIL: Final = r"^[ T]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?Z?$"
_FOLD: Final = {chr(old): chr(new) for old, new in FULL_WIDTH.items()} | {chr(old): "" for old in ZERO_WIDTH}


class Reason(StrEnum):
    """Why a row does not count; the first that applies, in this order."""

    BLANK = "blank-row"
    BROKEN = "broken-row"
    VOID = "void-invoice"
    NO_SUPPLIER = "no-supplier"
    NO_BUYER = "no-buyer"
    NO_AMOUNT = "no-amount"
    BAD_AMOUNT = "bad-amount"
    TOO_LARGE = "amount-too-large"
    NO_DATE = "no-date"
    BAD_DATE = "bad-date"
    OUTSIDE = "outside-period"
    ZERO = "zero-amount"
    BAD_NAME = "bad-name"
    SELF_SALE = "self-sale"


# Rows that are right as they are and only do not belong to the network asked for.
SET_ASIDE: Final = frozenset({Reason.BLANK, Reason.VOID, Reason.OUTSIDE, Reason.ZERO, Reason.SELF_SALE})
SENTENCES: Final[dict[Reason, tuple[str, str]]] = {
    Reason.BLANK: ("空行", "blank line"),
    Reason.BROKEN: (
        "列数多于表头,或引号不配对",
        "more cells than the header, or quotation marks that do not close",
    ),
    Reason.VOID: ("发票已作废", "invoice is void"),
    Reason.NO_SUPPLIER: ("没有销售方", "no supplier"),
    Reason.NO_BUYER: ("没有购买方(例如个人消费者)", "no buyer (a private person, for example)"),
    Reason.NO_AMOUNT: ("没有金额", "no amount"),
    Reason.BAD_AMOUNT: ("金额不是数字", "the amount is not a number"),
    Reason.TOO_LARGE: ("金额超过一万亿元", "the amount is above 10^12"),
    Reason.NO_DATE: ("没有日期", "no date"),
    Reason.BAD_DATE: (
        "日期读不出来(应为年-月-日)",
        "the date cannot be read (year-month-day is expected)",
    ),
    Reason.OUTSIDE: ("不在所选日期范围内", "outside the period asked for"),
    Reason.ZERO: ("金额为零", "the amount is zero"),
    Reason.BAD_NAME: ("企业名称含乱码或控制字符", "the name holds damaged or control characters"),
    Reason.SELF_SALE: ("自己卖给自己", "a firm sells to itself"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """Days that count, both ends included; None leaves an end open."""

    first_on: date | None = None
    last_on: date | None = None


def judge_rows(frame: pl.DataFrame, *, factor: float, period: Period) -> pl.DataFrame:
    """Read amounts and days, and say of each row why it does not count.

    Parameters
    ----------
    frame
        Columns ``supplier``, ``buyer``, ``amount``, perhaps ``date`` and ``status``, with ``row`` and
        ``broken``; from `ingest.ledger_reading`.
    factor
        Yuan of one unit of the amount.
    period
        Days that count.

    Returns
    -------
    polars.DataFrame
        The same rows with ``hundredths`` (Int64, null where unreadable), ``rounded`` (bool: the amount had
        more than two decimals), ``day`` (Date or null), ``reason`` (text of `Reason`, null for a good row).
    """
    amount = parse_amounts(frame["amount"]) * factor * 100.0
    # Multiplying may leave 1e-9 of a hundredth; only real further decimals are rounded.
    near = amount.round()
    fits = amount.abs() <= LARGEST_AMOUNT * 100.0
    day = parse_days(frame["date"]) if "date" in frame.columns else None
    known = frame.with_columns(
        amount.alias("_amount"),
        near.set(~fits.fill_null(value=False), None).cast(pl.Int64).alias("hundredths"),
        ((amount - near).abs() > _ROUNDING).fill_null(value=False).alias("rounded"),
        (pl.lit(None, dtype=pl.Date) if day is None else day).alias("day"),
    )
    return known.with_columns(_reason(known, period)).drop("_amount")


def _reason(frame: pl.DataFrame, period: Period) -> pl.Expr:
    tests = _row_tests(frame)
    if "date" in frame.columns:
        tests[Reason.NO_DATE] = _is_absent(frame, "date")
        tests[Reason.BAD_DATE] = pl.col("day").is_null()
        outside = pl.lit(value=False)
        if period.first_on is not None:
            outside |= pl.col("day") < period.first_on
        if period.last_on is not None:
            outside |= pl.col("day") > period.last_on
        tests[Reason.OUTSIDE] = outside
    # The first that applies is the reason.
    reasons = [reason for reason in Reason if reason in tests]
    return pl.coalesce([pl.when(tests[reason]).then(pl.lit(reason.value)) for reason in reasons]).alias(
        "reason"
    )


def _row_tests(frame: pl.DataFrame) -> dict[Reason, pl.Expr]:
    texts = [name for name in ("supplier", "buyer", "amount", "date", "status") if name in frame.columns]
    tests = {
        Reason.BLANK: pl.all_horizontal(_is_blank(frame, name) for name in texts) & ~pl.col("broken"),
        Reason.BROKEN: pl.col("broken"),
        Reason.NO_SUPPLIER: _is_absent(frame, "supplier"),
        Reason.NO_BUYER: _is_absent(frame, "buyer"),
        Reason.NO_AMOUNT: _is_absent(frame, "amount"),
        Reason.BAD_AMOUNT: pl.col("_amount").is_null(),
        Reason.TOO_LARGE: pl.col("hundredths").is_null(),
        Reason.ZERO: pl.col("hundredths") == 0,
    }
    if "status" in frame.columns:
        tests[Reason.VOID] = pl.col("status").cast(pl.String).str.strip_chars().is_in(_VOID)
    return tests


def _is_blank(frame: pl.DataFrame, column: str) -> pl.Expr:
    if frame.schema[column] != pl.String:
        return pl.col(column).is_null()
    return pl.col(column).is_null() | (pl.col(column).str.strip_chars() == "")


def _is_absent(frame: pl.DataFrame, column: str) -> pl.Expr:
    if frame.schema[column] != pl.String:
        return pl.col(column).is_null()
    return pl.col(column).is_null() | pl.col(column).str.strip_chars().is_in(_ABSENT)


def parse_amounts(cells: pl.Series) -> pl.Series:
    """Read amounts of money.

    Parameters
    ----------
    cells
        Text, or numbers as Parquet holds them.

    Returns
    -------
    polars.Series
        Float64; null where there is no one certain reading.

    Examples
    --------
    >>> parse_amounts(pl.Series(["12.5", "1,234.00", "(1,234.00)", "￥８０", "1.2.3", "12,5"])).to_list()
    [12.5, 1234.0, -1234.0, 80.0, None, None]
    """
    values = cells.cast(pl.Float64, strict=False)
    if cells.dtype == pl.String:
        failed = (values.is_null() & cells.is_not_null() & (cells != "")).arg_true()
        if len(failed):
            values = values.scatter(failed, _tidy_amounts(cells.gather(failed)))
    return values.set(~values.is_finite().fill_null(value=False), None)


def _tidy_amounts(cells: pl.Series) -> pl.Series:
    text = pl.col("cell")
    tidy = (
        pl.DataFrame({"cell": cells})
        .lazy()
        .select(text.str.replace_many(_FOLD).str.strip_chars())
        .select(text.str.replace(r"^\((.*)\)$", "-$1"))
        .select(text.str.replace(_CURRENCY, "$1").str.replace(r"\s*元$", ""))
        .select(pl.when(text.str.contains(_GROUPED)).then(text.str.replace_all(",", "")).otherwise(text))
        .collect()
    )
    return tidy["cell"].cast(pl.Float64, strict=False)


def parse_days(cells: pl.Series) -> pl.Series:
    """Read days written year first.

    Parameters
    ----------
    cells
        Text, or days and instants as Parquet holds them.

    Returns
    -------
    polars.Series
        Date; null where the year does not stand first, and outside the years 1990 to 2100.

    Examples
    --------
    >>> parse_days(pl.Series(["2025-01-31", "2025/1/31 08:30:00", "20250131", "03/04/2025"])).to_list()[:3]
    [datetime.date(2025, 1, 31), datetime.date(2025, 1, 31), datetime.date(2025, 1, 31)]
    """
    if cells.dtype != pl.String:
        is_day = cells.dtype.is_temporal()
        days = cells.cast(pl.Date, strict=False) if is_day else parse_days(cells.cast(pl.String))
    else:
        days = _parse_day_texts(cells)
    years = days.dt.year()
    return days.set(((years < FIRST_YEAR) | (years > LAST_YEAR)).fill_null(value=False), None)


def _parse_day_texts(cells: pl.Series) -> pl.Series:
    days = cells.str.head(_PLAIN_DAY).str.to_date("%Y-%m-%d", strict=False, exact=True)
    long = (cells.str.len_bytes() > _PLAIN_DAY).fill_null(value=False)
    if long.any():
        odd = long & ~cells.str.slice(_PLAIN_DAY).str.contains(_TAIL).fill_null(value=False)
        days = days.set(odd, None)
    failed = (days.is_null() & cells.is_not_null() & (cells != "")).arg_true()
    return days.scatter(failed, _tidy_days(cells.gather(failed))) if len(failed) else days


def _tidy_days(cells: pl.Series) -> pl.Series:
    tidy = cells.to_frame("cell").select(pl.col("cell").str.replace_many(_FOLD).str.strip_chars())["cell"]
    found = [tidy.str.extract_groups(pattern).struct.unnest() for pattern in (_DAY, _COMPACT_DAY)]
    year, month, day = (
        found[0][str(group)].fill_null(found[1][str(group)]).cast(pl.Int32, strict=False)
        for group in (1, 2, 3)
    )
    joined = year.cast(pl.String) + "-" + month.cast(pl.String) + "-" + day.cast(pl.String)
    return joined.str.to_date("%Y-%m-%d", strict=False)
