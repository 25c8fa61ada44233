"""Firms that a list names and nobody knew: their ids, names and places."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np

from chains.errors import Place
from chains.model import Supplier, SupplierKind
from chains.regions import HOME_COUNTRY, Regions
from ingest.coded import CodedValues
from ingest.market import ListOrigin
from ingest.names import HAN
from ingest.numbering import Flags, NameKeys, Numbers, different, number_keys, packed
from ingest.pipeline import NEW, find_decided
from ingest.placed_rows import ABSENT, NamedColumn, PlacedRows

ID_DIGITS: Final = 8


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
        if country not in {None, HOME_COUNTRY} or not (province or city):
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


@dataclass(frozen=True)
class Newcomers:
    """New firms of a list, each once, from the first row that names it.

    Attributes
    ----------
    rows
        The list with their ids.
    firms
        For each of them, in the order of the list, the place of its first row; the row's buyer where
        `is_buyer` says so, else its supplier.
    is_buyer
        One flag a firm.
    ids
        One id a firm: the same in the preview and in the commit.
    of_supplier, of_buyer
        By code of the two columns which of the firms a name is, -1 for none.
    """

    rows: PlacedRows
    firms: Numbers
    is_buyer: Flags
    ids: Sequence[str]
    of_supplier: Numbers
    of_buyer: Numbers

    def used(self, rows: PlacedRows) -> Flags:
        """Tell which of the firms some rows name.

        Parameters
        ----------
        rows
            Some of the list.

        Returns
        -------
        ndarray of bool, one a firm
            False for a firm that only other rows name.
        """
        found = np.zeros(len(self.firms), np.bool_)
        for of_code, column in ((self.of_supplier, rows.supplier), (self.of_buyer, rows.buyer)):
            firms = of_code[column.codes]
            found[firms[firms >= 0]] = True
        return found

    def without(self, unused: Flags) -> PlacedRows:
        """Take back the ids of firms that no counting row names.

        Parameters
        ----------
        unused
            One flag a firm.

        Returns
        -------
        PlacedRows
            The list.
        """
        if not unused.any():
            return self.rows
        ids = [
            [
                None if firm >= 0 and unused[firm] else known
                for known, firm in zip(column.ids, firms, strict=True)
            ]
            for column, firms in (
                (self.rows.supplier, self.of_supplier.tolist()),
                (self.rows.buyer, self.of_buyer.tolist()),
            )
        ]
        return self.rows.with_firms(*ids)

    def make(self, firm: int, *, origin: ListOrigin, spelling: PlaceSpelling) -> Supplier:
        """Describe one of the firms.

        Parameters
        ----------
        firm
            Which.
        origin
            Where the list comes from.
        spelling
            How places are spelt.

        Returns
        -------
        Supplier
            As its first row does.
        """
        row, is_buyer = self.rows[int(self.firms[firm])], bool(self.is_buyer[firm])
        name = row.text("buyer" if is_buyer else "supplier") or ""
        # Country, province and city of a row are those of its supplier, never of its buyer.
        country, province, city = (
            (None,) * 3 if is_buyer else (row.text("country"), row.text("province"), row.text("city"))
        )
        province, city = spelling.spell(country, province, city)
        return Supplier(
            self.ids[firm],
            name,
            name if HAN.search(name) else None,
            SupplierKind.ENTERPRISE,
            country,
            province,
            city,
            source_id=origin.source_id,
            place=Place(origin.name, row.row),
        )


def settle(rows: PlacedRows, decisions: Mapping[str, str], *, digest: str) -> Newcomers:
    """Give ids to suppliers and buyers of which a person decided that they are new firms.

    Parameters
    ----------
    rows
        A list with the ids that are known.
    decisions
        What names stand for, see `ingest.pipeline.list_rows`.
    digest
        Of the file, from which the new ids follow.

    Returns
    -------
    Newcomers
        The list with all ids, and its new firms.
    """
    columns = (rows.supplier, rows.buyer)
    codes = [_find_new(column, decisions) for column in columns]
    places = np.concatenate(
        [
            2 * column.first_rows()[new] + side
            for side, (column, new) in enumerate(zip(columns, codes, strict=True))
        ]
    )
    order = np.argsort(places, kind="stable")
    first, which = different(_number_names(columns, codes)[order])
    chosen = places[order][first]
    rows_of, is_buyer = chosen // 2, chosen % 2 == 1
    numbers = rows.numbers[rows_of].tolist()
    ids = [
        f"u-{digest[:ID_DIGITS]}-{number}{'-b' * buyer}"
        for number, buyer in zip(numbers, is_buyer.tolist(), strict=True)
    ]
    firms = np.empty(len(order), np.int64)
    firms[order] = which
    of_supplier, of_buyer = _spread(columns, codes, firms)
    named = [
        _with_new(column, firm, ids) for column, firm in zip(columns, (of_supplier, of_buyer), strict=True)
    ]
    return Newcomers(rows.with_firms(*named), rows_of, is_buyer, ids, of_supplier, of_buyer)


def _find_new(column: NamedColumn, decisions: Mapping[str, str]) -> Numbers:
    """Find the codes of names without an id that are decided to be new firms."""
    if not decisions or all(known is not None for known in column.ids):
        return np.zeros(0, np.int64)
    new = [
        code
        for code, target in find_decided(column.keys, "supplier", decisions)
        if target == NEW and column.ids[code] is None
    ]
    found = np.array(new, np.int64)
    is_there: Flags = column.first_rows()[found] != ABSENT
    return found[is_there]


def _number_names(columns: Sequence[NamedColumn], codes: Sequence[Numbers]) -> Numbers:
    keys = [
        NameKeys(CodedValues(column.names, packed(new))) for column, new in zip(columns, codes, strict=True)
    ]
    given = [each for each in keys if len(each)]
    return number_keys(given[0] if len(given) == 1 else list(chain(*given)))


def _spread(columns: Sequence[NamedColumn], codes: Sequence[Numbers], firms: Numbers) -> list[Numbers]:
    """Say by code which firm a name is."""
    found, start = [], 0
    for column, new in zip(columns, codes, strict=True):
        of_code = np.full(len(column.names), -1, np.int64)
        of_code[new] = firms[start : start + len(new)]
        start += len(new)
        found.append(of_code)
    return found


def _with_new(column: NamedColumn, firms: Numbers, ids: Sequence[str]) -> Sequence[str | None]:
    if not (firms >= 0).any():
        return column.ids
    return [known if firm < 0 else ids[firm] for known, firm in zip(column.ids, firms.tolist(), strict=True)]
