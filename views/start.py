"""首页: what the data is, what to do first, how each chain stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from chains.model import Scope
from views import formatting, page_queries, queries, register_words, registry
from views.components.columns import Column
from views.components.empty import draw_queue_button, require_chain
from views.components.example import draw_example
from views.components.levels import draw_level_counts
from views.components.table import draw_table
from views.i18n import _
from views.upload_rows import plain


def page() -> None:
    """Draw the page."""
    st.markdown(
        _(
            "链稳为产业链专班回答三个问题：**谁一断供就会停**，**这个判断有多可靠**，"
            "**依据是什么**。全部计算在本机完成，不向外发送任何数据。"
        )
    )
    home = queries.load_home()
    if home.problem is None and not home.chains:
        draw_example()
    require_chain()
    draw_level_counts()
    steps, about = st.columns([1, 1], gap="large")
    with steps:
        _draw_steps()
    with about:
        _draw_data()
    st.subheader(_("各链现状"), anchor=False)
    _draw_chains()
    draw_example()


def _draw_steps() -> None:
    st.subheader(_("先做这三步"), anchor=False)
    steps = (
        (
            _("1. 在左侧选产业链和口径"),
            _("存量运行看在产的厂，新建扩产看新产线；两种口径的结果常常不同。"),
            None,
        ),
        (
            _("2. 看总览的热力图"),
            _("每格是一个最差节点。点一格，看它背后的供应商、母公司和国家/地区。"),
            "overview",
        ),
        (
            _("3. 打开一个节点，核对依据"),
            _("每个数都能追到来源、年份和文件行。斜线和“待核实”表示缺数据，不等于安全。"),
            "node",
        ),
    )
    for title, text, page_id in steps:
        st.markdown(f"**{title}**  \n{text}")
        if page_id is not None:
            st.page_link(
                registry.page_file(page_id),
                label=_("打开{page}").format(page=registry.page_title(page_id)),
                icon=":material/arrow_forward:",
            )


def _draw_data() -> None:
    st.subheader(_("数据是什么"), anchor=False)
    st.markdown(
        "\n".join(
            f"- {line}"
            for line in (
                _("来自公开资料：企业公告、协会和政府统计、研究机构数据集；每行注明来源和年份。"),
                _("份额大多是全球口径的年度数据；没有公开的份额留空，记为未知，不按零也不按平均算。"),
                _register_line(),
                _("等级按数据允许的最低值(低端)判定，不会因为缺数据而把人判成薄弱点。"),
                _(
                    "集成电路链的事实采用 CC BY-NC 4.0 许可的数据，"
                    "**不得用于商业用途**；程序采用 Apache-2.0 许可。"
                ),
            )
        )
    )
    st.page_link(
        registry.page_file("methods"), label=_("公式、术语和全部来源见方法页"), icon=":material/menu_book:"
    )


def _register_line() -> str:
    """Say whose list of bottleneck items counts."""
    upload = page_queries.load_register_upload()
    if upload is None:
        return _("卡脖子清单是工作目录(公开资料)，共 278 项，**不是官方清单**。")
    return _("卡脖子清单是{name}(上传 #{number})，共 {rows} 条，已替换随附的工作目录。").format(
        name=plain(register_words.register_name(upload)),
        number=upload.upload_id,
        rows=formatting.count(upload.committed),
    )


def _draw_chains() -> None:
    states = queries.load_home().chains
    now = datetime.now(UTC)
    columns = [
        Column("name", _("产业链")),
        Column("run", _("最近运行"), missing=_("还没有运行")),
        Column("ended", _("完成时间(北京时间)"), missing=formatting.NOT_APPLICABLE),
        Column("age", _("距今"), missing=formatting.NOT_APPLICABLE),
        Column("state", _("数据是否已算过"), missing=formatting.NOT_APPLICABLE),
        Column("years", _("份额年份")),
        Column("suppliers", _("供应商"), "count", missing=formatting.NOT_APPLICABLE),
        Column("parents", _("母公司"), "count", missing=formatting.NOT_APPLICABLE),
        Column("countries", _("国家/地区"), "count", missing=formatting.NOT_APPLICABLE),
        Column("items", _("物料/环节"), "count", missing=formatting.NOT_APPLICABLE),
    ]
    # The columns are named: while no chain has run, no row has what a run would say.
    frame = pd.DataFrame(
        [_describe(state, now) for state in states], columns=[column.field for column in columns]
    ).astype(object)
    draw_table(frame, columns, name="chains", key="chains")
    with st.container(horizontal=True):
        for state in states:
            draw_queue_button(state)


def _describe(state: queries.ChainState, now: datetime) -> dict[str, object]:
    described: dict[str, object] = {"name": state.name}
    data = queries.load_data_state(state)
    if data is not None and data.first_year is not None:
        described["years"] = f"{data.first_year}–{data.last_year}"
    if state.run is None:
        return described
    if data is not None:
        is_current = data.data_version == state.run.data_version
        described["state"] = _("已是最新") if is_current else _("数据已变，待重算")
    counts = queries.count_scopes(state)
    return described | {
        "run": f"#{state.run.run_id}",
        "ended": formatting.local_time(state.run.ended_at),
        "age": formatting.age(state.run.ended_at, now=now),
        "suppliers": counts.get(Scope.SUPPLIER.value),
        "parents": counts.get(Scope.PARENT.value),
        "countries": counts.get(Scope.COUNTRY.value),
        "items": counts.get(Scope.ITEM.value),
    }


if __name__ == "__main__":
    page()
