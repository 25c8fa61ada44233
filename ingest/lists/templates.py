"""Templates of every kind of list, with help: workbooks made from the columns, a zip for a chain folder."""

from __future__ import annotations

import io
import zipfile
from typing import Final

import xlsxwriter

from ingest.lists.columns import LIST_COLUMNS, LIST_TITLES, ListColumn, Reading
from ingest.messages import Language
from ingest.tables import UploadKind
from ingest.templates import HELP_HEADER, HELP_SHEET, ROWS_PREPARED, YES, make_template

CHAIN_FILES: Final[dict[str, str]] = {
    "chain.toml": 'name_zh = ""\nname_en = ""\n',
    "items.csv": "item_id,name_en,name_zh,kind,five_base,stage,weight,use,attrition,cover_days,spare_ratio,"
    "suppliers_complete,home_use,description,source_id\n",
    "links.csv": "input_item_id,output_item_id,relation,essential,weight,group,source_id\n",
    "suppliers.csv": "supplier_id,name_en,name_zh,kind,country,province,city,parent,tags,roles,source_id\n",
    "supplies.csv": "supplier_id,item_id,share,share_scope,spare,ramp_days,qualified,qualification_days,year,"
    "is_estimate,source_id\n",
    "purchases.csv": "buyer_id,item_id,supplier_id,share,stock_days,list_complete,spare,ramp_days,qualified,"
    "qualification_days,source_id\n",
    "sources.csv": "source_id,title,publisher,year,url,licence,accessed\n",
}
CHAIN_HELP: Final[dict[Language, str]] = {
    "zh": "把文件夹 my-chain 改名为产业链编号(小写字母、数字、连字符),填好各 CSV 后压缩整个文件夹再上传。\n"
    "items.csv 是物料/环节,links.csv 是谁是谁的输入(relation: input_of 或 variant_of),suppliers.csv 是企业,\n"
    "supplies.csv 是谁生产什么及市场份额(0 到 1),purchases.csv 是企业的采购名录,sources.csv 是资料。\n"
    "purchases.csv、sources.csv、chain.toml 可以没有;不知道的单元格留空,不要写 0。\n"
    "各列含义见 docs/data.md。\n",
    "en": "Rename the folder my-chain to the chain's id (lower-case letters, digits, hyphens), fill in the\n"
    "CSV files, zip the whole folder and upload it. items.csv: items; links.csv: what is an input of what\n"
    "(relation input_of or variant_of); suppliers.csv: firms; supplies.csv: who makes what, with market\n"
    "shares from 0 to 1; purchases.csv: buyers' lists; sources.csv: documents. purchases.csv, sources.csv\n"
    "and chain.toml may be missing; leave blank what is unknown, never write 0. Columns: docs/data.md.\n",
}
HELP_FILE: Final[dict[Language, str]] = {"zh": "填写说明.txt", "en": "help.txt"}
# Fixed, so that the same template has the same bytes.
_MOMENT: Final = (2026, 1, 1, 0, 0, 0)


def make_list_template(kind: UploadKind, language: Language = "zh") -> tuple[bytes, str]:
    """Make the file to fill in for a kind of list.

    Parameters
    ----------
    kind
        Which kind.
    language
        Language of headers and help.

    Returns
    -------
    tuple
        The file, and its ending.
    """
    if kind is UploadKind.SUPPLIERS:
        return make_template(language), "xlsx"
    if kind is UploadKind.CHAIN:
        return _chain_zip(language), "zip"
    stream = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        _write_list(book, kind.value, language)
        _write_help(book, kind.value, language)
    return stream.getvalue(), "xlsx"


def _write_list(book: xlsxwriter.Workbook, kind: str, language: Language) -> None:
    sheet = book.add_worksheet(LIST_TITLES[kind][language == "en"])
    bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    text = book.add_format({"num_format": "@"})
    sheet.freeze_panes(1, 1)
    for index, column in enumerate(LIST_COLUMNS[kind]):
        label = column.label(language)
        sheet.write_string(0, index, label, bold)
        is_number = column.reading in {Reading.NUMBER, Reading.DAYS, Reading.FRACTION}
        sheet.set_column(index, index, max(14, 2 * len(label) + 2), None if is_number else text)
        if column.words:
            source = [_first_word(words, language) for _, words in column.words]
            choice = {"validate": "list", "source": source, "error_type": "warning"}
            sheet.data_validation(1, index, ROWS_PREPARED, index, choice)


def _first_word(words: tuple[str, ...], language: Language) -> str:
    return next((word for word in words if word.isascii()), words[0]) if language == "en" else words[0]


def _write_help(book: xlsxwriter.Workbook, kind: str, language: Language) -> None:
    sheet = book.add_worksheet(HELP_SHEET[language])
    bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.write_row(0, 0, HELP_HEADER[language], bold)
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, 3, 60)
    for row, column in enumerate(LIST_COLUMNS[kind], start=1):
        sheet.write_row(row, 0, _help_cells(column, language), wrapped)


def _help_cells(column: ListColumn, language: Language) -> tuple[str, ...]:
    text = column.help_en if language == "en" else column.help_zh
    return (
        column.label(language),
        YES[language] if column.required else "",
        text,
        "、".join(column.aliases),
    )


def _chain_zip(language: Language) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (*CHAIN_FILES.items(), (HELP_FILE[language], CHAIN_HELP[language])):
            archive.writestr(zipfile.ZipInfo(f"my-chain/{name}", _MOMENT), text.encode("utf-8"))
    return stream.getvalue()
