"""Where supply begins to count as concentrated, or as depending on abroad (data/concentration.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from risk.errors import ParameterError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ConcentrationLines:
    """Absolute lines, 0 to 1.

    Attributes
    ----------
    hhi
        Above it supply is concentrated, whatever it is grouped by.
    foreign
        Above it an item depends on abroad.
    """

    hhi: float
    foreign: float


def load_concentration_lines(path: Path) -> ConcentrationLines:
    """Read the lines.

    Parameters
    ----------
    path
        A TOML file as data/concentration.toml.

    Returns
    -------
    ConcentrationLines
        As given.

    Raises
    ------
    ParameterError
        When the file cannot be read, or a line does not lie between 0 and 1.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        lines = ConcentrationLines(hhi=float(raw["hhi"]), foreign=float(raw["foreign"]))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ParameterError(
            f"{path.name}: {error}; compare it with the lines shipped in data/",
            zh=f"{path.name} 读不出来({error});请与 data/ 里随附的文件对照改正",
        ) from error
    if not (0 < lines.hhi < 1 and 0 < lines.foreign < 1):
        raise ParameterError(
            f"{path.name}: hhi and foreign must lie between 0 and 1",
            zh=f"{path.name}:hhi 和 foreign 须在 0 与 1 之间;请改正",
        )
    return lines
