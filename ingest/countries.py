"""Country names of both languages to ISO 3166-1 alpha-3 codes."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.core import get_global

from ingest.names import name_key
from ingest.parsing import CellError

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
# Compared without blanks, case, script and the signs of `JOINTS`: "Taiwan, China" is "Taiwan (China)".
MORE_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "CHN": ("中国大陆", "大陆", "中国内地", "内地", "中华人民共和国", "国内", "境内", "PRC", "PR China",
            "Mainland China", "China mainland", "People's Republic of China",
            "China, People's Republic of"),
    "TWN": ("中国台湾", "中国台湾省", "台湾", "台湾省", "台湾地区", "中国台湾地区", "台湾中国", "Taiwan",
            "Taiwan, China", "China, Taiwan", "Chinese Taipei", "Taiwan Province", "Taiwan Region",
            "Taiwan Province of China", "Taiwan Province, China", "China Taiwan Province"),
    "HKG": ("中国香港", "香港", "香港特别行政区", "中国香港特别行政区", "香港特区", "Hong Kong",
            "Hong Kong, China", "China, Hong Kong", "Hong Kong SAR", "Hong Kong SAR, China"),
    "MAC": ("中国澳门", "澳门", "澳门特别行政区", "中国澳门特别行政区", "澳门特区", "Macao", "Macau",
            "Macao, China", "Macau, China", "China, Macao", "Macao SAR", "Macao SAR, China"),
    "USA": ("美利坚合众国", "United States of America", "US", "USA", "America"),
    "GBR": ("UK", "Great Britain", "Britain", "England", "大不列颠", "联合王国",
            "United Kingdom of Great Britain and Northern Ireland"),
    "KOR": ("南韩", "大韩民国", "Korea", "ROK", "Republic of Korea", "Rep. of Korea", "South Korea",
            "S. Korea", "Korea, Republic of", "Korea, South"),
    "PRK": ("北韩", "DPRK", "Democratic People's Republic of Korea",
            "Korea, Democratic People's Republic of"),
    "JPN": ("日本国",),
    "NLD": ("Holland",),
    "RUS": ("俄罗斯联邦", "俄国", "Russian Federation"),
    "CZE": ("捷克共和国", "Czech Republic"),
    "SVK": ("Slovak Republic",),
    "ARE": ("阿联酋", "UAE"),
    "SAU": ("沙特",),
    "TUR": ("Turkey", "Turkiye"),
    "VNM": ("Viet Nam",),
    "DEU": ("德意志联邦共和国", "Federal Republic of Germany", "Deutschland"),
    "COD": ("刚果金", "刚果民主共和国", "DR Congo", "DRC", "Democratic Republic of the Congo",
            "Congo, Democratic Republic of the"),
    "COG": ("刚果布", "刚果共和国", "Republic of the Congo"),
    "NZL": ("纽西兰",),
    "IRN": ("Iran, Islamic Republic of",),
    "LAO": ("Lao PDR", "Lao People's Democratic Republic"),
    "BRN": ("Brunei Darussalam",),
    "MMR": ("Myanmar", "Burma"),
    "CIV": ("Ivory Coast", "Cote d'Ivoire"),
    "SYR": ("Syrian Arab Republic",),
    "BOL": ("Bolivia, Plurinational State of",),
    "VEN": ("Venezuela, Bolivarian Republic of",),
    "TZA": ("Tanzania, United Republic of",),
    "MDA": ("Republic of Moldova", "Moldova, Republic of"),
    "PSE": ("巴勒斯坦", "Palestine"),
    "SWZ": ("Swaziland",),
    "VAT": ("Vatican", "Holy See"),
}  # fmt: skip
JOINTS: Final = re.compile(r"[()\[\],.·・'’–—-]")


def _key(name: str) -> str:
    return JOINTS.sub("", name_key(name))


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
    codes, key = _code_of_name(), _key(text)
    code = codes.get(key) or codes.get(key.removeprefix("the"))
    if code is None:
        raise CellError("country")
    return code
