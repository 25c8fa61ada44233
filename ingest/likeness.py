"""How alike two names are: rapidfuzz over cleaned names, held down wherever something tells two firms apart.

The score is no probability. What it is worth is measured on labelled pairs (docs/upload.md, Matching).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from ingest.legal_forms import COUNTRIES_OF_FORM, STOCK, chinese_form, forms_agree, latin_form
from ingest.names import DOTTED, HAN, WORDS, name_key
from ingest.parsing import drop_zero_width
from ingest.places import ABROAD, WORDS_IN_ENGLISH, find_place, leading_place, places_agree

SAME: Final = 100.0
ONE_TYPO: Final = 94.0
TAIL_LEFT_OUT: Final = 93.0
PLACE_FITS: Final = 96.0
CHINA: Final = frozenset({"CHN", "TWN", "HKG", "MAC"})

# What holds a score down, each below the threshold of `ingest.resolution`.
OTHER_NUMBER: Final = 70.0
OTHER_PLACE: Final = 75.0
OTHER_COUNTRY: Final = 80.0
OTHER_PART: Final = 85.0
UNSURE: Final = 88.0

BRACKETS: Final = re.compile(r"[(\[【〔<《]([^()\[\]【】〔〕<>《》]*)[)\]】〕>》]")
NUMBERS: Final = re.compile(
    r"\d+|第?[一二三四五六七八九十]+(?=厂|期|号|分公司|公司|工厂|事业|车间|线|所|院|部)"
)
ROMAN: Final = frozenset(["ii", "iii", "iv", "vi", "vii", "viii"])
BRANCHES: Final = re.compile(
    r"(分公司|办事处|事业部|分厂|工厂|厂|研究院|研究所|研究中心|实验室|学院|大学|中心|车间|基地|代表处)$"
)
GROUPS: Final = re.compile(r"(集团|控股|投资|控股集团|\(集团\))+$")
GROUP_WORDS: Final = frozenset(["group", "holding", "holdings"])
GENERIC: Final = re.compile(
    r"(半导体|微电子|电子|科技|技术|材料|新材料|化学|化工|电气|电器|能源|新能源|光电|机械|精密|设备|装备|智能|"
    r"信息|网络|通信|软件|系统|工业|实业|发展|制造|产业|贸易|国际|集成电路|光伏|太阳能|特种|气体|石化|石油|钢铁|"
    r"电力|电机|仪器|仪表|汽车|投资|控股|集团)+"
)
TAILS: Final = ("科技", "技术")
SHORTEST_BEFORE_TAIL: Final = 4
# Where a firm has its full name in Chinese, or may have: the country of a known firm may be unknown.
CHINESE_COUNTRIES: Final = frozenset({None, "CHN", "TWN", "HKG", "MAC"})
SAME_WORD: Final = {
    "technologies": "technology", "tech": "technology", "mfg": "manufacturing", "intl": "international",
    "electronics": "electronic", "and": "", "the": "",
}  # fmt: skip
LONG_WORD: Final = 6
LONG_NAME: Final = 10


@dataclass(frozen=True, slots=True)
class FirmName:
    """A firm's name taken apart.

    Attributes
    ----------
    core
        What makes the firm: without legal form, places, brackets and 集团.
    words
        Words of a Latin core; empty for a Chinese one.
    form
        Legal form of `ingest.legal_forms`; empty for none.
    places, site
        Places in front (or as words), and in brackets.
    group, branch
        Whether it says 集团 or Group, and what part of a firm it names (分公司).
    numbers
        Digits and counted parts (一厂), in order.
    notes
        Brackets that are neither place nor form; 控股 and 投资.
    """

    core: str
    words: tuple[str, ...] = ()
    form: str = ""
    places: frozenset[str] = frozenset()
    site: frozenset[str] = frozenset()
    group: bool = False
    branch: str = ""
    numbers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@lru_cache(maxsize=8192)
def take_apart(name: str) -> FirmName:
    """Take a firm's name apart.

    Parameters
    ----------
    name
        As written.

    Returns
    -------
    FirmName
        Its core is never empty for a name with letters.

    Examples
    --------
    >>> parts = take_apart("江苏长电科技股份有限公司")
    >>> parts.core, parts.form, sorted(parts.places)
    ('长电科技', 'stock', ['江苏'])
    >>> take_apart("华虹半导体(无锡)有限公司").site
    frozenset({'无锡'})
    >>> take_apart("Tokyo Electron Co., Ltd.").words
    ('tokyo', 'electron')
    """
    key = name_key(name)
    return _chinese(key) if HAN.search(key) else _latin(name)


def _chinese(key: str) -> FirmName:
    outer, form = chinese_form(key)
    insides = [inner for inner in BRACKETS.findall(outer) if inner]
    core = BRACKETS.sub("", outer)
    if not form:
        core, form = chinese_form(core)
    site = frozenset(place for inner in insides if (place := find_place(inner)))
    is_group = "集团" in insides or "控股" in insides
    notes = tuple(inner for inner in insides if not find_place(inner) and inner != "集团")
    numbers = tuple(NUMBERS.findall(core))
    shorter = BRANCHES.sub("", core)
    branch = core[len(shorter) :] if len(shorter) > 1 else ""
    core = shorter if branch else core
    if len(short := GROUPS.sub("", core)) > 1 and short != core:
        # 集团, 控股 and 集团投资 of one stem are firms of their own.
        notes += tuple(word for word in ("控股", "投资") if word in core[len(short) :])
        core, is_group = short, True
    if not form and branch:
        core, form = chinese_form(core)
    core, places = _without_places("".join(WORDS.findall(core)))
    if not core:
        core, notes = "".join(WORDS.findall(key)), ()
    return FirmName(core, (), form, places, site, is_group, branch, numbers, notes)


def _without_places(core: str) -> tuple[str, frozenset[str]]:
    """Take places off the front, unless only words of a trade would be left (上海微电子)."""
    places: set[str] = set()
    place, rest = leading_place(core)
    while place and len(rest) > 1 and not GENERIC.fullmatch(rest):
        core = rest
        places.add(place)
        place, rest = leading_place(core)
    return core, frozenset(places)


def _latin(name: str) -> FirmName:
    plain = unicodedata.normalize("NFKC", drop_zero_width(name)).casefold()
    if not plain.isascii():
        plain = "".join(
            sign for sign in unicodedata.normalize("NFD", plain) if not unicodedata.combining(sign)
        )
    plain = DOTTED.sub(lambda match: match[1].replace(".", ""), plain).replace("'", "")
    insides = [" ".join(WORDS.findall(inner)) for inner in BRACKETS.findall(plain)]
    words, form = latin_form(WORDS.findall(BRACKETS.sub(" ", plain)) or WORDS.findall(plain))
    site = frozenset(inner for inner in insides if set(inner.split()) <= WORDS_IN_ENGLISH and inner)
    notes = tuple(inner for inner in insides if inner and inner not in site)
    places = frozenset(word for word in words[1:] if word in WORDS_IN_ENGLISH)
    is_group = any(word in GROUP_WORDS for word in words[1:])
    notes += ("holding",) if any(word.startswith("holding") for word in words[1:]) else ()
    kept = tuple(
        same
        for at, word in enumerate(words)
        if at == 0 or (word not in places and word not in GROUP_WORDS)
        if (same := singular(word))
    )
    numbers = tuple(word for word in kept if word.isdigit() or word in ROMAN)
    numbers += tuple(number for word in kept if not word.isdigit() for number in re.findall(r"\d+", word))
    return FirmName("".join(kept), kept, form, places, site, is_group, "", numbers, notes)


def singular(word: str, shortest: int = LONG_WORD) -> str:
    """Reduce a Latin word to the form in which spellings of it meet.

    Parameters
    ----------
    word
        In lower case.
    shortest
        Letters that a word has at least whose plural is taken off.

    Returns
    -------
    str
        Empty for words that say nothing.

    Examples
    --------
    >>> singular("technologies"), singular("wafers"), singular("glass"), singular("tools", 4)
    ('technology', 'wafer', 'glass', 'tool')
    """
    known = SAME_WORD.get(word)
    if known is not None:
        return known
    if word.endswith("ies") and len(word) >= LONG_WORD:
        return word[:-3] + "y"
    is_plural = word.endswith("s") and not word.endswith(("ss", "us", "is", "ics"))
    return word[:-1] if is_plural and len(word) >= shortest else word


def score_firms(
    one: FirmName, known: FirmName, *, home: frozenset[str] = frozenset(), country: str | None = None
) -> float:
    """Score how surely two names are of one firm.

    Parameters
    ----------
    one
        Name of a list.
    known
        Name of a known firm.
    home
        Province and city of the known firm, of `ingest.places.PLACES`.
    country
        ISO alpha-3 of the known firm.

    Returns
    -------
    float
        0 to 100; 100 when nothing but spelling, legal form of one class or blanks differ.
    """
    limits = [_score_cores(one, known, is_chinese=country in CHINESE_COUNTRIES)]
    if one.numbers != known.numbers:
        limits.append(OTHER_NUMBER)
    if one.branch != known.branch or one.notes != known.notes or one.group != known.group:
        limits.append(OTHER_PART)
    if not forms_agree(one.form, known.form):
        limits.append(UNSURE)
    if country and country not in COUNTRIES_OF_FORM.get(one.form, {country}):
        limits.append(OTHER_COUNTRY)
    limits.append(_score_places(one, known, home, country))
    return min(limits)


def _score_cores(one: FirmName, known: FirmName, *, is_chinese: bool) -> float:
    if one.core == known.core:
        return SAME
    if one.words and known.words:
        near = fuzz.ratio(one.core, known.core)
        return ONE_TYPO if is_one_typo(one.words, known.words) else min(near, UNSURE)
    # 兆易创新科技股份有限公司 for 兆易创新: a listed firm's short name leaves 科技 out.
    is_listed = is_chinese and one.form == STOCK and len(known.core) >= SHORTEST_BEFORE_TAIL
    if is_listed and any(one.core == known.core + tail for tail in TAILS):
        return TAIL_LEFT_OUT
    # One other sign in a Chinese name is another firm: 鑫华 and 芯华.
    return min(fuzz.ratio(one.core, known.core), UNSURE)


def is_one_typo(words: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """Tell a slip of the pen in one long word from another word.

    Parameters
    ----------
    words, known
        Words of two Latin names.

    Returns
    -------
    bool
        True when all words but one are the same, and that one has six letters or more, is no place, begins
        alike and differs by one letter left out, added, changed or swapped.

    Examples
    --------
    >>> is_one_typo(("appiled", "material"), ("applied", "material"))
    True
    >>> is_one_typo(("shanxi", "nonferrous"), ("shaanxi", "nonferrous"))
    False
    """
    if len(words) != len(known) or len("".join(known)) < LONG_NAME:
        return False
    differing = [(a, b) for a, b in zip(words, known, strict=True) if a != b]
    if len(differing) != 1:
        return False
    (a, b) = differing[0]
    is_long = min(len(a), len(b)) >= LONG_WORD and not any(map(str.isdigit, a + b))
    is_place = a in WORDS_IN_ENGLISH or b in WORDS_IN_ENGLISH
    return is_long and not is_place and a[0] == b[0] and OSA.distance(a, b, score_cutoff=1) == 1


def _score_places(one: FirmName, known: FirmName, home: frozenset[str], country: str | None) -> float:
    if one.site != known.site:
        other = one.site and known.site and not places_agree(one.site, known.site)
        return OTHER_PLACE if other else OTHER_PART
    if one.places == known.places:
        return SAME
    if not one.places or one.words:
        return OTHER_PART
    where = known.places | home
    if not where or one.places & {*ABROAD} or (country is not None and country not in CHINA):
        return UNSURE
    if not places_agree(one.places, where):
        return OTHER_PLACE
    return PLACE_FITS if known.places <= one.places else UNSURE
