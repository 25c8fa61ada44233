"""How alike two names of items are: what may differ is punctuation, number and one slip of the pen.

Unlike firms, items of nearly one name are often two things (KrF and ArF, 8 and 12 inch), so everything else
is held below the threshold of `ingest.resolution`.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz

from ingest.likeness import ONE_TYPO, OTHER_NUMBER, SAME, UNSURE, is_one_typo, singular
from ingest.names import HAN, WORDS, name_key
from ingest.parsing import drop_zero_width

SHORT_WORD: Final = 4
JOINTS: Final = re.compile(r"[、,,;;/&+·・]|和|与|及|以及|用(?=[^户途])|的")
DIGITS: Final = re.compile(r"\d+(?:\.\d+)?")
SMALL_WORDS: Final = frozenset(["and", "or", "of", "for", "the", "a", "an", "in", "with"])


@dataclass(frozen=True, slots=True)
class ItemName:
    """A name of an item taken apart: joined core, words of a Latin name, its numbers in order."""

    core: str
    words: tuple[str, ...]
    numbers: tuple[str, ...]


@lru_cache(maxsize=8192)
def take_item_apart(name: str) -> ItemName:
    """Take the name of an item apart.

    Parameters
    ----------
    name
        As written.

    Returns
    -------
    ItemName
        Without punctuation, brackets and joining words.

    Examples
    --------
    >>> take_item_apart("湿法刻蚀与清洗设备").core == take_item_apart("湿法刻蚀、清洗设备").core
    True
    >>> take_item_apart("Silicon wafers (12-inch)").words
    ('silicon', 'wafer', '12', 'inch')
    """
    key = name_key(name)
    numbers = tuple(DIGITS.findall(key))
    if HAN.search(key):
        core = "".join(WORDS.findall(JOINTS.sub("", key)))
        return ItemName(core or key, (), numbers)
    plain = unicodedata.normalize("NFKC", drop_zero_width(name)).casefold()
    words = tuple(singular(word, SHORT_WORD) for word in WORDS.findall(plain) if word not in SMALL_WORDS)
    return ItemName("".join(words) or key, words, numbers)


def score_items(one: ItemName, known: ItemName) -> float:
    """Score how surely two names are of one item.

    Parameters
    ----------
    one, known
        Names taken apart.

    Returns
    -------
    float
        0 to 100; 100 when nothing but punctuation, joining words or number differ.
    """
    if one.numbers != known.numbers:
        return min(fuzz.ratio(one.core, known.core), OTHER_NUMBER)
    if one.core == known.core:
        return SAME
    if one.words and known.words and is_one_typo(one.words, known.words):
        return ONE_TYPO
    return min(fuzz.ratio(one.core, known.core), UNSURE)
