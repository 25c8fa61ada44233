"""What a blank means: the defaults of model.md section 2, read from an editable file."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict, dataclass
from enum import IntFlag
from typing import TYPE_CHECKING, Any

from chains.errors import LianwenError
from chains.model import Kind, Use

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class DefaultUsed(IntFlag):
    """Which defaults a value rests on; a score carries the union over all it depends on."""

    SHARE = 1
    SUPPLIERS_COMPLETE = 2
    SPARE = 4
    RAMP_DAYS = 8
    QUALIFIED = 16
    QUALIFICATION_DAYS = 32
    COVER_DAYS = 64
    STOCK_DAYS = 128
    USE = 256
    ATTRITION = 512
    ESSENTIAL = 1024
    LINK_WEIGHT = 2048
    VARIANT_WEIGHT = 4096
    LIST_COMPLETE = 8192
    HOME_USE = 16384

    def names(self) -> tuple[str, ...]:
        """Lower-case names of the set flags, sorted."""
        return tuple(sorted(str(flag.name).lower() for flag in DefaultUsed if flag in self))


class DefaultsError(LianwenError):
    """The defaults file is missing, unreadable or out of range."""

    code = "defaults"


@dataclass(frozen=True, slots=True)
class KindDefaults:
    """Defaults of one kind of item; ``None`` where the kind has none.

    Attributes
    ----------
    use
        Consumable or capital.
    cover_days, ramp_days, qualification_days
        Calendar days.
    attrition
        Share of the installed base renewed in a year, 0 to 1.
    """

    use: Use
    ramp_days: float
    qualification_days: float
    cover_days: float | None = None
    attrition: float | None = None


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a blank cell of a chain folder means; fractions are 0 to 1."""

    kinds: Mapping[Kind, KindDefaults]
    spare_ratio: float
    nonessential_weight: float
    attrition_other: float
    blank_cap: float
    essential: bool
    qualified: bool
    suppliers_complete: bool
    list_complete: bool
    home_use: float

    def as_dict(self) -> dict[str, Any]:
        """Plain values for storing with a run, in a fixed order."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), sort_keys=True))
        return plain

    def digest(self) -> str:
        """Twelve hexadecimal digits that change when any default does."""
        text = json.dumps(self.as_dict(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def load_defaults(path: Path) -> Defaults:
    """Read a defaults file.

    Parameters
    ----------
    path
        A TOML file as data/defaults.toml.

    Returns
    -------
    Defaults
        The values, checked for range.

    Raises
    ------
    DefaultsError
        When the file cannot be read, lacks an entry or an entry is out of range.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        kinds = {Kind(name): _kind_defaults(entry) for name, entry in raw.pop("kind").items()}
        defaults = Defaults(kinds=kinds, **raw)
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        message = f"{path.name}: {error}; compare it with the defaults that are shipped in data/"
        zh = f"{path.name} 读不出来({error});请与 data/ 里随附的默认值文件对照改正"
        raise DefaultsError(message, zh=zh) from error
    _check_range(path.name, defaults)
    return defaults


def _kind_defaults(entry: dict[str, Any]) -> KindDefaults:
    return KindDefaults(**{**entry, "use": Use(entry["use"])})


def _check_range(name: str, defaults: Defaults) -> None:
    missing = [kind.value for kind in Kind if kind not in defaults.kinds]
    if missing:
        raise DefaultsError(
            f"{name}: no entry for kind {', '.join(missing)}; add [kind.{missing[0]}]",
            zh=f"{name}:缺少类别 {'、'.join(missing)};请补上 [kind.{missing[0]}]",
        )
    fractions = ("spare_ratio", "nonessential_weight", "attrition_other", "blank_cap", "home_use")
    for field in fractions:
        if not 0 <= getattr(defaults, field) <= 1:
            raise DefaultsError(
                f"{name}: {field} must lie between 0 and 1", zh=f"{name}:{field} 须在 0 到 1 之间;请改正"
            )
    for kind, entry in defaults.kinds.items():
        days = (entry.ramp_days, entry.qualification_days, entry.cover_days or 0.0)
        if min(days) < 0 or not 0 <= (entry.attrition or 0.0) <= 1:
            raise DefaultsError(
                f"{name}: [kind.{kind.value}] days must be 0 or more, attrition between 0 and 1",
                zh=f"{name}:[kind.{kind.value}] 的天数不能小于 0,attrition 须在 0 到 1 之间;请改正",
            )
