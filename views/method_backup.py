"""The part of the method page on backup depth, fake backups and concentration."""

from __future__ import annotations

import streamlit as st

from views import depth_queries, formatting, page_queries
from views.i18n import _


def draw_backup_method() -> None:
    """Draw what backup depth, cut sets and HHI are, and when they are to verify."""
    lines = depth_queries.load_lines()
    need = page_queries.load_method().levels["structural_need"]
    st.subheader(_("备份深度和割集"), anchor=False)
    st.latex(r"x_v=\mathbf{1}[v\notin D]\cdot\prod_{\mathrm{slots}}\ \max_{\mathrm{sources}}\ x")
    st.markdown(
        _(
            "$D$ 是停下的一组节点；$x_v=0$ 表示 $v$ 没有一个已列名的来源还能供。"
            "必需输入缺一不可，替代路线和变体有一个就行，取最大不动点，循环不会自己断掉自己。"
            "断得了目标、又一个都不多余的 $D$ 是**割集**，查到三个节点；"
            "最小割集的大小是**备份深度**，按企业、集团、市、国家/地区各算一次。"
            "新建扩产口径里存量类输入也算必需，存量运行口径里已装的当天不断。"
        )
    )
    st.markdown(
        _(
            "- 名单上有几家、停下一个节点却全断，是**假备份**；"
            "停的是谁来做都要用的输入时，写作**共用上游**。\n"
            "- **未列明来源**不算备份，停下以后它们还能供的部分写在括号里(第 0 天、不计库存和替代)；"
            "低端仍不少于 {need} 的，结论是待核实。\n"
            "- 只有国家份额的物料不知道有哪些企业，没有写明所在地的企业不知道在哪个市："
            "深度写成待核实和能确定的范围，**不写成 0**。"
        ).format(need=formatting.percent(need))
    )
    st.subheader(_("集中度"), anchor=False)
    st.latex(
        r"\sum_i s_i^2\ \le\ \mathrm{HHI}\ \le\ \sum_{i\ne m}s_i^2+(s_m+r)^2,\qquad "
        r"\mathrm{HHI}^{-1}=\text{effective sources}".replace("effective sources", _("有效来源"))
    )
    st.markdown(
        _(
            "$s_i$ 是已知份额(先按企业、集团、市、国家/地区或圈层相加)，"
            "$r$ 是不知道归谁的部分，$m$ 是已知最大的一份。份额已知而所在地未知的来源也归入 $r$。"
            "低端超过 {hhi} 为高于线，高端不超过为低于线，否则待核实；"
            "链内分位只用来排队。境外份额的线是 {foreign}。线在 `data/concentration.toml` 里，可以编辑。"
        ).format(hhi=lines.hhi, foreign=formatting.percent(lines.foreign))
    )
