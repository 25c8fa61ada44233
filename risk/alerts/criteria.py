"""What the rules go by, read from data/alert_rules.toml."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from chains.model import Scope
from risk.alerts.model import AlertCriteria
from risk.alerts.rules import RULES
from risk.errors import ParameterError
from risk.model import Level

if TYPE_CHECKING:
    from pathlib import Path


def load_criteria(path: Path) -> AlertCriteria:
    """Read the criteria of the alert rules.

    Parameters
    ----------
    path
        A TOML file as data/alert_rules.toml.

    Returns
    -------
    AlertCriteria
        Checked.

    Raises
    ------
    ParameterError
        When the file cannot be read, names a rule, level or scope that does not exist, or a count below 1.
    """
    try:
        criteria = _read(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ParameterError(
            f"{path.name}: {error}; compare it with the file shipped in data/",
            zh=f"{path.name} 读不出来({error});请与随附的 data/ 里的同名文件对照",
        ) from error
    unknown = sorted(set(criteria.rules) - {rule.rule_id for rule in RULES})
    if unknown:
        known = ", ".join(rule.rule_id for rule in RULES)
        raise ParameterError(
            f"{path.name}: there is no rule {unknown[0]!r}; the rules are {known}",
            zh=f"{path.name} 里没有规则 {unknown[0]!r};可用的规则:{known}",
        )
    if criteria.critical_from is Level.NONE or min(criteria.group_firms, criteria.closes_after) < 1:
        raise ParameterError(
            f"{path.name}: critical_from must be yellow, orange or red; "
            "group_firms and closes_after must be at least 1",
            zh=f"{path.name} 里 critical_from 只能是 yellow、orange 或 red,"
            "group_firms 和 closes_after 至少为 1",
        )
    return criteria


def _read(raw: dict[str, Any]) -> AlertCriteria:
    return AlertCriteria(
        rules=tuple(str(name) for name in raw["rules"]),
        critical_from=Level(raw["critical_from"]),
        scopes=tuple(Scope(name) for name in raw["scopes"]),
        group_firms=int(raw["group_firms"]),
        closes_after=int(raw["closes_after"]),
    )
