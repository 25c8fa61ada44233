"""What is remembered of earlier lists: names and columns, who said so and when, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from ingest.columns import COLUMN_OF
from ingest.tables import NameKind
from views import formatting, upload_queries
from views.components.columns import Column
from views.components.table import draw_table
from views.i18n import _, current_language
from views.upload_rows import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk.officer import Officer
    from ingest.mapping import RememberedMapping
    from ingest.memory import RememberedName

_NOBODY = None


def draw_memory(chain_id: str, officer: Officer | None) -> None:
    """Draw what is remembered and let a person take it back.

    Parameters
    ----------
    chain_id
        Whose names are shown for ids.
    officer
        Who takes something back; None while nobody has signed.
    """
    names, mappings = upload_queries.read_memory()
    if not names and not mappings:
        return
    with st.expander(
        _("记住的名称和列({n} 条)").format(n=len(names) + len(mappings)), icon=":material/history_edu:"
    ):
        st.markdown(
            _(
                "以后的名录按这些自动对上，不再询问。撤销后会重新询问；**已计入的行不变**，要改请撤销那次上传。"
            )
        )
        if names:
            _draw_names(names, upload_queries.read_labels(chain_id), officer)
        if mappings:
            _draw_mappings(mappings, officer)


def _draw_names(
    names: Sequence[RememberedName],
    labels: Mapping[str, tuple[str | None, str]],
    officer: Officer | None,
) -> None:
    kinds = {
        NameKind.SUPPLIER: _("供应商"),
        NameKind.ITEM: _("物料"),
        NameKind.CODE: _("统一社会信用代码"),
    }
    rows = [
        {
            "kind": kinds[name.kind],
            "name": name.key if name.kind is NameKind.CODE else name.name,
            "target": _target(name, labels),
            "by": name.officer or _NOBODY,
            "at": formatting.local_time(name.decided_at),
            "upload": f"#{name.upload_id}",
        }
        for name in names
    ]
    columns = [
        Column("kind", _("类别"), width=110),
        Column("name", _("名录里的写法")),
        Column("target", _("认作")),
        Column("by", _("经办人"), missing=formatting.NOT_APPLICABLE, width=90),
        Column("at", _("时间(北京时间)"), width=135),
        Column("upload", _("上传"), width=60),
    ]
    draw_table(pd.DataFrame(rows), columns, name="remembered-names", key="remembered_names")
    shown = {name.decision_id: row for name, row in zip(names, rows, strict=True)}
    chosen = st.selectbox(
        _("要撤销的名称"),
        list(shown),
        index=None,
        format_func=lambda number: f"{shown[number]['name']} → {shown[number]['target']}",
        key="forget_name",
        placeholder=_("选择一条"),
    )
    blocked = officer is None or chosen is None
    pressed = st.button(_("撤销，以后重新询问"), disabled=blocked, key="forget_name_button")
    if pressed and officer is not None and chosen is not None:
        upload_queries.forget_name(chosen, by=officer.name)
        st.rerun()


def _target(name: RememberedName, labels: Mapping[str, tuple[str | None, str]]) -> str:
    zh, en = labels.get(name.target_id, (None, name.target_id))
    return formatting.name_of(zh, en, name.target_id)


def _draw_mappings(mappings: Sequence[RememberedMapping], officer: Officer | None) -> None:
    for mapping in mappings:
        left, right = st.columns([4, 1], vertical_alignment="center")
        who = mapping.officer or _("未署名者")
        sender = mapping.sender or _("同样表头的名录")
        left.markdown(
            _("**{sender}**：{columns}  \n:gray[{who}，{at}，上传 #{number}]").format(
                sender=plain(sender),
                columns=plain(_say_columns(mapping)),
                who=plain(who),
                at=formatting.local_time(mapping.decided_at),
                number=mapping.upload_id,
            )
        )
        pressed = right.button(
            _("撤销"), disabled=officer is None, key=f"forget_mapping_{mapping.mapping_id}"
        )
        if pressed and officer is not None:
            upload_queries.forget_mapping(mapping.mapping_id, by=officer.name)
            st.rerun()


def _say_columns(mapping: RememberedMapping) -> str:
    language = current_language().value
    told = [
        f"{header} → {COLUMN_OF[field].label(language) if field else _('不用')}"
        for field, header in mapping.choice.columns
    ]
    if mapping.choice.encoding:
        told.append(_("编码 {name}").format(name=mapping.choice.encoding.upper()))
    if mapping.choice.sheet:
        told.append(_("工作表 {name}").format(name=mapping.choice.sheet))
    return "、".join(told) or _("自动")
