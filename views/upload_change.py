"""The last steps of an upload: what it would change, which scores would move, and the commit."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from chains.errors import LianwenError
from views import formatting, queries, session, upload_queries
from views.alert_words import rule_name
from views.components.columns import Column
from views.components.table import draw_table
from views.i18n import _, current_language
from views.node_columns import node_name
from views.officer import draw_officer
from views.upload_rows import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.import_effect import Effect
    from desk.import_facts import KnownFacts
    from desk.imports import ImportOutcome
    from ingest.preview import ImportPlan
    from risk.alerts.model import AlertPlan
    from risk.model import Node
    from views.upload_draft import Draft

_POLL_SECONDS = 0.3
_MOST_SHOWN = 1000
_NAMES_TOLD = 10
_ICON_BACK = ":material/arrow_back:"


def draw_change(draft: Draft) -> None:
    """Draw what a list would change and let a person commit it.

    Parameters
    ----------
    draft
        The list with what was decided about its names.
    """
    if draft.planned is None:
        draft.planned = upload_queries.plan_list(draft.checked, draft.answers())
    plan, standing = draft.planned
    _draw_counts(plan)
    _ask_makes(draft, plan)
    _draw_lists(plan, draft.checked.known)
    _draw_conflicts(plan, draft.checked.known)
    st.subheader(_("哪些节点的分数会变"), anchor=False)
    if draft.job is None:
        chain_id = draft.checked.chain_id
        draft.job = upload_queries.start_effect(chain_id, standing=standing, plan=plan)
    _draw_effect(draft)
    _draw_commit(draft, plan)


def _draw_counts(plan: ImportPlan) -> None:
    counts = (
        (_("计入的行"), len(plan.committed)),
        (_("采购名录行"), len(plan.purchases)),
        (_("市场份额行"), len(plan.supplies)),
        (_("新企业"), len(plan.suppliers)),
        (_("等待核对的行"), len(plan.waiting)),
    )
    for place, (label, number) in zip(st.columns(len(counts)), counts, strict=True):
        place.metric(label, formatting.count(number))
    if plan.suppliers:
        names = "、".join(plain(firm.name_en) for firm in plan.suppliers[:_NAMES_TOLD])
        names = _shorten(names, len(plan.suppliers))
        st.caption(_("登记为新企业：{names}").format(names=names))
    reasons = {
        "undecided": _("名称未定"),
        "repeated": _("核对后与前面的行是同一家、同一物料"),
        "own-supplier": _("供应商就是采购企业自己"),
        "outdated": _("这家企业的这份名录已被后来的上传替换"),
    }
    if plan.waiting:
        counted = Counter(plan.waiting.values()).most_common()
        parts = [f"{reasons[code]} {formatting.count(number)}" for code, number in counted]
        st.caption(_("等待核对的原因：{reasons}").format(reasons="；".join(parts)))


def _shorten(names: str, number: int) -> str:
    """Add to the first names how many there are."""
    if number <= _NAMES_TOLD:
        return names
    return _("{names} 等 {n} 家").format(names=names, n=formatting.count(number))


def _ask_makes(draft: Draft, plan: ImportPlan) -> None:
    if not plan.idle_buyers and not draft.makes:
        return
    name = _namer(plan, draft.checked.known)
    names = "、".join(plain(name(key)) for key in plan.idle_buyers[:_NAMES_TOLD])
    names = _shorten(names, len(plan.idle_buyers))
    items = {item.item_id: item for item in draft.checked.known.items}
    with st.form("upload_makes"):
        chosen = st.multiselect(
            _("该企业生产什么？"),
            sorted(items),
            default=[key for key in draft.makes if key in items],
            format_func=lambda key: formatting.name_of(items[key].name_zh, items[key].name_en, key),
            placeholder=_("可选多项"),
        )
        if names:
            st.markdown(
                _("还不知道 {names} 生产什么。不回答也可以导入，**但名录暂时不影响任何评分**。").format(
                    names=names
                )
            )
        if st.form_submit_button(_("按此重新预览")):
            draft.makes = tuple(chosen)
            draft.planned = draft.job = None
            st.rerun()


def _draw_lists(plan: ImportPlan, known: KnownFacts) -> None:
    name = _namer(plan, known)
    rows = [
        {
            "buyer": name(change.buyer_id),
            "item": name(change.item_id),
            "before": float(change.before),
            "after": float(change.after),
            "what": what,
        }
        for changes, what in (
            (plan.replaced, _("替换(旧行留作历史)")),
            (plan.untouched, _("没有提到，保持不变")),
        )
        for change in changes[:_MOST_SHOWN]
    ]
    if not rows:
        return
    for row in rows:
        if row["before"] == 0:
            row["what"] = _("新增")
    st.subheader(_("采购名录"), anchor=False)
    if (lists := len(plan.replaced) + len(plan.untouched)) > len(rows):
        st.caption(
            _("共 {lists} 份名录，只列出 {n} 份。").format(
                lists=formatting.count(lists), n=formatting.count(len(rows))
            )
        )
    columns = [
        Column("buyer", _("采购企业")),
        Column("item", _("物料")),
        Column("before", _("现有行"), "count"),
        Column("after", _("导入后行"), "count"),
        Column("what", _("变化")),
    ]
    draw_table(pd.DataFrame(rows), columns, name="list-changes", key="upload_lists")


def _draw_conflicts(plan: ImportPlan, known: KnownFacts) -> None:
    if not plan.conflicts:
        return
    st.subheader(_("与已有份额不一致"), anchor=False)
    st.caption(_("已有的行不会被改写；两行都保留，按年份较新的计，同年按上传的计。"))
    name = _namer(plan, known)
    rows = [
        {
            "supplier": name(each.supplier_id),
            "item": name(each.item_id),
            "stated": each.stated.share,
            "year": str(each.stated.year) if each.stated.year else None,
            "uploaded": each.uploaded.share,
            "counts": _("上传的") if each.uploaded_counts else _("已有的"),
        }
        for each in plan.conflicts
    ]
    columns = [
        Column("supplier", _("供应商")),
        Column("item", _("物料")),
        Column("stated", _("已有份额"), "percent"),
        Column("year", _("年份")),
        Column("uploaded", _("上传份额"), "percent"),
        Column("counts", _("按哪个计")),
    ]
    draw_table(pd.DataFrame(rows), columns, name="share-conflicts", key="upload_conflicts")


def draw_alerts(plan: AlertPlan | None) -> None:
    """Say which alerts an import would open, worsen and close.

    Parameters
    ----------
    plan
        None when there is no run to compare with.
    """
    if plan is None:
        st.caption(_("没有口径相同的运行可以比较，导入后的第一次运行不产生预警。"))
        return
    st.markdown(
        _("预警：将新增 **{opens}** 条，加重 **{worsens}** 条，解除 **{closes}** 条。").format(
            opens=len(plan.opens), worsens=len(plan.worsens), closes=len(plan.closes)
        )
    )
    drafts = [(_("新增"), each) for each in plan.opens] + [(_("加重"), each) for _alert, each in plan.worsens]
    rows = [
        {
            "what": what,
            "rule": rule_name(draft.rule),
            "name": _node_name(draft.change.node),
            "level": draft.level.value,
        }
        for what, draft in drafts
    ] + [
        {
            "what": _("解除"),
            "rule": rule_name(alert.rule),
            "name": node_name(alert.scope.value, alert.key, alert.name_zh, alert.name_en),
            "level": alert.level.value,
        }
        for alert in plan.closes
    ]
    if rows:
        columns = [
            Column("what", _("变化"), width=80),
            Column("rule", _("规则"), width=150),
            Column("name", _("节点")),
            Column("level", _("等级"), "level", width=80),
        ]
        draw_table(pd.DataFrame(rows), columns, name="effect-alerts", key="upload_alerts")


def _node_name(node: Node) -> str:
    return node_name(node.scope.value, node.key, node.name_zh, node.name_en)


def _draw_effect(draft: Draft) -> None:
    job = draft.job
    if job is None:
        return
    if not job.done.is_set():
        bar = st.progress(0.0, text=_("正在另一个进程里推演导入后的评分……"))
        while not job.done.wait(_POLL_SECONDS):
            text = _("正在另一个进程里推演导入后的评分……{done}").format(done=formatting.percent(job.fraction))
            bar.progress(job.fraction, text=text)
        bar.empty()
    if job.error is not None:
        st.warning(job.error.say(current_language()), icon=":material/error:")
    elif job.effect is not None:
        _draw_moves(job.effect, draft.checked.chain_id)


def _draw_moves(effect: Effect, chain_id: str) -> None:
    draw_alerts(effect.alerts)
    if effect.elsewhere:
        names = {state.chain_id: state.name for state in queries.load_home().chains}
        others = "、".join(names[chain] for chain in effect.elsewhere)
        st.caption(_("其他产业链的数据也会变：{chains}；导入后一并计算。").format(chains=others))
    if not effect.moves:
        st.info(_("导入后没有节点的等级或分数会变。"), icon=":material/trending_flat:")
        return
    up = sum(move.rises > 0 for move in effect.moves)
    down = sum(move.rises < 0 for move in effect.moves)
    st.markdown(
        _("{n} 个节点会变：等级上升 **{up}** 个，下降 **{down}** 个，其余只变分数。").format(
            n=len(effect.moves), up=up, down=down
        )
    )
    frame = pd.DataFrame(
        [
            {
                "name": node_name(move.node.scope.value, move.node.key, move.node.name_zh, move.node.name_en),
                "scope_name": formatting.scope_name(move.node.scope.value),
                "level_before": move.level_before.value if move.level_before else None,
                "level_after": move.level_after.value if move.level_after else None,
                "chain_id": chain_id,
                **{
                    f"{name}_{when}": getattr(scores, name) if scores else None
                    for when, scores in (("before", move.before), ("after", move.after))
                    for name in ("residual_run", "residual_build", "exposure_run", "exposure_build")
                },
            }
            for move in effect.moves
        ]
    )
    draw_table(frame, _effect_columns(), name="effect", key="upload_effect")


def _effect_columns() -> list[Column]:
    """Both scores in the mode that the sidebar chooses, before and after."""
    none, mode = formatting.NOT_APPLICABLE, session.get_selection().mode
    help_text = _("{mode}，主推演期，低端；在侧栏换口径").format(mode=formatting.mode_name(mode))
    scores = (("residual", _("净损失")), ("exposure", _("断供冲击")))
    return [
        Column("name", _("节点"), width=170),
        Column("scope_name", _("类型"), width=75),
        Column("level_before", _("现在等级"), "level", missing=none, width=75),
        Column("level_after", _("导入后等级"), "level", missing=none, width=85),
        *(
            Column(
                f"{name}_{mode.value}_{when}",
                f"{label} {moment}",
                "percent",
                missing=none,
                help_text=help_text,
                width=115,
            )
            for name, label in scores
            for when, moment in (("before", _("现在")), ("after", _("导入后")))
        ),
    ]


def _draw_commit(draft: Draft, plan: ImportPlan) -> None:
    officer = draw_officer()
    committed = draft.checked.earlier is not None and draft.checked.earlier.committed_at is not None
    with st.container(horizontal=True):
        if st.button(_("上一步"), icon=_ICON_BACK):
            draft.go_back()
        pressed = st.button(
            _("确认导入 {n} 行").format(n=formatting.count(len(plan.committed)))
            if plan.committed
            else _("先保存，等待核对"),
            type="primary",
            icon=":material/upload:",
            disabled=officer is None or committed or not (plan.committed or plan.waiting),
        )
    if pressed and officer is not None:
        try:
            answers = draft.answers(officer.name, officer.unit)
            draft.outcome = upload_queries.import_list(draft.checked, answers, expected=plan)
        except LianwenError as error:
            st.error(plain(error.say(current_language())), icon=":material/error:")
            draft.planned = None
            return
        draft.step = 5
        st.session_state.pop("upload_decisions", None)
        st.rerun()


def draw_outcome(outcome: ImportOutcome) -> None:
    """Say what became of a list.

    Parameters
    ----------
    outcome
        What was stored.
    """
    upload = outcome.upload
    st.success(
        _("上传 #{number} 已导入：计入 {good} 行，等待核对 {waiting} 行，有问题未导入 {bad} 行。").format(
            number=upload.upload_id, good=upload.committed, waiting=upload.waiting, bad=upload.bad
        ),
        icon=":material/check_circle:",
    )
    if not outcome.run_ids:
        st.markdown(_("没有评分会变，不需要重新计算。"))
        return
    runs = "、".join(f"#{run_id}" for run_id in outcome.run_ids)
    st.markdown(_("运行 {runs} 已排队，在后台计算；算完后各页和预警自动更新。").format(runs=runs))
    if st.button(_("查看运行"), icon=":material/history:"):
        session.open_page("runs")


def _namer(plan: ImportPlan, known: KnownFacts) -> Callable[[str], str]:
    """Make a function from the id of a firm or item to its name, those that the list makes known too."""
    places = {key: at for at, key in enumerate(plan.supplier_ids)}

    def name(key: str) -> str:
        firm = plan.suppliers[places[key]] if key in places else None
        zh, en = known.labels.get(key) or ((firm.name_zh, firm.name_en) if firm else (None, key))
        return formatting.name_of(zh, en, key)

    return name
