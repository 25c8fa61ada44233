"""What home is: the countries and provinces of the settings; which facts speak of another home."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from chains.catalog import read_regions
from chains.errors import UnknownKeyError
from chains.matching import near_matches
from chains.regions import ALPHA2_OF_ALPHA3, HOME_COUNTRY, is_country_code
from chains.repository import list_chains, load_records
from desk.chain_names import require_chain
from desk.store import reading

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session

    from chains.model import ChainRecords
    from chains.regions import Province, Regions
    from settings import Settings

SHIPPED: Final = "shipped"


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


def read_home_uses(settings: Settings, chain_id: str) -> dict[str, float]:
    """Read how much of the world's use of each item of a chain happens at home.

    Parameters
    ----------
    settings
        Where the database is, and what home is.
    chain_id
        A loaded chain.

    Returns
    -------
    dict
        Share, 0 to 1, by item id; items whose share is unknown are absent.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded, or home is no place.
    """
    with reading(settings) as session:
        require_chain(session, chain_id)
        records = load_records(session, chain_id)
        shipped = find_shipped(session)
    fitting = fit_home_use(records, shipped, home=read_home(settings))
    return {item.item_id: item.home_use for item in fitting.items if item.home_use is not None}


def find_shipped(session: Session) -> frozenset[str]:
    """Find the chains whose facts came with the program.

    Parameters
    ----------
    session
        A read session.

    Returns
    -------
    frozenset of str
        Chain ids.
    """
    return frozenset(one.chain.chain_id for one in list_chains(session) if one.origin == SHIPPED)


def fit_home_use(records: ChainRecords, shipped: Collection[str], *, home: Collection[str]) -> ChainRecords:
    """Leave out the shipped shares of home use where home is not the country that they are about.

    Parameters
    ----------
    records
        Joined facts of a chain.
    shipped
        From `find_shipped`.
    home
        From `read_home`.

    Returns
    -------
    ChainRecords
        As they are where home is the whole country; else with these shares unknown. What an own folder states
        stays: it speaks of its home.
    """
    if tuple(home) == (HOME_COUNTRY,):
        return records
    items = tuple(
        replace(item, home_use=None)
        if item.place is not None and item.place.file.partition("/")[0] in shipped
        else item
        for item in records.items
    )
    chain = records.chain
    if chain.chain_id in shipped:
        chain = replace(chain, home_use=None)
    return replace(records, chain=chain, items=items)


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
