"""Levels: where a score becomes yellow, orange or red (model.md section 5, data/levels.toml)."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from risk.errors import ParameterError
from risk.model import Level

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# Every threshold is passed only by more than this.
SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Lines:
    """Three lines of one score, 0 to 1; red may also need an early first day."""

    red: float
    orange: float
    yellow: float
    red_first_day: int | None = None


@dataclass(frozen=True, slots=True)
class Levels:
    """Lines of one perspective.

    Attributes
    ----------
    run
        On the residual at the main horizon in mode run.
    build
        On the exposure in mode build.
    structural_need
        A slot left with less than this part of its need makes a structural SPOF.
    """

    run: Lines
    build: Lines
    structural_need: float

    def as_dict(self) -> dict[str, Any]:
        """Plain values for storing with a run."""
        return asdict(self)


def load_levels(path: Path, *, perspective: str = "world") -> Levels:
    """Read the lines of one perspective.

    Parameters
    ----------
    path
        A TOML file as data/levels.toml.
    perspective
        ``world`` or ``home``.

    Returns
    -------
    Levels
        The lines.

    Raises
    ------
    ParameterError
        When the file cannot be read, or its lines are not 0 < yellow <= orange <= red <= 1.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        table = raw[perspective]
        levels = Levels(Lines(**table["run"]), Lines(**table["build"]), float(raw["structural_need"]))
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ParameterError(
            f"{path.name}: {error}; compare it with the levels shipped in data/",
            zh=f"{path.name} 读不出来({error});请与 data/ 里随附的等级线文件对照改正",
        ) from error
    for name, lines in (("run", levels.run), ("build", levels.build)):
        if not 0 < lines.yellow <= lines.orange <= lines.red <= 1:
            raise ParameterError(
                f"{path.name}: [{perspective}.{name}] needs 0 < yellow <= orange <= red <= 1",
                zh=f"{path.name}:[{perspective}.{name}] 须满足 0 < yellow <= orange <= red <= 1;请改正",
            )
    return levels


def level_ranks(
    lines: Lines, score: NDArray[np.float64], first_day: NDArray[np.float64] | None = None
) -> NDArray[np.int64]:
    """Rank of the level each score reaches.

    Parameters
    ----------
    lines
        Of this score.
    score
        0 to 1, NaN where there is none.
    first_day
        Days, NaN for never; used where red needs an early first day.

    Returns
    -------
    array of int
        `Level.rank`, 0 where the score is NaN.
    """
    filled = np.nan_to_num(score, nan=0.0)
    ranks = sum((filled > line + SLACK).astype(np.int64) for line in (lines.yellow, lines.orange, lines.red))
    if lines.red_first_day is not None and first_day is not None:
        late = ~(first_day <= lines.red_first_day)
        ranks = np.where((ranks == Level.RED.rank) & late, Level.ORANGE.rank, ranks)
    return np.asarray(ranks, dtype=np.int64)
