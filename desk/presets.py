"""Scenarios that ship with the program: ``data/scenarios/<id>.toml``, read and checked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from chains.defaults import load_defaults
from chains.errors import LianwenError, Place, Problem, Sentence, Severity, UnknownKeyError
from chains.matching import near_matches
from chains.model import Mode, Perspective, Scope
from chains.sources import resolve_sources
from chains.union import join_folders
from desk.words import read_plan
from risk.model import MAIN_HORIZON
from risk.nodes import find_nodes, match_node
from risk.scenario_store.model import Merger, Plan, Preset, PresetKind, PresetSource

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from pathlib import Path

    from chains.model import ChainFolder

FOLDER = "scenarios"
_CAN_BE_CUT = {Scope.COUNTRY, Scope.PARENT, Scope.SUPPLIER, Scope.PROVINCE, Scope.CITY}
_TEXTS = ("name_zh", "name_en", "note_zh", "note_en", "chain")
_KNOWN = {*_TEXTS, "kind", "shocks", "cuts", "stock", "perspective", "merger"} | {
    "mode",
    "horizon",
    "source",
}


@dataclass(frozen=True, slots=True)
class PresetFile:
    """What one file gave: a preset, or why there is none."""

    file: str
    preset: Preset | None
    problems: tuple[Problem, ...] = ()


def read_presets(data_dir: Path) -> tuple[PresetFile, ...]:
    """Read all presets of a data folder.

    Parameters
    ----------
    data_dir
        With a folder ``scenarios`` in it, or without.

    Returns
    -------
    tuple of PresetFile
        In order of file name.
    """
    return tuple(_read_file(path) for path in sorted((data_dir / FOLDER).glob("*.toml")))


def list_presets(data_dir: Path) -> tuple[Preset, ...]:
    """Read the presets that can be used.

    Parameters
    ----------
    data_dir
        With a folder ``scenarios`` in it, or without.

    Returns
    -------
    tuple of Preset
        In order of file name; files with errors are left out, `check_presets` names them.
    """
    return tuple(found.preset for found in read_presets(data_dir) if found.preset is not None)


def find_preset(data_dir: Path, preset_id: str) -> Preset:
    """Find one preset.

    Parameters
    ----------
    data_dir
        With a folder ``scenarios`` in it.
    preset_id
        Name of the file without its ending.

    Returns
    -------
    Preset
        The one.

    Raises
    ------
    UnknownKeyError
        When there is none, with near matches.
    """
    known = {preset.preset_id: preset for preset in list_presets(data_dir)}
    if preset_id not in known:
        raise UnknownKeyError(
            f"there is no preset {preset_id!r}; see lianwen scenarios",
            near=near_matches(preset_id, known),
            zh=f"没有预设情景 {preset_id!r};见 lianwen scenarios",
        )
    return known[preset_id]


def check_presets(data_dir: Path, folders: Sequence[ChainFolder]) -> list[Problem]:
    """Check every preset against the chains it is about.

    Parameters
    ----------
    data_dir
        With ``scenarios/`` and ``defaults.toml``.
    folders
        The chains beside it.

    Returns
    -------
    list of Problem
        Files that cannot be read, and nodes, items or chains that do not exist.
    """
    problems: list[Problem] = []
    for found in read_presets(data_dir):
        problems += found.problems
        if found.preset is not None:
            problems += _check_plan(found, found.preset.plan, folders, data_dir)
    return problems


def _read_file(path: Path) -> PresetFile:
    file = f"{FOLDER}/{path.name}"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return PresetFile(file, _read_preset(path.stem, raw))
    except LianwenError as error:
        return PresetFile(file, None, (_problem(file, error.message, error.message_zh),))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        return PresetFile(file, None, (_problem(file, f"cannot be read: {error}", f"读不出来:{error}"),))


def _problem(file: str, message: str, message_zh: str) -> Problem:
    return Problem(
        severity=Severity.ERROR,
        code="bad-scenario",
        message=message,
        message_zh=message_zh,
        places=(Place(file, 0),),
    )


def _read_preset(preset_id: str, raw: dict[str, Any]) -> Preset:
    odd = sorted(raw.keys() - _KNOWN)
    missing = [name for name in (*_TEXTS, "kind") if not raw.get(name)]
    if odd or missing:
        raise ValueError(
            " ".join([*(f"unknown entry {name};" for name in odd), *(f"no {name};" for name in missing)])
        )
    merger = raw.get("merger")
    typed, cuts = raw.get("shocks", ()), raw.get("cuts", ())
    if bool(typed or cuts) == bool(merger):
        raise ValueError("give either shocks or cuts, or a merger")
    kind = PresetKind(raw["kind"])
    sources = tuple(_read_source(source) for source in raw.get("source", ()))
    if kind is PresetKind.CASE and not sources:
        raise ValueError("a real case needs a source")
    perspective = Perspective(raw["perspective"]) if "perspective" in raw else None
    if merger:
        plan = Plan(raw["chain"], merger=Merger(merger["group"], merger["into"]))
    else:
        plan = read_plan(raw["chain"], typed, cuts=cuts, stock=raw.get("stock", ()), perspective=perspective)
    mode, horizon = Mode(raw.get("mode", Mode.RUN)), int(raw.get("horizon", MAIN_HORIZON))
    return Preset(
        preset_id=preset_id,
        name_zh=raw["name_zh"],
        name_en=raw["name_en"],
        note_zh=raw["note_zh"],
        note_en=raw["note_en"],
        kind=kind,
        plan=replace(plan, mode=mode, horizon=horizon),
        sources=sources,
    )


def _read_source(raw: dict[str, Any]) -> PresetSource:
    published_on = raw["published_on"]
    if not isinstance(published_on, date) or not str(raw["url"]).startswith("https://"):
        raise ValueError("a source needs published_on (a date) and an https url")
    return PresetSource(raw["title"], raw["publisher"], published_on, raw["url"])


def _check_plan(
    found: PresetFile, plan: Plan, folders: Sequence[ChainFolder], data_dir: Path
) -> list[Problem]:
    from risk.compute import checked_horizons
    from risk.upsets import check_shocks

    try:
        checked_horizons([plan.horizon])
        records = join_folders(folders, plan.chain_id)
        sources = resolve_sources(records, load_defaults(data_dir / "defaults.toml"))
        members = find_nodes(records, sources)
        if plan.merger:
            for key in (plan.merger.group, plan.merger.into):
                match_node(members, Scope.PARENT, key)
            return []
        check_shocks(plan.shocks, horizon=plan.horizon)
        for shock in plan.shocks:
            match_node(members, shock.scope, shock.key)
        makers = {one.node.key for one in members if one.node.scope in _CAN_BE_CUT}
        named = [source for cut in plan.cuts for source in cut.sources]
        _check_names(named, makers, Sentence("country, group, supplier or place", "国家、集团、供应商或地方"))
        items = {item.item_id for item in records.items}
        of_shocks = [item for shock in plan.shocks for item in shock.items]
        of_cuts = [item for cut in plan.cuts for item in cut.items]
        _check_names([*of_shocks, *of_cuts, *dict(plan.stock)], items, Sentence("item", "物料"))
    except LianwenError as error:
        return [_problem(found.file, error.message, error.message_zh)]
    return []


def _check_names(names: Iterable[str], known: Collection[str], what: Sentence) -> None:
    for name in names:
        if name not in known:
            raise UnknownKeyError(
                f"no {what.en} {name!r} in this chain",
                near=near_matches(name, known),
                zh=f"这条链里没有{what.zh} {name!r}",
            )
