"""Commands about backups: cut sets and depth, concentration. `cli.py` adds them to the command line."""

from __future__ import annotations

from typing import Annotated

import typer

from chains.model import Mode
from commands.framing import ChainOption, FormatOption, ModeOption, framed, prepare, tell, write_rows
from desk.output import Format
from risk.concentration.measure import GroupedBy
from risk.depth.model import DepthLevel


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module.

    Parameters
    ----------
    app
        The command line.
    """
    _add_depth(app)
    _add_concentration(app)


def _add_depth(app: typer.Typer) -> None:
    @app.command("depth")
    @framed
    def depth(
        *,
        chain: ChainOption,
        buyer: Annotated[
            str | None, typer.Option("--buyer", metavar="NAME", help="只列这家企业的输入位(编号或名称)")
        ] = None,
        level: Annotated[
            DepthLevel | None, typer.Option("--level", help="只按这一级计数;不写则四级都列")
        ] = None,
        items: Annotated[bool, typer.Option("--items", help="也列出每个物料的市场")] = False,
        mode: ModeOption = Mode.BUILD,
        form: FormatOption = Format.TABLE,
    ) -> None:
        """列出备份深度、最小割集和假备份,不保存 (backup depth, cut sets, fake backups)."""
        settings = prepare()
        from desk import depth_cells
        from desk.depth import measure_backups
        from risk.depth.model import TargetKind

        kinds = tuple(kind for kind in TargetKind if items or kind is not TargetKind.ITEM)
        found = measure_backups(settings, chain, mode=mode, buyer=buyer, kinds=kinds)
        if form is Format.TABLE:
            tell(depth_cells.cap_sentence().say(settings.language))
            rows = depth_cells.brief_cells(found, level=level, language=settings.language)
            write_rows(rows, depth_cells.brief_columns(level), form)
        else:
            write_rows(depth_cells.full_cells(found), depth_cells.full_columns(level), form)


def _add_concentration(app: typer.Typer) -> None:
    @app.command("concentration")
    @framed
    def concentration(
        *,
        chain: ChainOption,
        by: Annotated[GroupedBy | None, typer.Option("--by", help="只按这一种分组;不写则全部")] = None,
        both_views: Annotated[
            bool, typer.Option("--both-views", help="企业行和国家行两个口径都列;两者从不相加")
        ] = False,
        form: FormatOption = Format.TABLE,
    ) -> None:
        """列出集中度(HHI)的范围、结论和境外份额,不保存 (HHI with its range and verdict, share abroad)."""
        settings = prepare()
        from desk import concentration as desk

        found = desk.measure_shares(settings, chain)
        brief = form is Format.TABLE
        rows = desk.concentration_cells(found, by=by, both_views=both_views, brief=brief)
        write_rows(rows, desk.BRIEF_COLUMNS if brief else desk.CONCENTRATION_COLUMNS, form)
