"""Which column of a sales ledger means what: names in Chinese and English, the unit of the amount."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from chains.errors import LianwenError
from ingest.headers import header_key

ROLES: Final = ("supplier", "buyer", "date", "amount", "status")
REQUIRED_ROLES: Final = ("supplier", "buyer", "amount")
# The first name that a file has is taken: a tax number before a name, an amount without tax before one with.
_SUPPLIER: Final = (
    *("销方识别号", "销售方识别号", "销方纳税人识别号", "销售方纳税人识别号", "销方税号", "销售方税号"),
    *("供应商税号", "供应商编码", "供应商编号", "supplier_id", "seller_id", "supplier_code", "seller_tax_id"),
    *("销方名称", "销售方名称", "供应商名称", "销售方", "销方", "供应商", "供方", "供货方", "卖方"),
    *("supplier", "seller", "vendor", "supplier_name", "seller_name", "vendor_name"),
)
_BUYER: Final = (
    *("购方识别号", "购买方识别号", "购方纳税人识别号", "购买方纳税人识别号", "购方税号", "购买方税号"),
    *("客户税号", "客户编码", "客户编号", "buyer_id", "customer_id", "buyer_code", "buyer_tax_id"),
    *("购方名称", "购买方名称", "客户名称", "购买方", "购方", "采购方", "需方", "客户", "买方"),
    *("buyer", "customer", "purchaser", "buyer_name", "customer_name"),
)
_DATE: Final = (
    *("开票日期", "发票日期", "交易日期", "开票时间", "日期"),
    *("invoice_date", "invoice date", "date", "issued_on"),
)
_AMOUNT: Final = (
    *("不含税金额", "金额", "合计金额", "发票金额", "价税合计", "含税金额", "交易金额", "销售额"),
    *("net_amount", "amount", "value", "total_amount", "gross_amount", "total"),
)
_STATUS: Final = ("发票状态", "invoice_status", "status")
NAMES: Final[dict[str, tuple[str, ...]]] = dict(
    zip(ROLES, (_SUPPLIER, _BUYER, _DATE, _AMOUNT, _STATUS), strict=True)
)
FACTORS: Final[dict[str, float]] = {"": 1.0, "元": 1.0, "人民币元": 1.0, "cny": 1.0, "rmb": 1.0} | {
    "千元": 1e3,
    "万元": 1e4,
    "百万元": 1e6,
    "亿元": 1e8,
}
_UNIT: Final = re.compile(r"(?P<base>[^(\[]+)[(\[](?P<unit>[^)\]]*)[)\]]")
_ROLE_WORDS: Final = {"supplier": "销售方", "buyer": "购买方", "date": "开票日期", "amount": "金额"}


class LedgerError(LianwenError):
    """A ledger cannot be read as a whole; nothing was written."""

    code = "ledger"


@dataclass(frozen=True, slots=True)
class LedgerColumns:
    """Where a file holds what.

    Attributes
    ----------
    places
        Place of each role among the columns, 0-based; a role that the file lacks is left out.
    names
        The column of each role as the file writes it.
    width
        How many columns the header has.
    factor
        Yuan (or the ledger's own currency) of one unit of the amount.
    """

    places: Mapping[str, int]
    names: Mapping[str, str]
    width: int
    factor: float


def match_columns(header: Sequence[str], named: Mapping[str, str] | None = None) -> LedgerColumns | None:
    """Tell which columns of a header are supplier, buyer, date, amount and status.

    Parameters
    ----------
    header
        Cells as written.
    named
        Columns that a person named, by role; they count before the known names.

    Returns
    -------
    LedgerColumns or None
        None when supplier, buyer or amount is not among them.

    Raises
    ------
    LedgerError
        When the amount states a unit that is no number of yuan.

    Examples
    --------
    >>> found = match_columns(["销方名称", "购方名称", "开票日期", "金额(万元)"])
    >>> dict(found.places), found.factor
    ({'supplier': 0, 'buyer': 1, 'date': 2, 'amount': 3}, 10000.0)
    """
    split = [_split_unit(cell) for cell in header]
    wanted = {role: (name,) for role, name in (named or {}).items()}
    places: dict[str, int] = {}
    for role in ROLES:
        place = _find(split, wanted.get(role, NAMES[role]))
        if place is not None:
            places[role] = place
    if not set(REQUIRED_ROLES) <= set(places):
        return None
    names = {role: header[place].strip() for role, place in places.items()}
    return LedgerColumns(places, names, len(header), _factor(split[places["amount"]][1], names["amount"]))


def refuse_header(file: str, header: Sequence[str]) -> LedgerError:
    """Say that a file shows no header of a ledger.

    Parameters
    ----------
    file
        Name of the file.
    header
        Its first cells.

    Returns
    -------
    LedgerError
        To be raised.
    """
    shown = ", ".join(cell.strip() for cell in header[:12])
    zh_words = "、".join(_ROLE_WORDS[role] for role in REQUIRED_ROLES)
    return LedgerError(
        f"{file}: no header with supplier, buyer and amount was found (first line: {shown}); "
        "name the columns with --column supplier=…, --column buyer=…, --column amount=…",
        zh=f"{file}:没有找到含有{zh_words}的表头(第一行:{shown});"
        "请用 --column supplier=…、--column buyer=…、--column amount=… 指明各列",
    )


def _split_unit(cell: str) -> tuple[str, str]:
    key = header_key(cell)
    found = _UNIT.fullmatch(key)
    return (found["base"], found["unit"]) if found else (key, "")


def _find(header: Sequence[tuple[str, str]], names: Sequence[str]) -> int | None:
    for name in names:
        base, _unit = _split_unit(name)
        for place, (key, _own_unit) in enumerate(header):
            if key == base:
                return place
    return None


def _factor(unit: str, column: str) -> float:
    if unit not in FACTORS:
        raise LedgerError(
            f"column {column}: {unit} is not a unit that can be read; use yuan, 千元, 万元 or 亿元",
            zh=f"列 {column}:单位 {unit} 无法识别;请改用元、千元、万元或亿元",
        )
    return FACTORS[unit]
