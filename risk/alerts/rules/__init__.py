"""The alert rules; to add one: one file here, one line below, its thresholds in data/alert_rules.toml."""

from typing import Final

from risk.alerts.model import Rule
from risk.alerts.rules.left_critical import LeftCritical
from risk.alerts.rules.newly_critical import NewlyCritical
from risk.alerts.rules.structural_spof import StructuralSpof

RULES: Final[tuple[Rule, ...]] = (
    NewlyCritical(),
    LeftCritical(),
    StructuralSpof(),
)
