"""Placeholder until the page is written."""

import streamlit as st

from views.i18n import _


def page() -> None:
    """Say that the page is being built."""
    st.info(_("这一页正在建设。"))


if __name__ == "__main__":
    page()
