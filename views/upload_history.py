"""Earlier uploads: what came of them, names that still wait, the kept file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from chains.errors import LianwenError
from desk.imports import Answers
from ingest.tables import UploadState
from views import formatting, upload_change, upload_memory, upload_names, upload_queries, upload_undo
from views.components.columns import Column
from views.components.table import draw_table
from views.i18n import _, current_language
from views.officer import current_officer, draw_officer
from views.upload_lists import kind_name
from views.upload_rows import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.officer import Officer
    from ingest.repository import Upload

_OUTCOME = "upload_review_outcome"


def draw_history(chain_id: str, *, is_signed: bool = False) -> None:
    """Draw the uploads of a chain.

    Parameters
    ----------
    chain_id
        Which chain.
    is_signed
        Whether the page asks for the officer further up.
    """
    st.subheader(_("已上传的名录"), anchor=False)
    for attempt in upload_queries.interrupted_imports(chain_id):
        st.warning(plain(attempt.sentence().say(current_language())), icon=":material/power_off:")
    uploads = upload_queries.list_uploads(chain_id)
    if not uploads:
        st.info(_("这条链还没有上传过名录。选一个文件开始，或先看模板和样例。"), icon=":material/inbox:")
        return
    _draw_list(uploads)
    officer = current_officer() if is_signed else draw_officer()
    _draw_review(uploads, officer)
    upload_undo.draw_undo(uploads, officer)
    upload_memory.draw_memory(chain_id, officer)
    _draw_files(uploads, officer)


def _draw_list(uploads: Sequence[Upload]) -> None:
    frame = pd.DataFrame(
        [
            {
                "number": f"#{upload.upload_id}",
                "kind": kind_name(upload.kind),
                "name": upload.name,
                "buyer": upload.buyer,
                "by": f"{upload.officer}({upload.unit})" if upload.unit else upload.officer or None,
                "at": formatting.local_time(upload.committed_at or upload.received_at),
                "state": _describe_state(upload),
                "committed": float(upload.committed),
                "waiting": float(upload.waiting),
                "bad": float(upload.bad),
                "file": _describe_file(upload),
            }
            for upload in uploads
        ]
    )
    none = formatting.NOT_APPLICABLE
    columns = [
        Column("number", _("上传"), width=46),
        Column("kind", _("种类"), width=82),
        Column("name", _("文件"), width=92),
        Column("buyer", _("采购企业"), missing=none, width=104),
        Column("by", _("经办人"), missing=none, width=146),
        Column("at", _("时间(北京时间)"), width=122),
        Column("state", _("状态"), width=60),
        Column("committed", _("计入行"), "count", width=54),
        Column("waiting", _("待核对"), "count", width=54),
        Column("bad", _("问题行"), "count", width=54),
        Column("file", _("原文件"), width=84),
    ]
    draw_table(frame, columns, name="uploads", key="uploads")


def _describe_state(upload: Upload) -> str:
    if upload.undone_at is not None:
        return _("已撤销")
    return _("已计入") if upload.state is UploadState.COMMITTED else _("等待核对")


def _describe_file(upload: Upload) -> str:
    if upload.file_removed_at is None:
        return _("保存在本机")
    return _("{who}于 {at} 删除").format(
        who=upload.file_removed_by, at=formatting.local_time(upload.file_removed_at)
    )


def _draw_review(uploads: Sequence[Upload], officer: Officer | None) -> None:
    outcome = st.session_state.pop(_OUTCOME, None)
    if outcome is not None:
        upload_change.draw_outcome(outcome)
    open_lists = {
        upload.upload_id: upload for upload in uploads if upload.waiting and upload.undone_at is None
    }
    if not open_lists:
        return
    with st.expander(
        _("等待核对的名称({n} 份名录)").format(n=len(open_lists)), icon=":material/rule:", expanded=False
    ):
        chosen = st.selectbox(
            _("名录"),
            list(open_lists),
            format_func=lambda number: f"#{number} {open_lists[number].name}",
            key="review_upload",
        )
        waiting = upload_queries.read_waiting(chosen)
        decisions = upload_names.draw_names(waiting.questions, waiting.known)
        pressed = st.button(
            _("让已对上的行计入"), type="primary", key="review_commit", disabled=officer is None
        )
        if pressed and officer is not None:
            answers = Answers(decisions, (), officer.name, officer.unit)
            try:
                st.session_state[_OUTCOME] = upload_queries.commit_waiting(waiting, answers)
            except LianwenError as error:
                st.error(plain(error.say(current_language())), icon=":material/error:")
                return
            st.rerun()


def _draw_files(uploads: Sequence[Upload], officer: Officer | None) -> None:
    kept = {upload.upload_id: upload for upload in uploads if upload.file_removed_at is None}
    if not kept:
        return
    with st.expander(_("删除保存的原文件"), icon=":material/delete:"):
        st.markdown(_("只删除保存在本机的原文件；已计入的行不变，并留下谁、何时删除的记录。"))
        chosen = st.selectbox(
            _("原文件"),
            list(kept),
            format_func=lambda number: f"#{number} {kept[number].name}",
            key="remove_upload",
        )
        sure = st.checkbox(_("我确认要删除这个原文件，删除后不能恢复"), key=f"remove_sure_{chosen}")
        blocked = officer is None or not sure
        if st.button(_("删除原文件"), disabled=blocked, key="remove_file") and officer is not None:
            upload_queries.remove_file(chosen, by=officer.name)
            st.rerun()
