"""The words of the chain model as frozen values (model.md sections 1 and 2).

Every optional field is ``None`` when the data does not say; what a blank then means is decided
in one place, `chains.defaults`. Fractions are 0 to 1, durations are calendar days.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from chains.errors import Place


class Kind(StrEnum):
    """What sort of thing an item is; decides its defaults."""

    MATERIAL = "material"
    COMPONENT = "component"
    EQUIPMENT = "equipment"
    SOFTWARE = "software"
    PROCESS = "process"
    PRODUCT = "product"


class Use(StrEnum):
    """Whether an input is used up in making the output or is an installed base."""

    CONSUMABLE = "consumable"
    CAPITAL = "capital"


class Relation(StrEnum):
    """How the first item of a link relates to the second."""

    INPUT_OF = "input_of"
    VARIANT_OF = "variant_of"
    SUBSTITUTE_OF = "substitute_of"


class SupplierKind(StrEnum):
    """A firm or site, or the sum of a country's makers where firm shares are not public."""

    ENTERPRISE = "enterprise"
    COUNTRY_AGGREGATE = "country_aggregate"


class ShareScope(StrEnum):
    """Which market a share is a share of."""

    GLOBAL = "global"
    DOMESTIC = "domestic"


class FiveBase(StrEnum):
    """The five classes of the industrial base (五基)."""

    BASIC_COMPONENT = "basic_component"
    BASIC_MATERIAL = "basic_material"
    INDUSTRIAL_SOFTWARE = "industrial_software"
    BASIC_PROCESS_EQUIPMENT = "basic_process_equipment"
    TECHNOLOGY_PLATFORM = "technology_platform"


class Mode(StrEnum):
    """口径: run 存量运行 lives on installed capital, build 新建扩产 needs today's deliveries."""

    RUN = "run"
    BUILD = "build"


class Scope(StrEnum):
    """What a node is."""

    SUPPLIER = "supplier"
    PARENT = "parent"
    COUNTRY = "country"
    PROVINCE = "province"
    CITY = "city"
    ITEM = "item"
    SOURCE = "source"  # one country or group as source of one item


class Perspective(StrEnum):
    """Whose output counts: that of the world, or that of home (perspective.md)."""

    WORLD = "world"
    HOME = "home"


class Region(StrEnum):
    """Home and all the rest; a supplier without a country is abroad."""

    HOME = "home"
    ABROAD = "abroad"


class End(StrEnum):
    """Which end of the range that unknown shares leave."""

    LOW = "low"
    POINT = "point"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Chain:
    """An industry chain and where it stands in the province's programmes."""

    chain_id: str
    name_zh: str
    name_en: str
    tier_531: str | None = None
    cluster: str | None = None
    note: str | None = None
    home_use: float | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """物料/环节: a material, component, equipment, software, process or product."""

    item_id: str
    name_en: str
    name_zh: str
    kind: Kind
    five_base: FiveBase | None = None
    stage: str | None = None
    weight: float | None = None
    use: Use | None = None
    attrition: float | None = None
    cover_days: float | None = None
    spare_ratio: float | None = None
    suppliers_complete: bool | None = None
    home_use: float | None = None
    description: str | None = field(default=None, compare=False)
    source_id: str | None = field(default=None, compare=False)
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Link:
    """One input slot, variant or substitute relation between two items."""

    input_item_id: str
    output_item_id: str
    relation: Relation
    essential: bool | None = None
    weight: float | None = None
    group: str | None = None
    tier: int | None = None
    source_id: str | None = field(default=None, compare=False)
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Supplier:
    """供应商: an enterprise, a site, or a country aggregate."""

    supplier_id: str
    name_en: str
    name_zh: str | None
    kind: SupplierKind
    country: str | None = None
    province: str | None = None
    city: str | None = None
    parent: str | None = None
    tags: str | None = None
    roles: str | None = field(default=None, compare=False)
    source_id: str | None = field(default=None, compare=False)
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Supply:
    """供给: a supplier makes an item, with its share of the market if known.

    `unit_weight` is the output value of this unit in any one unit of money, above 0: how much it counts
    in the output of its province.
    """

    supplier_id: str
    item_id: str
    share: float | None = None
    share_scope: ShareScope = ShareScope.GLOBAL
    spare: float | None = None
    ramp_days: float | None = None
    qualified: bool | None = None
    qualification_days: float | None = None
    year: int | None = None
    is_estimate: bool | None = None
    tier: int | None = None
    unit_weight: float | None = None
    source_id: str | None = field(default=None, compare=False)
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Purchase:
    """采购: a buyer buys an input from a supplier, a line of an uploaded supplier list."""

    buyer_id: str
    item_id: str
    supplier_id: str
    share: float | None = None
    stock_days: float | None = None
    list_complete: bool | None = None
    spare: float | None = None
    ramp_days: float | None = None
    qualified: bool | None = None
    qualification_days: float | None = None
    priority: int | None = None
    source_id: str | None = field(default=None, compare=False)
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Source:
    """A document a fact was read from."""

    source_id: str
    title: str
    publisher: str | None = None
    year: int | None = None
    url: str | None = None
    licence: str | None = None
    accessed_on: date | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """A row of the working catalogue of bottleneck items, 工作目录(公开资料), never the official list."""

    bottleneck_id: str
    name_zh: str
    name_en: str
    five_base: FiveBase
    chain: str
    item_id: str | None
    link_kind: str | None
    evidence_grade: str
    foreign_dependence: str | None
    main_foreign_suppliers: str | None
    status: str
    source_id: str | None
    note: str | None = field(default=None, compare=False)
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ChainFolder:
    """The facts one chain folder states, as they stand there."""

    chain: Chain
    items: tuple[Item, ...]
    links: tuple[Link, ...]
    suppliers: tuple[Supplier, ...]
    supplies: tuple[Supply, ...]
    purchases: tuple[Purchase, ...] = ()
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class ChainRecords:
    """What a chain is scored on: all loaded folders joined, restricted to what lies upstream.

    All tuples are in canonical order (sorted by key) and hold each fact once, so two loads of
    the same facts are equal whatever the order of rows or folders was.

    Attributes
    ----------
    chain
        The chain asked for.
    items, links, suppliers, supplies, purchases
        Facts upstream of the chain's end products.
    end_weights
        ``(item_id, weight)`` of the end products; weights sum to 1.
    sources
        Documents of all folders joined, for showing where a number comes from.
    also_made
        ``(supplier_id, item_id)`` that only lists outside the chain name: the supplier makes the item
        too, so that what it buys for it is no input of everything else it makes.
    """

    chain: Chain
    items: tuple[Item, ...]
    links: tuple[Link, ...]
    suppliers: tuple[Supplier, ...]
    supplies: tuple[Supply, ...]
    purchases: tuple[Purchase, ...]
    end_weights: tuple[tuple[str, float], ...]
    sources: tuple[Source, ...] = ()
    also_made: tuple[tuple[str, str], ...] = ()
