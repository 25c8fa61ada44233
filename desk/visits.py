"""巡诊清单: the values of what is unknown, kept per data version, and the visits they suggest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from chains.defaults import load_defaults
from chains.regions import HOME_COUNTRY
from chains.repository import load_records
from chains.version import data_version
from desk.apart import run_apart, run_child, tell_done
from desk.chain_names import require_chain
from desk.store import reading
from desk.visit_views import read_plan
from risk.errors import ParameterError
from risk.levels import load_levels
from risk.model import MAIN_HORIZON
from risk.response.worth import Values, read_values
from settings import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from chains.defaults import Defaults
    from chains.model import ChainRecords, Supplier
    from desk.visit_views import PlanView
    from risk.levels import Levels
    from settings import Settings

TOP = 10


@dataclass(frozen=True, slots=True)
class _Basis:
    """What values rest on, and where they are kept."""

    records: ChainRecords
    defaults: Defaults
    levels: Levels
    file: Path


def plan_visits(
    settings: Settings,
    chain_id: str,
    *,
    top: int = TOP,
    abroad: bool = False,
    province: str | None = None,
    progress: Callable[[float], object] | None = None,
) -> PlanView:
    """Choose the firms to visit so that most verdicts of a chain become decidable.

    Parameters
    ----------
    settings
        Where database, defaults and levels are.
    chain_id
        Which chain.
    top
        At most so many firms.
    abroad
        Whether firms outside the home country count too: they are asked in writing.
    province
        Only firms of this province, by its Chinese name.
    progress
        Called with the fraction done, 0 to 1, when values must be computed first.

    Returns
    -------
    PlanView
        Firms with their questions in words, and the verdicts they settle.

    Raises
    ------
    UnknownKeyError
        When the chain is not loaded.
    ParameterError
        When `top` is below 1, or no firm of the chain stands in the province.
    """
    from risk.response.visits import choose_visits

    basis = _read_basis(settings, chain_id)
    values = _kept_values(basis) or _compute_values(basis, progress)
    allowed = _allowed_firms(basis.records, abroad=abroad, province=province)
    return read_plan(basis.records, values, choose_visits(values, top=top, allowed=allowed))


def values_file(settings: Settings, chain_id: str) -> Path:
    """Name the file in which the values of a chain's present data are kept once they are computed.

    Parameters
    ----------
    settings
        Where the database is.
    chain_id
        Which chain.

    Returns
    -------
    pathlib.Path
        Another one after data, defaults, levels or the computing code changed. A plan takes no time while it
        exists.
    """
    return _read_basis(settings, chain_id).file


def compute_values_apart(chain_id: str, *, progress: Callable[[float], object] | None = None) -> None:
    """Compute and keep the values of a chain in a process of its own, for a page.

    Parameters
    ----------
    chain_id
        Which chain.
    progress
        Called with the fraction done, 0 to 1.

    Raises
    ------
    ApartError
        With what went wrong.
    """
    run_apart("desk.visits", [chain_id], progress=progress)


def _read_basis(settings: Settings, chain_id: str) -> _Basis:
    with reading(settings) as session:
        require_chain(session, chain_id)
        records = load_records(session, chain_id)
    defaults = load_defaults(settings.data_dir / "defaults.toml")
    levels = load_levels(settings.data_dir / "levels.toml")
    rests_on = [data_version(records), defaults.digest(), levels.as_dict(), MAIN_HORIZON, _program_digest()]
    digest = hashlib.sha256(json.dumps(rests_on, sort_keys=True).encode()).hexdigest()[:16]
    # The chain's name may hold any sign; the digest alone names the file.
    name = hashlib.sha256(chain_id.encode()).hexdigest()[:8]
    return _Basis(records, defaults, levels, settings.var_dir / "visits" / f"{name}-{digest}.json")


def _program_digest() -> str:
    """Name the code that values come from: a change elsewhere in the program leaves them as they are."""
    found = hashlib.sha256()
    for package in ("chains", "risk"):
        for file in sorted((CHECKOUT / package).rglob("*.py")):
            found.update(file.read_bytes())
    return found.hexdigest()


def _kept_values(basis: _Basis) -> Values | None:
    try:
        return read_values(json.loads(basis.file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        # Missing, or cut off when the machine stopped: computed again.
        return None


def _compute_values(basis: _Basis, progress: Callable[[float], object] | None) -> Values:
    from risk.response.value import value_unknowns

    values = value_unknowns(
        basis.records,
        defaults=basis.defaults,
        levels=basis.levels,
        horizon=MAIN_HORIZON,
        home=(HOME_COUNTRY,),
        progress=progress,
    )
    _keep(basis.file, json.dumps(asdict(values), ensure_ascii=False))
    return values


def _keep(file: Path, text: str) -> None:
    """Write a file whole, and take out those of earlier data of the same chain."""
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(file)
    for old in file.parent.glob(f"{file.name.partition('-')[0]}-*.json"):
        if old != file:
            old.unlink(missing_ok=True)


def _allowed_firms(records: ChainRecords, *, abroad: bool, province: str | None) -> frozenset[str]:
    def fits(firm: Supplier) -> bool:
        return (abroad or firm.country == HOME_COUNTRY) and province in {None, firm.province}

    found = frozenset(firm.supplier_id for firm in records.suppliers if fits(firm))
    if not found and province is not None:
        known = sorted({firm.province for firm in records.suppliers if firm.province})
        raise ParameterError(
            f"no firm of this chain stands in {province!r}; provinces with firms: {', '.join(known)}",
            zh=f"这条链里没有企业位于“{province}”;有企业的省份:{'、'.join(known)}",
        )
    return found


def _main(words: Sequence[str]) -> None:
    from settings import load_settings, prepare_environment

    settings = load_settings()
    prepare_environment(settings)
    _compute_values(_read_basis(settings, words[0]), tell_done)


if __name__ == "__main__":
    run_child(_main)
