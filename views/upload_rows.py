"""The first steps of an upload: templates and samples, recognised columns, good and bad rows."""

from __future__ import annotations

import dataclasses
import json
import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from ingest.columns import COLUMN_OF, COLUMNS
from ingest.hs_codes import hs_column
from ingest.templates import make_template
from ingest.workbook import bad_rows_csv, marked_workbook
from views import formatting
from views.components.columns import Column
from views.components.table import draw_table
from views.i18n import Language, _, current_language

if TYPE_CHECKING:
    from desk.imports import CheckedList
    from ingest.checking import CheckResult
    from views.components.columns import ColumnKind

_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_SHOWN = 1000
_LONG_LIST = 200_000
_FULL_MARKS = {",": "，", ":": "：", ";": "；"}
_HALF_MARKS = re.compile(r"(?<=[\u3400-\u9fff”」）])[,:;]|(?<=[)%\d\"])[,:;](?=[\u3400-\u9fff“])")
_KINDS: dict[str, ColumnKind] = {
    "share": "percent",
    "spare": "percent",
    "lead_time_days": "days",
    "stock_days": "days",
    "qualification_days": "days",
    "capacity": "count",
}


def draw_templates() -> None:
    """Offer the templates in both languages."""
    st.markdown(f"**{_('模板(第二张表是填写说明)')}**")
    with st.container(horizontal=True):
        for language, label, name in (
            (Language.ZH, "中文模板", "供应商名录模板.xlsx"),
            (Language.EN, "English template", "supplier-list-template.xlsx"),
        ):
            st.download_button(
                label,
                partial(make_template, language.value),
                file_name=name,
                mime=_XLSX_TYPE,
                key=f"template_{language.value}",
                on_click="ignore",
                icon=":material/download:",
            )


def draw_samples(folder: Path) -> None:
    """Show the sample lists with what comes of each.

    Parameters
    ----------
    folder
        Holds lists and, beside each, its expected result.
    """
    lists = [path for path in sorted(folder.iterdir()) if path.suffix in {".csv", ".xlsx"}]
    st.markdown(f"**{_('样例名录和它们的检查结果(企业均为虚构)')}**")
    rows = [_describe_sample(path) for path in lists]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content",
        column_config={
            "name": st.column_config.TextColumn(_("样例"), width=160),
            "message": st.column_config.TextColumn(_("结果"), width=210),
        },
        placeholder="",
    )
    with st.popover(_("下载样例"), icon=":material/download:"):
        for path in lists:
            st.download_button(
                path.name,
                path.read_bytes(),
                file_name=path.name,
                key=f"sample_{path.stem}",
                on_click="ignore",
            )


@st.cache_data(show_spinner=False)
def _read_expected(path: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(Path(path).read_text(encoding="utf-8"))
    return answer


def _describe_sample(path: Path) -> dict[str, object]:
    expected = _read_expected(f"{path}.expected.json")
    good, bad = len(expected["good"]), len(expected["bad"])
    told = _("{good} 行可导入，{bad} 行有问题").format(good=good, bad=bad) if good + bad else _("整份不收")
    return {"name": path.name, "message": told}


def draw_uploader_words() -> None:
    """Set the words of Streamlit's field for files, which it only has in English."""
    button, field = (f'[data-testid="stFileUploaderDropzone{part}"]' for part in ("", "Instructions"))
    st.html(
        f"<style>{button} button p, {field} span {{font-size: 0}}"
        f'{button} button p::after {{font-size: 0.9375rem; content: "{_("选择文件")}"}}'
        f'{field} span::after {{font-size: 0.875rem; content: "{_("或把文件拖到这里")}"}}</style>'
    )


def say_result(checked: CheckedList) -> str:
    """Say in one sentence what a file holds.

    Parameters
    ----------
    checked
        The list.

    Returns
    -------
    str
        In the session's language, with special signs shown as they are.
    """
    return plain(full_width(checked.result.message(_language())))


def full_width(text: str) -> str:
    """Set the marks between Chinese signs as print does; marks within numbers and codes stay.

    Parameters
    ----------
    text
        A sentence of `ingest.messages` or of a plan.

    Returns
    -------
    str
        The same sentence.

    Examples
    --------
    >>> full_width("5 行可以导入,2 行有问题;共 1,200 行:见 a,b。")
    '5 行可以导入，2 行有问题；共 1,200 行：见 a,b。'
    """
    return _HALF_MARKS.sub(lambda match: _FULL_MARKS[match[0]], text)


def plain(text: str) -> str:
    """Keep Markdown from reading signs of a list as orders.

    Parameters
    ----------
    text
        Any text that may quote a list.

    Returns
    -------
    str
        The same to the eye.
    """
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]()#+-!|<>$~:" else sign for sign in text)


def draw_rows(checked: CheckedList) -> None:
    """Draw what was recognised in a file and its good and bad rows.

    Parameters
    ----------
    checked
        A list that was not refused.
    """
    result = checked.result
    st.markdown(f"**{plain(checked.name)}** · {say_result(checked)}")
    if checked.earlier is not None and checked.earlier.committed_at is not None:
        st.warning(
            _("这份文件已由{who}于 {at} 导入，不能再次导入。").format(
                who=plain(checked.earlier.officer or _("未署名者")),
                at=formatting.local_time(checked.earlier.committed_at),
            ),
            icon=":material/content_copy:",
        )
    for warning in result.warnings:
        st.caption(f":material/info: {plain(full_width(warning.sentence(_language())))}")
    good, bad, columns = st.tabs(
        [
            _("可导入 {n} 行").format(n=formatting.count(result.good_count)),
            _("有问题 {n} 行").format(n=formatting.count(result.bad_count)),
            _("识别的列"),
        ]
    )
    with good:
        _draw_good(result)
    with bad:
        draw_bad_rows(checked)
    with columns:
        _draw_columns(result)


def _draw_good(result: CheckResult) -> None:
    table = result.table
    if table is None:
        return
    shown = [row for _number, row in zip(range(_MOST_SHOWN), result.good(), strict=False)]
    given = {*table.staged.field_columns, "buyer"}
    fields = [column for column in COLUMNS if column.name in given]
    for row in shown:
        row["qualified"] = _qualified(row["qualified"])
        row["country"] = formatting.country_name(row["country"]) if row["country"] else None
    bought = any(row["buyer"] for row in shown)
    columns = [Column("row", _("行号"), width=60)]
    columns += [
        Column(
            column.name,
            _("采购占比") if bought and column.name == "share" else column.label(_language()),
            _KINDS.get(column.name, "text"),
            missing=formatting.NOT_APPLICABLE,
        )
        for column in fields
    ]
    if result.good_count > len(shown):
        st.caption(_("只显示前 {n} 行。").format(n=len(shown)))
    draw_table(pd.DataFrame(shown), columns, name="good-rows", key="good_rows")


def _qualified(value: object) -> str | None:
    words = {"yes": _("是"), "no": _("否"), "in_progress": _("认证中")}
    return words.get(str(value)) if value is not None else None


def draw_bad_rows(checked: CheckedList) -> None:
    """Draw the bad rows with their reasons and offer them for download.

    Parameters
    ----------
    checked
        The list.
    """
    result = checked.result
    if not result.bad_count:
        st.markdown(_("没有问题行。"))
        return
    language = _language()
    shown = pd.DataFrame(
        [
            {"row": problem["row"], "value": problem["value"], "reason": full_width(problem["reason"])}
            | {"field": _label(problem["field"])}
            for _number, row in zip(range(_MOST_SHOWN), result.bad(language), strict=False)
            for problem in (row, *row["more"])
        ]
    )
    if result.bad_count > _MOST_SHOWN:
        st.caption(_("只显示前 {n} 行，下载的文件里是全部。").format(n=_MOST_SHOWN))
    st.dataframe(
        shown[["row", "field", "value", "reason"]],
        hide_index=True,
        height="content" if len(shown) < 10 else 330,  # noqa: PLR2004 - what fits above the buttons
        column_config={
            "row": st.column_config.NumberColumn(_("行号"), width=60),
            "field": st.column_config.TextColumn(_("列"), width=110),
            "value": st.column_config.TextColumn(_("内容"), width=180),
            "reason": st.column_config.TextColumn(_("原因和改法")),
        },
        placeholder="",
    )
    personal = checked.result.table.staged.personal if checked.result.table else ()
    with_personal = bool(personal) and st.checkbox(
        _("下载时包含疑似个人信息的列({names})").format(names=plain("、".join(personal))), key="with_personal"
    )
    kept = result if with_personal else hide_personal(result)
    _draw_bad_downloads(kept, language, original=(checked.content, checked.name))


def _draw_bad_downloads(
    result: CheckResult,
    language: Any,  # noqa: ANN401 - zh or en
    *,
    original: tuple[bytes, str],
) -> None:
    if result.good_count + result.bad_count > _LONG_LIST:
        st.caption(_("名录很长，标出问题的 XLSX 要准备一两分钟；只要问题行请下载 CSV。"))
    with st.container(horizontal=True):
        st.download_button(
            _("下载问题行(CSV)"),
            partial(bad_rows_csv, result, language),
            file_name="bad-rows.csv",
            mime="text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            _("下载标出问题的名录(XLSX)"),
            partial(marked_workbook, result, language, original=original),
            file_name="marked-list.xlsx",
            mime=_XLSX_TYPE,
            on_click="ignore",
            icon=":material/download:",
        )


def hide_personal(result: CheckResult) -> CheckResult:
    """Leave the cells of columns that look personal out of what is downloaded.

    Parameters
    ----------
    result
        A checked file.

    Returns
    -------
    CheckResult
        The same with these cells blank.
    """
    table = result.table
    if table is None or not table.staged.personal:
        return result
    names = set(table.staged.personal)
    hidden = {index for index, name in table.staged.extras if name in names}
    raw = table.staged.raw
    blank: list[str | None] = [None] * len(raw.rows)
    columns = [blank if index in hidden else column for index, column in enumerate(raw.columns)]
    staged = dataclasses.replace(table.staged, raw=dataclasses.replace(raw, columns=columns))
    issues = {
        record: tuple(
            dataclasses.replace(issue, value="") if issue.field in names else issue for issue in found
        )
        for record, found in table.issues.items()
    }
    return dataclasses.replace(result, table=dataclasses.replace(table, staged=staged, issues=issues))


def _draw_columns(result: CheckResult) -> None:
    if result.table is None:
        return
    staged = result.table.staged
    rows = [
        {
            "header": staged.raw.header[index].strip(),
            "means": _label(name),
            "unit": _unit(COLUMN_OF[name].unit),
        }
        for name, (index, _match) in staged.field_columns.items()
    ]
    unknown = _("未识别，随行保存，不参与计算")
    personal = _("未识别，疑似个人信息；随行保存，默认不导出")
    codes = hs_column(staged.raw, staged.extras)
    is_used = any(warning.code == "hs-column" for warning in result.warnings)
    told = (
        _("HS 编码，用来对照名称不能确定的物料")
        if is_used
        else _("HS 编码，随行保存；本链物料没有给出编码，未用于对照")
    )
    rows += [
        {
            "header": name,
            "means": told if index == codes else personal if name in staged.personal else unknown,
            "unit": None,
        }
        for index, name in staged.extras
    ]
    draw_table(
        pd.DataFrame(rows),
        [
            Column("header", _("文件里的表头")),
            Column("means", _("认作")),
            Column("unit", _("值的单位"), missing=formatting.NOT_APPLICABLE),
        ],
        name="columns",
        key="upload_columns",
    )


def _unit(unit: str) -> str | None:
    names = {
        "0 to 1": _("0 到 1 的比例"),
        "0 to 1 of the need": _("占需求的比例，0 到 1"),
        "days": _("日历天"),
        "as in `unit`": _("见单位列"),
    }
    return names.get(unit, unit) or None


def _label(name: str) -> str:
    return COLUMN_OF[name].label(_language()) if name in COLUMN_OF else name


def _language() -> Any:  # noqa: ANN401 - zh or en, which a StrEnum is to a type checker not
    return current_language().value
