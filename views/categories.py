"""Names and orders of what the axes of the heatmap may be."""

from __future__ import annotations

from chains.model import FiveBase
from chains.regions import Ring
from risk.model import NODE_SCOPES
from views import formatting, queries
from views.heatmap import UNKNOWN_CATEGORY, Dimension
from views.i18n import Language, _, current_language

_HOME_PROVINCE = "江苏"


def dimension_name(dimension: str) -> str:
    """Name a dimension.

    Parameters
    ----------
    dimension
        A value of `views.heatmap.Dimension`.

    Returns
    -------
    str
        In the session's language.
    """
    return {
        Dimension.CHAIN: _("产业链"),
        Dimension.STAGE: _("环节"),
        Dimension.FIVE_BASE: _("五基类别"),
        Dimension.COUNTRY: _("国家/地区"),
        Dimension.RING: _("圈层"),
        Dimension.PROVINCE: _("省份"),
        Dimension.CITY: _("城市"),
        Dimension.SCOPE: _("节点类型"),
    }[Dimension(dimension)]


def category_name(dimension: Dimension, category: str) -> str:
    """Name one category of a dimension.

    Parameters
    ----------
    dimension
        Which dimension.
    category
        As in the frames of `views.membership`.

    Returns
    -------
    str
        未知 for a place nobody gave, 未归类 for an item without a class.
    """
    if dimension in (Dimension.STAGE, Dimension.FIVE_BASE):
        write = formatting.stage_name if dimension is Dimension.STAGE else formatting.five_base_name
        return write(None if category == UNKNOWN_CATEGORY else category)
    if category == UNKNOWN_CATEGORY:
        return formatting.unknown()
    if dimension is Dimension.CHAIN:
        state = queries.find_chain(category)
        return state.name if state else category
    writers = {
        Dimension.COUNTRY: formatting.country_name,
        Dimension.RING: formatting.ring_name,
        Dimension.SCOPE: formatting.scope_name,
        Dimension.PROVINCE: place_name,
        Dimension.CITY: place_name,
    }
    return writers[dimension](category)


def place_name(name: str) -> str:
    """Name a province or city.

    Parameters
    ----------
    name
        As the data write it, in whatever spelling.

    Returns
    -------
    str
        In the session's language where we know the place, else as it is.
    """
    regions = queries.load_regions()
    found = regions.find_province(name) or regions.find_city(name, _HOME_PROVINCE)
    if found is None:
        return name
    return found.short_zh if current_language() is Language.ZH else found.name_en


def known_order(dimension: Dimension) -> tuple[str, ...]:
    """List the categories that have an order of their own.

    Parameters
    ----------
    dimension
        Which dimension.

    Returns
    -------
    tuple of str
        Empty where the worst comes first.
    """
    orders: dict[Dimension, tuple[str, ...]] = {
        Dimension.STAGE: formatting.known_stages(),
        Dimension.FIVE_BASE: tuple(five_base.value for five_base in FiveBase),
        Dimension.RING: tuple(ring.value for ring in Ring),
        Dimension.SCOPE: tuple(scope.value for scope in NODE_SCOPES),
    }
    return orders.get(dimension, ())
