"""Which known supplier or item a name stands for: exact, near for certain, suggested, or unknown.

Near names are placed by themselves only above a threshold measured on labelled pairs, are shown as such, and
a person's word stands above them; two known firms are never merged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar

from ingest.item_likeness import score_items, take_item_apart
from ingest.likeness import SAME, score_firms, take_apart
from ingest.model import KnownName, Resolution
from ingest.name_index import GramIndex
from ingest.names import (
    HAN,
    WORDS,
    bracket_parts,
    name_key,
    pinyin,
    split_chinese_form,
    split_legal_form,
)
from ingest.near_names import SUGGESTIONS, keep_best, look_around
from ingest.places import find_place

CERTAIN_SCORE: Final = 92.0
"""Near names above it are placed without asking; measured in docs/upload.md, Matching."""
SAME_FIRM_COUNTRIES: Final = frozenset({"CHN", "TWN", "HKG", "MAC"})
UNKNOWN: Final = Resolution(None, "unknown")
ASK: Final = "?"
"""The remembered decision that a person wants to be asked about a name."""
SHOWN: Final = 4
"""So many first signs of a name tell whether any core begins as it does."""
Entry = TypeVar("Entry")


@dataclass(frozen=True)
class NameIndex:
    """Known names by key.

    Attributes
    ----------
    known
        Id to what is known of it.
    by_code
        Credit code, for items HS code, to ids.
    by_key
        `name_key` to ids.
    by_core
        Core of a firm's name to ids; empty for items.
    spellings
        Every name that near names are searched among, with its id.
    take_apart, score
        How names are reduced and compared before that.
    """

    known: dict[str, KnownName]
    by_code: dict[str, tuple[str, ...]]
    by_key: dict[str, tuple[str, ...]]
    by_core: dict[str, tuple[str, ...]]
    spellings: tuple[tuple[str, str], ...]
    take_apart: Callable[[str], Any]
    score: Callable[[Any, Any, KnownName], float]

    @cached_property
    def parts(self) -> list[Any]:
        """The spellings taken apart."""
        return [self.take_apart(name) for name, _ in self.spellings]

    @cached_property
    def grams(self) -> GramIndex:
        """The cores of the spellings, for the search."""
        return GramIndex([part.core for part in self.parts])

    @cached_property
    def at_sound(self) -> dict[str, tuple[int, ...]]:
        """Positions by the pinyin of their Chinese names."""
        chinese = ((part.core, at) for at, part in enumerate(self.parts) if HAN.search(part.core))
        return _grouped((pinyin(core), at) for core, at in chinese)

    @cached_property
    def starts(self) -> frozenset[str]:
        """First four signs of the cores, all of shorter ones."""
        return frozenset(core[:SHOWN] for core in self.by_core)

    def may_start(self, start: str) -> bool:
        """Tell whether a name that starts so has to be looked at.

        Parameters
        ----------
        start
            First four signs of a `name_key`, all of a shorter one.

        Returns
        -------
        bool
            False only where no core begins as the name does.
        """
        # Punctuation in front is left out of a core, and then other signs follow.
        return not start.isalnum() or not self.starts.isdisjoint((start[:1], start[:2], start[:3], start))

    def may_know(self, key: str) -> bool:
        """Tell at a glance whether a name can be found by its key or core.

        Parameters
        ----------
        key
            Its `name_key`.

        Returns
        -------
        bool
            False only for a name of which `by_key` and `by_core` hold nothing.
        """
        # A core begins as the key does, once punctuation is left out.
        signs = key if key.isalnum() else "".join(WORDS.findall(key))
        if key in self.by_key:
            return True
        if self.starts.isdisjoint((signs[:1], signs[:2], signs[:3], signs[:SHOWN])):
            return False
        return not HAN.search(key) or split_chinese_form(key)[0] in self.by_core

    def id_at(self, position: int) -> str:
        """Tell whose spelling stands at a position."""
        return self.spellings[position][1]


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
    cores = ((split_legal_form(name)[0], key) for name, key in spellings)
    homes = {key: home_places(supplier) for key, supplier in known.items()}
    return NameIndex(
        known,
        _grouped((supplier.uscc, key) for key, supplier in known.items() if supplier.uscc),
        _grouped((name_key(name), key) for name, key in spellings),
        _grouped((core, key) for core, key in cores if core),
        tuple(dict.fromkeys(spellings)),
        take_apart,
        lambda one, other, firm: score_firms(one, other, home=homes[firm.key], country=firm.country),
    )


def home_places(supplier: KnownName) -> frozenset[str]:
    """Tell which places may stand in front of a known firm's name.

    Parameters
    ----------
    supplier
        A known firm.

    Returns
    -------
    frozenset[str]
        Its province and city, as `ingest.places.PLACES` spells them.
    """
    found = (find_place(name_key(place)) for place in supplier.places)
    return frozenset(place for place in found if place)


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
        Only whole names match: 检测设备(先进封装) is not all of 检测设备.
    """
    known = {item.key: item for item in items}
    spellings = [(name, key) for key, item in known.items() for name in (*item.names, key) if name]
    return NameIndex(
        known,
        _grouped((code, key) for key, item in known.items() for code in item.hs_codes),
        _grouped((name_key(name), key) for name, key in spellings),
        {},
        tuple(dict.fromkeys(spellings)),
        take_item_apart,
        lambda one, other, _: score_items(one, other),
    )


def _grouped(pairs: Iterable[tuple[str, Entry]]) -> dict[str, tuple[Entry, ...]]:
    groups: dict[str, dict[Entry, None]] = {}
    for key, entry in pairs:
        groups.setdefault(key, {})[entry] = None
    return {key: tuple(entries) for key, entries in groups.items()}


def resolve_name(
    name: str, index: NameIndex, *, uscc: str | None = None, country: str | None = None, search: bool = True
) -> Resolution:
    """Tell what one name stands for beyond doubt.

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
        Exact only when one known firm or item fits for certain; near names are suggestions here.
    """
    if uscc and len(owners := index.by_code.get(uscc, ())) == 1:
        return Resolution(owners[0], "exact", owners, "code")
    found = index.by_key.get(name_key(name), ())
    if not found and index.by_core:
        found = index.by_core.get(split_legal_form(name)[0], ())
        if any(score < SAME for score in _scores(name, index, found).values()):
            return Resolution(None, "suggested", found[:SUGGESTIONS])
    if len(found) == 1 and _same_firm(index.known[found[0]], uscc, country):
        return Resolution(found[0], "exact", found, "name")
    if found:
        return Resolution(None, "suggested", found[:SUGGESTIONS])
    near = look_around(name, index).suggestions if search else ()
    return Resolution(None, "suggested", near) if near else UNKNOWN


def _scores(name: str, index: NameIndex, found: Sequence[str]) -> dict[str, float]:
    """Score a name against all names of some ids."""
    if not found:
        return {}
    one = index.take_apart(name)
    wanted, scores = set(found), dict.fromkeys(found, 0.0)
    for at in index.grams.at_key.get(one.core, ()):
        known = index.id_at(at)
        if known in wanted:
            keep_best(scores, known, index.score(one, index.parts[at], index.known[known]))
    return scores


def resolve_near(
    name: str, index: NameIndex, *, uscc: str | None = None, country: str | None = None
) -> Resolution:
    """Tell what one name stands for, near names above the threshold included.

    Parameters
    ----------
    name
        As in the list.
    index
        Known names.
    uscc, country
        Of the row.

    Returns
    -------
    Resolution
        `how` is ``near`` for a name that was placed by its likeness; `score` says how alike.
    """
    certain = resolve_name(name, index, uscc=uscc, country=country, search=False)
    if certain.key is not None or len(certain.suggestions) > 1:
        return certain
    found = look_around(name, index)
    best = [known for known, score in found.scores.items() if score >= CERTAIN_SCORE]
    top = [known for known in best if found.scores[known] >= SAME] or best
    if len(top) == 1 and _same_firm(index.known[top[0]], uscc, country):
        others = (known for known in found.suggestions if known != top[0])
        return Resolution(top[0], "exact", (top[0], *others)[:SUGGESTIONS], "near", found.scores[top[0]])
    if certain.status == "suggested":
        return certain
    near = tuple(dict.fromkeys((*best, *found.suggestions)))[:SUGGESTIONS]
    return Resolution(None, "suggested", near) if near else UNKNOWN


def _same_firm(known: KnownName, uscc: str | None, country: str | None) -> bool:
    """Tell whether nothing but the name speaks against two firms being one."""
    if uscc and known.uscc and uscc != known.uscc:
        return False
    if country is None or known.country is None or country == known.country:
        return True
    # 中国 beside 台湾省 is a common way to write a Taiwan firm's place.
    return {country, known.country} <= SAME_FIRM_COUNTRIES
