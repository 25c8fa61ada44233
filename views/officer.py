"""经办人: name and unit, asked once a browser, kept in this browser only, and in the session."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from desk.officer import Officer, OfficerError, read_officer
from views.i18n import _, current_language

_KEY: Final = "officer"
_CHANGING: Final = "officer_changing"
_SCRIPT: Final = """
export default function({ data, setStateValue }) {
    const place = "lianwen.officer";
    if (data.keep) {
        localStorage.setItem(place, JSON.stringify(data.keep));
        return;
    }
    const kept = localStorage.getItem(place);
    if (kept && !data.known) { setStateValue("kept", JSON.parse(kept)); }
}
"""
"""Neither cookie nor link: a cookie would travel with every request, a shared link would share the name."""


def current_officer() -> Officer | None:
    """Tell who acts in this browser.

    Returns
    -------
    Officer or None
        None until name and unit have been given.
    """
    officer = st.session_state.get(_KEY)
    return officer if isinstance(officer, Officer) else None


def draw_officer() -> Officer | None:
    """Say who acts, or ask for name and unit.

    Returns
    -------
    Officer or None
        None while the question stands; a page then offers nothing that has to be signed.
    """
    _recall()
    officer = current_officer()
    if officer is None or st.session_state.get(_CHANGING):
        _ask(officer)
        return None
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(_("经办人：{name}({unit})").format(name=officer.name, unit=officer.unit), width="content")
        if st.button(_("更换经办人"), key="officer_change", type="tertiary"):
            st.session_state[_CHANGING] = True
            st.rerun()
    return officer


def _recall() -> None:
    officer = current_officer()
    keep = {"name": officer.name, "unit": officer.unit} if officer else None
    answer = _browser()(
        key="officer_browser", data={"keep": keep, "known": officer is not None}, on_kept_change=lambda: None
    )
    kept = getattr(answer, "kept", None)
    if officer is None and kept is not None:
        # Whatever a browser holds may have been edited: it is read like something typed.
        try:
            st.session_state[_KEY] = read_officer(str(kept["name"]), str(kept["unit"]))
        except (OfficerError, KeyError, TypeError):
            return


@st.cache_resource(show_spinner=False)
def _browser() -> Any:  # noqa: ANN401 - Streamlit names no type for it
    return st.components.v2.component("lianwen_officer", js=_SCRIPT)


def _ask(officer: Officer | None) -> None:
    with st.form("officer_form", border=True):
        st.markdown(_("请先填写经办人。姓名和单位会和备注、导入记录一起留存；只需在这个浏览器里填一次。"))
        name_place, unit_place = st.columns(2)
        name = name_place.text_input(_("姓名"), value=officer.name if officer else "", max_chars=100)
        unit = unit_place.text_input(_("单位"), value=officer.unit if officer else "", max_chars=100)
        if not st.form_submit_button(_("确定"), type="primary"):
            return
    try:
        st.session_state[_KEY] = read_officer(name, unit)
    except OfficerError as error:
        st.error(error.say(current_language()), icon=":material/error:")
        return
    st.session_state[_CHANGING] = False
    st.rerun()
