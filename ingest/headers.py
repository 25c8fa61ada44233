"""Which column of a list means what (rule 1)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

from ingest.choice import NOTHING_NAMED
from ingest.columns import COLUMN_OF, COLUMNS, REQUIRED, Column, Parser
from ingest.errors import UploadRefusedError
from ingest.model import Cells, HeaderMatch, RawTable, StagedTable, Warn
from ingest.numbers import DAYS_OF_UNIT, MULTIPLIERS, UNCERTAIN_UNITS
from ingest.parsing import drop_zero_width

HEADER_SEARCHED_ROWS: Final = 200
LONGEST_HEADER: Final = 100
LONGEST_NAME_SHOWN: Final = 200
# What must not stand in a name that is shown: it steers a terminal or turns the line around.
SIGNS_OF_NO_NAME: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# A list typed in Taiwan or Hong Kong has the same headers in its own script.
TRADITIONAL: Final = str.maketrans(
    "應稱貨單產業統會碼採購國區佔庫認證狀態週備質廠額資擔當場構組織別屬縣計達數標準無號",
    "应称货单产业统会码采购国区占库认证状态周备质厂额资担当场构组织别属县计达数标准无号",
)
STAR: Final = re.compile(r"[*＊]|[(\[](必填|选填|可选|required|optional)[)\]]")
BRACKETS: Final = re.compile(r"(?P<base>[^(\[]+)[(\[](?P<inside>[^)\]]*)[)\]]")
# Between words of letters: lead-time, supplier_name.
JOINTS: Final = re.compile(r"(?<=[a-z])[-_.](?=[a-z])")
YEAR: Final = re.compile(r"(?:19|20)[0-9]{2}(?:年|年度|年末|年底)?")
UNIT_WORD: Final = re.compile(r"(?<=[(\[])单位[::]?(?=.)")
DAYS_BEHIND: Final = re.compile(r"(?P<base>[^/,、]+)[/,、](?P<inside>" + "|".join(DAYS_OF_UNIT) + ")")
PERCENT_MARK: Final = re.compile(r"[/,、]?[(\[]?(?:%|百分比|百分数|percent|pct)[)\]]?")
PERCENT_WORDS: Final = ("%", "百分比", "百分数", "percent", "pct")
PERSONAL_HEADERS: Final = re.compile(
    r"联系人|姓名|负责人|经办人|法人|法定代表|电话|手机|邮箱|微信|身份证|contact|phone|mobile|e-?mail|wechat"
)
PERSONAL_CELL: Final = re.compile(r"(\+?86[- ]?)?1[3-9]\d{9}|[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}|0\d{2,3}-\d{7,8}")
PERSONAL_SAMPLE: Final = 200


def header_key(text: str) -> str:
    """Reduce a header to what is compared: NFKC, no blanks, no case, no mark of being required.

    Parameters
    ----------
    text
        Header cell.

    Returns
    -------
    str
        Key.

    Examples
    --------
    >>> header_key(" 供应商　名称（必填）")
    '供应商名称'
    >>> header_key("Lead Time (Days)")
    'leadtime(days)'
    """
    plain = unicodedata.normalize("NFKC", drop_zero_width(text))
    return STAR.sub("", "".join(plain.split()).casefold())


def _alias_table(columns: Sequence[Column]) -> dict[str, str]:
    return {
        header_key(alias): column.name
        for column in columns
        for alias in (column.name, column.label_zh, column.label_en, *column.aliases)
    }


ALIASES: Final = _alias_table(COLUMNS)


def match_header(text: str, named: Mapping[str, str] = NOTHING_NAMED) -> HeaderMatch | None:
    """Tell what one header cell means.

    Parameters
    ----------
    text
        Header cell.
    named
        `header_key` to field, as a person said; stands above what is recognised. A blank field says that
        the column has no meaning.

    Returns
    -------
    HeaderMatch | None
        None for a column without a meaning here.

    Raises
    ------
    UploadRefusedError
        ``mapped-unit`` when a named header has a unit that cannot be converted.

    Examples
    --------
    >>> match_header("市场份额(%)")
    HeaderMatch(field='share', percent=True, factor=1.0, unit='')
    >>> match_header("交期(周)").factor
    7.0
    >>> match_header("备注") is None
    True
    """
    if len(text) > LONGEST_HEADER:
        return None
    key = header_key(text)
    if key in named:
        return _match_named(named[key], key) if named[key] else None
    found = _recognise(key)
    # A field that a person tied to another header is that one's alone.
    return None if found is None or found.field in named.values() else found


def _recognise(written: str) -> HeaderMatch | None:
    key = UNIT_WORD.sub("", written.translate(TRADITIONAL))
    if key not in ALIASES:
        key = JOINTS.sub("", key)
    percent = any(word in key for word in PERCENT_WORDS)
    if key in ALIASES:
        return HeaderMatch(ALIASES[key], percent=percent and _is_fraction(ALIASES[key]))
    if percent:
        name = ALIASES.get(PERCENT_MARK.sub("", key), "")
        return HeaderMatch(name, percent=True) if _is_fraction(name) else None
    brackets, days = BRACKETS.fullmatch(key), DAYS_BEHIND.fullmatch(key)
    found = brackets or days
    name = ALIASES.get(found["base"], "") if found else ""
    if found is None or not name or (found is days and COLUMN_OF[name].parser is not Parser.DAYS):
        return None
    return _match_with_unit(name, found["inside"])


def _match_named(name: str, key: str) -> HeaderMatch:
    """Read the unit of a header that a person tied to a field."""
    if _is_fraction(name):
        return HeaderMatch(name, percent=any(word in key for word in PERCENT_WORDS))
    is_days = COLUMN_OF[name].parser is Parser.DAYS
    brackets = BRACKETS.fullmatch(key)
    found = _match_with_unit(name, brackets["inside"]) if brackets else None
    if is_days and (found is None or found.factor == 1.0) and UNCERTAIN_UNITS.search(key):
        raise UploadRefusedError("mapped-unit", header=key, label=name)
    return found or HeaderMatch(name)


def _is_fraction(name: str) -> bool:
    return name in COLUMN_OF and COLUMN_OF[name].parser is Parser.FRACTION


def _match_with_unit(name: str, inside: str) -> HeaderMatch | None:
    parser = COLUMN_OF[name].parser
    if parser is Parser.DAYS:
        # A header in working days or hours has no certain number of days: the column stays unknown.
        return HeaderMatch(name, factor=float(DAYS_OF_UNIT[inside])) if inside in DAYS_OF_UNIT else None
    if parser is Parser.NUMBER and not YEAR.fullmatch(inside):
        scale = inside[:1] if inside[:1] in MULTIPLIERS else ""
        return HeaderMatch(
            name, factor=float(MULTIPLIERS[scale]) if scale else 1.0, unit=inside[len(scale) :]
        )
    return HeaderMatch(name)


def is_header(cells: Sequence[str | None], named: Mapping[str, str] = NOTHING_NAMED) -> bool:
    """Tell whether a row has both required columns, and every header that a person named.

    Parameters
    ----------
    cells
        Texts of one row.
    named
        `header_key` to field, as a person said.

    Returns
    -------
    bool
        True when supplier and item are both there.
    """
    if named and not named.keys() <= {
        header_key(cell) for cell in cells if cell and len(cell) <= LONGEST_HEADER
    }:
        return False
    found = {match.field for cell in cells if cell and (match := match_header(cell, named))}
    return all(name in found for name in REQUIRED)


def match_headers(
    raw: RawTable, columns: Sequence[Column] = COLUMNS, *, named: Mapping[str, str] = NOTHING_NAMED
) -> StagedTable:
    """Give each column of a raw table its meaning.

    Parameters
    ----------
    raw
        Table with a header.
    columns
        Columns to look for, in the order of the result.
    named
        `header_key` to field, as a person said.

    Returns
    -------
    StagedTable
        Known columns, extras and warnings.

    Raises
    ------
    UploadRefusedError
        ``no-header`` without both required columns, ``mapped-headers`` without one that a person named,
        ``duplicate-column`` when two mean the same.
    """
    if not raw.header_row and named:
        raise UploadRefusedError("mapped-headers", names="、".join(named))
    if not raw.header_row:
        raise UploadRefusedError("no-header-hidden" if raw.hidden_sheets else "no-header")
    found: dict[str, tuple[int, HeaderMatch]] = {}
    extras = []
    for index, text in enumerate(raw.header):
        match = match_header(text, named)
        if match is None:
            extras.append((index, text.strip()))
        elif match.field in found:
            first = cut_name(raw.header[found[match.field][0]])
            raise UploadRefusedError(
                "duplicate-column", first=first, second=cut_name(text), label=match.field
            )
        else:
            found[match.field] = (index, match)
    kept = _name_extras(extras, raw)
    personal = tuple(name for index, name in kept if _is_personal(name, raw.columns[index]))
    ordered = {column.name: found[column.name] for column in columns if column.name in found}
    return StagedTable(raw, ordered, kept, personal, _header_warnings(raw, ordered, kept))


def cut_name(text: str) -> str:
    """Cut the name of a column or sheet to what a sentence can hold, on one line.

    Parameters
    ----------
    text
        As in the file; a header may be a page long.

    Returns
    -------
    str
        At most `LONGEST_NAME_SHOWN` characters.

    Examples
    --------
    >>> cut_name(" 备注 ")
    '备注'
    """
    name = " ".join(SIGNS_OF_NO_NAME.sub("", text).split())
    return name if len(name) <= LONGEST_NAME_SHOWN else name[: LONGEST_NAME_SHOWN - 1] + "…"


def _name_extras(extras: list[tuple[int, str]], raw: RawTable) -> tuple[tuple[int, str], ...]:
    """Give extras distinct names and leave out columns that are blank from the header down."""
    named: list[tuple[int, str]] = []
    used: set[str] = set()
    for index, text in extras:
        if not text and not any(raw.columns[index]):
            continue
        name = SIGNS_OF_NO_NAME.sub("", text) or f"列{index + 1}"
        while name in used:
            name += "_2"
        used.add(name)
        named.append((index, name))
    return tuple(named)


def _is_personal(name: str, cells: Cells) -> bool:
    if PERSONAL_HEADERS.search(header_key(name)):
        return True
    sample = [cell.strip() for cell in cells[:PERSONAL_SAMPLE] if cell]
    return any(PERSONAL_CELL.fullmatch(cell) for cell in sample)


def _header_warnings(
    raw: RawTable, found: dict[str, tuple[int, HeaderMatch]], extras: tuple[tuple[int, str], ...]
) -> tuple[Warn, ...]:
    warnings = [Warn(code) for code in raw.warnings]
    if raw.hidden_sheets:
        warnings.append(Warn("hidden-sheets", {"names": "、".join(map(cut_name, raw.hidden_sheets))}))
    if raw.other_sheets:
        warnings.append(
            Warn(
                "other-sheets",
                {"sheet": cut_name(raw.sheet or ""), "names": "、".join(map(cut_name, raw.other_sheets))},
            )
        )
    if extras:
        warnings.append(Warn("unknown-columns", {"names": "、".join(cut_name(name) for _, name in extras)}))
    for index, match in found.values():
        column = cut_name(raw.header[index])
        if match.factor != 1.0:
            warnings.append(Warn("header-unit", {"column": column, "factor": f"{match.factor:.10g}"}))
        if index in raw.merged:
            warnings.append(Warn("merged-values", {"column": column}))
    return tuple(warnings)
