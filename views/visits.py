"""巡诊清单: which firms to ask what, so that most verdicts that the data leave open can be settled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from chains.model import Scope
from desk.apart import ApartError
from views import formatting, session, visit_queries
from views.categories import place_name
from views.components.columns import Column
from views.components.download import draw_downloads
from views.components.empty import require_run
from views.i18n import Language, _, current_language
from views.linked_table import draw_linked_table
from views.node_columns import node_name
from views.queries import load_scores

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.visit_views import PlanView, QuestionView, VerdictView, VisitView
    from views.queries import ChainState

_SIZES = ("5", "10", "20", "30")
_HOME, _ABROAD = "home", "abroad"
_NAMED_FIRMS = 3


def page() -> None:
    """Draw the page."""
    state = require_run()
    st.markdown(
        _(
            "份额没有公开的节点，低端和高端落在不同等级，写作**待核实**。"
            "这里算出问哪几家企业、各问什么，能让最多的判断定下来。"
        )
    )
    if state.sees_home:
        st.caption(_("这里的判断都按全球视角：厂家停产、全球终端产出损失多少。"))
    if not visit_queries.has_values(state):
        _draw_compute(state)
        return
    size, where = st.columns([1, 1])
    with size:
        top = session.choose_segment(
            _("最多走访几家"), "vtop", options=_SIZES, default="10", show=lambda value: value
        )
    with where:
        place = session.choose(
            _("走访哪里的企业"),
            "vplace",
            options=[_HOME, *_provinces(state), _ABROAD],
            default=_HOME,
            show=_place,
        )
    province = None if place in {_HOME, _ABROAD} else place
    plan = visit_queries.load_plan(state, top=int(top), abroad=place == _ABROAD, province=province)
    _draw_plan(state, plan)


def _draw_compute(state: ChainState) -> None:
    st.info(
        _("“{chain}”现在的数据还没有算过。计算在后台进程里进行，几秒到一分钟。").format(chain=state.name),
        icon=":material/calculate:",
    )
    place = st.empty()
    if place.button(_("计算巡诊清单"), type="primary", icon=":material/play_arrow:"):
        bar = place.progress(0.0, _("正在计算…"))
        try:
            visit_queries.compute_values(state, lambda done: bar.progress(done, _("正在计算…")))
        except ApartError as error:
            st.error(error.say(current_language().value), icon=":material/error:")
            return
        st.rerun()


def _provinces(state: ChainState) -> list[str]:
    """List the provinces of the home country with firms of the chain, 江苏 first."""
    run = state.run
    scores = load_scores(state, session.get_selection().mode, run.request.main_horizon if run else 0)
    rows = scores[(scores["scope"] == Scope.PROVINCE.value) & scores["home"].eq(True)]
    return sorted(rows["name_zh"], key=lambda name: (name != "江苏", name))


def _place(value: str) -> str:
    if value == _HOME:
        return _("境内企业(可以走访)")
    if value == _ABROAD:
        return _("也算境外企业(函询)")
    return place_name(value)


def _draw_plan(state: ChainState, plan: PlanView) -> None:
    zh, en = plan.sentence
    st.subheader(
        _full_width(zh) + "。" if current_language() is Language.ZH else en[0].upper() + en[1:] + ".",
        anchor=False,
    )
    if not plan.proven:
        st.caption(_("选法在限定时间内没有证明是最好的。"))
    firms, questions, verdicts, past = st.tabs(
        [
            _("走访哪几家"),
            _("逐家的问题"),
            _("能定下的判断 {n}").format(n=len(plan.decidable) + len(plan.stocks)),
            _("点值已过线 {n}").format(n=len(plan.point_past)),
        ]
    )
    with firms:
        _draw_firms(state, plan.visits)
    with questions:
        _draw_questions(state, plan.visits)
    with verdicts:
        _draw_verdicts(state, [*plan.decidable, *plan.stocks], name="visits-verdicts")
    with past:
        st.markdown(
            _("点值会达到更高等级、而低端没有：不发预警，先核实。下面列出该问谁，不论是否在走访名单里。")
        )
        _draw_verdicts(state, plan.point_past, name="visits-point-past")
    _draw_reading(plan)


def _draw_firms(state: ChainState, visits: Sequence[VisitView]) -> None:
    if not visits:
        st.info(_("这个范围里没有能定下判断的企业；可以放宽范围，或把境外企业也算上(函询)。"))
        return
    rows = [
        {
            **_firm_cells(state, visit, rank),
            "items": _("、").join(_item_name(one.item_zh, one.item_en) for one in visit.questions),
            "settles": float(len(visit.settles)),
            "alone": float(visit.alone),
            "value": visit.value,
        }
        for rank, visit in enumerate(visits, start=1)
    ]
    columns = [
        *_firm_columns(),
        Column("items", _("问哪些物料"), width=270),
        Column("settles", _("可定下的判断"), "count", width=100),
        Column(
            "alone",
            _("其中只靠它"),
            "count",
            width=90,
            help_text=_("其余的还要名单里别家的回答，缺一不可。"),
        ),
        Column(
            "value",
            _("信息价值"),
            "percent",
            width=90,
            help_text=_(
                "它的回答涉及的每条判断：能定下的机会 × 低端与高端之差(占终端产出)，相加；"
                "几条判断的和可以超过 100%。机会是抽样约定，不是概率预测。"
            ),
        ),
    ]
    draw_linked_table(pd.DataFrame(rows), columns, name="visits-firms", key="visits_firms")


def _draw_questions(state: ChainState, visits: Sequence[VisitView]) -> None:
    if not visits:
        st.markdown(_("没有要问的问题。"))
        return
    rows = [
        {**_firm_cells(state, visit, rank), "question": _question(question)}
        for rank, visit in enumerate(visits, start=1)
        for question in visit.questions
    ]
    # Questions are sentences: a list shows them whole, a table would cut them.
    for rank, visit in enumerate(visits, start=1):
        cells = _firm_cells(state, visit, rank)
        asked = "\n".join(f"- {_question(question)}" for question in visit.questions)
        st.markdown(f"**{rank}. {cells['firm']}** · {cells['place']}\n{asked}")
    columns = [*_firm_columns(), Column("question", _("问题"), width="large")]
    draw_downloads(pd.DataFrame(rows), columns, name="visits-questions", key="visits_questions")


def _question(question: QuestionView) -> str:
    return _full_width(question.zh) if current_language() is Language.ZH else question.en


def _full_width(sentence: str) -> str:
    """Write a sentence of the command line with the signs of a page."""
    return sentence.replace(",", "，").replace(";", "；").replace("?", "？")


def _firm_cells(state: ChainState, visit: VisitView, rank: int) -> dict[str, Any]:
    places = [place_name(name) for name in (visit.province, visit.city) if name]
    if current_language() is Language.EN:
        # Cities whose English name we do not know are left out rather than shown in Chinese.
        places = [name for name in places if name.isascii()]
    place = " ".join(dict.fromkeys(places)) or formatting.country_name(visit.country)
    return {
        "chain_id": state.chain_id,
        "scope": Scope.SUPPLIER.value,
        "key": visit.supplier_id,
        "rank": float(rank),
        "firm": formatting.name_of(visit.name_zh, visit.name_en, visit.supplier_id),
        "place": place,
    }


def _firm_columns() -> list[Column]:
    return [
        Column("rank", _("序号"), "count", width=50),
        Column("firm", _("企业"), width=150),
        Column("place", _("所在地"), width=110),
    ]


def _draw_verdicts(state: ChainState, verdicts: Sequence[VerdictView], *, name: str) -> None:
    if not verdicts:
        st.markdown(_("没有。"))
        return
    rows = [_verdict_cells(state, one) for one in verdicts]
    columns = [
        Column("name", _("节点"), width=125),
        Column("scope_name", _("范围"), width=70),
        Column("low_level", _("低端等级"), "level", width=75),
        Column("high_level", _("高端等级"), "level", width=75),
        Column("mode", _("口径"), width=75),
        Column("low", _("低端"), "percent", width=66),
        Column("point", _("点值"), "percent", width=66),
        Column("high", _("高端"), "percent", width=66),
        Column("who", _("要问谁"), width="large"),
    ]
    draw_linked_table(pd.DataFrame(rows), columns, name=name, key=name.replace("-", "_"))


def _verdict_cells(state: ChainState, one: VerdictView) -> dict[str, Any]:
    names = [formatting.name_of(zh, en, key) for key, zh, en in one.respondents]
    who = _("、").join(names[:_NAMED_FIRMS])
    if len(names) > _NAMED_FIRMS:
        who = _("{names}等 {n} 家").format(names=who, n=formatting.count(len(names)))
    if one.unanswerable:
        more = _("另有 {n} 个国家/地区份额，查统计").format(n=one.unanswerable)
        who = f"{who}{_('；')}{more}" if who else more
    if one.on_stock:
        who = _("{who}(库存天数)").format(who=who)
    return {
        "chain_id": state.chain_id,
        "scope": one.scope.value,
        "key": one.key,
        "name": node_name(one.scope.value, one.key, one.name_zh, one.name_en),
        "scope_name": formatting.scope_name(one.scope.value),
        "low_level": one.level_low.value,
        "high_level": one.level_high.value,
        "mode": formatting.mode_name(one.mode),
        "low": one.low,
        "point": one.point,
        "high": one.high,
        "who": who,
    }


def _item_name(zh: str, en: str) -> str:
    return formatting.name_of(zh, en, en)


def _draw_reading(plan: PlanView) -> None:
    st.caption(
        _(
            "一条判断指一组同时停下的企业(单个企业、集团、省、市、国家/地区)的等级；"
            "停下的企业相同的节点只算一条。“可定下”指不论回答是什么，低端和高端都落在同一等级。"
            "名单由整数规划精确选出；信息价值里的机会按 {draws} 次抽样(种子 {seed})估算，"
            "是约定，不是概率预测。"
        ).format(draws=plan.draws, seed=plan.seed)
    )


if __name__ == "__main__":
    page()
