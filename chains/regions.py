"""Countries, provinces and cities: codes, spellings in both languages and the rings around the province."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

from babel import Locale

from chains.cells import RowReader, parse_choice
from chains.csv_files import read_table
from chains.errors import ChainDataError, Problem

HOME_COUNTRY: Final = "CHN"

# ISO 3166-1, alpha-3 to alpha-2: the data speaks alpha-3, babel knows names by alpha-2.
_CODES: Final = """
    ABW:AW AFG:AF AGO:AO AIA:AI ALA:AX ALB:AL AND:AD ARE:AE ARG:AR ARM:AM ASM:AS ATA:AQ ATF:TF ATG:AG AUS:AU
    AUT:AT AZE:AZ BDI:BI BEL:BE BEN:BJ BES:BQ BFA:BF BGD:BD BGR:BG BHR:BH BHS:BS BIH:BA BLM:BL BLR:BY BLZ:BZ
    BMU:BM BOL:BO BRA:BR BRB:BB BRN:BN BTN:BT BVT:BV BWA:BW CAF:CF CAN:CA CCK:CC CHE:CH CHL:CL CHN:CN CIV:CI
    CMR:CM COD:CD COG:CG COK:CK COL:CO COM:KM CPV:CV CRI:CR CUB:CU CUW:CW CXR:CX CYM:KY CYP:CY CZE:CZ DEU:DE
    DJI:DJ DMA:DM DNK:DK DOM:DO DZA:DZ ECU:EC EGY:EG ERI:ER ESH:EH ESP:ES EST:EE ETH:ET FIN:FI FJI:FJ FLK:FK
    FRA:FR FRO:FO FSM:FM GAB:GA GBR:GB GEO:GE GGY:GG GHA:GH GIB:GI GIN:GN GLP:GP GMB:GM GNB:GW GNQ:GQ GRC:GR
    GRD:GD GRL:GL GTM:GT GUF:GF GUM:GU GUY:GY HKG:HK HMD:HM HND:HN HRV:HR HTI:HT HUN:HU IDN:ID IMN:IM IND:IN
    IOT:IO IRL:IE IRN:IR IRQ:IQ ISL:IS ISR:IL ITA:IT JAM:JM JEY:JE JOR:JO JPN:JP KAZ:KZ KEN:KE KGZ:KG KHM:KH
    KIR:KI KNA:KN KOR:KR KWT:KW LAO:LA LBN:LB LBR:LR LBY:LY LCA:LC LIE:LI LKA:LK LSO:LS LTU:LT LUX:LU LVA:LV
    MAC:MO MAF:MF MAR:MA MCO:MC MDA:MD MDG:MG MDV:MV MEX:MX MHL:MH MKD:MK MLI:ML MLT:MT MMR:MM MNE:ME MNG:MN
    MNP:MP MOZ:MZ MRT:MR MSR:MS MTQ:MQ MUS:MU MWI:MW MYS:MY MYT:YT NAM:NA NCL:NC NER:NE NFK:NF NGA:NG NIC:NI
    NIU:NU NLD:NL NOR:NO NPL:NP NRU:NR NZL:NZ OMN:OM PAK:PK PAN:PA PCN:PN PER:PE PHL:PH PLW:PW PNG:PG POL:PL
    PRI:PR PRK:KP PRT:PT PRY:PY PSE:PS PYF:PF QAT:QA REU:RE ROU:RO RUS:RU RWA:RW SAU:SA SDN:SD SEN:SN SGP:SG
    SGS:GS SHN:SH SJM:SJ SLB:SB SLE:SL SLV:SV SMR:SM SOM:SO SPM:PM SRB:RS SSD:SS STP:ST SUR:SR SVK:SK SVN:SI
    SWE:SE SWZ:SZ SXM:SX SYC:SC SYR:SY TCA:TC TCD:TD TGO:TG THA:TH TJK:TJ TKL:TK TKM:TM TLS:TL TON:TO TTO:TT
    TUN:TN TUR:TR TUV:TV TWN:TW TZA:TZ UGA:UG UKR:UA UMI:UM URY:UY USA:US UZB:UZ VAT:VA VCT:VC VEN:VE VGB:VG
    VIR:VI VNM:VN VUT:VU WLF:WF WSM:WS YEM:YE ZAF:ZA ZMB:ZM ZWE:ZW
"""
ALPHA2_OF_ALPHA3: Final = dict(pair.split(":") for pair in _CODES.split())

# CLDR names these three without China.
COUNTRY_NAMES: Final = {
    "zh": {"TWN": "中国台湾", "HKG": "中国香港", "MAC": "中国澳门"},
    "en": {"TWN": "Taiwan, China", "HKG": "Hong Kong, China", "MAC": "Macao, China"},
}


class Ring(StrEnum):
    """How far from the province a place is, in trade terms."""

    IN_PROVINCE = "in_province"
    DELTA = "delta"
    DOMESTIC = "domestic"
    ABROAD = "abroad"

    def label(self, language: str) -> str:
        """Name the ring for people.

        Parameters
        ----------
        language
            ``zh`` or ``en``.

        Returns
        -------
        str
            省内, 长三角, 国内 or 境外, or the same in English.

        Examples
        --------
        >>> Ring.DELTA.label("zh")
        '长三角'
        """
        return RING_LABELS[language][self]


RING_LABELS: Final = {
    "zh": {Ring.IN_PROVINCE: "省内", Ring.DELTA: "长三角", Ring.DOMESTIC: "国内", Ring.ABROAD: "境外"},
    "en": {
        Ring.IN_PROVINCE: "In the province",
        Ring.DELTA: "Yangtze delta",
        Ring.DOMESTIC: "Elsewhere on the mainland",
        Ring.ABROAD: "Abroad",
    },
}


@dataclass(frozen=True, slots=True)
class Province:
    """A province-level unit of China.

    Attributes
    ----------
    name_zh, short_zh, name_en
        江苏省, 江苏, Jiangsu.
    aliases
        Other spellings that lists use.
    ring
        Where it stands; Hong Kong, Macao and Taiwan count as abroad in trade terms.
    """

    name_zh: str
    short_zh: str
    name_en: str
    aliases: tuple[str, ...]
    ring: Ring


@dataclass(frozen=True, slots=True)
class City:
    """A prefecture-level city of the home province.

    Attributes
    ----------
    name_zh, short_zh, name_en
        苏州市, 苏州, Suzhou.
    adcode
        Six digits, the key of map features.
    """

    name_zh: str
    short_zh: str
    name_en: str
    adcode: str


@dataclass(frozen=True, slots=True)
class Regions:
    """The provinces of China and the cities of the home province, found by any spelling.

    Attributes
    ----------
    provinces
        34 units.
    cities
        The 13 cities of Jiangsu.
    """

    provinces: tuple[Province, ...]
    cities: tuple[City, ...]

    def find_province(self, name: str | None) -> Province | None:
        """Find a province by any of its spellings.

        Parameters
        ----------
        name
            Chinese with or without 省, English, or an alias, in any case.

        Returns
        -------
        Province or None
            None when the name is unknown.
        """
        return _province_index(self.provinces).get(_fold(name))

    def find_city(self, name: str | None, province: str | None) -> City | None:
        """Find a city of the home province by any of its spellings.

        Parameters
        ----------
        name
            Chinese with or without 市, or English, in any case.
        province
            Any spelling of its province: Suzhou and Taizhou are cities of other provinces too.

        Returns
        -------
        City or None
            None when the city or the province is not a home one.
        """
        home = self.find_province(province)
        if home is None or home.ring is not Ring.IN_PROVINCE:
            return None
        return _city_index(self.cities).get(_fold(name))

    def ring_of(self, country: str | None, province: str | None) -> Ring | None:
        """Tell in which ring a place lies.

        Parameters
        ----------
        country
            ISO 3166-1 alpha-3.
        province
            Any spelling; only read for China.

        Returns
        -------
        Ring or None
            None when it cannot be told: the country is unknown, or it is China and the province
            is unknown, for such a firm may be next door as well as far away.
        """
        if country is None:
            return None
        if country != HOME_COUNTRY:
            return Ring.ABROAD
        found = self.find_province(province)
        return found.ring if found else None


@lru_cache(maxsize=4)
def _province_index(provinces: tuple[Province, ...]) -> dict[str, Province]:
    return {
        _fold(name): province
        for province in provinces
        for name in (province.name_zh, province.short_zh, province.name_en, *province.aliases)
    }


@lru_cache(maxsize=4)
def _city_index(cities: tuple[City, ...]) -> dict[str, City]:
    return {_fold(name): city for city in cities for name in (city.name_zh, city.short_zh, city.name_en)}


def _fold(name: str | None) -> str:
    return "".join((name or "").replace("’", "'").split()).casefold()


def is_country_code(code: str) -> bool:
    """Tell whether a code is one of ISO 3166-1 alpha-3.

    Parameters
    ----------
    code
        Three capital letters, if it is one.

    Returns
    -------
    bool
        Whether it is in use today.
    """
    return code in ALPHA2_OF_ALPHA3


def country_name(code: str, language: str) -> str:
    """Name a country or region for people.

    Parameters
    ----------
    code
        ISO 3166-1 alpha-3.
    language
        ``zh`` or ``en``.

    Returns
    -------
    str
        The name; the code itself when it is not in ISO 3166-1.

    Examples
    --------
    >>> country_name("KOR", "zh"), country_name("TWN", "zh"), country_name("TWN", "en")
    ('韩国', '中国台湾', 'Taiwan, China')
    """
    if code in COUNTRY_NAMES[language]:
        return COUNTRY_NAMES[language][code]
    return _territories(language).get(ALPHA2_OF_ALPHA3.get(code, ""), code)


@lru_cache(maxsize=2)
def _territories(language: str) -> dict[str, str]:
    return dict(Locale(language).territories)


def read_provinces(path: Path) -> tuple[Province, ...]:
    """Read the table of provinces.

    Parameters
    ----------
    path
        CSV with name_zh, short_zh, name_en, aliases (separated by ``;``) and ring.

    Returns
    -------
    tuple of Province
        In the order of the file.

    Raises
    ------
    ChainDataError
        When the file is missing or a row cannot be read.
    """
    rows = _read_rows(path, ("name_zh", "short_zh", "name_en", "ring"))
    provinces = tuple(
        Province(
            name_zh=row.key("name_zh"),
            short_zh=row.key("short_zh"),
            name_en=row.key("name_en"),
            aliases=tuple(filter(None, row.cells.get("aliases", "").split(";"))),
            ring=row.require("ring", parse_choice(Ring)) or Ring.ABROAD,
        )
        for row in rows
    )
    _refuse_problems(problem for row in rows for problem in row.problems)
    return provinces


def read_cities(path: Path) -> tuple[City, ...]:
    """Read the table of the home province's cities.

    Parameters
    ----------
    path
        CSV with name_zh, short_zh, name_en and adcode.

    Returns
    -------
    tuple of City
        In the order of the file.

    Raises
    ------
    ChainDataError
        When the file is missing or a row cannot be read.
    """
    rows = _read_rows(path, ("name_zh", "short_zh", "name_en", "adcode"))
    cities = tuple(
        City(row.key("name_zh"), row.key("short_zh"), row.key("name_en"), row.key("adcode")) for row in rows
    )
    _refuse_problems(problem for row in rows for problem in row.problems)
    return cities


def _read_rows(path: Path, required: tuple[str, ...]) -> list[RowReader]:
    rows, problems = read_table(path, f"regions/{path.name}", required=required)
    _refuse_problems(problems)
    return rows


def _refuse_problems(problems: Iterable[Problem]) -> None:
    """Raise when there is any problem: these tables ship with the program and are not a user's."""
    if found := tuple(problems):
        raise ChainDataError("; ".join(map(str, found)), zh=";".join(problem.say("zh") for problem in found))
