"""Commands about what is not known: the band of drawn shares, and whom to ask."""

from __future__ import annotations

from typing import Annotated

import typer

from chains.model import Scope
from commands.framing import (
    ChainOption,
    FormatOption,
    Progress,
    framed,
    language_in_use,
    prepare,
    tell,
    write_rows,
)
from desk.output import Format
from risk.errors import ParameterError


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module.

    Parameters
    ----------
    app
        The command line.
    """
    app.command("band")(band)
    app.command("visits")(visits)


@framed
def band(
    *,
    chain: ChainOption,
    scope: Annotated[Scope | None, typer.Option("--scope", help="只算一个节点时:它的范围")] = None,
    key: Annotated[str | None, typer.Option("--key", metavar="KEY", help="只算一个节点时:它的编号")] = None,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="不写节点时:高端值最大的 N 个")] = 30,
    draws: Annotated[int | None, typer.Option("--draws", metavar="N", help="抽样次数,不写则 200")] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="S", help="随机种子,不写则固定值")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """未知份额随机填时分数的波动带,与精确的低端和高端并列 (band of drawn shares beside the exact range)."""
    from desk.bands import BAND_COLUMNS, compute_chain_bands

    if (scope is None) != (key is None):
        raise ParameterError("give --scope and --key together", zh="--scope 和 --key 要一起给")
    with Progress() as progress:
        found = compute_chain_bands(
            prepare(),
            chain,
            node=None if scope is None or key is None else (scope, key),
            top=top,
            draws=draws,
            seed=seed,
            progress=lambda done: progress(chain, done),
        )
    write_rows(found.cells(), BAND_COLUMNS, form)


@framed
def visits(
    *,
    chain: ChainOption,
    top: Annotated[int, typer.Option("--top", min=1, metavar="N", help="最多走访几家企业")] = 10,
    abroad: Annotated[bool, typer.Option("--abroad", help="境外企业也算在内(函询)")] = False,
    province: Annotated[
        str | None, typer.Option("--province", metavar="NAME", help="只走访这个省的企业")
    ] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """巡诊清单:问哪几家企业什么问题,能定下最多待核实的判断 (whom to ask to settle most verdicts)."""
    from desk.visit_views import BRIEF_VISIT_COLUMNS, VISIT_COLUMNS
    from desk.visits import plan_visits

    with Progress() as progress:
        plan = plan_visits(
            prepare(),
            chain,
            top=top,
            abroad=abroad,
            province=province,
            progress=lambda done: progress(chain, done),
        )
    zh, en = plan.sentence
    tell(zh if language_in_use() == "zh" else en)
    write_rows(plan.cells(), BRIEF_VISIT_COLUMNS if form is Format.TABLE else VISIT_COLUMNS, form)
