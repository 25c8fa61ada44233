"""Firms that a list names and nobody knew: their ids, names and places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chains.errors import Place
from chains.model import Supplier, SupplierKind
from chains.regions import HOME_COUNTRY, Regions
from ingest.names import HAN, name_key
from ingest.pipeline import NEW, ListRow

ID_DIGITS = 8


@dataclass(frozen=True)
class PlaceSpelling:
    """Spells provinces and cities as the facts already do, so that one place stays one node.

    Attributes
    ----------
    regions
        Provinces and home cities by any spelling.
    provinces, cities
        Full name to the spelling in use.
    """

    regions: Regions
    provinces: Mapping[str, str]
    cities: Mapping[str, str]

    def spell(
        self, country: str | None, province: str | None, city: str | None
    ) -> tuple[str | None, str | None]:
        """Spell a province and a city; what is not recognised stays as written."""
        if country not in {None, HOME_COUNTRY}:
            return province, city
        known = self.regions.find_province(province)
        town = self.regions.find_city(city, province)
        if known is not None:
            province = self.provinces.get(known.name_zh, known.short_zh)
        if town is not None:
            return province, self.cities.get(town.name_zh, town.short_zh)
        return province, self.cities.get(city.removesuffix("市"), city) if city else city


def learn_spelling(regions: Regions, suppliers: Iterable[Supplier]) -> PlaceSpelling:
    """See how the known firms' places are spelt.

    Parameters
    ----------
    regions
        Provinces and home cities.
    suppliers
        All known firms.

    Returns
    -------
    PlaceSpelling
        Where two spellings are in use, that of the first firm by id.
    """
    provinces: dict[str, str] = {}
    cities: dict[str, str] = {}
    for firm in sorted(suppliers, key=lambda firm: firm.supplier_id):
        known = regions.find_province(firm.province)
        if known is not None and firm.province:
            provinces.setdefault(known.name_zh, firm.province)
        town = regions.find_city(firm.city, firm.province)
        if firm.city:
            cities.setdefault(town.name_zh if town else firm.city.removesuffix("市"), firm.city)
    return PlaceSpelling(regions, provinces, cities)


class Newcomers:
    """Makes each new firm once, from the first row that names it.

    Parameters
    ----------
    digest
        Of the file: ids are the same in the preview and in the commit.
    file
        The upload's name, where the firm was read.
    source_id
        The upload as a source.
    spelling
        How places are spelt.
    """

    def __init__(self, digest: str, file: str, source_id: str, spelling: PlaceSpelling) -> None:
        self.digest, self.file, self.source_id, self.spelling = digest, file, source_id, spelling
        self.firms: dict[str, Supplier] = {}
        self.keys: dict[str, str] = {}

    def settle(self, row: ListRow, field: str, known: str | None, decisions: Mapping[str, str]) -> str | None:
        """Give the id of a row's supplier or buyer, a new one where a person decided so."""
        name = row.text(field)
        if known is not None or name is None:
            return known
        key = name_key(name)
        if key in self.keys:
            return self.keys[key]
        if decisions.get(f"supplier:{key}") != NEW:
            return None
        supplier_id = f"u-{self.digest[:ID_DIGITS]}-{row.row}" + ("-b" if field == "buyer" else "")
        self.keys[key] = supplier_id
        self.firms[supplier_id] = self._make(supplier_id, name, row, is_supplier=field == "supplier")
        return supplier_id

    def _make(self, supplier_id: str, name: str, row: ListRow, *, is_supplier: bool) -> Supplier:
        # Country, province and city of a row are those of its supplier, never of its buyer.
        country, province, city = (
            (row.text("country"), row.text("province"), row.text("city")) if is_supplier else (None,) * 3
        )
        province, city = self.spelling.spell(country, province, city)
        return Supplier(
            supplier_id,
            name,
            name if HAN.search(name) else None,
            SupplierKind.ENTERPRISE,
            country,
            province,
            city,
            source_id=self.source_id,
            place=Place(self.file, row.row),
        )
