"""What home is: the countries and provinces of the settings, checked and in every spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chains.catalog import read_regions
from chains.errors import UnknownKeyError
from chains.matching import near_matches
from chains.regions import ALPHA2_OF_ALPHA3, HOME_COUNTRY, is_country_code

if TYPE_CHECKING:
    from chains.regions import Province, Regions
    from settings import Settings


def read_home(settings: Settings) -> tuple[str, ...]:
    """Read what home is.

    Parameters
    ----------
    settings
        With `home_region`, and where the names of provinces are.

    Returns
    -------
    tuple of str
        Countries as ``CHN``; provinces as ``CHN/江苏``, each in every spelling that lists use.

    Raises
    ------
    UnknownKeyError
        When a country or a province does not exist, with near matches.
    """
    regions = read_regions(settings.data_dir)
    found = [key for word in settings.home_regions for key in _spellings(word, regions)]
    return tuple(dict.fromkeys(found))


def _spellings(word: str, regions: Regions) -> tuple[str, ...]:
    country, slash, name = word.partition("/")
    if not is_country_code(country):
        raise UnknownKeyError(
            f"LIANWEN_HOME_REGION: there is no country {country!r}",
            near=(HOME_COUNTRY, *near_matches(country, ALPHA2_OF_ALPHA3.keys() - {HOME_COUNTRY}, most=3)),
            zh=f"LIANWEN_HOME_REGION:没有国家/地区 {country!r}",
        )
    if not slash:
        return (country,)
    province = regions.find_province(name) if country == HOME_COUNTRY else None
    if province is not None:
        return tuple(f"{country}/{one}" for one in dict.fromkeys((name.strip(), *_names(province))))
    if country != HOME_COUNTRY:  # their provinces are not on our list
        return (f"{country}/{name.strip()}",)
    known = {one: each.short_zh for each in regions.provinces for one in _names(each)}
    close = dict.fromkeys(f"{country}/{known[one]}" for one in near_matches(name, known))
    raise UnknownKeyError(
        f"LIANWEN_HOME_REGION: there is no province {name!r} of {country}",
        near=tuple(close),
        zh=f"LIANWEN_HOME_REGION:{country} 没有省份 {name!r}",
    )


def _names(province: Province) -> tuple[str, ...]:
    return (province.short_zh, province.name_zh, province.name_en, *province.aliases)
