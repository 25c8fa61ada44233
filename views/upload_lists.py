"""Lists that are no supplier lists: bottleneck items, demand, events, chain folders, in one short form."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from chains.errors import LianwenError
from ingest.lists.chain_zip import CHAIN_LIMITS
from ingest.lists.columns import LIST_COLUMNS, LIST_LABELS, Reading
from ingest.lists.templates import make_list_template
from ingest.model import LIMITS, MIB
from ingest.tables import UploadKind
from views import formatting, upload_list_queries
from views.components.columns import Column
from views.components.table import draw_table
from views.i18n import Language, _, current_language
from views.node_columns import node_name
from views.officer import draw_officer
from views.upload_rows import full_width, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.chain_zips import CheckedZip
    from desk.lists import CheckedEntries
    from ingest.lists.columns import ListColumn
    from views.queries import ChainState
    from views.upload_list_queries import Stored

_CHECKED: Final = "upload_other"
_STORED: Final = "upload_other_stored"
_SHOWN: Final = 200
_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def kind_name(kind: UploadKind) -> str:
    """Name a kind of list.

    Parameters
    ----------
    kind
        Which kind.

    Returns
    -------
    str
        In the session's language.
    """
    return {
        UploadKind.SUPPLIERS: _("供应商名录"),
        UploadKind.BOTTLENECKS: _("卡脖子清单"),
        UploadKind.DEMAND: _("需求清单"),
        UploadKind.EVENTS: _("断供事件"),
        UploadKind.CHAIN: _("产业链文件夹"),
    }[kind]


def draw_list(kind: UploadKind, state: ChainState) -> bool:
    """Draw the form of a kind: file, what it holds, confirmation.

    Parameters
    ----------
    kind
        Any but supplier lists.
    state
        The chain that demand and events are for.

    Returns
    -------
    bool
        Whether a file waits for its confirmation; then nothing else asks who signs.
    """
    stored = st.session_state.pop(_STORED, None)
    if stored is not None:
        _draw_stored(stored)
    left, right = st.columns([1.15, 1], gap="large")
    with left:
        _draw_file(kind, state)
    with right:
        _draw_help(kind)
    checked = st.session_state.get(_CHECKED)
    if checked is None or checked.kind is not kind:
        return False
    if kind is not UploadKind.CHAIN and checked.chain_id not in {"", state.chain_id}:
        return False
    _draw_checked(checked)
    return True


def _draw_file(kind: UploadKind, state: ChainState) -> None:
    st.markdown(_purpose(kind))
    is_zip = kind is UploadKind.CHAIN
    limit = (CHAIN_LIMITS if is_zip else LIMITS).upload_bytes // MIB
    file = st.file_uploader(
        _("选择或拖入 .zip，最多 {limit} MB").format(limit=limit)
        if is_zip
        else _("选择或拖入 .xlsx 或 .csv，最多 {limit} MB").format(limit=limit),
        key=f"other_file_{kind.value}",
        max_upload_size=limit,
    )
    expected, carry = 278, False
    if kind is UploadKind.BOTTLENECKS:
        expected = int(
            st.number_input(_("清单应有多少条"), min_value=1, value=278, key="other_expected", width=160)
        )
        carry = st.checkbox(_("名称完全相同的条目，沿用之前清单对上的物料"), key="other_carry")
    pressed = st.button(
        _("检查文件"), type="primary", icon=":material/fact_check:", disabled=file is None, key="other_check"
    )
    if pressed and file is not None:
        with st.spinner(_("正在检查……")):
            st.session_state[_CHECKED] = upload_list_queries.check_file(
                kind,
                state.chain_id,
                content=file.getvalue(),
                name=file.name,
                expected=expected,
                carry=carry,
            )


def _purpose(kind: UploadKind) -> str:
    return {
        UploadKind.BOTTLENECKS: _(
            "正式清单上传后**整体替换**工作目录(公开资料)；之前的清单保留，撤销导入即恢复。文件只留在本机。"
        ),
        UploadKind.DEMAND: _("谁、需要什么、最迟何时要。需求只作展示和对接，不改变任何评分。"),
        UploadKind.EVENTS: _(
            "什么事、在哪里、从哪天起、多久。每个事件对应一个冲击，可在情景中推演；不改变评分。"
        ),
        UploadKind.CHAIN: _(
            "一个产业链文件夹压缩成的 .zip，检查与 `lianwen import-chain` 相同；重复导入即替换。"
        ),
    }[kind]


def _draw_help(kind: UploadKind) -> None:
    st.markdown(f"**{_('模板和填写说明')}**")
    with st.container(horizontal=True):
        for language, label in ((Language.ZH, "中文模板"), (Language.EN, "English template")):
            word: Any = language.value
            ending = "zip" if kind is UploadKind.CHAIN else "xlsx"
            st.download_button(
                label,
                partial(_template, kind, word),
                file_name=f"lianwen-{kind.value}-{word}.{ending}",
                mime=_TYPES[ending],
                key=f"other_template_{kind.value}_{word}",
                on_click="ignore",
                icon=":material/download:",
            )
    is_english = current_language() is Language.EN
    lines = [
        f"- **{column.label(current_language().value)}**{_('(必填)') if column.required else ''} "
        + (column.help_en if is_english else full_width(column.help_zh))
        for column in LIST_COLUMNS.get(kind.value, ())
    ]
    if lines:
        st.markdown("\n".join(lines))


def _template(kind: UploadKind, language: Any) -> bytes:  # noqa: ANN401 - zh or en
    return make_list_template(kind, language)[0]


def _draw_checked(checked: CheckedEntries | CheckedZip) -> None:
    answer = upload_list_queries.describe(checked, _language())
    draw = st.error if answer["status"] == "reject" else st.warning if answer["bad"] else st.success
    draw(plain(full_width(answer["message"])), icon=":material/fact_check:")
    for warning in answer["warnings"][:20]:
        st.markdown(f"- {plain(full_width(warning))}")
    _draw_bad(answer["bad"], checked.kind)
    if answer["status"] == "reject":
        return
    _draw_good(answer.get("good", []), checked.kind)
    officer = draw_officer()
    number = answer["counts"]["good"]
    pressed = st.button(
        _("确认导入 {n} 行").format(n=number),
        type="primary",
        icon=":material/upload:",
        disabled=officer is None,
        key="other_import",
    )
    if pressed and officer is not None:
        try:
            stored = upload_list_queries.import_file(checked, officer=officer.name, unit=officer.unit)
        except LianwenError as error:
            st.error(plain(error.say(current_language())), icon=":material/error:")
            return
        st.session_state.pop(_CHECKED)
        st.session_state[_STORED] = stored
        st.rerun()


def _draw_bad(bad: list[dict[str, Any]], kind: UploadKind) -> None:
    if not bad:
        return
    place = 1 if current_language() is Language.EN else 0
    frame = pd.DataFrame(
        [
            {
                "row": str(row["row"]),
                "field": LIST_LABELS.get(f"{kind.value}.{row.get('field')}", (row.get("field"),) * 2)[place]
                if "field" in row
                else row["file"],
                "value": row.get("value"),
                "reason": full_width(row["reason"]),
            }
            for row in bad
        ]
    )
    columns = [
        Column("row", _("行号"), width=60),
        Column("field", _("列"), width=100),
        Column("value", _("内容"), missing=formatting.NOT_APPLICABLE, width=110),
        Column("reason", _("原因和改法")),
    ]
    draw_table(frame, columns, name="bad-rows", key="other_bad")


def _draw_good(good: list[dict[str, Any]], kind: UploadKind) -> None:
    if not good:
        return
    fields = [column for column in LIST_COLUMNS[kind.value] if any(row[column.name] for row in good)]
    names = upload_list_queries.item_names()
    frame = pd.DataFrame(
        [
            {"row": str(row["row"]), "target": _target(row["target"], names)}
            | {column.name: _shown(row[column.name], column) for column in fields}
            for row in good[:_SHOWN]
        ]
    )
    columns = [
        Column("row", _("行号"), width=60),
        *(
            Column(column.name, column.label(current_language().value), missing=formatting.NOT_APPLICABLE)
            for column in fields
        ),
        Column("target", _("对上的对象"), missing=formatting.NOT_APPLICABLE),
    ]
    draw_table(frame, columns, name="list", key="other_good")
    if len(good) > _SHOWN:
        st.caption(_("只显示前 {shown} 行，共 {rows} 行。").format(shown=_SHOWN, rows=len(good)))


def _shown(value: object, column: ListColumn) -> str | None:
    if value is None:
        return None
    if isinstance(value, float):
        return formatting.percent(value) if column.reading is Reading.FRACTION else f"{value:,.10g}"
    if column.reading is Reading.WORD:
        words = next((words for meant, words in column.words if meant == value), (str(value),))
        return words[0] if current_language() is Language.ZH else str(value).replace("_", " ")
    return str(value)


def _target(target: str | None, names: Mapping[str, tuple[str | None, str | None]]) -> str | None:
    """Name what a row is about: a node by kind and name, or an item."""
    if target is None:
        return None
    scope, _colon, key = target.partition(":")
    if not key:
        return formatting.name_of(*names.get(target, (None, None)), target)
    return f"{formatting.scope_name(scope)} {node_name(scope, key, None, key)}"


def _draw_stored(stored: Stored) -> None:
    st.success(
        _("上传 #{number} 已导入 {rows} 行。").format(number=stored.upload.upload_id, rows=stored.rows),
        icon=":material/check_circle:",
    )
    if stored.run_ids:
        runs = "、".join(f"#{run_id}" for run_id in stored.run_ids)
        st.markdown(_("运行 {runs} 已排队，在后台计算；算完后各页和预警自动更新。").format(runs=runs))


def _language() -> Any:  # noqa: ANN401 - zh or en
    return current_language().value
