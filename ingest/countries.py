"""Country names of both languages to ISO 3166-1 alpha-3 codes."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from babel import Locale
from babel.core import get_global

from ingest.parsing import CellError, fold_width

WITHDRAWN: Final = frozenset({"BUR", "ZAR", "DDR", "FXX", "TMP", "YMD"})
# Codes that ISO leaves to users: CLDR puts the EU and the like there.
PRIVATE: Final = (
    "QM",
    "QN",
    "QO",
    "QP",
    "QQ",
    "QR",
    "QS",
    "QT",
    "QU",
    "QV",
    "QW",
    "QX",
    "QY",
    "QZ",
    "X",
    "ZZZ",
)
MORE_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "CHN": ("中国大陆", "大陆", "中国内地", "内地", "中华人民共和国", "国内", "境内", "PRC", "P.R. China",
            "PR China",
            "Mainland China", "China mainland", "People's Republic of China"),
    "TWN": ("中国台湾", "中国台湾省", "台湾", "臺灣", "台湾省", "台湾地区", "中国台湾地区", "Taiwan",
            "Taiwan, China", "Taiwan (China)",
            "Chinese Taipei", "Taiwan Province of China"),
    "HKG": ("中国香港", "香港", "香港特别行政区", "Hong Kong", "Hong Kong, China", "Hong Kong SAR",
            "Hong Kong (China)"),
    "MAC": ("中国澳门", "澳门", "澳门特别行政区", "Macao", "Macau", "Macao, China", "Macao SAR",
            "Macau, China"),
    "USA": ("美利坚合众国", "United States of America", "U.S.", "U.S.A.", "America"),
    "GBR": ("UK", "U.K.", "Great Britain", "Britain", "England", "大不列颠", "联合王国"),
    "KOR": ("南韩", "大韩民国", "Korea", "Republic of Korea", "Korea, Republic of", "South Korea",
            "Korea (South)"),
    "NLD": ("Holland", "The Netherlands"),
    "RUS": ("俄罗斯联邦", "俄国", "Russian Federation"),
    "CZE": ("捷克共和国", "Czech Republic"),
    "ARE": ("阿联酋", "UAE", "U.A.E."),
    "SAU": ("沙特",),
    "TUR": ("Turkey",),
    "VNM": ("Viet Nam",),
    "DEU": ("德意志联邦共和国", "Federal Republic of Germany"),
    "COD": ("刚果金", "刚果民主共和国", "DR Congo", "DRC"),
    "COG": ("刚果布", "刚果共和国"),
    "NZL": ("纽西兰",),
}  # fmt: skip


def _key(name: str) -> str:
    return "".join(fold_width(name).casefold().replace("'", "’").split())


@lru_cache(maxsize=1)
def _code_of_name() -> dict[str, str]:
    """Map every name to its code; built once, about 30 ms."""
    alpha3 = {
        two[0]: three
        for three, two in get_global("territory_aliases").items()
        if len(three) == len("CHN") and three.isalpha() and not three.startswith(PRIVATE)
        if three not in WITHDRAWN and len(two) == 1
    }
    codes = {_key(code): code for code in alpha3.values()}
    codes |= {_key(two): three for two, three in alpha3.items()}
    for locale in ("en", "zh", "zh_Hant"):
        territories = Locale.parse(locale).territories
        codes |= {_key(territories[two]): three for two, three in alpha3.items() if two in territories}
    for code, names in MORE_NAMES.items():
        codes |= {_key(name): code for name in names}
    # NA alone is text (rule 2): in a list it is far more often "not available" than Namibia.
    del codes["na"]
    return codes


def parse_country(text: str) -> str:
    """Read a country or region.

    Parameters
    ----------
    text
        Common name in Chinese or English, or an ISO code.

    Returns
    -------
    str
        ISO 3166-1 alpha-3.

    Raises
    ------
    CellError
        ``country`` when the name is unknown.

    Examples
    --------
    >>> parse_country("中国台湾"), parse_country("日本"), parse_country("Korea")
    ('TWN', 'JPN', 'KOR')
    """
    code = _code_of_name().get(_key(text))
    if code is None:
        raise CellError("country")
    return code
