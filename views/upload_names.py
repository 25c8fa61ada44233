"""Placing the names of a list: what is exact, what a person decides, what is new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from ingest.pipeline import NEW
from views import formatting
from views.i18n import _
from views.upload_rows import plain

if TYPE_CHECKING:
    from desk.import_facts import KnownFacts
    from ingest.pipeline import Question

_WAIT = ""
_PAGE = 8
_NEAR_TOLD = 3


def draw_names(questions: Sequence[Question], known: KnownFacts) -> dict[str, str]:
    """Ask for every name that is not certain.

    Parameters
    ----------
    questions
        Names to be placed.
    known
        Names to choose from.

    Returns
    -------
    dict
        Decisions made so far; names left to wait are not in it.
    """
    if not questions:
        st.success(_("供应商、物料和采购企业的名称都已对上，没有要核对的。"), icon=":material/check:")
        return {}
    decided = st.session_state.setdefault("upload_decisions", {})
    for each in questions:
        if each.taken is not None:
            decided.setdefault(each.key, each.taken)
    unsure = [each for each in questions if each.taken is None]
    if unsure:
        _ask_all(unsure, known, decided)
    _show_taken([each for each in questions if each.taken is not None], known, decided)
    keys = {each.key for each in questions}
    return {key: target for key, target in decided.items() if key in keys and target != _WAIT}


def _ask_all(questions: Sequence[Question], known: KnownFacts, decided: dict[str, str]) -> None:
    st.markdown(
        _("有 **{n}** 个名称不能确定，请逐个决定。未决定的行会等待核对；决定会记住。").format(
            n=formatting.count(len(questions))
        )
    )
    firms = [each for each in questions if each.kind == "supplier" and not each.suggestions]
    if firms and st.button(
        _("没有相近名称的 {n} 家都登记为新企业").format(n=formatting.count(len(firms))),
        icon=":material/domain_add:",
    ):
        for each in firms:
            decided[each.key] = st.session_state[_widget(each)] = NEW
        st.rerun()
    for question in _turn_page(questions, "upload_names_page"):
        _ask(question, known, decided)


def _show_taken(questions: Sequence[Question], known: KnownFacts, decided: dict[str, str]) -> None:
    """Show what was placed by likeness alone; a person can say otherwise for each."""
    if not questions:
        return
    st.markdown(
        _("**{n}** 个名称写法不同，按相近自动对上。请看一遍：不是同一家的，在右边改掉。").format(
            n=len(questions)
        )
    )
    for question in _turn_page(questions, "upload_taken_page"):
        _ask(question, known, decided)


def _turn_page(questions: Sequence[Question], name: str) -> Sequence[Question]:
    pages = -(-len(questions) // _PAGE)
    if pages == 1:
        return questions
    page = st.number_input(
        _("第几页(共 {n} 页)").format(n=pages),
        min_value=1,
        max_value=pages,
        key=name,
        width=180,
    )
    return questions[(int(page) - 1) * _PAGE : int(page) * _PAGE]


def _ask(question: Question, known: KnownFacts, decided: dict[str, str]) -> None:
    names = known.names.items if question.kind == "item" else known.names.suppliers
    others = [name.key for name in names if name.key not in question.suggestions]
    new = [] if question.kind == "item" else [NEW]
    options = [_WAIT, *question.suggestions, *new, *others]
    chosen = decided.get(question.key, _WAIT)
    left, right = st.columns([1, 1.2], vertical_alignment="center")
    what = _("采购企业") if question.is_buyer else _("物料") if question.kind == "item" else _("供应商")
    near = _("没有相近的名称")
    if question.suggestions:
        told = "、".join(plain(_name_of(key, known)) for key in question.suggestions[:_NEAR_TOLD])
        near = _("相近：{name}").format(name=told)
    if question.score is not None:
        near = _("自动对上，相似度 {score}").format(score=f"{question.score:.0f}")
    left.markdown(f"**{plain(question.name)}**  \n:gray[{what} · {_rows(question.rows)} · {near}]")
    with right:
        answer = st.selectbox(
            question.name,
            options,
            index=options.index(chosen) if chosen in options else 0,
            format_func=lambda key: _option(key, question, known),
            key=_widget(question),
            label_visibility="collapsed",
        )
    decided[question.key] = answer


def _widget(question: Question) -> str:
    return f"place_{question.key}_{question.is_buyer}"


def _rows(number: int) -> str:
    return _("{n} 行").format(n=number)


def _option(key: str, question: Question, known: KnownFacts) -> str:
    if key == _WAIT:
        return _("先不定，等待核对")
    if key == NEW:
        return _("登记为新企业")
    name = _name_of(key, known)
    if key not in question.suggestions:
        return f"{name} ({key})"
    is_shared = sum(_name_of(other, known) == name for other in question.suggestions) > 1
    return _("相近：{name}").format(name=f"{name} ({key})" if is_shared else name)


def _name_of(key: str, known: KnownFacts) -> str:
    zh, en = known.labels.get(key, (None, key))
    return formatting.name_of(zh, en, key)
