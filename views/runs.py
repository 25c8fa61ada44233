"""运行: what was computed when, by whom and on which data; computing now; what changed between two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from chains.model import Perspective
from risk.model import RunStatus
from views import formatting, page_queries, queries, run_words, session
from views.components.columns import Column
from views.components.empty import require_chain
from views.i18n import Language, _, current_language
from views.linked_table import draw_linked_table, text_cells
from views.node_columns import node_name

if TYPE_CHECKING:
    from risk.model import Run
    from risk.runs.diff import JudgementChange, ScoreChanges
    from views.queries import ChainState

_POLL_SECONDS = 2
_ALL = "all"


def page() -> None:
    """Draw the page."""
    state = require_chain()
    _draw_compute(state)
    _draw_active()
    st.subheader(_("全部运行"), anchor=False)
    runs = _choose_runs()
    _draw_runs(runs)
    _draw_failed(runs)
    succeeded = page_queries.load_runs(state.chain_id)
    succeeded = succeeded[succeeded["status"] == RunStatus.SUCCEEDED.value]
    seen = Perspective.HOME if state.sees_home else Perspective.WORLD
    _draw_changes(state, succeeded[succeeded["perspective"] == seen.value])
    _draw_parameters(state, succeeded)


def _draw_compute(state: ChainState) -> None:
    st.subheader(_("立即计算“{chain}”").format(chain=state.name), anchor=False)
    if state.active is not None:
        st.markdown(_("这条链有一次运行正在排队或计算，完成后会自动显示。"))
        return
    same = _find_same(state)
    confirmed = True
    if same is not None:
        st.markdown(
            _(
                "现有数据(版本 {version})已在运行 #{run_id} 算过。"
                "数据、缺省值和程序都没变，再算一次结果相同。"
            ).format(version=formatting.short_version(same["data_version"]), run_id=same["run_id"])
        )
        confirmed = st.checkbox(_("仍要再算一次"), key=f"again_{state.chain_id}")
    else:
        st.markdown(_("现有的数据、缺省值和程序还没有一起算过。计算在后台进行，不影响查看别的页面。"))
    pressed = st.button(
        _("立即计算"),
        key=f"compute_{state.chain_id}",
        type="primary",
        icon=":material/play_arrow:",
        disabled=not confirmed,
    )
    if pressed:
        run_id = queries.queue_chain(state.chain_id)
        st.toast(_("运行 #{run_id} 已排队").format(run_id=run_id), icon=":material/schedule:")
        st.rerun()


def _find_same(state: ChainState) -> pd.Series | None:
    """Find the latest successful run of this program on the data and defaults as they are now."""
    now = page_queries.load_data_states().get(state.chain_id)
    if now is None:
        return None
    runs = page_queries.load_runs(state.chain_id)
    same = runs[
        (runs["status"] == RunStatus.SUCCEEDED.value)
        & (runs["data_version"] == now.data_version)
        & (runs["code_version"] == queries.program_version())
    ]
    if same.empty:
        return None
    latest = same.iloc[0]
    stored = page_queries.load_run(int(latest["run_id"])).parameters.get("defaults")
    return latest if stored == page_queries.load_method().defaults.as_dict() else None


def _draw_active() -> None:
    """Draw the progress of what waits or runs; without any, nothing polls."""
    active = page_queries.load_active_runs()
    if not active.empty:
        _draw_progress(_standing(active))


def _standing(active: pd.DataFrame) -> tuple[tuple[int, str], ...]:
    return tuple(zip(active["run_id"], active["status"], strict=True))


@st.fragment(run_every=_POLL_SECONDS)
def _draw_progress(drawn: tuple[tuple[int, str], ...]) -> None:
    active = page_queries.load_active_runs()
    if _standing(active) != drawn:
        # A run began or ended: the list below and every other part of the page have something new to show.
        st.rerun()
    names = _chain_names()
    for run in active.to_dict("records"):
        text = _("“{chain}”运行 #{run_id}：{status}，{done}").format(
            chain=names.get(run["chain_id"], run["chain_id"]),
            run_id=run["run_id"],
            status=formatting.status_name(run["status"]),
            done=formatting.percent(run["progress"]),
        )
        st.progress(min(1.0, max(0.0, float(run["progress"]))), text=text)
    if not active["progress"].gt(0).any():
        st.caption(_("首次计算要先编译程序，可能要等一两分钟才有进度。"))


def _choose_runs() -> pd.DataFrame:
    names = _chain_names()
    chain = session.choose(
        _("产业链"),
        "runchain",
        options=[_ALL, *names],
        default=_ALL,
        show=lambda value: _("全部") if value == _ALL else names[value],
    )
    return page_queries.load_runs(None if chain == _ALL else chain)


def _chain_names() -> dict[str, str]:
    return {state.chain_id: state.name for state in queries.load_home().chains}


def _draw_runs(runs: pd.DataFrame) -> None:
    if runs.empty:
        st.info(_("还没有运行。按上面的“立即计算”算第一次。"))
        return
    names = _chain_names()
    none = formatting.NOT_APPLICABLE
    shown = runs.assign(
        number=[f"#{run_id}" for run_id in runs["run_id"]],
        chain=[names.get(chain_id, chain_id) for chain_id in runs["chain_id"]],
        status_name=[formatting.status_name(status) for status in runs["status"]],
        reason_name=[run_words.reason_name(reason) for reason in runs["reason"]],
        seen=[formatting.perspective_name(perspective) for perspective in runs["perspective"]],
        by=text_cells(run_words.requester_name(name) for name in runs["requested_by"]),
        **{name: text_cells(map(_time, runs[name])) for name in ("queued_at", "started_at", "ended_at")},
        version=text_cells(_version(version) for version in runs["data_version"]),
        nodes=runs["nodes"].astype(float),
        horizon=runs["main_horizon"].astype(float),
        engine=text_cells(run_words.seconds(value) for value in runs["engine_seconds"]),
        total=text_cells(run_words.seconds(value) for value in runs["total_seconds"]),
    )
    columns = [
        Column("number", _("运行"), width=50),
        Column("chain", _("产业链"), width=120),
        Column("seen", _("视角"), width=75),
        Column("status_name", _("状态"), width=70),
        Column("reason_name", _("起因"), width=70),
        Column("by", _("由谁"), missing=none, width=55),
        Column("ended_at", _("完成(北京时间)"), missing=none, width=130),
        Column("nodes", _("节点数"), "count", missing=none, width=65),
        Column("version", _("数据版本"), missing=none, width=105),
        Column("horizon", _("主推演期"), "days", width=85),
        Column("engine", _("引擎用时"), missing=none, width=80),
        Column("total", _("总用时"), missing=none, width=75),
        Column("queued_at", _("排队(北京时间)"), missing=none, width=135),
        Column("started_at", _("开始(北京时间)"), missing=none, width=135),
    ]
    draw_linked_table(shown, columns, name="runs", key="runs")


def _time(moment: Any) -> str | None:  # noqa: ANN401 - a cell of a frame
    return None if formatting.is_missing(moment) else formatting.local_time(moment)


def _version(version: Any) -> str | None:  # noqa: ANN401 - a cell of a frame
    return formatting.short_version(version) if isinstance(version, str) else None


def _draw_failed(runs: pd.DataFrame) -> None:
    failed = runs[runs["status"] == RunStatus.FAILED.value]
    if failed.empty:
        return
    with st.expander(_("失败的运行({n})").format(n=len(failed)), icon=":material/error:"):
        for run in failed.to_dict("records"):
            reason = run["message_zh" if current_language() is Language.ZH else "message"]
            message = reason if isinstance(reason, str) else _("没有留下原因")
            st.markdown(
                _("**#{run_id}**(结束于 {at})：{message}").format(
                    run_id=run["run_id"], at=formatting.local_time(run["ended_at"]), message=message
                )
            )


def _draw_changes(state: ChainState, runs: pd.DataFrame) -> None:
    st.subheader(_("两次运行的差别 · {chain}").format(chain=state.name), anchor=False)
    if len(runs) < 2:  # noqa: PLR2004 - a difference needs two
        st.markdown(_("这条链完成的运行不到两次，还没有可比的。"))
        return
    written = {str(run["run_id"]): _run_label(run) for run in runs.to_dict("records")}
    ids = list(written)
    left, right = st.columns(2)
    with left:
        before = session.choose(_("先前"), "before", options=ids, default=ids[1], show=written.__getitem__)
    with right:
        after = session.choose(_("后来"), "after", options=ids, default=ids[0], show=written.__getitem__)
    if before == after:
        st.info(_("请选两次不同的运行。"))
        return
    changes = page_queries.load_changes(int(before), int(after))
    _draw_change_counts(changes)
    _draw_changed_levels(state, changes)


def _run_label(run: dict[Any, Any]) -> str:
    return _("#{run_id} · {seen} · {at} · 数据 {version}").format(
        run_id=run["run_id"],
        seen=formatting.perspective_name(run["perspective"]),
        at=formatting.local_time(run["ended_at"]),
        version=formatting.short_version(run["data_version"]),
    )


def _draw_change_counts(changes: ScoreChanges) -> None:
    if not (changes.appeared or changes.vanished or changes.scores or changes.judgements):
        st.success(_("两次运行完全一致：没有节点增减，没有分数变化。"), icon=":material/check:")
        return
    levels = _changed_levels(changes)
    nodes = {(change.node.scope, change.node.key) for change in changes.scores}
    st.markdown(
        _(
            "等级上升 **{up}** 个，下降 **{down}** 个；分数有变的节点 {moved} 个；"
            "新出现 {appeared} 个，消失 {vanished} 个。"
        ).format(
            up=sum(change.rises for change in levels),
            down=sum(not change.rises for change in levels),
            moved=len(nodes),
            appeared=len(changes.appeared),
            vanished=len(changes.vanished),
        )
    )


def _changed_levels(changes: ScoreChanges) -> list[JudgementChange]:
    return [change for change in changes.judgements if change.before.level is not change.after.level]


def _draw_changed_levels(state: ChainState, changes: ScoreChanges) -> None:
    levels = _changed_levels(changes)
    if not levels:
        return
    order = sorted(levels, key=lambda change: (-change.after.level.rank, change.node.scope, change.node.key))
    frame = pd.DataFrame(
        [
            {
                "name": node_name(
                    change.node.scope.value, change.node.key, change.node.name_zh, change.node.name_en
                ),
                "scope_name": formatting.scope_name(change.node.scope.value),
                "before": change.before.level.value,
                "after": change.after.level.value,
                "verdict": formatting.verdict_name(change.after.verdict.value),
                "chain_id": state.chain_id,
                "scope": change.node.scope.value,
                "key": change.node.key,
            }
            for change in order
        ]
    )
    columns = [
        Column("name", _("节点"), width="medium"),
        Column("scope_name", _("类型")),
        Column("before", _("先前等级"), "level"),
        Column("after", _("后来等级"), "level"),
        Column("verdict", _("后来判断")),
    ]
    draw_linked_table(frame, columns, name="run-changes", key="run_changes")


def _draw_parameters(state: ChainState, runs: pd.DataFrame) -> None:
    st.subheader(_("一次运行用了什么 · {chain}").format(chain=state.name), anchor=False)
    if runs.empty:
        st.markdown(_("这条链还没有完成的运行。"))
        return
    written = {str(run["run_id"]): _run_label(run) for run in runs.to_dict("records")}
    chosen = session.choose(
        _("运行"), "run", options=list(written), default=next(iter(written)), show=written.__getitem__
    )
    run = page_queries.load_run(int(chosen))
    draw_linked_table(
        pd.DataFrame(run_words.describe_run(run), columns=["what", "value"]),
        [Column("what", _("项目"), width="medium"), Column("value", _("值"), width="large")],
        name=f"run-{run.run_id}",
        key=f"run_facts_{run.run_id}",
    )
    _draw_stored_defaults(run)


def _draw_stored_defaults(run: Run) -> None:
    stored = run.parameters.get("defaults")
    levels = run.parameters.get("levels")
    with st.expander(_("这次运行的缺省值和等级线"), icon=":material/tune:"):
        if isinstance(stored, dict):
            run_words.draw_defaults(stored, key=f"defaults_{run.run_id}")
        if isinstance(levels, dict):
            run_words.draw_lines(levels, key=f"lines_{run.run_id}")


if __name__ == "__main__":
    page()
