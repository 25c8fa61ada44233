"""The words with which a command says how a list is to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chains.errors import UnknownKeyError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.choice import Choice

IGNORED = "-"


def parse_choice(maps: Iterable[str], *, encoding: str | None, separator: str | None) -> Choice:
    """Read ``--map``, ``--encoding`` and ``--separator``.

    Parameters
    ----------
    maps
        ``FIELD=HEADER`` each; the field by its name or by a header that is recognised, ``-`` for a column
        that has no meaning here.
    encoding
        auto or a key of `ingest.choice.ENCODINGS`.
    separator
        auto, a key of `ingest.choice.SEPARATOR_NAMES`, or the sign itself.

    Returns
    -------
    Choice
        Automatic when nothing is said.

    Raises
    ------
    UnknownKeyError
        For a word that names no field, encoding or separator, and for a field or header that stands twice.
    """
    from ingest.choice import ENCODINGS, SEPARATOR_NAMES, Choice

    pairs = tuple(_parse_pair(text) for text in maps)
    _refuse_repeated([field for field, _ in pairs if field])
    _refuse_repeated([header for _, header in pairs])
    signs = SEPARATOR_NAMES | {sign: sign for sign in SEPARATOR_NAMES.values()}
    return Choice(
        _look_up(encoding, {name: name for name in ENCODINGS}, "encoding", "编码"),
        _look_up(separator, signs, "separator", "分隔符"),
        None,
        pairs,
    )


def _parse_pair(text: str) -> tuple[str, str]:
    from ingest.columns import COLUMN_OF
    from ingest.headers import ALIASES, header_key

    word, equals, header = text.partition("=")
    field = "" if word.strip() == IGNORED else ALIASES.get(header_key(word), word.strip())
    if not equals or not header.strip() or (field and field not in COLUMN_OF):
        known = ", ".join(COLUMN_OF)
        raise UnknownKeyError(
            f"--map wants FIELD=HEADER with a field of {known}, not {text!r}",
            zh=f"--map 要写成 字段=表头,字段为 {known} 之一;不认得 {text!r}",
        )
    return field, header.strip()


def _refuse_repeated(words: list[str]) -> None:
    for word in words:
        if words.count(word) > 1:
            raise UnknownKeyError(f"--map names {word!r} twice", zh=f"--map 里 {word!r} 出现了两次")


def _look_up(word: str | None, known: dict[str, str], en: str, zh: str) -> str | None:
    if word is None or word.casefold() in {"auto", ""}:
        return None
    found = known.get(word.casefold())
    if found is None:
        names = ", ".join(["auto", *(name for name in known if name.isalnum() or "-" in name)])
        raise UnknownKeyError(f"no {en} {word!r}; known: {names}", zh=f"没有{zh} {word!r};可用:{names}")
    return found
