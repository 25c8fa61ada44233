"""What a person has chosen: kept through the session and written into the link, so it can be shared.

Every choice has a short name. A link that names it wins once; a click wins afterwards; what is not a valid
value falls back to the default. Widgets only mirror the choice, so leaving a page does not forget it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn, TypeVar

import streamlit as st

from chains.model import Mode, Perspective
from views.registry import page_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_CHOICES = "choices"
_WRITTEN = "written_to_link"
Value = TypeVar("Value", bound=str)


@dataclass(frozen=True, slots=True)
class Selection:
    """What the sidebar says: every page shows this chain in this mode at this horizon.

    Attributes
    ----------
    chain_id
        The chosen chain; ``None`` while no chain is loaded.
    mode
        存量运行 or 新建扩产.
    horizon
        Days.
    perspective
        本土视角 or 全球视角; home unless the world's is asked for.
    """

    chain_id: str | None
    mode: Mode
    horizon: int
    perspective: Perspective = Perspective.HOME


def get_selection() -> Selection:
    """Read what the sidebar says.

    Returns
    -------
    Selection
        Valid on every page: the sidebar is drawn before the page.
    """
    choices = _choices()
    return Selection(
        choices.get("chain"),
        Mode(choices.get("mode", Mode.RUN)),
        int(choices.get("horizon", 180)),
        Perspective(choices.get("view", Perspective.HOME)),
    )


def settle(name: str, options: Sequence[Value], default: Value) -> Value:
    """Decide the value of a choice: the link when it is new, else the last click, else the default.

    Parameters
    ----------
    name
        The choice, also its name in links.
    options
        Valid values.
    default
        What stands when neither link nor session has a valid value.

    Returns
    -------
    str
        One of `options`, or `default` when there are none.
    """
    linked = st.query_params.get(name)
    choices = _choices()
    if linked is not None and linked != _written().get(name):
        choices[name] = linked
    if choices.get(name) not in options:
        choices[name] = default
    _publish(name, choices[name])
    return next((option for option in options if option == choices[name]), default)


def read_link(name: str) -> str | None:
    """Read a free value from the link, such as the key of a node.

    Parameters
    ----------
    name
        The name in the link.

    Returns
    -------
    str or None
        ``None`` when the link does not name it.
    """
    return st.query_params.get(name)


def open_page(page_id: str, **link: str) -> NoReturn:
    """Leave for another page.

    Parameters
    ----------
    page_id
        As in `views.registry.PAGES`.
    **link
        Values for the link of that page, such as ``scope`` and ``key``.
    """
    st.switch_page(page_file(page_id), query_params=link)


def choose(
    label: str,
    name: str,
    *,
    options: Sequence[Value],
    default: Value,
    show: Callable[[Value], str] = str,
    help_text: str | None = None,
) -> Value:
    """Draw a select box for a choice.

    Parameters
    ----------
    label
        Above the box.
    name
        The choice, also its name in links.
    options
        Valid values, at least one.
    default
        The value of a first visit.
    show
        Writes a value for the screen.
    help_text
        Behind the question mark.

    Returns
    -------
    str
        The chosen value.
    """
    value = settle(name, options, default)
    key = _mirror(name, value)
    st.selectbox(
        label,
        options,
        key=key,
        format_func=show,
        help=help_text,
        on_change=_remember,
        args=(name, key),
    )
    return value


def choose_segment(
    label: str,
    name: str,
    *,
    options: Sequence[Value],
    default: Value,
    show: Callable[[Value], str] = str,
    help_text: str | None = None,
) -> Value:
    """Draw a row of buttons for a choice of few values.

    Parameters
    ----------
    label
        Above the buttons.
    name
        The choice, also its name in links.
    options
        Valid values, at least one.
    default
        The value of a first visit.
    show
        Writes a value for the screen.
    help_text
        Behind the question mark.

    Returns
    -------
    str
        The chosen value.
    """
    value = settle(name, options, default)
    key = _mirror(name, value)
    st.segmented_control(
        label,
        options,
        key=key,
        format_func=show,
        help=help_text,
        on_change=_remember,
        args=(name, key),
        required=True,
        width="stretch",
    )
    return value


def choose_many(
    label: str,
    name: str,
    *,
    options: Sequence[Value],
    default: Sequence[Value],
    show: Callable[[Value], str] = str,
    help_text: str | None = None,
) -> tuple[Value, ...]:
    """Draw pills of which several may be on.

    Parameters
    ----------
    label
        Above the pills.
    name
        The choice; in links its values are joined by commas.
    options
        Valid values, without commas.
    default
        The values of a first visit, and when none is left on.
    show
        Writes a value for the screen.
    help_text
        Behind the question mark.

    Returns
    -------
    tuple of str
        At least one value, in the order of `options`.
    """
    linked = st.query_params.get(name)
    choices = _choices()
    if linked is not None and linked != _written().get(name):
        choices[name] = linked
    wanted = set(choices.get(name, "").split(","))
    chosen = tuple(option for option in options if option in wanted) or tuple(default)
    choices[name] = ",".join(chosen)
    _publish(name, choices[name])
    key = f"widget_{name}"
    st.session_state[key] = list(chosen)
    st.pills(
        label,
        options,
        selection_mode="multi",
        key=key,
        format_func=show,
        help=help_text,
        on_change=_remember_many,
        args=(name, key),
    )
    return chosen


def _choices() -> dict[str, str]:
    choices: dict[str, str] = st.session_state.setdefault(_CHOICES, {})
    return choices


def _written() -> dict[str, str]:
    written: dict[str, str] = st.session_state.setdefault(_WRITTEN, {})
    return written


def _publish(name: str, value: str) -> None:
    _written()[name] = value
    if st.query_params.get(name) != value:
        st.query_params[name] = value


def _mirror(name: str, value: str) -> str:
    key = f"widget_{name}"
    st.session_state[key] = value
    return key


def _remember(name: str, key: str) -> None:
    value = st.session_state.get(key)
    if value is not None:
        _choices()[name] = value


def _remember_many(name: str, key: str) -> None:
    _choices()[name] = ",".join(st.session_state.get(key) or ())
