"""Which encoding a text file is in (rule 9): BOM, then UTF-8, then GB18030; never a guess past that."""

from __future__ import annotations

import codecs
from typing import Final

from ingest.choice import ENCODINGS
from ingest.errors import UploadRefusedError

UTF32_STARTS: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
FIRST_WIDE: Final = "\u0800"


def find_encoding(content: bytes, chosen: str | None = None) -> str:
    """Find the encoding that decodes a whole file.

    Parameters
    ----------
    content
        A text file.
    chosen
        Key of `ingest.choice.ENCODINGS`, when a person said which.

    Returns
    -------
    str
        ``utf-8-sig``, ``utf-8``, ``utf-16`` or ``gb18030``; another one only when it was chosen.

    Raises
    ------
    UploadRefusedError
        ``encoding`` when no reading is certain, ``chosen-encoding`` when the chosen one does not decode.
    """
    if chosen is not None:
        return _decode_as_chosen(content, chosen)
    if content.startswith(UTF32_STARTS):
        raise UploadRefusedError("encoding")
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            # A byte order mark is a promise: bytes that break it are damage, not another encoding.
            return _decodes(content, encoding)
    try:
        return _decodes(content, "utf-8")
    except UploadRefusedError:
        if _is_broken_utf8(content):
            raise
        return _decodes(content, "gb18030")


def _decode_as_chosen(content: bytes, chosen: str) -> str:
    encoding = ENCODINGS[chosen]
    if encoding == "utf-8" and content.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    if encoding == "utf-16" and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # Latin signs have their zero byte behind them in one order and before them in the other.
        little = content[1::2].count(0) >= content[0::2].count(0)
        encoding = "utf-16-le" if little else "utf-16-be"
    try:
        return _decodes(content, encoding)
    except UploadRefusedError as refusal:
        raise UploadRefusedError("chosen-encoding", encoding=chosen) from refusal


def _decodes(content: bytes, encoding: str) -> str:
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UploadRefusedError("encoding") from error
    return encoding


def _is_broken_utf8(content: bytes) -> bool:
    """Tell damaged UTF-8 from GBK: three-byte sequences of UTF-8 hardly ever occur in GBK text by chance."""
    text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    wide = sum(1 for sign in text if sign >= FIRST_WIDE) - broken
    return wide >= broken
