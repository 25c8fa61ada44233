"""Lay out the pages; started by ``lianwen serve``, which runs this file under Streamlit."""

import streamlit as st

from views import registry
from views.components.frame import draw_page
from views.components.sidebar import draw_sidebar, settle_language

st.set_page_config(page_title="链稳 Lianwen", page_icon="🔗", layout="wide", initial_sidebar_state="expanded")
settle_language()
current_page = st.navigation(registry.make_pages(), expanded=True)
draw_page(current_page, sidebar=draw_sidebar)
