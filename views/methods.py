"""方法: what every number means, the live defaults and lines, words, sources, licences and limits."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from chains.model import Perspective
from views import formatting, page_queries, queries, run_words, session
from views.components.columns import Column
from views.glossary import glossary_rows
from views.i18n import _
from views.linked_table import draw_linked_table, text_cells
from views.method_backup import draw_backup_method
from views.method_home import draw_home_method
from views.method_ranges import draw_ranges
from views.method_texts import draw_formulas, draw_unknown_shares, licence_lines, limit_lines

_ALL = "all"


def page() -> None:
    """Draw the page."""
    formulas, defaults, words, sources, licences = st.tabs(
        [_("公式"), _("缺省值与等级线"), _("术语"), _("资料来源"), _("许可与局限")]
    )
    with formulas:
        draw_formulas()
        draw_unknown_shares()
        draw_ranges()
        draw_home_method()
        draw_backup_method()
    with defaults:
        _draw_defaults()
    with words:
        _draw_glossary()
    with sources:
        _draw_sources()
    with licences:
        _draw_licences()


def _draw_defaults() -> None:
    method = page_queries.load_method()
    st.markdown(
        _(
            "下面是文件里**现在**的值(`data/defaults.toml`、`data/levels.toml`)，可以编辑；"
            "每次运行都存下当时用的值，见运行页。"
        )
    )
    st.subheader(_("空白按什么算"), anchor=False)
    run_words.draw_defaults(method.defaults.as_dict(), key="live_defaults")
    st.subheader(_("等级线"), anchor=False)
    for perspective in Perspective:
        lines = method.levels.get(perspective.value, {})
        st.markdown(f"**{formatting.perspective_name(perspective.value)}**")
        run_words.draw_lines(
            {**lines, "structural_need": method.levels["structural_need"]} if lines else {},
            key="live_lines" if perspective is Perspective.WORLD else "live_home_lines",
        )


def _draw_glossary() -> None:
    draw_linked_table(
        pd.DataFrame(glossary_rows(), columns=["zh", "en", "meaning"]),
        [
            Column("zh", _("中文"), width="small"),
            Column("en", _("英文"), width="small"),
            Column("meaning", _("含义"), width="large"),
        ],
        name="glossary",
        key="glossary",
    )


def _draw_sources() -> None:
    frame = page_queries.load_sources()
    if frame.empty:
        st.info(_("还没有载入任何产业链，所以没有资料可列。"))
        return
    names = {state.chain_id: state.name for state in queries.load_home().chains}
    left, right = st.columns([1, 2])
    with left:
        chain = session.choose(
            _("产业链"),
            "mchain",
            options=[_ALL, *names],
            default=_ALL,
            show=lambda value: _("全部") if value == _ALL else names[value],
        )
    words = right.text_input(
        _("查找"),
        key="source_words",
        placeholder=_("题名、出版者、年份或许可中的字"),
        icon=":material/search:",
    )
    found = _find(frame if chain == _ALL else frame[frame["chain_id"] == chain], words)
    st.caption(_("共 {n} 份资料").format(n=formatting.count(len(found))))
    none = formatting.NOT_APPLICABLE
    columns = [
        Column("chain", _("产业链"), width=90),
        Column("title", _("题名"), width="large"),
        Column("publisher", _("出版者"), missing=none, width="medium"),
        Column("year", _("年份"), missing=none, width=60),
        Column("licence", _("许可"), width="medium"),
        Column("accessed", _("查阅日期"), missing=none, width=100),
        Column("facts", _("引用行数"), "count", width=80),
        Column("url", _("网址"), missing=none, width="medium"),
    ]
    draw_linked_table(_source_cells(found, names), columns, name="sources", key="sources")


def _source_cells(found: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Write the cells of the table of sources."""
    return found.assign(
        chain=[names.get(chain_id, chain_id) for chain_id in found["chain_id"]],
        year=text_cells(None if formatting.is_missing(year) else str(int(year)) for year in found["year"]),
        accessed=text_cells(
            None if formatting.is_missing(day) else str(day)[:10] for day in found["accessed_on"]
        ),
        facts=found["facts"].astype(float),
        title=[
            _("公开常识(没有逐条核对的文件，不带份额)") if key == "public-knowledge" else title
            for key, title in zip(found["source_id"], found["title"], strict=True)
        ],
    )


def _find(frame: pd.DataFrame, words: str) -> pd.DataFrame:
    wanted = words.lower().split()
    fields = ["title", "publisher", "year", "licence"]
    texts = [" ".join(map(str, cells)).lower() for cells in frame[fields].itertuples(index=False)]
    return frame[[all(word in text for word in wanted) for text in texts]]


def _draw_licences() -> None:
    st.subheader(_("许可"), anchor=False)
    shipped = page_queries.load_register_upload() is None
    st.markdown("\n".join(f"- {line}" for line in licence_lines(register_is_shipped=shipped)))
    st.markdown(_("须随数据一并展示的署名(原文)："))
    st.code(_ATTRIBUTION, language=None, wrap_lines=True)
    st.subheader(_("局限"), anchor=False)
    st.markdown("\n".join(f"- {line}" for line in limit_lines(register_is_shipped=shipped)))
    st.caption(_("程序版本 {version}").format(version=queries.program_version()))


_ATTRIBUTION = """Emerging Technology Observatory, Advanced Semiconductor Supply Chain Dataset, \
Center for Security and Emerging Technology, Georgetown University, \
https://eto.tech/dataset-docs/chipexplorer, CC BY-NC 4.0; converted and partly translated.
U.S. Geological Survey, Mineral Commodity Summaries 2026. Public domain.
IEA (2022), Solar PV Global Supply Chains, IEA, Paris, CC BY 4.0."""


if __name__ == "__main__":
    page()
