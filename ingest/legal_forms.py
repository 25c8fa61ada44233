"""Legal forms of firms, an own table in both scripts: which words at the end say what a firm is."""

from __future__ import annotations

from typing import Final

STOCK: Final = "stock"
LIMITED: Final = "limited"
KABUSHIKI: Final = "kabushiki"
"""A stock company of Japan or Korea."""
ANY: Final = "any"
"""公司 alone, Co.: says that it is a firm and not of which form."""

CHINESE: Final[tuple[tuple[str, str], ...]] = (
    ("股份有限责任公司", STOCK), ("股份有限公司", STOCK), ("股份公司", STOCK), ("有限责任公司", LIMITED),
    ("有限公司", LIMITED), ("有限责任", LIMITED), ("株式会社", KABUSHIKI), ("(株)", KABUSHIKI),
    ("㈱", KABUSHIKI),
    ("(有)", LIMITED), ("有限会社", LIMITED), ("合同会社", LIMITED), ("股份", STOCK), ("总公司", ANY),
    ("公司", ANY),
)  # fmt: skip
IN_FRONT: Final = ("株式会社", "(株)", "㈱", "有限会社")

# Word of a Latin name to its form; several words that say one form together meet in it.
LATIN: Final[dict[str, str]] = {
    "inc": "inc", "incorporated": "inc", "corp": "inc", "corporation": "inc", "co": ANY, "company": ANY,
    "ltd": LIMITED, "limited": LIMITED, "llc": "llc", "llp": "llp", "lp": "llp", "plc": "plc",
    "gmbh": "gmbh", "mbh": "gmbh", "ag": "ag", "kg": "kg", "kgaa": "kgaa", "se": "se", "sa": "sa",
    "sas": "sas",
    "sarl": "srl", "srl": "srl", "spa": "spa", "nv": "nv", "bv": "bv", "ab": "ab", "oy": "oy", "oyj": "oy",
    "asa": "as", "as": "as", "aps": "aps", "kk": KABUSHIKI, "kabushiki": KABUSHIKI, "kaisha": KABUSHIKI,
    "pte": "pte",
    "pty": "pty", "sdn": "bhd", "bhd": "bhd", "jsc": "jsc", "ojsc": "jsc", "pjsc": "jsc",
}  # fmt: skip
LATIN_FORMS: Final = frozenset(LATIN)

# A form that only some countries know: Tokyo Electron GmbH is not the firm of Tokyo.
COUNTRIES_OF_FORM: Final[dict[str, frozenset[str]]] = {
    "gmbh": frozenset({"DEU", "AUT", "CHE"}), "ag": frozenset({"DEU", "AUT", "CHE", "LIE"}),
    "kgaa": frozenset({"DEU"}), "bhd": frozenset({"MYS", "BRN"}), "pte": frozenset({"SGP"}),
    "pty": frozenset({"AUS", "ZAF"}), "nv": frozenset({"NLD", "BEL", "CHE"}), "bv": frozenset({"NLD", "BEL"}),
    "ab": frozenset({"SWE", "FIN"}), "oy": frozenset({"FIN"}), "as": frozenset({"NOR", "DNK", "CZE", "TUR"}),
    "aps": frozenset({"DNK"}), "sas": frozenset({"FRA", "ITA"}),
    "jsc": frozenset({"RUS", "KAZ", "BLR", "UKR", "VNM"}), KABUSHIKI: frozenset({"JPN", "KOR"}),
}  # fmt: skip


def chinese_form(text: str) -> tuple[str, str]:
    """Split the legal form off a Chinese key.

    Parameters
    ----------
    text
        From `ingest.names.name_key`.

    Returns
    -------
    tuple[str, str]
        What is left, and the form, empty when the name has none.

    Examples
    --------
    >>> chinese_form("通威股份有限公司"), chinese_form("通威股份"), chinese_form("京东方")
    (('通威', 'stock'), ('通威', 'stock'), ('京东方', ''))
    """
    for front in IN_FRONT:
        if text.startswith(front) and len(text) > len(front):
            return text.removeprefix(front), KABUSHIKI
    for ending, form in CHINESE:
        if text.endswith(ending) and len(text) > len(ending) + 1:
            return text.removesuffix(ending), form
    return text, ""


def latin_form(words: list[str]) -> tuple[list[str], str]:
    """Split the legal form off the words of a Latin name.

    Parameters
    ----------
    words
        In lower case, dotted forms joined (``n.v.`` as ``nv``).

    Returns
    -------
    tuple[list[str], str]
        What is left, and the form.

    Examples
    --------
    >>> latin_form(["tokyo", "electron", "co", "ltd"]), latin_form(["asml"])
    ((['tokyo', 'electron'], 'limited'), (['asml'], ''))
    """
    end = len(words)
    while end > 1 and words[end - 1] in LATIN_FORMS:
        end -= 1
    forms = [LATIN[word] for word in words[end:]]
    certain = [form for form in forms if form not in {ANY, LIMITED}]
    said = certain[0] if certain else LIMITED if LIMITED in forms else ANY if forms else ""
    return words[:end], said


def forms_agree(one: str, other: str) -> bool:
    """Tell whether two names can be of one firm by their forms.

    Parameters
    ----------
    one, other
        Forms; empty for none.

    Returns
    -------
    bool
        A name without a form, or with 公司 alone, agrees with any.

    Examples
    --------
    >>> forms_agree("stock", "limited"), forms_agree("stock", ""), forms_agree("any", "limited")
    (False, True, True)
    """
    if {one, other} == {STOCK, KABUSHIKI}:
        return True
    return one == other or one in {"", ANY} or other in {"", ANY}
