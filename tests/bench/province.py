"""A province drawn from a seed: strands of items, firms with lists of what they buy, loops, blanks.

合成示例: every firm is invented. The size of a province's task: 50 chains of Jiangsu's 1650
programme hold some 500 items; 10,000 firms above scale buy from each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chains.model import (
    Chain,
    ChainFolder,
    Item,
    Kind,
    Link,
    Purchase,
    Relation,
    Supplier,
    SupplierKind,
    Supply,
)

CHAIN = "province"
ITEMS_A_STRAND = 20
TIERS = 5
WIDTH = ITEMS_A_STRAND // TIERS
TOOL_EVERY = 5
INPUTS = 3
COUNTRIES = ("CHN", "JPN", "USA", "DEU", "KOR", "NLD")
CITIES = ("苏州", "无锡", "南京", "常州", "南通")
KINDS = (Kind.MATERIAL, Kind.COMPONENT, Kind.COMPONENT, Kind.PROCESS, Kind.PRODUCT)


@dataclass(frozen=True)
class Size:
    """How large a province is drawn."""

    items: int = 500
    firms: int = 10_000
    purchases: int = 100_000
    blank: float = 0.2


def draw_province(size: Size, *, seed: int) -> ChainFolder:
    """Draw a province; the same seed gives the same province."""
    rng = np.random.default_rng(seed)
    strands = size.items // ITEMS_A_STRAND
    items = [_item(strand, place) for strand in range(strands) for place in range(ITEMS_A_STRAND)]
    links = [link for strand in range(strands) for link in _links(rng, strand, strands)]
    inputs: dict[str, list[str]] = {}
    for link in links:
        inputs.setdefault(link.output_item_id, []).append(link.input_item_id)
    made = {firm: items[firm % len(items)].item_id for firm in range(size.firms)}
    makers: dict[str, list[int]] = {}
    for firm, item_id in made.items():
        makers.setdefault(item_id, []).append(firm)
    return ChainFolder(
        chain=Chain(CHAIN, "合成示例省", "Synthetic province"),
        items=tuple(items),
        links=tuple(links),
        suppliers=tuple(_firm(rng, firm) for firm in range(size.firms)),
        supplies=tuple(_supplies(rng, makers, size.blank)),
        purchases=tuple(_purchases(rng, size, made, makers, inputs)),
    )


def _item_id(strand: int, place: int) -> str:
    return f"S{strand:03d}-{place:02d}"


def _item(strand: int, place: int) -> Item:
    tier = place // WIDTH
    kind = Kind.EQUIPMENT if strand % TOOL_EVERY == 0 and place == WIDTH else KINDS[tier]
    item_id = _item_id(strand, place)
    weight = 1.0 if tier == TIERS - 1 else None
    return Item(item_id, f"{item_id} (synthetic)", f"合成示例 {item_id}", kind, weight=weight)


def _links(rng: np.random.Generator, strand: int, strands: int) -> list[Link]:
    links: list[tuple[str, str]] = []
    for place in range(WIDTH, ITEMS_A_STRAND):
        below = (place // WIDTH - 1) * WIDTH
        chosen = rng.choice(WIDTH, INPUTS, replace=False)
        links.extend((_item_id(strand, below + int(one)), _item_id(strand, place)) for one in chosen)
    if strand % TOOL_EVERY == 0:
        # A tool of the strand's upper tiers, made from what they make: chips make the tools that make chips.
        tool = _item_id(strand, WIDTH)
        links.extend((tool, _item_id(strand, place)) for place in range(3 * WIDTH, 4 * WIDTH))
        links.append((_item_id(strand, 3 * WIDTH), tool))
    # Strands lean on each other, in pairs both ways.
    links.append((_item_id(strand ^ 1, 2 * WIDTH), _item_id(strand, 2 * WIDTH + 1)))
    links = [(a, b) for a, b in links if int(a[1:4]) < strands]
    return [Link(a, b, Relation.INPUT_OF, essential=True) for a, b in sorted(set(links))]


def _firm(rng: np.random.Generator, firm: int) -> Supplier:
    country = "CHN" if rng.random() < 0.6 else str(rng.choice(COUNTRIES[1:]))
    home = country == "CHN"
    return Supplier(
        f"f{firm:06d}",
        f"Firm {firm} (synthetic)",
        f"合成示例企业{firm}",
        SupplierKind.ENTERPRISE,
        country,
        province="江苏" if home else None,
        city=str(rng.choice(CITIES)) if home else None,
    )


def _shares(rng: np.random.Generator, count: int, blank: float) -> list[float | None]:
    drawn = rng.dirichlet(np.full(count, 2.0)) * 0.95
    return [None if rng.random() < blank else round(float(share), 4) for share in drawn]


def _supplies(rng: np.random.Generator, makers: dict[str, list[int]], blank: float) -> list[Supply]:
    rows = []
    for item_id, firms in sorted(makers.items()):
        for firm, share in zip(firms, _shares(rng, len(firms), blank), strict=True):
            rows.append(Supply(f"f{firm:06d}", item_id, share))
    return rows


def _purchases(
    rng: np.random.Generator,
    size: Size,
    made: dict[int, str],
    makers: dict[str, list[int]],
    inputs: dict[str, list[str]],
) -> list[Purchase]:
    lists = [(firm, bought) for firm, item_id in made.items() for bought in inputs.get(item_id, [])]
    each, rest = divmod(size.purchases, len(lists))
    rows = []
    for number, (firm, bought) in enumerate(lists):
        count = min(each + (number < rest), len(makers[bought]))
        if count == 0:
            continue
        sellers = rng.choice(makers[bought], count, replace=False)
        shares = _shares(rng, count, size.blank)
        stock = float(rng.integers(5, 60))
        for seller, share in zip(sorted(int(one) for one in sellers), shares, strict=True):
            rows.append(Purchase(f"f{firm:06d}", bought, f"f{seller:06d}", share, stock_days=stock))
    return rows
