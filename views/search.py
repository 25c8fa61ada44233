"""Finding a node by what a person types: Chinese, English, its key, or pinyin initials."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pypinyin import Style, lazy_pinyin

from chains.model import Scope
from views import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

_FIELDS = ["chain_id", "scope", "key", "name_zh", "name_en", "firms"]
_SCOPE_ORDER = {scope.value: order for order, scope in enumerate(Scope)}


@dataclass(frozen=True, slots=True)
class SearchEntry:
    """A node as it can be found.

    Attributes
    ----------
    chain_id, scope, key
        Which node.
    name_zh, name_en
        Its names.
    words
        What is searched, lower case: names, key and pinyin initials.
    """

    chain_id: str
    scope: str
    key: str
    name_zh: str | None
    name_en: str | None
    words: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name in the session's language."""
        return formatting.name_of(self.name_zh, self.name_en, self.key)


def build_index(scores: Iterable[pd.DataFrame]) -> tuple[SearchEntry, ...]:
    """Make nodes findable.

    Parameters
    ----------
    scores
        Frames with ``chain_id, scope, key, name_zh, name_en, firms``, one a chain. Groups of one firm are
        left out: the firm itself is found.

    Returns
    -------
    tuple of SearchEntry
        In the order of the frames.
    """
    return tuple(
        SearchEntry(chain_id, scope, key, name_zh, name_en, _words(key, name_zh, name_en))
        for frame in scores
        for chain_id, scope, key, name_zh, name_en, firms in frame[_FIELDS].to_numpy(dtype=object)
        if scope != Scope.PARENT.value or firms > 1
    )


def find_entries(index: Iterable[SearchEntry], words: str) -> list[SearchEntry]:
    """Find the nodes that match what was typed.

    Parameters
    ----------
    index
        From `build_index`.
    words
        Any case; all words, set apart by blanks, must match.

    Returns
    -------
    list of SearchEntry
        Exact matches first, then those that begin with it, then the rest; short names first.
    """
    wanted = words.lower().split()
    if not wanted:
        return []
    found = [(rank, entry) for entry in index if (rank := _rank(entry, wanted)) is not None]
    return [entry for _, entry in sorted(found, key=lambda pair: (pair[0], *_order(pair[1])))]


def pinyin_initials(text: str) -> str:
    """Take the first letter of every Chinese character; other signs stay.

    Parameters
    ----------
    text
        A name.

    Returns
    -------
    str
        Lower case, without blanks.

    Examples
    --------
    >>> pinyin_initials("光刻胶 KrF")
    'gkjkrf'
    """
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).replace(" ", "").lower()


def _words(key: str, name_zh: str | None, name_en: str | None) -> tuple[str, ...]:
    texts = [key]
    texts += [name for name in (name_zh, name_en) if isinstance(name, str)]
    if isinstance(name_zh, str) and not name_zh.isascii():
        texts.append(pinyin_initials(name_zh))
    return tuple(dict.fromkeys(text.lower() for text in texts))


def _rank(entry: SearchEntry, wanted: list[str]) -> int | None:
    joined = " ".join(wanted)
    if joined in entry.words:
        return 0
    if any(word.startswith(joined) for word in entry.words):
        return 1
    text = "\n".join(entry.words)
    return 2 if all(word in text for word in wanted) else None


def _order(entry: SearchEntry) -> tuple[int, int, str, str]:
    return (len(entry.name_zh or entry.key), _SCOPE_ORDER[entry.scope], entry.key, entry.chain_id)
