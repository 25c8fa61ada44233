"""撤销一次导入: who built on it and what changes are listed first, then a person confirms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from chains.errors import LianwenError
from desk.undo_words import describe_undo, describe_undone
from views import formatting, upload_queries
from views.i18n import _, current_language
from views.upload_rows import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.officer import Officer
    from ingest.repository import Upload

_OUTCOME: Final = "upload_undo_outcome"


def draw_undo(uploads: Sequence[Upload], officer: Officer | None) -> None:
    """Draw the choice of an upload, what undoing it changes, and the button.

    Parameters
    ----------
    uploads
        Of a chain, the newest first.
    officer
        Who signs; without one nothing can be undone.
    """
    outcome = st.session_state.pop(_OUTCOME, None)
    if outcome is not None:
        st.success(plain(outcome), icon=":material/undo:")
    standing = {upload.upload_id: upload for upload in uploads if upload.undone_at is None}
    if not standing:
        return
    with st.expander(_("撤销一次导入"), icon=":material/undo:"):
        st.markdown(_("撤销后，数据和没有导入过这份文件时一样；其后的导入保留。原有行保留并注明，不会删除。"))
        chosen = st.selectbox(
            _("要撤销的上传"),
            list(standing),
            index=None,
            placeholder=_("选择一次上传"),
            format_func=lambda number: _describe(standing[number]),
            key="undo_upload",
        )
        if chosen is not None:
            _draw_chosen(chosen, officer)


def _describe(upload: Upload) -> str:
    at = formatting.local_time(upload.committed_at or upload.received_at)
    return f"#{upload.upload_id} {upload.name} ({at})"


def _draw_chosen(chosen: int, officer: Officer | None) -> None:
    try:
        preview = upload_queries.preview_undo(chosen)
    except LianwenError as error:
        st.error(plain(error.say(current_language())), icon=":material/error:")
        return
    sentences = [sentence.say(current_language()) for sentence in describe_undo(preview)]
    if sentences:
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in sentences))
    else:
        st.markdown(_("这份上传没有改变任何数据，撤销后只是留下注明。"))
    sure = st.checkbox(_("我确认要撤销这次导入"), key=f"undo_sure_{chosen}")
    pressed = st.button(
        _("撤销这次导入"),
        disabled=officer is None or not sure,
        icon=":material/undo:",
        key="undo_button",
    )
    if pressed and officer is not None:
        try:
            outcome = upload_queries.undo_upload(chosen, by=officer.name, expected=preview)
        except LianwenError as error:
            st.error(plain(error.say(current_language())), icon=":material/error:")
            return
        st.session_state[_OUTCOME] = describe_undone(outcome).say(current_language())
        st.session_state.pop("undo_upload", None)
        st.rerun()
