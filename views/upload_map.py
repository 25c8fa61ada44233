"""Which column is which: encoding, separator and columns of a list that is not recognised by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from ingest.choice import ENCODINGS, SEPARATOR_NAMES, Choice
from ingest.columns import COLUMNS
from ingest.headers import header_key
from views import upload_queries
from views.i18n import _, current_language
from views.upload_draft import DRAFT, Draft, forget
from views.upload_rows import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk.import_mapping import Sketch
    from ingest.columns import Column

_AUTO = ""
_NONE = -1
_PREVIEW_ROWS = 6
_EXAMPLE = 12


def offer_mapping(draft: Draft) -> None:
    """Say how a list was read, and let a person say otherwise.

    Parameters
    ----------
    draft
        A list that could be read.
    """
    table = draft.checked.result.table
    if table is None:
        return
    raw = table.staged.raw
    told = [_("表头在第 {row} 行").format(row=raw.header_row)]
    if raw.encoding and raw.separator:
        told += [_("编码 {name}").format(name=raw.encoding.upper()), _separator_name(raw.separator)]
    elif raw.sheet:
        told.append(_("工作表 {name}").format(name=plain(raw.sheet)))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("读取方式：{how}").format(how=" · ".join(told)), width="content")
        if st.button(_("列、编码或分隔符不对？重新指定"), type="tertiary", icon=":material/view_column:"):
            draft.remapping = True
            st.rerun()


def draw_mapping(draft: Draft) -> None:
    """Let a person say how a list is to be read.

    Parameters
    ----------
    draft
        A list that was refused for its columns, or whose columns a person wants to change.
    """
    checked = draft.checked
    st.markdown(
        _("**{name}**：请指定哪一列是什么。系统先按列名和内容给出建议，确认后会记住，下次自动使用。").format(
            name=plain(checked.name)
        )
    )
    tag = checked.result.digest[:12]
    way = _choose_way(draft, tag)
    sketch = upload_queries.sketch_list(draft, way, _header_line(tag))
    refusal = sketch.say_refusal(current_language().value)
    if refusal is not None or sketch.table is None or not sketch.table.rows:
        st.error(plain(refusal or _("这样读不到任何内容，请换一种编码、分隔符或工作表。")))
        _draw_leave(draft)
        return
    _choose_header(sketch, tag)
    _draw_preview(sketch)
    picked = _choose_columns(sketch, tag)
    _draw_confirm(draft, sketch, way=way, picked=picked)


def _choose_way(draft: Draft, tag: str) -> Choice:
    """Ask for encoding and separator of a text file, or for the sheet of a workbook."""
    given, found = draft.checked.choice, upload_queries.sketch_list(draft, Choice(), None).table
    left, middle, _right = st.columns([1, 1, 1.4], vertical_alignment="bottom")
    if draft.checked.name.lower().endswith(".xlsx"):
        sheets = [] if found is None else [name for name in (found.sheet, *found.other_sheets) if name]
        if len(sheets) < 2:  # noqa: PLR2004 - nothing to choose
            return Choice()
        return Choice(sheet=left.selectbox(_("工作表"), sheets, key=f"map_sheet_{tag}"))
    auto = _("自动({found})")
    read_as = found.encoding.upper() if found and found.encoding else _("未能识别")
    cut_at = _separator_name(found.separator) if found and found.separator else _("未能识别")
    encodings, separators = [_AUTO, *ENCODINGS], [_AUTO, *SEPARATOR_NAMES.values()]
    encoding = left.selectbox(
        _("编码"),
        encodings,
        index=encodings.index(given.encoding or _AUTO),
        format_func=lambda name: name.upper() if name else auto.format(found=read_as),
        key=f"map_encoding_{tag}",
        help=_("预览里是乱码时换一种。台湾、香港来的文件常用 Big5。"),
    )
    separator = middle.selectbox(
        _("分隔符"),
        separators,
        index=separators.index(given.separator or _AUTO),
        format_func=lambda sign: _separator_name(sign) if sign else auto.format(found=cut_at),
        key=f"map_separator_{tag}",
        help=_("预览里各列没有分开时换一种。"),
    )
    return Choice(encoding or None, separator or None)


def _separator_name(sign: str) -> str:
    names = {",": _("逗号"), ";": _("分号"), "\t": _("制表符"), "|": _("竖线")}
    return names[sign]


def _header_line(tag: str) -> int | None:
    chosen = st.session_state.get(f"map_header_{tag}")
    return int(chosen) if chosen is not None else None


def _choose_header(sketch: Sketch, tag: str) -> None:
    table = sketch.table
    if table is None:
        return
    st.selectbox(
        _("表头在第几行"),
        table.rows[:30],
        index=min(sketch.header_row, 29),
        key=f"map_header_{tag}",
        format_func=lambda row: _("第 {row} 行：{cells}").format(row=row, cells=_row_text(sketch, row)),
    )


def _row_text(sketch: Sketch, row: int) -> str:
    table = sketch.table
    if table is None:
        return ""
    at = table.rows.index(row)
    texts = [column[at] for column in table.columns if column[at]]
    return " | ".join(str(text)[:_EXAMPLE] for text in texts[:6])


def _draw_preview(sketch: Sketch) -> None:
    table = sketch.table
    if table is None:
        return
    start = sketch.header_row + 1
    rows = range(start, min(start + _PREVIEW_ROWS, len(table.rows)))
    frame = pd.DataFrame(
        [[column[at] for column in table.columns] for at in rows],
        columns=[str(at) for at in range(len(table.columns))],
        index=[table.rows[at] for at in rows],
    )
    heads = {
        str(at): st.column_config.TextColumn(f"{_letter(at)} {header}".strip())
        for at, header in enumerate(sketch.headers())
    }
    heads["_index"] = st.column_config.NumberColumn(_("行号"), width=60)
    st.caption(_("表头下面的前 {n} 行(照文件原样)：").format(n=len(rows)))
    st.dataframe(frame, column_config=heads, height="content", placeholder="")


def _letter(at: int) -> str:
    letters = ""
    number = at + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _choose_columns(sketch: Sketch, tag: str) -> dict[str, int]:
    """Ask which column of the file each of ours is; suggestions stand first."""
    guessed = {guess.field: guess for guess in sketch.guesses}
    likely = [column for column in COLUMNS if column.required or column.name in guessed]
    others = [column for column in COLUMNS if column not in likely]
    picked = _draw_fields(likely, sketch, tag)
    with st.expander(_("其他列(可不填，{n} 项)").format(n=len(others))):
        picked |= _draw_fields(others, sketch, tag)
    return {field: at for field, at in picked.items() if at != _NONE}


def _draw_fields(fields: Sequence[Column], sketch: Sketch, tag: str) -> dict[str, int]:
    headers = sketch.headers()
    guessed = {guess.field: guess for guess in sketch.guesses}
    single = [at for at, header in enumerate(headers) if _is_single(header, headers)]
    options = [_NONE, *single]
    picked: dict[str, int] = {}
    places = st.columns(3)
    for number, column in enumerate(fields):
        guess = guessed.get(column.name)
        label = column.label(current_language().value) + (_("(必填)") if column.required else "")
        with places[number % 3]:
            picked[column.name] = st.selectbox(
                label,
                options,
                index=options.index(guess.column) if guess and guess.column in options else 0,
                format_func=lambda at: (
                    _("没有这一列") if at == _NONE else f"{_letter(at)} {headers[at]}{_example(sketch, at)}"
                ),
                key=f"map_{column.name}_{tag}_{sketch.header_row}",
                help=column.help_en if current_language().value == "en" else column.help_zh,
            )
            if guess is not None and picked[column.name] == guess.column:
                st.caption(_say_reason(guess.reason, guess.score))
    return picked


def _is_single(header: str, headers: Sequence[str]) -> bool:
    keys = [header_key(other) for other in headers]
    return bool(header) and keys.count(header_key(header)) == 1


def _example(sketch: Sketch, at: int) -> str:
    cells = sketch.table.columns[at][sketch.header_row + 1 :] if sketch.table else []
    first = next((cell for cell in cells if cell), "")
    return f"({first[:_EXAMPLE]})" if first else ""


def _say_reason(reason: str, score: float) -> str:
    words = {
        "rule": _("依据：表头认得"),
        "name": _("依据：列名相近({score})，请核对"),
        "content": _("依据：内容像({score})，请核对"),
    }
    return words[reason].format(score=f"{score:.0f}")


def _draw_confirm(draft: Draft, sketch: Sketch, *, way: Choice, picked: Mapping[str, int]) -> None:
    labels = {column.name: column.label(current_language().value) for column in COLUMNS}
    missing = [labels[column.name] for column in COLUMNS if column.required and column.name not in picked]
    twice = [at for at in set(picked.values()) if list(picked.values()).count(at) > 1]
    if missing:
        st.warning(_("还没有指定：{names}。").format(names="、".join(missing)), icon=":material/info:")
    if twice:
        names = "、".join(plain(sketch.headers()[at]) for at in sorted(twice))
        st.warning(_("同一列不能用两次：{names}。").format(names=names), icon=":material/info:")
    with st.container(horizontal=True):
        blocked = bool(missing or twice)
        if st.button(_("按此读取"), type="primary", icon=":material/check:", disabled=blocked):
            choice = _to_choice(sketch, way, picked)
            with st.spinner(_("正在检查，大文件可能要一两分钟……")):
                st.session_state[DRAFT] = Draft(upload_queries.check_again(draft.checked, choice))
            st.rerun()
        _draw_leave(draft)


def _to_choice(sketch: Sketch, way: Choice, picked: Mapping[str, int]) -> Choice:
    """Keep only what differs from the rules; a recognised column that was turned down is named too."""
    headers = sketch.headers()
    ruled = {guess.field: guess.column for guess in sketch.guesses if guess.reason == "rule"}
    said = {field: headers[at] for field, at in picked.items() if ruled.get(field) != at}
    used = set(picked.values())
    ignored = [headers[at] for field, at in ruled.items() if at not in used]
    pairs = [*said.items(), *(("", header) for header in ignored)]
    return Choice(way.encoding, way.separator, way.sheet, tuple(pairs))


def _draw_leave(draft: Draft) -> None:
    if draft.remapping and st.button(_("不改了"), type="tertiary"):
        draft.remapping = False
        st.rerun()
    if not draft.remapping and st.button(_("换一个文件"), icon=":material/arrow_back:"):
        forget()
