"""卡脖子清单: the register 工作目录(公开资料), filtered, with the scores of the items it names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from chains.model import FiveBase
from views import charts_node, formatting, node_columns, page_queries, register_words, session
from views.components.chart import draw_chart
from views.components.columns import Column
from views.components.empty import require_chain
from views.i18n import Language, _, current_language
from views.linked_table import draw_linked_table, text_cells
from views.upload_rows import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ingest.repository import Upload
    from views.session import Selection

_ALL = "all"
_UNKNOWN = "unknown"
_NONE = "none"
_ALL_GRADES = (*register_words.GRADES, register_words.NO_GRADE)


def page() -> None:
    """Draw the page."""
    require_chain()
    selection = session.get_selection()
    upload = page_queries.load_register_upload()
    st.subheader(register_words.register_name(upload), anchor=False)
    _draw_origin(upload)
    register = page_queries.load_register(selection.mode, selection.horizon)
    if register.empty:
        st.info(_("还没有载入工作目录(公开资料)。在命令行运行 `lianwen init` 载入。"))
        return
    shown = _describe(register)
    kept = _filter(shown)
    _draw_counts(kept, len(shown))
    if kept.empty:
        st.info(_("这样筛选时没有条目。放宽一个条件。"))
        return
    _draw_matrix(kept)
    _draw_rows(kept, selection)
    if upload is None:
        _draw_grades()


def _draw_origin(upload: Upload | None) -> None:
    """Say whose list it is, and from when."""
    if upload is not None:
        at = formatting.local_time(upload.committed_at or upload.received_at)
        st.markdown(
            _(
                "这是上传的清单“{name}”(上传 #{number}，{who}，{at} 起生效，共 {rows} 条)，已替换"
                "工作目录(公开资料)；后者仍保留，在“上传名录”页撤销这次导入即恢复。"
            ).format(
                name=plain(upload.name),
                number=upload.upload_id,
                who=plain(upload.unit or upload.officer or _("未署名者")),
                at=at,
                rows=formatting.count(upload.committed),
            )
        )
        return
    st.markdown(
        _(
            "本目录依据公开资料编制，按 278 项的规模设置，**不是官方的 278 项清单**，"
            "任何一行都不表示已列入官方清单。"
            "专班可以用正式清单整体替换。不据此统计“解决率”，也不给省份或企业排名。"
        )
    )


def _describe(register: pd.DataFrame) -> pd.DataFrame:
    """Add the words of every cell, and fill the classes that filters need."""
    sources = page_queries.load_register_sources()
    texts = register.astype(object).where(register.notna(), None)
    title = {key: source.title for key, source in sources.items()}
    publisher = {key: source.publisher for key, source in sources.items()}
    return register.assign(
        dependence=[value or _UNKNOWN for value in texts["foreign_dependence"]],
        link=[value or _NONE for value in texts["link_kind"]],
        name=_names(texts, "name_zh", "name_en", "bottleneck_id"),
        item=text_cells(
            formatting.name_of(zh, en, key) if key and (zh or en) else None
            for zh, en, key in texts[["item_zh", "item_en", "item_id"]].itertuples(index=False)
        ),
        chain_name=[register_words.register_chain_name(value) for value in texts["chain"]],
        five_base_name=[formatting.five_base_name(value) for value in texts["five_base"]],
        grade_name=[register_words.grade_name(value) for value in texts["evidence_grade"]],
        dependence_name=[register_words.dependence_name(value) for value in texts["foreign_dependence"]],
        status_name=[register_words.status_name(value) for value in texts["status"]],
        link_name=[register_words.link_kind_name(value) for value in texts["link_kind"]],
        foreign=text_cells(register_words.foreign_names(value) for value in texts["main_foreign_suppliers"]),
        source=text_cells(
            _("公开常识") if key == "public-knowledge" else title.get(key) for key in texts["source_id"]
        ),
        publisher=text_cells(publisher.get(key) for key in texts["source_id"]),
        level=texts.get("level"),
    )


def _names(texts: pd.DataFrame, zh: str, en: str, key: str) -> list[str]:
    return [formatting.name_of(*cells) for cells in texts[[zh, en, key]].itertuples(index=False)]


def _filter(rows: pd.DataFrame) -> pd.DataFrame:
    chains = list(dict.fromkeys(rows["chain"]))
    first, second = st.columns(4), st.columns([1, 1, 2])
    bases = [five_base.value for five_base in FiveBase]
    choices = (
        (first[0], _("产业链"), "rchain", "chain", chains, register_words.register_chain_name),
        (first[1], _("五基类别"), "rbase", "five_base", bases, formatting.five_base_name),
        (
            first[2],
            _("证据等级"),
            "rgrade",
            "evidence_grade",
            [grade for grade in _ALL_GRADES if grade in set(rows["evidence_grade"])],
            register_words.grade_name,
        ),
        (first[3], _("状态"), "rstatus", "status", register_words.STATUSES, register_words.status_name),
        (
            second[0],
            _("对外依存"),
            "rdep",
            "dependence",
            register_words.DEPENDENCES,
            register_words.dependence_name,
        ),
        (second[1], _("关联方式"), "rlink", "link", register_words.LINK_KINDS, register_words.link_kind_name),
    )
    kept = rows
    for place, label, name, field, options, show in choices:
        with place:
            kept = _keep(kept, label, name, field=field, options=options, show=show)
    with second[2]:
        loaded = session.choose_segment(
            _("范围"), "rloaded", options=["all", "tied"], default="all", show=_range_name
        )
    return kept[kept["scope"].notna()] if loaded == "tied" and "scope" in kept else kept


def _keep(
    rows: pd.DataFrame,
    label: str,
    name: str,
    *,
    field: str,
    options: Sequence[str],
    show: Callable[[str], str],
) -> pd.DataFrame:
    value = session.choose(
        label,
        name,
        options=[_ALL, *options],
        default=_ALL,
        show=lambda option: _("全部") if option == _ALL else show(option),
    )
    return rows if value == _ALL else rows[rows[field] == value]


def _range_name(value: str) -> str:
    return {"all": _("全部条目"), "tied": _("只看对上已载入物料的")}[value]


def _draw_counts(kept: pd.DataFrame, total: int) -> None:
    tied = int(kept["scope"].notna().sum()) if "scope" in kept else 0
    st.markdown(
        _("清单共 {total} 条，筛选后 **{kept}** 条，其中 {tied} 条对上已载入链的物料。").format(
            total=formatting.count(total), kept=formatting.count(len(kept)), tied=formatting.count(tied)
        )
    )


def _draw_matrix(kept: pd.DataFrame) -> None:
    view = session.choose_segment(
        _("分布"), "rview", options=["grade", "dependence"], default="grade", show=_view_name
    )
    row_field, column_field, columns = {
        "grade": (
            "five_base_name",
            "grade_name",
            [
                register_words.grade_name(grade)
                for grade in _ALL_GRADES
                if grade in set(kept["evidence_grade"])
            ],
        ),
        "dependence": (
            "chain_name",
            "dependence_name",
            [register_words.dependence_name(value) for value in register_words.DEPENDENCES],
        ),
    }[view]
    rows = list(dict.fromkeys(kept[row_field]))
    counts = (
        kept.groupby([row_field, column_field], sort=False)
        .size()
        .reset_index(name="count")
        .rename(columns={row_field: "row", column_field: "column"})
    )
    draw_chart(
        charts_node.count_matrix(counts, rows=rows, columns=columns),
        table=counts.astype({"count": float}),
        columns=[
            Column("row", _("五基类别") if view == "grade" else _("产业链")),
            Column("column", _("证据等级") if view == "grade" else _("对外依存")),
            Column("count", _("条数"), "count"),
        ],
        name="register-counts",
        key=f"register_counts_{view}",
        height=44 + 30 * len(rows),
        alt=_("卡脖子清单的条数分布"),
    )


def _view_name(view: str) -> str:
    return {"grade": _("五基类别 × 证据等级"), "dependence": _("产业链 × 对外依存")}[view]


def _draw_rows(kept: pd.DataFrame, selection: Selection) -> None:
    none = formatting.NOT_APPLICABLE
    scored = "residual_low" in kept
    scores = [
        Column("level", _("等级"), "level", missing=none, width=60),
        *node_columns.exposure_pair(),
        Column("residual_low", _("净损失"), "percent", missing=none, width=76),
    ]
    note = [Column("note", _("备注"), missing=none)] if current_language() is Language.ZH else []
    columns = [
        Column("bottleneck_id", _("编号"), width=60),
        Column("name", _("条目"), width="medium"),
        Column("chain_name", _("产业链"), width=110),
        Column("item", _("对上的物料/环节"), missing=none, width=130),
        *(scores if scored else []),
        Column("link_name", _("关联方式"), width=90),
        Column("five_base_name", _("五基类别"), width="small"),
        Column("dependence_name", _("对外依存"), width=80),
        Column("status_name", _("状态"), width="small"),
        Column("foreign", _("境外主要供给方"), width="medium"),
        Column("grade_name", _("证据等级"), width="small"),
        Column("source", _("资料"), width="medium"),
        Column("publisher", _("出版者"), missing=none, width="small"),
        *note,
    ]
    draw_linked_table(
        kept if scored else kept.assign(scope=None, key=None),
        columns,
        name="register",
        key="register",
        absent=_("这一条没有对上已载入链的物料，没有节点可以打开。"),
    )
    if scored:
        st.caption(
            _(
                "等级和分数是所对物料整项断供时的结果({mode}，{horizon})，不是该条目的结论；"
                "— 表示没有对上，或该物料不在终端产品的上游。"
            ).format(mode=formatting.mode_name(selection.mode), horizon=formatting.days(selection.horizon))
        )


def _draw_grades() -> None:
    with st.expander(_("证据等级和各列怎样读"), icon=":material/info:"):
        lines = [
            f"- **{register_words.grade_name(grade)}**{_('：')}{register_words.grade_meaning(grade)}"
            for grade in register_words.GRADES
        ]
        lines += [
            _(
                "- **对外依存**：有数字的行按总部在中国的企业的全球份额分级"
                "(5% 以下高，5–20% 中，以上低)；其余为编制者判断。"
            ),
            _("- **状态**：资料没有说明时一律为“未突破”。“资料称已替代”是该资料的说法，没有另行核实。"),
            _("- **关联方式**：同一物料、属于该物料的一部分，或图中没有对应物时取最接近的一个。"),
        ]
        st.markdown("\n".join(lines))


if __name__ == "__main__":
    page()
