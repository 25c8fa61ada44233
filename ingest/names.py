"""Names of firms and items reduced to keys: width, case, blanks, script, legal form, brackets, pinyin."""

from __future__ import annotations

import importlib.util
import json
import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import opencc

from ingest.parsing import drop_zero_width

CHINESE_FORMS: Final = (
    "股份有限责任公司", "有限责任公司", "股份有限公司", "股份公司", "有限公司", "总公司", "公司", "株式会社",
    "(株)", "㈱",
)  # fmt: skip
ENGLISH_FORMS: Final = frozenset(
    ["inc", "incorporated", "corp", "corporation", "co", "company", "ltd", "limited", "llc", "llp", "lp",
    "plc", "gmbh", "ag", "sa", "nv", "bv", "ab", "oy", "oyj", "asa", "as", "aps", "spa", "srl", "sarl", "sas",
    "kk", "kgaa", "kg", "se", "pte", "pty", "sdn", "bhd", "jsc", "ojsc", "pjsc"]
)  # fmt: skip
DOTTED: Final = re.compile(r"\b((?:[a-z]\.)+[a-z]?)(?![a-z])")
WORDS: Final = re.compile(r"[^\W_]+")
BRACKETED: Final = re.compile(r"(?P<outer>.+?)[(\[](?P<inner>[^()\[\]]+)[)\]]")
HAN: Final = re.compile("[\u3400-\u9fff]")
# Simplified names use these signs too, beside the ones that opencc turns them into: 上海新昇 is not 上海新升.
KEPT: Final = (("昇", "\ue000"), ("乾", "\ue001"), ("鉅", "\ue002"))
# Signs that opencc would change in a name without common Chinese signs, where `name_key` does not ask it.
RARE: Final = re.compile("[\U00010000-\U0010ffff]")
BLANKS_IN_LINE: Final = re.compile(r"[^\S\n]+")
KEYS_AT_ONCE: Final = 10_000
TONES: Final = re.compile("[\u0300-\u036f]")
# The reading that firms' names use, where another stands first in the dictionary.
READINGS: Final = {
    "长": "chang", "重": "zhong", "行": "hang", "单": "dan", "石": "shi", "车": "che", "都": "du", "乐": "le",
    "大": "da",
}  # fmt: skip


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _simplify(text: str) -> str:
    # Replacing is many times faster than translating.
    for sign, stand_in in KEPT:
        text = text.replace(sign, stand_in)
    simplified: str = _converter().convert(text)
    for sign, stand_in in KEPT:
        simplified = simplified.replace(stand_in, sign)
    return simplified


@lru_cache(maxsize=16384)
def name_key(text: str) -> str:
    """Reduce a name to what makes two spellings the same name: width, case, blanks and script.

    Parameters
    ----------
    text
        A name.

    Returns
    -------
    str
        Key; names with one key are one name.

    Examples
    --------
    >>> name_key(" ＡＳＭＬ Holding ") == name_key("asml holding")
    True
    >>> name_key("臺積電") == name_key("台积电")
    True
    """
    plain = unicodedata.normalize("NFKC", drop_zero_width(text)).casefold()
    joined = "".join(plain.split())
    return _simplify(joined) if HAN.search(joined) else joined


def name_keys(names: Sequence[str]) -> list[str]:
    """Reduce many names at once.

    Parameters
    ----------
    names
        Names.

    Returns
    -------
    list[str]
        `name_key` of each; a name that is its own key is the same object.

    Examples
    --------
    >>> name_keys(["臺積電", "ASML Holding"])
    ['台积电', 'asmlholding']
    """
    blocks = (names[start : start + KEYS_AT_ONCE] for start in range(0, len(names), KEYS_AT_ONCE))
    return [key for block in blocks for key in _block_keys(block)]


def _block_keys(names: Sequence[str]) -> Iterable[str]:
    """Reduce names that stand below each other; a line is in no spelling of any name."""
    joined = "\n".join(names)
    plain = unicodedata.normalize("NFKC", drop_zero_width(joined)).casefold()
    if joined.count("\n") != len(names) - 1 or RARE.search(plain):
        return map(name_key, names)
    plain = BLANKS_IN_LINE.sub("", plain)
    keys = (_simplify(plain) if HAN.search(plain) else plain).split("\n")
    return (name if name == key else key for name, key in zip(names, keys, strict=True))


@lru_cache(maxsize=8192)
def split_legal_form(text: str) -> tuple[str, str]:
    """Split a firm's name into its core and its legal form.

    Parameters
    ----------
    text
        A firm's name.

    Returns
    -------
    tuple[str, str]
        Core key without punctuation and brackets, and the legal form (empty when the name has none).

    Examples
    --------
    >>> split_legal_form("华虹半导体(无锡)有限公司")
    ('华虹半导体无锡', '有限公司')
    >>> split_legal_form("Tokyo Electron Co., Ltd.")
    ('tokyoelectron', 'coltd')
    """
    key = name_key(text)
    if HAN.search(key):
        return split_chinese_form(key)
    plain = unicodedata.normalize("NFKC", drop_zero_width(text)).casefold()
    words = WORDS.findall(DOTTED.sub(lambda match: match[1].replace(".", ""), plain))
    end = len(words)
    while end > 1 and words[end - 1] in ENGLISH_FORMS:
        end -= 1
    return "".join(words[:end]), "".join(words[end:])


def split_chinese_form(key: str) -> tuple[str, str]:
    """Split a key with Chinese signs as `split_legal_form` splits its name.

    Parameters
    ----------
    key
        From `name_key`.

    Returns
    -------
    tuple[str, str]
        Core and legal form.

    Examples
    --------
    >>> split_chinese_form("通威(集团)有限公司")
    ('通威集团', '有限公司')
    """
    form = next((form for form in CHINESE_FORMS if key.endswith(form) and len(key) > len(form)), "")
    return "".join(WORDS.findall(key.removesuffix(form))), form


def bracket_parts(text: str) -> tuple[str, ...]:
    """Split a name that ends in brackets.

    Parameters
    ----------
    text
        A name such as ``超威半导体(AMD)``.

    Returns
    -------
    tuple[str, ...]
        What stands before and within the brackets, empty when the name has none at its end.

    Examples
    --------
    >>> bracket_parts("超威半导体(AMD)")
    ('超威半导体', 'AMD')
    """
    match = BRACKETED.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return (match["outer"].strip(), match["inner"].strip()) if match else ()


class _Syllables(dict[int, str]):
    """Syllable of each sign, for `str.translate`, which asks for one sign at a time."""

    def __init__(self) -> None:
        # The table alone: importing the package costs half a second and 45 MB more, for phrases.
        spec = importlib.util.find_spec("pypinyin")
        table = Path(str(spec and spec.origin)).with_name("pinyin_dict.json").read_text(encoding="utf-8")
        super().__init__({ord(sign): syllable for sign, syllable in READINGS.items()})
        self.readings: dict[str, str] = json.loads(table)

    def __missing__(self, code: int) -> str:
        first = self.readings.get(str(code), "").split(",")[0]
        said = TONES.sub("", unicodedata.normalize("NFD", first)) or chr(code)
        self[code] = said
        return said


@lru_cache(maxsize=1)
def _syllables() -> _Syllables:
    return _Syllables()


def pinyin(text: str) -> str:
    """Spell a name in pinyin without tones, so that homophones meet.

    Parameters
    ----------
    text
        A key.

    Returns
    -------
    str
        Syllables joined, one reading a sign; text without Chinese characters stays as it is.

    Examples
    --------
    >>> pinyin("中芯国际") == pinyin("中心国际") == "zhongxinguoji"
    True
    """
    return text.translate(_syllables()) if HAN.search(text) else text
