"""Which encoding a text file is in (rule 9): BOM, then UTF-8, then GB18030; never a guess past that."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Callable
from typing import Final

from ingest.choice import ENCODINGS
from ingest.errors import UploadRefusedError

UTF32_STARTS: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
WIDE: Final = re.compile("[\u0800-\U0010ffff]+")
HAN: Final = re.compile("[\u3400-\u9fff]")
UTF8_HAN: Final = re.compile(rb"(?:[\xe4-\xe9][\x80-\xbf]{2}){2}")
HIGH_PAIR: Final = re.compile(rb"[\x81-\xfe][\x80-\xfe]|[\x81-\xfe][0-9][\x81-\xfe][0-9]")
# A pair of high bytes that is not between two letters, or three of them.
CHINESE_RUN: Final = re.compile(
    rb"(?<![A-Za-z\x81-\xfe])[\x81-\xfe][\x80-\xfe](?![\x80-\xfe])|[\x80-\xfe]{3}"
    rb"|(?<![\x81-\xfe])[\x81-\xfe][\x80-\xfe](?![A-Za-z\x80-\xfe])"
    rb"|[\x81-\xfe][0-9][\x81-\xfe][0-9]"
)
SYMBOLS: Final = re.compile("[\u3000-\u303f\uff00-\uffef]")
KANA: Final = re.compile("[\u3041-\u30ff]")
OTHER_SCRIPTS: Final = ("big5", "shift_jis")
USUAL: Final = 0.8
LAST_COMMON: Final = 0xD7
SURE_HAN: Final = 4
PIECE: Final = 1 << 20


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
        _decodes(content, "gb18030")
        if _has_line_of_utf8(content) or _is_one_byte_text(content):
            raise
        if not _is_usual_gbk(content) and (_is_broken_utf8(content) or _is_other_script(content)):
            raise
        return "gb18030"


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
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        # In pieces, for a whole file as text takes up to four times its bytes.
        for start in range(0, len(content), PIECE):
            decoder.decode(content[start : start + PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise UploadRefusedError("encoding") from error
    return encoding


def _has_line_of_utf8(content: bytes) -> bool:
    """Find lines of Chinese in UTF-8 in a file that is not: half of it would turn to noise."""
    end = 0
    while match := UTF8_HAN.search(content, end):
        start = max(content.rfind(b"\n", 0, match.start()) + 1, end)
        end = content.find(b"\n", match.end()) + 1 or len(content)
        try:
            text = content[start:end].decode()
        except UnicodeDecodeError:
            continue
        if len(HAN.findall(text)) >= SURE_HAN:
            return True
    return False


def _is_one_byte_text(content: bytes) -> bool:
    """Tell Latin letters with accents from GBK: Chinese has pairs of high bytes, ü before a letter none.

    A pair within a word of letters is none either (Fäßler), where no Chinese word stands in the file.
    """
    return not HIGH_PAIR.search(content) or not CHINESE_RUN.search(content)


def _is_usual_gbk(content: bytes) -> bool:
    """Tell whether nearly all signs are those of simplified Chinese; noise hardly ever is."""
    return _share(_sample(content).decode("gb18030", "ignore"), _is_in_gb2312) >= USUAL


def _is_other_script(content: bytes) -> bool:
    """Tell Big5 and Shift-JIS from GBK in traditional script by which of them gives the more common signs."""
    sample = _sample(content)
    as_gbk = _share(_simplified(sample.decode("gb18030", "ignore")), _is_common)
    for encoding in OTHER_SCRIPTS:
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _share(_simplified(text), _is_common) > as_gbk:
            return True
    return False


def _sample(content: bytes) -> bytes:
    return content[:PIECE].rpartition(b"\n")[0] or content[:PIECE]


def _simplified(text: str) -> str:
    from ingest.names import name_key  # noqa: PLC0415 - a dictionary that few files need

    return name_key(text)


def _share(text: str, is_such: Callable[[str], bool]) -> float:
    counted = Counter(sign for sign in text if not sign.isascii())
    return sum(n for sign, n in counted.items() if is_such(sign)) / max(counted.total(), 1)


def _is_in_gb2312(sign: str) -> bool:
    return SYMBOLS.match(sign) is not None or _lead_byte(sign) > 0


def _is_common(sign: str) -> bool:
    return KANA.match(sign) is not None or 0 < _lead_byte(sign) <= LAST_COMMON


def _lead_byte(sign: str) -> int:
    """Return where a Chinese sign stands in GB2312, which has the common ones first; 0 for none."""
    try:
        return sign.encode("gb2312")[0] if HAN.match(sign) else 0
    except UnicodeEncodeError:
        return 0


def _is_broken_utf8(content: bytes) -> bool:
    """Tell damaged UTF-8 from GBK: three-byte sequences of UTF-8 hardly ever occur in GBK text by chance."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    wide = broken = 0
    for start in range(0, len(content), PIECE):
        text = decoder.decode(content[start : start + PIECE])
        lost = text.count("\ufffd")
        broken += lost
        wide += len(text) - len(WIDE.sub("", text)) - lost
    return wide >= broken
