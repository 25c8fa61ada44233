"""企业网络: how much of a network's sales stops with each firm, where these are, what one failure reaches."""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Final

import streamlit as st

from chains.errors import LianwenError
from risk.firms.model import NetworkOrigin
from views import firm_alerts, firm_figures, firm_queries, firm_stop, formatting, queries, session
from views.charts import INK, QUIET_INK
from views.components.empty import require_chain
from views.components.stamp import draw_stamp, replace_stamp
from views.firm_words import network_title
from views.i18n import _, current_language

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from desk.firm_networks import ComputedNetwork
    from desk.firm_pages import NetworkStanding

_VIEWS: Final = ("curve", "places", "size", "table", "stop", "alerts")
_AT_ONCE: Final = 100_000
"""Links up to which a page computes by itself; larger networks are for the command line."""


def page() -> None:
    """Draw the page."""
    if queries.load_home().problem is not None:
        require_chain()
    networks = firm_queries.load_networks()
    if not networks:
        _draw_nothing()
        return
    standing = _choose(networks)
    _draw_basis(standing)
    if standing.run is None:
        _draw_uncomputed(standing)
        return
    firms = firm_queries.load_firms(standing)
    _draw_totals(standing, firms)
    _draw_view(standing, firms)


def _draw_nothing() -> None:
    draw_stamp()
    st.info(
        _(
            "还没有企业网络。企业网络由发票或税务台账得到：谁卖给谁多少，每家企业属于哪个行业。"
            "它回答：一家企业停下，全网有多少销售跟着停。"
        ),
        icon=":material/lan:",
    )
    _offer(_("装入合成示例企业网络并计算"), "firms_example", firm_queries.load_example)
    st.markdown(_("用自己的数据，在命令行："))
    st.code(
        "lianwen ledger invoices.csv --out edges.csv\n"
        "lianwen firms import --network mine --edges edges.csv --firms firms.csv --essential essential.csv\n"
        "lianwen firms compute --network mine",
        language=None,
    )


def _offer(label: str, key: str, act: Callable[[], ComputedNetwork]) -> None:
    if not st.button(label, key=key, icon=":material/play_arrow:", type="primary"):
        return
    try:
        with st.spinner(_("正在计算……第一次要先编译，约半分钟")):
            act()
    except LianwenError as error:
        st.error(error.say(current_language()), icon=":material/error:")
        return
    st.rerun()


def _choose(networks: tuple[NetworkStanding, ...]) -> NetworkStanding:
    found = {one.network.key: one for one in networks}
    if len(found) == 1:
        return networks[0]
    key = session.choose(
        _("企业网络"),
        "firmnet",
        options=list(found),
        default=next(iter(found)),
        show=lambda value: network_title(found[value].network),
    )
    return found[key]


def _draw_basis(standing: NetworkStanding) -> None:
    """Say what the page rests on: network, age, run, parameters."""
    net, run, now = standing.network, standing.run, datetime.now(UTC)
    title = network_title(net)
    parts = [
        _("程序 {version}").format(version=queries.program_version()),
        title,
        _("数据 {version}，{age}装入").format(
            version=formatting.short_version(net.digest), age=formatting.age(net.loaded_at, now=now)
        ),
    ]
    if run is not None:
        parts += [
            _("运行 #{run_id}，{age}").format(run_id=run.run_id, age=formatting.age(run.started_at, now=now)),
            _("eps {eps}，最多 {sweeps} 轮").format(eps=f"{run.eps:g}", sweeps=run.largest_sweeps),
            _("考虑同行业替代") if run.replaceability else _("不考虑同行业替代"),
        ]
    replace_stamp(parts)
    # The name of the synthetic network is its mark.
    is_example = net.origin == NetworkOrigin.EXAMPLE
    badge = f":violet-badge[:material/science: {title}]"
    shown = [badge if is_example and part == title else part for part in parts]
    st.caption(" · ".join(shown), width="stretch")


def _draw_uncomputed(standing: NetworkStanding) -> None:
    net = standing.network
    st.info(_("“{title}”还没有计算。").format(title=network_title(net)))
    if net.links <= _AT_ONCE:
        _offer(_("计算"), "firms_compute", lambda: firm_queries.compute(net.key))
    else:
        st.markdown(_("这个网络较大，请在命令行计算，可看到进度："))
        st.code(f"lianwen firms compute --network {net.key}", language=None)


def _draw_totals(standing: NetworkStanding, firms: pd.DataFrame) -> None:
    net, line = standing.network, firm_queries.load_criteria().systemic_from
    largest = float(firms["esri"].max())
    plateau = int((firms["esri"] >= firm_figures.PLATEAU_SHARE * largest).sum())
    cells = (
        (_("企业"), formatting.count(net.firms), _("往来 {n} 条").format(n=formatting.count(net.links))),
        (_("最大的指数"), formatting.percent(largest), str(firms.iloc[0]["label"])),
        (
            _("高位平台"),
            _("{n} 家").format(n=formatting.count(plateau)),
            _("指数不低于最大值的 80%"),
        ),
        (
            _("系统性企业"),
            _("{n} 家").format(n=formatting.count(int(firms["is_systemic"].sum()))),
            _("指数不低于 {line}").format(line=formatting.percent(line)),
        ),
        (_("指数中位数"), formatting.percent(float(firms["esri"].median())), _("半数企业低于它")),
    )
    for place, (label, value, note) in zip(st.columns(len(cells)), cells, strict=True):
        # Streamlit's own metric takes twice the height, a fifth of the screen.
        place.html(
            f'<div style="font-size:.85em;color:{QUIET_INK}">{escape(label)}</div>'
            f'<div style="font-size:1.5em;line-height:1.3;color:{INK}">{escape(value)}</div>'
            f'<div style="font-size:.8em;color:{QUIET_INK};white-space:nowrap;overflow:hidden;'
            f'text-overflow:ellipsis" title="{escape(note)}">{escape(note)}</div>'
        )


def _draw_view(standing: NetworkStanding, firms: pd.DataFrame) -> None:
    names = {
        "curve": _("排名曲线"),
        "places": _("行业与城市"),
        "size": _("规模与指数"),
        "table": _("企业表"),
        "stop": _("停一家会怎样"),
        "alerts": _("预警"),
    }
    view = session.choose_segment(
        _("看什么"), "firmview", options=_VIEWS, default=_VIEWS[0], show=lambda value: names[value]
    )
    line = firm_queries.load_criteria().systemic_from
    if view == "curve":
        firm_figures.draw_curve(firms, systemic_from=line)
    elif view == "places":
        firm_figures.draw_places(firms)
    elif view == "size":
        firm_figures.draw_sizes(firms, systemic_from=line)
    elif view == "table":
        firm_figures.draw_firm_table(firms)
    elif view == "stop":
        firm_stop.draw_stop(standing, firms)
    else:
        firm_alerts.draw_alerts(standing)
    st.caption(
        _(
            "指数 = 一家企业完全停下时，模型里全网销售额中跟着停掉的份额(含它自己)；"
            "它说停下会少多少，不说会不会停，不是概率。算法见 Diem 等(2022)。"
        )
    )


if __name__ == "__main__":
    page()
