"""When a firm is systemic, read from the table ``firms`` of data/alert_rules.toml."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from risk.errors import ParameterError
from risk.firms.model import FirmCriteria

if TYPE_CHECKING:
    from pathlib import Path


def load_firm_criteria(path: Path) -> FirmCriteria:
    """Read the lines of the rule on firms.

    Parameters
    ----------
    path
        A TOML file as data/alert_rules.toml.

    Returns
    -------
    FirmCriteria
        Checked.

    Raises
    ------
    ParameterError
        When the table ``firms`` is missing or a value is outside its range.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))["firms"]
        criteria = FirmCriteria(
            float(raw["systemic_from"]), float(raw["off_ratio"]), int(raw["closes_after"])
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ParameterError(
            f"{path.name}: table firms: {error}; compare it with the file shipped in data/",
            zh=f"{path.name} 的 firms 一节读不出来({error});请与随附的 data/ 里的同名文件对照",
        ) from error
    if not (0 < criteria.systemic_from <= 1 and 0 < criteria.off_ratio <= 1 and criteria.closes_after >= 1):
        raise ParameterError(
            f"{path.name}: systemic_from and off_ratio lie in (0, 1], closes_after is at least 1",
            zh=f"{path.name} 的 firms 一节:systemic_from 和 off_ratio 大于 0、不超过 1,closes_after 至少为 1",
        )
    return criteria
