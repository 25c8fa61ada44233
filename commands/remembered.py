"""Commands that list what is remembered of lists, names and columns, and take it back."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.framing import framed, prepare

if TYPE_CHECKING:
    from ingest.mapping import RememberedMapping
    from ingest.memory import RememberedName


class Subject(StrEnum):
    """What is to be forgotten."""

    NAME = "name"
    COLUMNS = "columns"


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module.

    Parameters
    ----------
    app
        The command line.
    """

    @app.command("remembered")
    @framed
    def show_remembered(
        *,
        everything: Annotated[bool, typer.Option("--all", help="也列出已撤销和已被替换的")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
    ) -> None:
        """列出记住的名称和列对应:谁、何时、依据哪次上传 (what is remembered of lists)."""
        _show(everything=everything, as_json=as_json)

    @app.command("forget")
    @framed
    def forget(
        subject: Annotated[Subject, typer.Argument(help="name 名称,columns 列对应")],
        number: Annotated[int, typer.Argument(help="lianwen remembered 列出的编号")],
        *,
        by: Annotated[str, typer.Option("--by", metavar="NAME", help="经办人")] = "",
    ) -> None:
        """撤销一条记住的名称或列对应;已计入的行不变 (take back what is remembered)."""
        _forget(subject, number, by)


def _show(*, everything: bool, as_json: bool) -> None:
    from desk.import_mapping import list_mappings
    from desk.import_memory import list_names

    settings = prepare()
    names = [_name_cells(each) for each in list_names(settings, ended=everything)]
    columns = [_mapping_cells(each) for each in list_mappings(settings, ended=everything)]
    if as_json:
        typer.echo(json.dumps({"names": names, "columns": columns}, ensure_ascii=False))
        return
    for cells in names:
        _write_line("name", cells, cells["kind"], cells["name"], cells["target_id"])
    for cells in columns:
        pairs = ", ".join(f"{field or '-'}={header}" for field, header in cells["columns"])
        _write_line("columns", cells, cells["sender"] or "—", pairs, cells["encoding"] or "auto")


def _write_line(subject: str, cells: dict[str, Any], *told: str) -> None:
    who, until = cells["by"] or "—", cells["ended_at"] or ""
    typer.echo(
        "\t".join([f"{subject} {cells['number']}", *told, f"#{cells['upload_id']}", who, cells["at"], until])
    )


def _forget(subject: Subject, number: int, by: str) -> None:
    from desk.import_mapping import forget_mapping
    from desk.import_memory import forget_name

    settings = prepare()
    zh = settings.language == "zh"
    if subject is Subject.NAME:
        name = forget_name(settings, number, by=by).name
        told = f"“{name}”以后会重新询问" if zh else f"'{name}' will be asked about again"
    else:
        forget_mapping(settings, number, by=by)
        told = "以后按规则识别列" if zh else "columns will be recognised by rule again"
    kept = "已计入的行不变" if zh else "rows that count stay as they are"
    typer.echo(f"{told};{kept}" if zh else f"{told}; {kept}", err=True)


def _name_cells(name: RememberedName) -> dict[str, Any]:
    ended = name.held_at or name.superseded_at
    return {
        "number": name.decision_id,
        "kind": name.kind.value,
        "name": f"{name.name} ({name.key})" if name.kind.value == "code" else name.name,
        "target_id": name.target_id,
        "upload_id": name.upload_id,
        "by": name.officer,
        "at": name.decided_at.isoformat(),
        "ended_at": ended.isoformat() if ended else None,
        "taken_back_by": name.held_by,
    }


def _mapping_cells(mapping: RememberedMapping) -> dict[str, Any]:
    return {
        "number": mapping.mapping_id,
        "sender": mapping.sender,
        "columns": [list(pair) for pair in mapping.choice.columns],
        "encoding": mapping.choice.encoding,
        "separator": mapping.choice.separator,
        "sheet": mapping.choice.sheet,
        "upload_id": mapping.upload_id,
        "by": mapping.officer,
        "at": mapping.decided_at.isoformat(),
        "ended_at": mapping.ended_at.isoformat() if mapping.ended_at else None,
        "taken_back_by": mapping.ended_by,
    }
