"""上传名录: a list comes in step by step: file, rows, names, what it changes, done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from desk.import_mapping import MENDABLE
from ingest.model import LIMITS, MIB
from ingest.sandbox import Reader
from ingest.tables import UploadKind
from views import (
    queries,
    session,
    upload_change,
    upload_events,
    upload_history,
    upload_lists,
    upload_map,
    upload_names,
    upload_queries,
    upload_rows,
)
from views.components.empty import require_chain
from views.i18n import _
from views.upload_draft import DRAFT, Draft, forget

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.delta_generator import DeltaGenerator

    from views.queries import ChainState

_KINDS = ("suppliers", "bottlenecks", "demand", "events", "chain")


def page() -> None:
    """Draw the page."""
    state = require_chain()
    upload_rows.draw_uploader_words()
    draft = st.session_state.get(DRAFT)
    if not isinstance(draft, Draft) or draft.checked.chain_id != state.chain_id:
        _draw_first(state)
        return
    _draw_steps(draft.step)
    if draft.remapping or (draft.checked.refused and draft.checked.result.code in MENDABLE):
        _draw_mapping(draft)
    elif draft.checked.refused:
        _draw_refusal(draft)
    elif draft.step == 2:  # noqa: PLR2004 - the steps are named in Draft
        upload_rows.draw_rows(draft.checked)
        upload_map.offer_mapping(draft)
        _draw_buttons(draft)
    elif draft.step == 3:  # noqa: PLR2004
        draft.decisions = upload_names.draw_names(draft.checked.questions, draft.checked.known)
        _draw_buttons(draft)
    elif draft.step == 4:  # noqa: PLR2004
        upload_change.draw_change(draft)
    elif draft.outcome is not None:
        upload_change.draw_outcome(draft.outcome)
        if st.button(_("再上传一份"), icon=":material/add:"):
            forget()


def _draw_first(state: ChainState) -> None:
    """Draw the choice of kind and file, and what was uploaded before."""
    kind = session.choose_segment(
        _("要上传什么"), "ukind", options=_KINDS, default=UploadKind.SUPPLIERS.value, show=_kind_name
    )
    if kind == UploadKind.SUPPLIERS.value:
        _draw_steps(1)
        _draw_file(state)
    elif upload_lists.draw_list(UploadKind(kind), state):
        return
    is_signed = kind == UploadKind.EVENTS.value and upload_events.draw_events(state.chain_id)
    upload_history.draw_history(state.chain_id, is_signed=is_signed)


def _kind_name(value: str) -> str:
    return upload_lists.kind_name(UploadKind(value))


def _draw_steps(now: int) -> None:
    names = (_("选择文件"), _("识别列和行"), _("核对名称"), _("会改变什么"), _("完成"))
    parts = [
        f"**:primary[{number} {name}]**" if number == now else f":gray[{number} {name}]"
        for number, name in enumerate(names, start=1)
    ]
    st.markdown("　→　".join(parts))


def _draw_file(state: ChainState) -> None:
    left, right = st.columns([1.15, 1], gap="large")
    with left:
        file = st.file_uploader(
            _("选择或拖入供应商名录：.xlsx 或 .csv，最多 100 MB"),
            key="upload_file",
            max_upload_size=LIMITS.upload_bytes // MIB,
            help=_("表头认得中文和英文；标题行、合并单元格、GBK 编码都可以。文件只留在本机。"),
        )
        buyer = st.text_input(
            _("这份名录属于哪家采购企业(可不填)"),
            key="upload_buyer",
            max_chars=200,
            help=_("填了：这是该企业的采购名录，会替换它之前同一物料的名录。不填：各行是市场份额。"),
        )
        if (
            st.button(_("检查文件"), type="primary", icon=":material/fact_check:", disabled=file is None)
            and file is not None
        ):
            bar = st.progress(0.0)
            with st.spinner(_("正在检查，大文件可能要一两分钟……")), Reader(progress=_teller(bar)) as reader:
                checked = upload_queries.check_list(
                    state.chain_id,
                    content=file.getvalue(),
                    name=file.name,
                    buyer=buyer.strip() or None,
                    reader=reader,
                )
            st.session_state[DRAFT] = Draft(checked)
            st.rerun()
    with right:
        upload_rows.draw_templates()
        upload_rows.draw_samples(queries.get_settings().data_dir / "examples" / "uploads")


def _teller(bar: DeltaGenerator) -> Callable[[float], object]:
    """Make a function that shows how much of a file is read; then its rows are checked."""

    def tell(done: float) -> object:
        return bar.progress(
            done, text=_("已读取 {done}，读完后逐行检查并对照名称").format(done=f"{done:.0%}")
        )

    return tell


def _draw_mapping(draft: Draft) -> None:
    if draft.checked.refused:
        is_unknown = draft.checked.result.code in {"no-header", "no-header-hidden"}
        told = _("没有自动认出表头。") if is_unknown else upload_rows.say_result(draft.checked)
        st.warning(told, icon=":material/view_column:")
    upload_map.draw_mapping(draft)


def _draw_refusal(draft: Draft) -> None:
    st.error(upload_rows.say_result(draft.checked), icon=":material/block:")
    if draft.checked.result.bad_count:
        upload_rows.draw_bad_rows(draft.checked)
    if st.button(_("换一个文件"), icon=":material/arrow_back:"):
        forget()


def _draw_buttons(draft: Draft) -> None:
    with st.container(horizontal=True):
        if st.button(_("上一步"), icon=":material/arrow_back:"):
            draft.go_back()
        if st.button(_("下一步"), type="primary", icon=":material/arrow_forward:"):
            draft.planned = draft.job = None
            draft.step += 1
            st.rerun()
        if st.button(_("放弃这份文件"), type="tertiary"):
            forget()


if __name__ == "__main__":
    page()
