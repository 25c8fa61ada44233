"""Rules 2 to 8 a second time, straight from their text, for lists made of known cells; slow and plain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tests.ingest.corpus import CODE, OTHER_CODE

FIELDS = {
    "供应商": "supplier", "物料": "item", "份额": "share", "份额(%)": "share", "可增供比例": "spare",
    "产能": "capacity", "交期": "lead_time_days", "库存天数": "stock_days", "信用代码": "uscc",
    "国家": "country", "采购方": "buyer", "认证状态": "qualified", "省份": "province",
}  # fmt: skip
ABSENT = {"", "-", "—", "/", "n/a", "无", "暂无", "未知"}
COUNTRIES = {"中国": "CHN", "台湾": "TWN", "JPN": "JPN", "日本": "JPN"}
STATUS = {"是": "yes", "否": "no", "认证中": "in_progress", "YES": "yes", "in progress": "in_progress"}
NUMBER = re.compile(r"[+-]?([1-9]\d{0,2}(,\d{3})+|\d+)(\.\d+)?([eE][+-]?\d+)?")
FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\ufffd\u202a-\u202e\u2066-\u2069]")
UNITS = (("个月", 30), ("天", 1), ("日", 1), ("周", 7), ("月", 30), ("年", 365))
SCALES = {"万": 10**4, "千": 10**3, "亿": 10**8}
LARGEST = Decimal("1.7e308")


class WrongCellError(ValueError):
    """A cell that the rules call bad."""


def plain(text: str) -> str:
    """Narrow signs, without what shows nothing at the ends."""
    return unicodedata.normalize("NFKC", text).replace("\u200b", "").strip()


def read_number(text: str) -> Decimal:
    """Rule 4."""
    digits = plain(text)
    scale = SCALES.get(digits[-1:], 1)
    digits = digits[:-1].strip() if scale > 1 else digits
    if not NUMBER.fullmatch(digits) or Decimal(digits.replace(",", "")) > LARGEST:
        raise WrongCellError
    return Decimal(digits.replace(",", "")) * scale


def read_days(text: str, most: Decimal) -> float:
    """Rule 4, with the unit behind the number."""
    number = plain(text)
    unit = next((unit for unit in UNITS if number.endswith(unit[0])), ("", 1))
    days = read_number(number.removesuffix(unit[0])) * unit[1]
    if not 0 <= days <= most:
        raise WrongCellError
    return float(days)


def read_name(text: str) -> str:
    """Rule 7."""
    name = text.replace("\u200b", "").strip()
    if len(name) > 200 or FORBIDDEN.search(name):
        raise WrongCellError
    return name


def read_shares(cells: Sequence[str], header: str) -> list[float | WrongCellError | None]:
    """Rule 3: a column decides what its bare numbers mean."""
    read = [_signed(plain(cell)) for cell in cells]
    bare = [number for number, signed in filter(None, read) if not signed and number >= 0]
    mixed, large = min(bare, default=0) <= 1 < max(bare, default=0), max(bare, default=Decimal(0)) > 1
    return [
        None
        if plain(cell).lower() in ABSENT
        else _share(found, by_header="%" in header, mixed=mixed, large=large)
        for cell, found in zip(cells, read, strict=True)
    ]


def _signed(cell: str) -> tuple[Decimal, bool] | None:
    """Read a number and whether it has a % sign; None for what is no number."""
    digits = cell.removesuffix("%")
    if digits.strip()[-1:] in {*SCALES}:
        return None
    try:
        return read_number(digits), cell.endswith("%")
    except WrongCellError:
        return None


def _share(
    found: tuple[Decimal, bool] | None, *, by_header: bool, mixed: bool, large: bool
) -> float | WrongCellError:
    if found is None:
        return WrongCellError()
    number, signed = found
    if not (signed or by_header) and mixed and number <= 1:
        return WrongCellError()
    share = number / 100 if signed or by_header or large else number
    return float(share) if 0 <= share <= 1 else WrongCellError()


def read_cell(field: str, cell: str) -> Any:
    """Read a cell of any column but shares."""
    if plain(cell).lower() in ABSENT:
        if field in {"supplier", "item"}:
            raise WrongCellError
        return None
    if field in {"supplier", "item", "buyer", "province"}:
        return read_name(cell)
    if field == "capacity":
        number = read_number(cell)
        if not 0 <= number <= 10**15:
            raise WrongCellError
        return float(number)
    if field in {"lead_time_days", "stock_days"}:
        return read_days(cell, Decimal(3650) if field == "lead_time_days" else LARGEST)
    known = {"uscc": {CODE: CODE, OTHER_CODE: OTHER_CODE}, "country": COUNTRIES, "qualified": STATUS}[field]
    key = plain(cell).upper() if field == "uscc" else plain(cell)
    if key not in known:
        raise WrongCellError
    return known[key]


def read_rows(header: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[dict[int, Any], dict[int, Any]]:
    """Read a list; good rows with their values and bad rows with the fields that are wrong, by row number."""
    good: dict[int, dict[str, Any]] = {}
    bad: dict[int, set[str]] = {}
    shares = {
        index: read_shares([row[index] for row in rows], name)
        for index, name in enumerate(header)
        if FIELDS[name] in {"share", "spare"}
    }
    for record, row in enumerate(rows):
        values: dict[str, Any] = {}
        for index, name in enumerate(header):
            field = FIELDS[name]
            try:
                value = shares[index][record] if index in shares else read_cell(field, row[index])
            except WrongCellError as error:
                value = error
            if isinstance(value, WrongCellError):
                bad.setdefault(record + 2, set()).add(field)
            values[field] = value
        if record + 2 not in bad and any(map(plain, row)):
            good[record + 2] = values
        elif not any(map(plain, row)):
            bad.pop(record + 2, None)
    return _without_repeats(good, bad), bad


def _key(name: str | None) -> str:
    return "".join(unicodedata.normalize("NFKC", name or "").casefold().split())


def _without_repeats(good: dict[int, Any], bad: dict[int, set[str]]) -> dict[int, Any]:
    """Rule 8."""
    kept: dict[int, Any] = {}
    facts: set[tuple[str, ...]] = set()
    firms: dict[str, dict[str, Any]] = {}
    for number, values in good.items():
        fact = tuple(_key(values.get(field)) for field in ("supplier", "item", "buyer"))
        firm = firms.get(values.get("uscc") or "", {})
        pairs = [(firm.get(field), values.get(field)) for field in ("supplier", "country", "province")]
        if fact in facts or any(one and other and _key(one) != _key(other) for one, other in pairs):
            bad[number] = set()
            continue
        facts.add(fact)
        kept[number] = values
        if values.get("uscc"):
            firms.setdefault(values["uscc"], values)
    return kept
