"""Names of firms and items reduced to keys: width, case, blanks, script, legal form, brackets, pinyin."""

from __future__ import annotations

import importlib
import re
import unicodedata
from functools import lru_cache
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
PLACES: Final = (
    "中国", "北京", "上海", "天津", "重庆", "江苏", "浙江", "安徽", "广东", "山东", "福建", "湖北", "湖南",
    "四川", "河南", "河北",
    "陕西", "辽宁", "江西", "台湾", "香港", "深圳", "广州", "苏州", "无锡", "南京", "常州", "南通", "扬州",
    "镇江", "泰州", "徐州",
    "盐城", "淮安", "连云港", "宿迁", "杭州", "宁波", "合肥", "武汉", "成都", "西安", "厦门", "青岛", "大连",
    "东莞", "昆山",
)  # fmt: skip
LOOSE_WORDS: Final = ("集团", "控股", "科技", "(中国)", "实业")


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=65536)
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
    return _converter().convert(joined) if HAN.search(joined) else joined


@lru_cache(maxsize=65536)
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
        form = next((form for form in CHINESE_FORMS if key.endswith(form) and len(key) > len(form)), "")
        return "".join(WORDS.findall(key.removesuffix(form))), form
    plain = unicodedata.normalize("NFKC", drop_zero_width(text)).casefold()
    words = WORDS.findall(DOTTED.sub(lambda match: match[1].replace(".", ""), plain))
    end = len(words)
    while end > 1 and words[end - 1] in ENGLISH_FORMS:
        end -= 1
    return "".join(words[:end]), "".join(words[end:])


def loose_key(text: str) -> str:
    """Reduce a firm's name further, for suggestions only: places in front and words like 集团 go too.

    Parameters
    ----------
    text
        A firm's name.

    Returns
    -------
    str
        Key, never empty for a name with letters.

    Examples
    --------
    >>> loose_key("江苏长电科技股份有限公司")
    '长电'
    """
    core, _ = split_legal_form(text)
    short = core
    for place in PLACES:
        if short.startswith(place):
            short = short.removeprefix(place).removeprefix("省").removeprefix("市")
            break
    for word in LOOSE_WORDS:
        short = short.replace(word, "")
    return short or core


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


@lru_cache(maxsize=65536)
def pinyin(text: str) -> str:
    """Spell a name in pinyin without tones, so that homophones meet.

    Parameters
    ----------
    text
        A key.

    Returns
    -------
    str
        Syllables joined; text without Chinese characters stays as it is.

    Examples
    --------
    >>> pinyin("中芯国际") == pinyin("中心国际")
    True
    """
    if not HAN.search(text):
        return text
    # Half a second and 45 MB, so only lists with unknown Chinese names pay for it.
    module = importlib.import_module("pypinyin")
    return "".join(module.lazy_pinyin(text))
