"""Every sentence an upload can answer with, in both languages, by stable code."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from ingest.columns import COLUMN_OF
from ingest.lists.columns import LIST_LABELS

Language: TypeAlias = Literal["zh", "en"]
Value: TypeAlias = str | int | float

REFUSALS: Final[dict[str, tuple[str, str]]] = {
    "no-list-header": (
        "没有找到表头:需要同一行里有“{first}”和“{second}”两列;请对照模板改好表头再上传。",
        "No header row was found: one row needs the columns '{first}' and '{second}'; see the template.",
    ),
    "chain-zip": (
        "不是产业链文件夹的压缩包:应有一个文件夹,内含 items、links、suppliers、supplies 四个 CSV。",
        "This is no zip of a chain folder: one folder with items, links, suppliers and supplies as CSV.",
    ),
    "chain-zip-file": (
        "压缩包里有产业链文件夹不需要的文件“{name}”,出于安全不予读取;请只压缩 CSV 和 chain.toml。",
        "The zip holds '{name}', which no chain folder needs; zip only the CSV files and chain.toml.",
    ),
    "chain-zip-name": (
        "文件夹名就是产业链编号,只能用小写字母、数字和连字符(最多 40 个);请改名后重新压缩。",
        "The folder's name is the chain's id: lower-case letters, digits and hyphens, 40 at most; rename it.",
    ),
    "chain-problems": (
        "产业链文件夹有 {errors} 个错误,没有导入;请按所列文件和行改正。",
        "The chain folder has {errors} errors and was not imported; correct them by file and row.",
    ),
    "mapped-headers": (
        "按指定的列没有找到表头({names} 不在同一行);请核对表头文字后重新指定。",
        "No row has all the headers that were named ({names}); check their spelling and name them again.",
    ),
    "mapped-unit": (
        "“{header}”的单位不能换算成天,不能当作“{label}”;请在表里改填天数。",
        "The unit of '{header}' cannot be turned into days, so it is not '{label}'; type days in the list.",
    ),
    "chosen-encoding": (
        "按所选的编码 {encoding} 读不通这个文件,请改选其他编码或自动。",
        "The file does not decode as {encoding}; choose another encoding or automatic.",
    ),
    "empty-file": (
        "文件是空的,请选择有内容的 .xlsx 或 .csv 文件。",
        "The file is empty; choose an .xlsx or .csv file with content.",
    ),
    "file-too-large": (
        "文件超过 {limit} MB,请拆分后分别上传。",
        "The file is larger than {limit} MB; split it and upload the parts.",
    ),
    "extension": (
        "只接受 .xlsx 和 .csv(.tsv、.txt 按 CSV 读)文件,请另存为其中一种后再上传。",
        "Only .xlsx and .csv (.tsv and .txt read as CSV) are accepted; save the list as one of them.",
    ),
    "not-text": (
        "文件内容不是文本表格,与扩展名不符;请用 Excel 或 WPS 打开后另存为 CSV 或 .xlsx 再上传。",
        "The content is not a text table as the file's ending says; save it again from Excel.",
    ),
    "not-workbook": (
        "文件内容不是 .xlsx 工作簿,与扩展名不符;请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。",
        "The content is not an .xlsx workbook as the file's ending says; save it again from Excel.",
    ),
    "old-workbook": (
        "这是旧版 .xls 或加密的工作簿;请去掉密码并另存为 .xlsx 再上传。",
        "This is an old .xls or an encrypted workbook; remove the password and save it as .xlsx.",
    ),
    "encrypted": (
        "文件已加密,无法读取;请去掉密码后重新保存再上传。",
        "The file is encrypted and cannot be read; remove the password and save it again.",
    ),
    "damaged": (
        "工作簿已损坏或结构不合规,无法可靠读取;请用 Excel 或 WPS 打开并另存为新的 .xlsx 再上传。",
        "The workbook is damaged and cannot be read reliably; open it in Excel and save it as a new .xlsx.",
    ),
    "too-many-parts": (
        "工作簿内部的部件超过 {limit} 个;请把清单复制到一个新的工作簿再上传。",
        "The workbook holds more than {limit} parts; copy the list to a new workbook.",
    ),
    "duplicate-part": (
        "工作簿内部有重名的部件,内容不唯一;请把清单另存为新的 .xlsx 再上传。",
        "The workbook holds two parts of one name, so its content is not certain; save it as a new .xlsx.",
    ),
    "inflated": (
        "工作簿解压后过大(总计上限 {total} MB,单个部件上限 {part} MB);请删去无关内容后再上传。",
        "The workbook inflates too far (limit {total} MB, {part} MB a part); remove what is not the list.",
    ),
    "ratio": (
        "工作簿的压缩比异常,可能是压缩炸弹;请把清单复制到一个新的工作簿再上传。",
        "The workbook is compressed beyond reason, like a zip bomb; copy the list to a new workbook.",
    ),
    "doctype": (
        "工作簿含有 DOCTYPE 声明,出于安全不予读取;请用 Excel 或 WPS 另存为新的 .xlsx 再上传。",
        "The workbook holds a DOCTYPE declaration and is refused for safety; save it as a new .xlsx.",
    ),
    "macro": (
        "工作簿含有宏,出于安全不予读取;请另存为不含宏的 .xlsx 再上传。",
        "The workbook holds macros and is refused for safety; save it as an .xlsx without macros.",
    ),
    "external-link": (
        "工作簿含有外部链接或超链接,出于安全不予读取;请断开链接、删除超链接(选择性粘贴为数值)后再上传。",
        "The workbook holds external links or hyperlinks and is refused; break them (paste as values).",
    ),
    "embedded-object": (
        "工作簿嵌入了其他文件或控件,出于安全不予读取;请删除嵌入对象后再上传。",
        "The workbook embeds other files or controls and is refused for safety; remove the embedded objects.",
    ),
    "encoding": (
        "文件的文字编码无法识别(支持 UTF-8、GB18030/GBK 和带 BOM 的 UTF-16);请另存为 CSV UTF-8 再上传。",
        "The text does not decode (UTF-8, GB18030/GBK and UTF-16 with BOM are read); save it as CSV UTF-8.",
    ),
    "open-quote": (
        "第 {row} 行的引号没有配对,其后的内容无法可靠分行;请补上或删去该行的引号后再上传。",
        "Row {row} has a quotation mark without its partner, so rows cannot be told apart; correct that row.",
    ),
    "too-many-columns": (
        "表格超过 {limit} 列;请只保留清单需要的列再上传。",
        "The table has more than {limit} columns; keep only those of the list.",
    ),
    "too-many-rows": (
        "表格超过 {limit} 行;请拆分后分别上传。",
        "The table has more than {limit} rows; split it and upload the parts.",
    ),
    "no-header": (
        "没有找到表头:需要同一行里有“供应商名称”和“产品或物料”两列;请对照模板改好表头再上传。",
        "No header row was found: one row needs a supplier and an item column; see the template.",
    ),
    "no-header-hidden": (
        "可见的工作表里没有找到表头,隐藏的工作表不读取;请取消隐藏清单所在的工作表再上传。",
        "No visible sheet has a header row and hidden sheets are not read; unhide the sheet with the list.",
    ),
    "duplicate-column": (
        "“{first}”和“{second}”两列是同一含义({label}),无法确定用哪一列;请只保留一列再上传。",
        "The columns '{first}' and '{second}' mean the same ({label}); keep only one of them.",
    ),
    "no-rows": (
        "表头下面没有数据行;请填写清单后再上传。",
        "There is no data row below the header; fill in the list first.",
    ),
    "no-good-rows": (
        "全部 {bad} 行都有问题,没有可以导入的行;请按所列原因修改后再上传。",
        "All {bad} rows have problems, so nothing can be imported; correct them as listed.",
    ),
    "buyer-name": (
        "采购方的名称不能用(含有控制字符或超过 200 个字);请改正后再上传。",
        "The buyer's name cannot be used (control characters, or more than 200 signs); correct it.",
    ),
    "reader-died": (
        "读取程序无法处理这个文件;请用 Excel 或 WPS 打开并另存为新的 .xlsx 或 CSV 再上传。",
        "The reader cannot handle this file; open it in Excel and save it as a new .xlsx or CSV.",
    ),
    "reader-timeout": (
        "读取超过 {limit} 秒仍未完成;请拆分文件或删去无关内容后再上传。",
        "Reading took longer than {limit} seconds; split the file or remove what is not the list.",
    ),
    "reader-memory": (
        "文件展开后占用内存过多;请拆分文件或删去无关内容后再上传。",
        "The file needs too much memory when opened; split it or remove what is not the list.",
    ),
}

ROW_REASONS: Final[dict[str, tuple[str, str]]] = {
    "missing": ("缺少{label},请补填。", "{label} is missing; fill it in."),
    "too-long": (
        "文字超过 {limit} 个字,请缩短。",
        "The text is longer than {limit} characters; shorten it.",
    ),
    "cell-too-long": (
        "单元格的文字过长(超过 4000 个字),请缩短。",
        "The cell's text is too long (more than 4000 characters); shorten it.",
    ),
    "control-character": (
        "含有换行、制表符等控制字符,请删除后重填。",
        "The text holds control characters such as line breaks; remove them.",
    ),
    "replacement-character": (
        "含有乱码字符(U+FFFD),原文已丢失,请重新填写。",
        "The text holds U+FFFD, so the original was lost; type it again.",
    ),
    "bidi-override": (
        "含有改变文字方向的隐藏字符,请删除后重填。",
        "The text holds hidden characters that turn its direction; remove them.",
    ),
    "excel-error": (
        "是 Excel 错误值,请改正公式或填写数值。",
        "This is an Excel error value; correct the formula or type the value.",
    ),
    "formula-without-value": (
        "公式没有保存计算结果,请在 Excel 中重新计算并保存,或粘贴为数值。",
        "The formula has no stored value; recalculate and save in Excel, or paste it as a value.",
    ),
    "not-a-number": (
        "不是可以确定的数字(不接受文字、区间、小数逗号);请填写一个数字。",
        "This is not one certain number (no words, ranges or decimal commas); type one number.",
    ),
    "unknown-unit": (
        "数字后面的单位无法换算成天(接受 天、周、月、年;工作日不换算);请改填天数。",
        "The unit behind the number cannot be turned into days (day, week, month, year can); type days.",
    ),
    "unit-conflict": (
        "表头和这一行的单位或倍数(万、千、亿)对不上,无法确定这个数;请只在一处写单位。",
        "Header and row give different units or multiples, so the number is not certain; write them once.",
    ),
    "negative": ("不能小于 0,请改正。", "This cannot be below 0; correct it."),
    "too-large": ("超过上限 {limit},请核对单位和数值。", "This is above {limit}; check unit and value."),
    "share-range": (
        "占比应在 0 到 1(0% 到 100%)之间,请改正。",
        "A share lies between 0 and 1 (0% and 100%); correct it.",
    ),
    "share-ambiguous": (
        "本列既有不大于 1 的数又有大于 1 的数,无法确定这个数是比例还是百分数;请写上 %。",
        "The column mixes numbers up to 1 with larger ones, so this is ambiguous; write the % sign.",
    ),
    "credit-code": (
        "统一社会信用代码不正确(应为 18 位且校验码相符);请对照营业执照改正。",
        "The credit code is wrong (18 characters, the last a check character); see the business licence.",
    ),
    "country": (
        "无法识别的国家或地区,请填写常用名称或三字母代码。",
        "Unknown country or region; use its common name or three-letter code.",
    ),
    "qualified": (
        "无法识别的认证状态,请填写 是、否 或 认证中。",
        "Unknown qualification status; use yes, no or in progress.",
    ),
    "duplicate": (
        "与第 {first} 行完全重复,只计第 {first} 行。",
        "Exactly the same as row {first}, which counts.",
    ),
    "conflict": (
        "与第 {first} 行是同一供应商、物料和采购方,但数据不一致;请核对后只保留一行。",
        "Same supplier, item and buyer as row {first} but other data; check and keep one.",
    ),
    "credit-code-conflict": (
        "与第 {first} 行信用代码相同,但企业信息不一致;请核对后改正。",
        "Same credit code as row {first} but another firm's data; check and correct.",
    ),
    "extra-cells": (
        "这一行的单元格比表头多,列可能错位;含逗号的内容请加引号。",
        "The row has more cells than the header, so columns may be shifted; quote cells with separators.",
    ),
    "bad-quotes": (
        "引号后面还有文字,无法确定单元格的边界;请改正引号。",
        "Text follows a closing quotation mark, so the cell's end is not certain; correct the quotes.",
    ),
    "not-a-date": (
        "不是可以确定的日期;请写成 2026-12-31 这样的年月日。",
        "This is not one certain date; write it like 2026-12-31.",
    ),
    "date-range": (
        "日期不在 2000 年到 2100 年之间,请核对。",
        "The date is not between 2000 and 2100; check it.",
    ),
    "unknown-word": (
        "无法识别这个词;请填写 {words} 之一。",
        "Unknown word; write one of {words}.",
    ),
    "same-name": (
        "与第 {first} 行是同一个名称;请核对后只保留一行。",
        "Same name as row {first}; check and keep one.",
    ),
    "same-number": (
        "与第 {first} 行的编号相同;请改正其中一个。",
        "Same number as row {first}; correct one of them.",
    ),
    "same-row": (
        "与第 {first} 行说的是同一件事;只计第 {first} 行。",
        "Says the same as row {first}, which counts.",
    ),
    "where-ambiguous": (
        "这个名称可以指几个对象({found});请在“对象类型”列写明是哪一种。",
        "This name stands for several targets ({found}); say which in the column 'Kind of target'.",
    ),
    "repeated-header": ("这一行重复了表头,不是数据。", "This row repeats the header and is no data."),
}

WARNINGS: Final[dict[str, tuple[str, str]]] = {
    "row-count": (
        "清单有 {rows} 行,预期 {expected} 行;请核对是否完整。",
        "The list has {rows} rows, {expected} were expected; check whether it is complete.",
    ),
    "not-on-chain": (
        "以下名称在已装入的数据里没有找到,按原文保存:{names}。",
        "These names are not in the loaded data and are kept as written: {names}.",
    ),
    "unknown-columns": (
        "以下列未识别,随行保存但不参与计算:{names}。",
        "These columns were not recognised; they are kept with the rows but not used: {names}.",
    ),
    "hidden-sheets": ("隐藏的工作表未读取:{names}。", "Hidden sheets were not read: {names}."),
    "other-sheets": (
        "只读取了工作表“{sheet}”,其他有内容的工作表未读取:{names}。",
        "Only the sheet '{sheet}' was read; other sheets with content were not: {names}.",
    ),
    "percent-assumed": (
        "“{column}”列的数都大于 1,已按百分数除以 100。",
        "All numbers of '{column}' are above 1 and were read as percent (divided by 100).",
    ),
    "percent-mixed": (
        "“{column}”列既有不大于 1 的数又有大于 1 的数:大于 1 的已除以 100,其余的行无法确定,请写上 %。",
        "'{column}' mixes numbers up to 1 with larger ones: these were read as percent, the others are bad.",
    ),
    "percent-small": (
        "“{column}”列表头写明 %,但数都不大于 1,仍按百分数除以 100,请核对。",
        "The header '{column}' says % but no number is above 1; all were divided by 100, please check.",
    ),
    "share-sum": (
        "“{item}”{buyer}的占比合计 {total}%,超过 100%;按原样保存,未作缩放。",
        "The shares of '{item}'{buyer} add up to {total}%, above 100%; kept as written.",
    ),
    "header-unit": (
        "“{column}”列按表头的单位换算(乘以 {factor})。",
        "The column '{column}' was converted by the unit in its header (times {factor}).",
    ),
    "merged-values": (
        "“{column}”列有合并的单元格,数值只计入合并区域的第一行。",
        "The column '{column}' has merged cells; the value counts for the first row of each only.",
    ),
    "two-codes": (
        "供应商“{supplier}”出现了不同的信用代码(第 {first} 行和第 {row} 行),请核对是否为同一企业。",
        "The supplier '{supplier}' has different credit codes (rows {first} and {row}); is it one firm?",
    ),
    "separator-line": (
        "sep= 行写明的分隔符与内容不符,已按实际分隔符读取。",
        "The separator of the sep= line does not fit the content; the one in use was taken.",
    ),
    "code-name": (
        "第 {row} 行按信用代码对应到“{known}”,与填写的名称“{supplier}”不同,请核对。",
        "Row {row} was matched by credit code to '{known}', not '{supplier}' as written; please check.",
    ),
    "remembered-columns": (
        "按 {who} 于 {day} 记住的列对应(#{number})读取,请核对;可以重新指定,也可以让系统忘记。",
        "Read with the columns that {who} named on {day} (#{number}); check them or name others.",
    ),
    "near-names": (
        "{n} 个名称按相近自动对上,请核对:{names}。",
        "{n} names were matched by likeness alone, please check: {names}.",
    ),
    "hs-column": (
        "“{column}”列是 HS 编码:名称不能确定的物料按它对照,编码随行保存。",
        "Column '{column}' holds HS codes, kept with the rows: uncertain items are matched by them.",
    ),
    "hs-column-idle": (
        "“{column}”列是 HS 编码,随行保存;本链的物料都没有给出编码,没有按它对照。",
        "Column '{column}' holds HS codes, kept with the rows; no item of this chain gives one to match.",
    ),
    "hs-codes": (
        "{n} 个物料按 HS 编码对上,请核对:{names}。",
        "{n} items were matched by their HS code, please check: {names}.",
    ),
    "rows-accepted": ("{good} 行可以导入。", "{good} rows can be imported."),
    "rows-partly": (
        "{good} 行可以导入,{bad} 行有问题,请按所列原因修改。",
        "{good} rows can be imported, {bad} have problems; correct them as listed.",
    ),
}

SENTENCES: Final[dict[str, tuple[str, str]]] = REFUSALS | ROW_REASONS | WARNINGS


def say(code: str, language: Language = "zh", **params: Value) -> str:
    """Put a stable code into words.

    Parameters
    ----------
    code
        Key of `SENTENCES`.
    language
        ``zh`` or ``en``.
    **params
        Values that the sentence names; ``label`` is the field name of a column.

    Returns
    -------
    str
        One sentence.

    Raises
    ------
    KeyError
        When the code, or a value that its sentence names, is unknown.

    Examples
    --------
    >>> say("duplicate", "en", first=4)
    'Exactly the same as row 4, which counts.'
    """
    chinese, english = SENTENCES[code]
    column = COLUMN_OF.get(str(params.get("label")))
    if column is not None:
        params["label"] = column.label(language)
    elif (label := LIST_LABELS.get(str(params.get("label")))) is not None:
        params["label"] = label[language == "en"]
    return (english if language == "en" else chinese).format(**params)
