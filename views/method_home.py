"""The part of the method page on stops and cuts: the worked example, drawn from what the model answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from chains.errors import LianwenError
from desk.worked_example import COUNTRIES, example_mixes
from views import formatting, scenarios_queries
from views.charts_home import mix_bars
from views.charts_scenarios import compared_lines
from views.components.chart import draw_chart
from views.components.columns import Column
from views.components.table import draw_table
from views.i18n import _, current_language
from views.scenarios_words import show_day

if TYPE_CHECKING:
    from risk.scenarios import Simulation

_MIX_PIXELS = 170
_LINE_PIXELS = 230


def draw_home_method() -> None:
    """Draw what a stop and a cut are, how home's use is mixed, and how both differ in the worked example."""
    st.subheader(_("停产与断供，全球与本土"), anchor=False)
    st.markdown(
        _(
            "- **停产**：工厂不再生产，对所有人都少；全球视角看全球终端产出少多少。\n"
            "- **断供**(出口管制)：工厂照开，只是不再供给境内；本土视角看境内终端产出少多少。"
            "它省下的货可以卖给别人，所以别处不缺。\n"
            "- **供应结构**：境内先用境内货，不够再进口。$h$ 是境内用量占全球的比例，$H$ 是境内来源的份额，"
            "境内来源占境内用量的 $\\kappa=\\min(1,H/h)$，其余按份额来自境外。\n"
            "- **范围**：$h$ 未知时，境外某一来源占境内用量的 0 到全部都有可能，断供的范围就从 0 起，"
            "判为**待核实**，不写成 0。$h$ 已知时，它至少占 $\\max(0,1-(1-s)/h)$、至多占 $\\min(1,s/h)$。"
        )
    )
    st.markdown(
        _(
            "**算例**(假想的三种物料，名单完整)：光刻设备 荷兰 80%、中国 20%，境内用量占 40%；"
            "光刻胶 日本 60%、美国 30%(30 天后有 5% 备用)、中国 10%(60 天后有 4% 备用)，境内用量占 25%，"
            "库存 20 天；芯片要用这两种，中国造 30%。"
        )
    )
    _draw_mixes()
    _draw_cases()


def _draw_mixes() -> None:
    rows = example_mixes()
    names = {"TOOL": _("光刻设备"), "RESIST": _("光刻胶")}
    columns = [
        Column("source", _("来源")),
        Column("world", _("全球"), "percent"),
        Column("home", _("境内用量"), "percent"),
        Column("abroad", _("境外用量"), "percent"),
    ]
    for place, (item_id, name) in zip(st.columns(2, gap="large"), names.items(), strict=True):
        own = [row for row in rows if row.item_id == item_id]
        with place:
            st.markdown(_("**{item}：谁供给谁用**").format(item=name))
            draw_chart(
                mix_bars(own),
                table=pd.DataFrame(
                    {
                        "source": [formatting.country_name(row.country) for row in own],
                        "world": [row.world for row in own],
                        "home": [row.home for row in own],
                        "abroad": [row.abroad for row in own],
                    }
                ),
                columns=columns,
                name=f"mix-{item_id.lower()}",
                key=f"method_mix_{item_id}",
                height=_MIX_PIXELS,
                alt=_("全球、境内、境外用量中各来源的份额"),
            )


def _draw_cases() -> None:
    try:
        with st.spinner(_("正在推演；首次要先编译程序，可能要等一分钟。")):
            answers = scenarios_queries.worked_example()
    except LianwenError as error:
        st.error(error.say(current_language()), icon=":material/error:")
        return
    found = [answer.simulation for answer in answers if answer.simulation is not None]
    pairs = list(zip(COUNTRIES, found[::2], found[1::2], strict=True))
    for place, (country, cut, stop) in zip(st.columns(3), pairs, strict=True):
        with place:
            st.markdown(_("**{country}：断供与停产**").format(country=formatting.country_name(country)))
            _draw_pair(country, cut, stop)
    _draw_table(pairs)


def _draw_pair(country: str, cut: Simulation, stop: Simulation) -> None:
    named = ((_("断供，境内损失"), cut), (_("停产，全球损失"), stop))
    draw_chart(
        compared_lines(named),
        table=pd.DataFrame(
            {"day": range(cut.horizon), "cut": list(cut.loss_path), "stop": list(stop.loss_path)}
        ),
        columns=[
            Column("day", _("天"), "count"),
            Column("cut", named[0][0], "percent"),
            Column("stop", named[1][0], "percent"),
        ],
        name=f"worked-{country.lower()}",
        key=f"method_case_{country}",
        height=_LINE_PIXELS,
        alt=_("断供时境内的逐日损失，与停产时全球的逐日损失"),
    )


def _draw_table(pairs: list[tuple[str, Simulation, Simulation]]) -> None:
    never = _("未出现")
    rows = [
        {
            "what": what.format(country=formatting.country_name(country)),
            "exposure": one.exposure,
            "residual": one.mean_loss,
            "first": show_day(one.first_day, missing=never),
        }
        for country, cut, stop in pairs
        for what, one in ((_("{country}断供(本土视角)"), cut), (_("{country}停产(全球视角)"), stop))
    ]
    draw_table(
        pd.DataFrame(rows).astype(object),
        [
            Column("what", _("情形")),
            Column("exposure", _("断供冲击"), "percent"),
            Column("residual", _("净损失(平均)"), "percent"),
            Column("first", _("断供起始日")),
        ],
        name="worked-example",
        key="method_cases",
    )
    st.caption(
        _(
            "图和数都由模型现算。日本断供：境内先少 40%，第 30 天美国备用到位、第 60 天境内备用到位，"
            "20 天库存撑到第 51 天。断供不一定比停产轻，也不一定比停产重。"
        )
    )
