"""The command that turns ledgers of sales into edges. `cli.py` adds it to the command line."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from commands.framing import Progress, framed, language_in_use, tell, write

_DAY = ["%Y-%m-%d"]


def add_commands(app: typer.Typer) -> None:
    """Add the command of this module.

    Parameters
    ----------
    app
        The command line.
    """

    @app.command("ledger")
    @framed
    def ledger(
        *,
        files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="发票台账,.csv 或 .parquet")],
        out: Annotated[Path, typer.Option("--out", metavar="EDGES", help="写出的边,.csv 或 .parquet")],
        first: Annotated[
            datetime | None,
            typer.Option("--from", metavar="DATE", formats=_DAY, help="只计这一天及以后 (YYYY-MM-DD)"),
        ] = None,
        last: Annotated[
            datetime | None,
            typer.Option("--to", metavar="DATE", formats=_DAY, help="只计这一天及以前 (YYYY-MM-DD)"),
        ] = None,
        column: Annotated[
            list[str] | None,
            typer.Option("--column", metavar="ROLE=NAME", help="指明某列,如 buyer=客户;可多次给出"),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
    ) -> None:
        """由发票台账得到企业间的边,每一行都有交代 (invoices to edges; every row is accounted for)."""
        from desk.ledgers import make_edges, read_named_columns, report_cells, tell_report

        with Progress() as progress:
            result = make_edges(
                files,
                out,
                first_on=first.date() if first else None,
                last_on=last.date() if last else None,
                named=read_named_columns(column or ()),
                progress=progress,
            )
        if as_json:
            write(json.dumps(report_cells(result), ensure_ascii=False, indent=2) + "\n")
            return
        for sentence in tell_report(result):
            tell(sentence.say(language_in_use()))
