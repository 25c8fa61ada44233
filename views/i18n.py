"""Words on screen: Chinese is the source, other languages are gettext catalogues in ``locales/``."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from pathlib import Path

import streamlit as st
from babel.messages.pofile import read_po
from streamlit.runtime.scriptrunner import get_script_run_ctx

LOCALES_DIR = Path(__file__).resolve().parent.parent / "locales"
DOMAIN = "lianwen"
LANGUAGE_KEY = "language"


class Language(StrEnum):
    """The languages a session can speak; the value stands in links."""

    ZH = "zh"
    EN = "en"

    @property
    def label(self) -> str:
        """The language's own name, the same on every screen."""
        return {Language.ZH: "中文", Language.EN: "English"}[self]


def current_language() -> Language:
    """Tell the language of the session that runs now; Chinese outside a session.

    Returns
    -------
    Language
        What the switch in the sidebar says.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return Language.ZH
    return Language(st.session_state.get(LANGUAGE_KEY, Language.ZH))


def set_language(language: Language) -> None:
    """Make the session speak a language from here on.

    Parameters
    ----------
    language
        The language of everything drawn after this call.
    """
    st.session_state[LANGUAGE_KEY] = language


def gettext(text: str) -> str:
    """Say a text in the session's language.

    Parameters
    ----------
    text
        The Chinese text, a literal so that a test finds it.

    Returns
    -------
    str
        The translation; the Chinese text itself when the catalogue lacks it.
    """
    return translate(text, current_language())


def translate(text: str, language: Language) -> str:
    """Say a text in a given language.

    Parameters
    ----------
    text
        The Chinese text.
    language
        The language wanted.

    Returns
    -------
    str
        The translation; the Chinese text itself when the catalogue lacks it.

    Examples
    --------
    >>> translate("未知", Language.ZH)
    '未知'
    >>> translate("未知", Language.EN)
    'unknown'
    """
    if language is Language.ZH:
        return text
    return load_catalog(language).get(text, text)


@cache
def load_catalog(language: Language) -> dict[str, str]:
    """Read the translations of a language, once a process.

    Parameters
    ----------
    language
        Any but Chinese, which needs none.

    Returns
    -------
    dict
        Chinese text to translation; texts without one are left out.

    Notes
    -----
    The ``.po`` file is read as it is, so no compiled catalogue has to be made or committed.
    """
    path = LOCALES_DIR / language.value / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as file:
        catalog = read_po(file, locale=language.value, domain=DOMAIN)
    return {str(message.id): str(message.string) for message in catalog if message.id and message.string}


_ = gettext
