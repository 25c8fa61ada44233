"""Chain folders and the register of bottleneck items as model values; what is wrong names file and row."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Hashable, Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, TypeVar

from chains.cells import (
    CellError,
    RowReader,
    parse_choice,
    parse_date,
    parse_flag,
    parse_fraction,
    parse_number,
    parse_whole,
    parse_year,
)
from chains.csv_files import read_table
from chains.errors import Place, Problem, Severity
from chains.model import (
    Bottleneck,
    Chain,
    ChainFolder,
    FiveBase,
    Item,
    Kind,
    Link,
    Purchase,
    Relation,
    ShareScope,
    Source,
    Supplier,
    SupplierKind,
    Supply,
    Use,
)
from chains.regions import Regions, read_cities, read_provinces
from chains.union import (
    disagreeing_fields,
    item_key,
    link_key,
    purchase_key,
    source_key,
    supplier_key,
    supply_key,
)

Fact = TypeVar("Fact", Item, Link, Supplier, Supply, Purchase, Source, Bottleneck)

CHAIN_COLUMNS: Final = {
    "items.csv": ("item_id", "kind"),
    "links.csv": ("input_item_id", "output_item_id", "relation"),
    "suppliers.csv": ("supplier_id",),
    "supplies.csv": ("supplier_id", "item_id"),
    "purchases.csv": ("buyer_id", "item_id", "supplier_id"),
    "sources.csv": ("source_id",),
}
FACTS_OF_FILE: Final = {
    "items.csv": Item,
    "links.csv": Link,
    "suppliers.csv": Supplier,
    "supplies.csv": Supply,
    "purchases.csv": Purchase,
    "sources.csv": Source,
}
OPTIONAL_FILES: Final = ("purchases.csv", "sources.csv")
REGISTER_COLUMNS: Final = ("bottleneck_id", "name_zh", "five_base", "evidence_grade", "status")


def read_folder(path: Path) -> tuple[ChainFolder, list[Problem]]:
    """Read the facts of one chain folder.

    Parameters
    ----------
    path
        The folder; its name is the id of the chain.

    Returns
    -------
    folder : ChainFolder
        Every fact that could be read, each with its place; equal rows of one key are one.
    problems : list of Problem
        Errors for files that are missing or unreadable, for cells that cannot be read (their rows are
        left out) and for rows of one key that disagree (the first one stays). `chains.checks` looks
        at what the rows say together.

    Notes
    -----
    ``purchases.csv``, ``sources.csv`` and ``chain.toml`` may be absent, so may every column that the
    model does not need; other columns are ignored. Ids stay exactly as written.
    """
    path = path.resolve()
    chain, problems = _read_chain(path)
    folder = ChainFolder(
        chain=chain,
        items=_read_facts(path, "items.csv", _make_item, key_of=item_key, problems=problems),
        links=_read_facts(path, "links.csv", _make_link, key_of=link_key, problems=problems),
        suppliers=_read_facts(path, "suppliers.csv", _make_supplier, key_of=supplier_key, problems=problems),
        supplies=_read_facts(path, "supplies.csv", _make_supply, key_of=supply_key, problems=problems),
        purchases=_read_facts(path, "purchases.csv", _make_purchase, key_of=purchase_key, problems=problems),
        sources=_read_facts(path, "sources.csv", _make_source, key_of=source_key, problems=problems),
    )
    return folder, problems


def read_bottlenecks(path: Path) -> tuple[tuple[Bottleneck, ...], list[Problem]]:
    """Read the register of bottleneck items, 工作目录(公开资料).

    Parameters
    ----------
    path
        A CSV file with the columns of `Bottleneck`; others are ignored.

    Returns
    -------
    bottlenecks : tuple of Bottleneck
        In the order of the file.
    problems : list of Problem
        Errors with file and row.
    """
    rows, problems = read_table(path, path.name, required=REGISTER_COLUMNS)
    facts = _make_facts(rows, _make_bottleneck, lambda row: row.bottleneck_id, problems)
    return facts, problems


def read_sources(path: Path) -> tuple[tuple[Source, ...], list[Problem]]:
    """Read the documents that the register rests on.

    Parameters
    ----------
    path
        A CSV file with the columns of `Source`; others are ignored.

    Returns
    -------
    sources : tuple of Source
        In the order of the file.
    problems : list of Problem
        Errors with file and row.
    """
    rows, problems = read_table(path, path.name, required=CHAIN_COLUMNS["sources.csv"])
    return _make_facts(rows, _make_source, source_key, problems), problems


def read_regions(data_dir: Path) -> Regions:
    """Read the provinces and the cities of Jiangsu that ship with the program.

    Parameters
    ----------
    data_dir
        The folder that holds ``regions/``.

    Returns
    -------
    Regions
        Spellings in both languages and the rings.

    Raises
    ------
    ChainDataError
        When a file is missing or a row cannot be read.
    """
    folder = data_dir / "regions"
    return Regions(
        provinces=read_provinces(folder / "provinces.csv"), cities=read_cities(folder / "jiangsu_cities.csv")
    )


def _read_facts(
    folder: Path,
    name: str,
    make: Callable[[RowReader], Fact],
    *,
    key_of: Callable[[Fact], Hashable],
    problems: list[Problem],
) -> tuple[Fact, ...]:
    """Read one file of a chain folder and add what is wrong with it to `problems`."""
    if name in OPTIONAL_FILES and not (folder / name).exists():
        return ()
    rows, found = read_table(
        folder / name,
        f"{folder.name}/{name}",
        required=CHAIN_COLUMNS[name],
        known=_columns_of(FACTS_OF_FILE[name]),
    )
    problems.extend(found)
    return _make_facts(rows, make, key_of, problems)


def _columns_of(fact: type) -> tuple[str, ...]:
    """Name the columns of a file: as the fields of its facts, but for the day on which a source was read."""
    names = (one.name for one in fields(fact) if one.name != "place")
    return tuple("accessed" if name == "accessed_on" else name for name in names)


def _make_facts(
    rows: Iterable[RowReader],
    make: Callable[[RowReader], Fact],
    key_of: Callable[[Fact], Hashable],
    problems: list[Problem],
) -> tuple[Fact, ...]:
    facts: dict[Hashable, Fact] = {}
    for row in rows:
        fact = make(row)
        if row.problems:
            problems.extend(row.problems)
            continue
        first = facts.setdefault(key_of(fact), fact)
        if first != fact:
            problems.append(_refuse_second(first, fact, row.place))
    return tuple(facts.values())


def _refuse_second(first: Fact, second: Fact, place: Place) -> Problem:
    fields = disagreeing_fields(first, second)
    message = f"two rows of one key disagree on {', '.join(fields)}; correct or delete one of them"
    zh = f"同一个键的两行在 {'、'.join(fields)} 上不一致;请改正或删除其中一行"
    places = tuple(filter(None, (place, first.place)))
    return Problem(Severity.ERROR, "rows-disagree", message, places, message_zh=zh)


def _read_chain(folder: Path) -> tuple[Chain, list[Problem]]:
    """Read chain.toml; without it the chain is called by its id."""
    path = folder / "chain.toml"
    place = Place(f"{folder.name}/chain.toml", 0)
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        table = {}
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        message = f"the file is no readable TOML ({error}); correct it"
        zh = f"文件不是可读的 TOML({error});请改正"
        problem = Problem(Severity.ERROR, "bad-toml", message, (place,), message_zh=zh)
        return Chain(folder.name, folder.name, folder.name), [problem]
    row = RowReader({name: _toml_text(value) for name, value in table.items()}, place)
    chain = Chain(
        chain_id=folder.name,
        name_zh=row.text("name_zh") or row.text("name_en") or folder.name,
        name_en=row.text("name_en") or row.text("name_zh") or folder.name,
        tier_531=row.text("tier_531"),
        cluster=row.text("cluster"),
        note=row.text("note"),
        home_use=row.read("home_use", parse_fraction),
    )
    return chain, row.problems


def _toml_text(value: Any) -> str:  # noqa: ANN401  TOML values are of any type
    return str(value).strip()


def _make_item(row: RowReader) -> Item:
    item_id = row.key("item_id")
    return Item(
        item_id=item_id,
        name_en=row.text("name_en") or row.text("name_zh") or item_id,
        name_zh=row.text("name_zh") or row.text("name_en") or item_id,
        kind=row.require("kind", parse_choice(Kind)) or Kind.PRODUCT,
        five_base=row.read("five_base", parse_choice(FiveBase)),
        stage=row.text("stage"),
        weight=row.read("weight", parse_number),
        use=row.read("use", parse_choice(Use)),
        attrition=row.read("attrition", parse_fraction),
        cover_days=row.read("cover_days", parse_number),
        spare_ratio=row.read("spare_ratio", parse_number),
        suppliers_complete=row.read("suppliers_complete", parse_flag),
        home_use=row.read("home_use", parse_fraction),
        description=row.text("description"),
        source_id=row.text("source_id"),
        place=row.place,
    )


def _make_link(row: RowReader) -> Link:
    relation = row.require("relation", parse_choice(Relation)) or Relation.INPUT_OF
    # The weight of a variant is a market size of any scale, that of an input a fraction of output.
    parse_weight = parse_number if relation is Relation.VARIANT_OF else parse_fraction
    return Link(
        input_item_id=row.key("input_item_id"),
        output_item_id=row.key("output_item_id"),
        relation=relation,
        essential=row.read("essential", parse_flag),
        weight=row.read("weight", parse_weight),
        group=row.text("group"),
        tier=row.read("tier", parse_whole),
        source_id=row.text("source_id"),
        place=row.place,
    )


def _make_supplier(row: RowReader) -> Supplier:
    supplier_id = row.key("supplier_id")
    return Supplier(
        supplier_id=supplier_id,
        name_en=row.text("name_en") or row.text("name_zh") or supplier_id,
        name_zh=row.text("name_zh"),
        kind=row.read("kind", parse_choice(SupplierKind)) or SupplierKind.ENTERPRISE,
        country=row.text("country"),
        province=row.text("province"),
        city=row.text("city"),
        parent=row.text("parent"),
        tags=row.text("tags"),
        roles=row.text("roles"),
        source_id=row.text("source_id"),
        place=row.place,
    )


def _make_supply(row: RowReader) -> Supply:
    return Supply(
        supplier_id=row.key("supplier_id"),
        item_id=row.key("item_id"),
        share=row.read("share", parse_fraction),
        share_scope=row.read("share_scope", parse_choice(ShareScope)) or ShareScope.GLOBAL,
        spare=row.read("spare", parse_number),
        ramp_days=row.read("ramp_days", parse_number),
        qualified=row.read("qualified", parse_flag),
        qualification_days=row.read("qualification_days", parse_number),
        year=row.read("year", parse_year),
        is_estimate=row.read("is_estimate", parse_flag),
        tier=row.read("tier", parse_whole),
        unit_weight=row.read("unit_weight", _parse_positive),
        source_id=row.text("source_id"),
        place=row.place,
    )


def _parse_positive(text: str) -> float:
    value = parse_number(text)
    if value <= 0:
        raise CellError("must be above 0; leave it blank if unknown", zh="须大于 0;不知道就留空")
    return value


def _make_purchase(row: RowReader) -> Purchase:
    return Purchase(
        buyer_id=row.key("buyer_id"),
        item_id=row.key("item_id"),
        supplier_id=row.key("supplier_id"),
        share=row.read("share", parse_fraction),
        stock_days=row.read("stock_days", parse_number),
        list_complete=row.read("list_complete", parse_flag),
        spare=row.read("spare", parse_number),
        ramp_days=row.read("ramp_days", parse_number),
        qualified=row.read("qualified", parse_flag),
        qualification_days=row.read("qualification_days", parse_number),
        priority=row.read("priority", parse_whole),
        source_id=row.text("source_id"),
        place=row.place,
    )


def _make_source(row: RowReader) -> Source:
    source_id = row.key("source_id")
    return Source(
        source_id=source_id,
        title=row.text("title") or source_id,
        publisher=row.text("publisher"),
        year=row.read("year", parse_year),
        url=row.text("url"),
        licence=row.text("licence"),
        accessed_on=row.read("accessed", parse_date),
        place=row.place,
    )


def _make_bottleneck(row: RowReader) -> Bottleneck:
    name_zh = row.key("name_zh")
    return Bottleneck(
        bottleneck_id=row.key("bottleneck_id"),
        name_zh=name_zh,
        name_en=row.text("name_en") or name_zh,
        five_base=row.require("five_base", parse_choice(FiveBase)) or FiveBase.BASIC_COMPONENT,
        chain=row.text("chain") or "",
        item_id=row.text("item_id"),
        link_kind=row.text("link_kind"),
        evidence_grade=row.key("evidence_grade"),
        foreign_dependence=row.text("foreign_dependence"),
        main_foreign_suppliers=row.text("main_foreign_suppliers"),
        status=row.key("status"),
        source_id=row.text("source_id"),
        note=row.text("note"),
        place=row.place,
    )
