"""Which known supplier or item a name stands for: exact, suggested, or unknown; never a silent merger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar

from rapidfuzz import fuzz, process

from chains.model import Item, Supplier
from ingest.model import KnownName, Resolution
from ingest.names import HAN, bracket_parts, loose_key, name_key, pinyin, split_legal_form

NEAR_SCORE: Final = 82.0
SAME_SOUND: Final = 99.0
SUGGESTIONS: Final = 5
SHORTEST_CONTAINED: Final = 4
SHORTEST_CONTAINED_HAN: Final = 2
CHINA: Final = frozenset({"CHN", "TWN", "HKG", "MAC"})
UNKNOWN: Final = Resolution(None, "unknown")
Entry = TypeVar("Entry")


@dataclass(frozen=True)
class NameIndex:
    """Known names by key.

    Attributes
    ----------
    known
        Id to what is known of it.
    by_code
        Credit code to ids.
    by_key
        `name_key` to ids.
    by_core
        Core of a firm's name to (id, legal form); empty for items.
    near_keys
        Every key that suggestions are searched in, with its id.
    near_key_of
        How a name is reduced before that search.
    """

    known: dict[str, KnownName]
    by_code: dict[str, tuple[str, ...]]
    by_key: dict[str, tuple[str, ...]]
    by_core: dict[str, tuple[tuple[str, str], ...]]
    near_keys: tuple[tuple[str, str], ...]
    near_key_of: Callable[[str], str]

    @cached_property
    def choices(self) -> list[str]:
        """The near keys alone, for the search."""
        return [near for near, _ in self.near_keys]

    @cached_property
    def ids_of_sound(self) -> dict[str, tuple[str, ...]]:
        """Ids by the pinyin of their Chinese names."""
        return _grouped((pinyin(near), key) for near, key in self.near_keys if HAN.search(near))


def index_suppliers(suppliers: Iterable[KnownName]) -> NameIndex:
    """Prepare known suppliers for matching.

    Parameters
    ----------
    suppliers
        Every supplier of the chain.

    Returns
    -------
    NameIndex
        Keys with legal forms split off; an abbreviation in brackets is a name of its own, a place is not.
    """
    known = {supplier.key: supplier for supplier in suppliers}
    full = [(name, key) for key, supplier in known.items() for name in (*supplier.names, key) if name]
    taken = {name_key(name) for name, _ in full}
    short = [(part, key) for name, key in full for part in _abbreviated(name) if name_key(part) not in taken]
    spellings = [*full, *short]
    cores = ((split_legal_form(name), key) for name, key in spellings)
    return NameIndex(
        known,
        _grouped((supplier.uscc, key) for key, supplier in known.items() if supplier.uscc),
        _grouped((name_key(name), key) for name, key in spellings),
        _grouped((core, (key, form)) for (core, form), key in cores if core),
        tuple(dict.fromkeys((loose_key(name), key) for name, key in spellings)),
        loose_key,
    )


def _abbreviated(name: str) -> tuple[str, ...]:
    """Split ``超威半导体(AMD)``, but not ``台积电(南京)``, which is another firm than 台积电."""
    parts = bracket_parts(name)
    return parts if parts and HAN.search(parts[0]) and not HAN.search(parts[1]) else ()


def index_items(items: Iterable[KnownName]) -> NameIndex:
    """Prepare known items for matching.

    Parameters
    ----------
    items
        Every item of the chain.

    Returns
    -------
    NameIndex
        Only whole names match exactly: 检测设备(先进封装) is not all of 检测设备.
    """
    known = {item.key: item for item in items}
    spellings = [(name, key) for key, item in known.items() for name in (*item.names, key) if name]
    parts = [(part, key) for name, key in spellings for part in bracket_parts(name)]
    return NameIndex(
        known,
        {},
        _grouped((name_key(name), key) for name, key in spellings),
        {},
        tuple(dict.fromkeys((name_key(name), key) for name, key in (*spellings, *parts))),
        name_key,
    )


def _grouped(pairs: Iterable[tuple[str, Entry]]) -> dict[str, tuple[Entry, ...]]:
    groups: dict[str, dict[Entry, None]] = {}
    for key, entry in pairs:
        groups.setdefault(key, {})[entry] = None
    return {key: tuple(entries) for key, entries in groups.items()}


def resolve_name(
    name: str, index: NameIndex, *, uscc: str | None = None, country: str | None = None, search: bool = True
) -> Resolution:
    """Tell what one name stands for.

    Parameters
    ----------
    name
        As in the list.
    index
        Known names.
    uscc
        Credit code of the row; decides before the name when it is known.
    country
        ISO alpha-3 of the row; a firm of another country is only suggested.
    search
        Whether to look for near names; without it a name is exact or unknown.

    Returns
    -------
    Resolution
        Exact only when one known firm or item fits for certain.
    """
    if uscc and len(owners := index.by_code.get(uscc, ())) == 1:
        return Resolution(owners[0], "exact", owners)
    found = index.by_key.get(name_key(name), ())
    if not found and index.by_core:
        core, form = split_legal_form(name)
        entries = index.by_core.get(core, ())
        certain = all(not form or not known_form or form == known_form for _, known_form in entries)
        found = tuple(dict.fromkeys(key for key, _ in entries))
        if not certain:
            return Resolution(None, "suggested", found)
    if len(found) == 1 and _same_firm(index.known[found[0]], uscc, country):
        return Resolution(found[0], "exact", found)
    if found:
        return Resolution(None, "suggested", found[:SUGGESTIONS])
    near = find_near(name, index) if search else ()
    return Resolution(None, "suggested", near) if near else UNKNOWN


def _same_firm(known: KnownName, uscc: str | None, country: str | None) -> bool:
    """Tell whether nothing but the name speaks against two firms being one."""
    if uscc and known.uscc and uscc != known.uscc:
        return False
    if country is None or known.country is None or country == known.country:
        return True
    # 中国 beside 台湾省 is a common way to write a Taiwan firm's place.
    return {country, known.country} <= CHINA


def find_near(name: str, index: NameIndex) -> tuple[str, ...]:
    """Find known names that look, sound or read like one, best first.

    Parameters
    ----------
    name
        As in the list.
    index
        Known names.

    Returns
    -------
    tuple[str, ...]
        Up to five ids, for a person to decide.
    """
    key = index.near_key_of(name)
    if not key:
        return ()
    scores: dict[str, float] = {}
    for _, score, at in process.extract(
        key, index.choices, scorer=fuzz.ratio, score_cutoff=NEAR_SCORE, limit=SUGGESTIONS
    ):
        _raise(scores, index.near_keys[at][1], score)
    for near, known in index.near_keys:
        if (near in key or key in near) and _is_long_enough(min(near, key, key=len)):
            _raise(scores, known, NEAR_SCORE + min(len(near), len(key)) / max(len(near), len(key)))
    if HAN.search(key):
        for known in index.ids_of_sound.get(pinyin(key), ()):
            _raise(scores, known, SAME_SOUND)
    return tuple(sorted(scores, key=lambda known: (-scores[known], known))[:SUGGESTIONS])


def _raise(scores: dict[str, float], known: str, score: float) -> None:
    scores[known] = max(score, scores.get(known, 0.0))


def _is_long_enough(contained: str) -> bool:
    return len(contained) >= (SHORTEST_CONTAINED_HAN if HAN.search(contained) else SHORTEST_CONTAINED)


def resolve(
    rows: Sequence[Mapping[str, str | None]],
    known_suppliers: NameIndex,
    known_items: NameIndex,
    remembered: Mapping[str, str] | None = None,
) -> list[tuple[Resolution, Resolution]]:
    """Resolve the supplier and the item of each row.

    Parameters
    ----------
    rows
        With ``supplier``, ``item`` and, when given, ``uscc`` and ``country``.
    known_suppliers, known_items
        From `index_suppliers` and `index_items`.
    remembered
        Decisions of earlier uploads: ``supplier:<name_key>`` or ``item:<name_key>`` to the id.

    Returns
    -------
    list[tuple[Resolution, Resolution]]
        Supplier and item of each row, in order.

    Notes
    -----
    Near names are searched for the first 1,000 different unknown names; the review queue searches the rest
    when they are looked at. Exact matches have no such limit.
    """
    resolver = _Resolver(known_suppliers, known_items, remembered or {})
    return [(resolver.supplier(row), resolver.item(row)) for row in rows]


class _Resolver:
    """Resolves each different name once."""

    searches = 1000

    def __init__(self, suppliers: NameIndex, items: NameIndex, remembered: Mapping[str, str]) -> None:
        self.suppliers, self.items, self.remembered = suppliers, items, remembered
        self.seen: dict[tuple[str | None, ...], Resolution] = {}

    def supplier(self, row: Mapping[str, str | None]) -> Resolution:
        return self._once(
            "supplier", self.suppliers, row["supplier"] or "", row.get("uscc"), row.get("country")
        )

    def item(self, row: Mapping[str, str | None]) -> Resolution:
        return self._once("item", self.items, row["item"] or "", None, None)

    def _once(
        self, kind: str, index: NameIndex, name: str, uscc: str | None, country: str | None
    ) -> Resolution:
        key = (kind, name, uscc, country)
        known = self.seen.get(key)
        if known is None:
            decided = self.remembered.get(f"{kind}:{name_key(name)}") if self.remembered else None
            if decided in index.known:
                known = Resolution(decided, "exact", (decided,))
            else:
                known = resolve_name(
                    name, index, uscc=uscc, country=country, search=len(self.seen) < self.searches
                )
            self.seen[key] = known
        return known


def known_names(
    suppliers: Iterable[Supplier], items: Iterable[Item]
) -> tuple[tuple[KnownName, ...], tuple[KnownName, ...]]:
    """Take the names of a chain's suppliers and items for `ingest.checking.check`.

    Parameters
    ----------
    suppliers, items
        From `chains.model.ChainRecords` or folders.

    Returns
    -------
    tuple[tuple[KnownName, ...], tuple[KnownName, ...]]
        Known suppliers and known items, each with its Chinese and English name.
    """
    firms = tuple(
        KnownName(
            supplier.supplier_id,
            tuple(name for name in (supplier.name_zh, supplier.name_en) if name),
            country=supplier.country,
        )
        for supplier in suppliers
    )
    things = tuple(KnownName(item.item_id, (item.name_zh, item.name_en)) for item in items)
    return firms, things
