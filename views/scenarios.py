"""情景推演: what if something stops, or two groups merge; presets, scenarios of one's own, kept ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from chains.errors import LianwenError
from chains.model import Perspective
from desk.scenario_words import describe_change
from desk.words import read_plan
from risk.scenario_store.model import PresetKind
from views import formatting, queries, scenarios_queries, session
from views.components.empty import require_chain
from views.i18n import _, current_language
from views.scenarios_answer import draw_answer
from views.scenarios_builder import draw_builder
from views.scenarios_chosen import Chosen
from views.scenarios_kept import draw_comparison, draw_keep, draw_kept
from views.scenarios_merger import draw_merger
from views.scenarios_words import describe_plan, preset_name, preset_note, typed_plan

if TYPE_CHECKING:
    from risk.scenario_store.model import Answer, Preset, SavedScenario
    from views.queries import ChainState

_CHOSEN = "whatif_chosen"
_LINK = "whatif_link"
_LINKED = ("preset", "kept", "shock", "cut")
_CARDS = 4


def page() -> None:
    """Draw the page."""
    state = require_chain()
    scenarios_queries.what_if_process()
    _follow_link(state)
    source = session.choose_segment(
        _("情景来自"),
        "whatiffrom",
        options=["preset", "own", "kept"],
        default="preset",
        show=lambda value: {"preset": _("预设"), "own": _("自建"), "kept": _("已保存")}[value],
    )
    if source == "preset":
        _draw_presets()
    elif source == "own":
        plan = draw_builder(state)
        if plan is not None:
            _choose(Chosen(plan, "page", _("自建情景")))
    else:
        kept = draw_kept()
        if kept is not None:
            _choose(_rerun(kept))
    chosen = st.session_state.get(_CHOSEN)
    if isinstance(chosen, Chosen):
        _draw_chosen(chosen)
    else:
        st.info(_("选一个情景，结果显示在这里。推演只读数据，不改变任何评分。"), icon=":material/science:")


def _follow_link(state: ChainState) -> None:
    """Open the preset, the kept scenario or the shocks that a link names, once."""
    preset_id, kept_name, shocks, cuts = (session.read_link(word) for word in _LINKED)
    link = (preset_id, kept_name, shocks, cuts)
    if link in {(None,) * len(_LINKED), st.session_state.get(_LINK)}:
        return
    st.session_state[_LINK] = link
    kept = next((one for one in scenarios_queries.load_kept() if one.name == kept_name), None)
    if kept is not None:
        _choose(_rerun(kept))
        return
    preset = next((one for one in scenarios_queries.load_presets() if one.preset_id == preset_id), None)
    if preset is not None:
        _choose(Chosen(preset.plan, f"preset:{preset.preset_id}"))
    elif shocks or cuts:
        selection = session.get_selection()
        try:
            plan = read_plan(
                state.chain_id,
                shocks.split(";") if shocks else (),
                cuts=cuts.split(";") if cuts else (),
                perspective=Perspective.HOME if state.sees_home else None,
            )
        except LianwenError as error:
            st.error(error.say(current_language()), icon=":material/error:")
            return
        plan = replace(plan, mode=selection.mode, horizon=selection.horizon)
        _choose(Chosen(plan, "page", _("自建情景")))


def _choose(chosen: Chosen) -> None:
    st.session_state[_CHOSEN] = chosen


def _rerun(kept: SavedScenario) -> Chosen:
    return Chosen(kept.plan, f"kept:{kept.name}", kept.name, is_rerun=True)


def _draw_presets() -> None:
    presets = scenarios_queries.load_presets()
    if not presets:
        st.info(_("没有随附的预设情景。可以自建一个。"))
        return
    names = {state.chain_id: state.name for state in queries.load_home().chains}
    for first in range(0, len(presets), _CARDS):
        for place, preset in zip(st.columns(_CARDS), presets[first : first + _CARDS], strict=False):
            with place:
                _draw_card(preset, names)


def _draw_card(preset: Preset, chain_names: dict[str, str]) -> None:
    chosen = st.session_state.get(_CHOSEN)
    origin = f"preset:{preset.preset_id}"
    loaded = preset.plan.chain_id in chain_names
    pressed = st.button(
        preset_name(preset),
        key=f"preset_{preset.preset_id}",
        type="primary" if isinstance(chosen, Chosen) and chosen.origin == origin else "secondary",
        disabled=not loaded,
        width="stretch",
    )
    kind = _("真实案例") if preset.kind is PresetKind.CASE else _("演练")
    chain = chain_names.get(preset.plan.chain_id, "")
    st.caption(
        f"{chain} · {kind}" if loaded else _("产业链 {chain} 未装入").format(chain=preset.plan.chain_id)
    )
    if pressed:
        _choose(Chosen(preset.plan, origin))
        st.rerun()


def _draw_chosen(chosen: Chosen) -> None:
    state = queries.find_chain(chosen.plan.chain_id)
    if state is None:
        st.info(_("产业链 {chain} 未装入").format(chain=chosen.plan.chain_id))
        return
    preset = next(
        (one for one in scenarios_queries.load_presets() if chosen.origin == f"preset:{one.preset_id}"), None
    )
    title = preset_name(preset) if preset else chosen.title
    targets = scenarios_queries.load_targets(state.chain_id)
    st.subheader(title, anchor=False)
    said = preset_note(preset) if preset else describe_plan(targets, chosen.plan)
    st.markdown(said.replace("~", "\\~"))
    try:
        with st.spinner(_("正在推演；首次要先编译程序，可能要等一分钟。")):
            answer = scenarios_queries.answer(chosen.plan)
    except LianwenError as error:
        st.error(error.say(current_language()), icon=":material/error:")
        return
    _draw_facts(chosen, answer, preset, chain=state.name)
    _draw_change(chosen, answer)
    if answer.merger is not None:
        draw_merger(answer.merger, targets, name="scenario")
    else:
        draw_answer(answer, targets, name="scenario")
    if answer.simulation is not None:
        draw_comparison(answer.simulation, title=title, plan=chosen.plan)
    if not chosen.origin.startswith("kept:"):
        draw_keep(answer, suggested=title, origin=chosen.origin)
    _draw_sources(preset)


def _draw_facts(chosen: Chosen, answer: Answer, preset: Preset | None, *, chain: str) -> None:
    plan = chosen.plan
    parts = [
        chain,
        formatting.mode_name(plan.mode),
        formatting.perspective_name(plan.perspective.value),
        _("推演期 {days}").format(days=formatting.days(plan.horizon)),
        _("数据 {version}").format(version=formatting.short_version(answer.data_version)),
        _("未知份额取点值"),
    ]
    if plan.perspective is Perspective.HOME:
        parts.append(_("境内用量占比未知的按推算值计"))
    if plan.merger is not None:
        parts = [parts[0], *parts[3:5]]
    st.caption(" · ".join(parts))
    if preset is None and (plan.shocks or plan.cuts):
        st.caption(f"`lianwen simulate --chain {plan.chain_id} {typed_plan(plan)}`")


def _draw_change(chosen: Chosen, answer: Answer) -> None:
    """Say once after a rerun what differs from the last answer that was kept."""
    if not chosen.is_rerun:
        return
    change = scenarios_queries.keep_answer(chosen.title, answer)
    _choose(Chosen(chosen.plan, chosen.origin, chosen.title))
    if change is not None:
        st.info(describe_change(change).say(current_language().value), icon=":material/difference:")


def _draw_sources(preset: Preset | None) -> None:
    if preset is None or not preset.sources:
        return
    for source in preset.sources:
        st.caption(
            _("背景资料：[{title}]({url})，{publisher}，{date}").format(
                title=source.title,
                url=source.url,
                publisher=source.publisher,
                date=source.published_on.isoformat(),
            )
        )


if __name__ == "__main__":
    page()
