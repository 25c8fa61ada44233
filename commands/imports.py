"""The command that brings in a supplier list. `cli.py` adds it to the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from chains.errors import LianwenError
from commands.framing import framed, prepare

if TYPE_CHECKING:
    from desk.import_effect import Effect
    from desk.imports import Answers, CheckedList, ImportOutcome
    from settings import Settings

Command = Callable[..., None]
EXIT_REJECTED = 1
_BAD_ROWS_TOLD = 20
_MOVES_TOLD = 15


class ListFileError(LianwenError):
    """The file cannot be opened."""

    code = "list-file"


def add_commands(app: typer.Typer) -> None:
    """Add the command of this module.

    Parameters
    ----------
    app
        The command line.
    """

    @app.command("import")
    @framed
    def import_list(
        *,
        file: Annotated[Path, typer.Argument(metavar="FILE", help="供应商名录,.xlsx 或 .csv")],
        chain: Annotated[str, typer.Option("--chain", metavar="ID", help="产业链编号 (chain id)")],
        buyer: Annotated[
            str | None, typer.Option("--buyer", metavar="NAME", help="整份名录所属的采购企业")
        ] = None,
        makes: Annotated[
            list[str] | None,
            typer.Option("--makes", metavar="ITEM", help="该企业生产什么;可多次给出"),
        ] = None,
        name: Annotated[
            str | None, typer.Option("--name", metavar="UPLOAD_NAME", help="上传的名称;不写则取文件名")
        ] = None,
        by: Annotated[str, typer.Option("--by", metavar="NAME", help="经办人")] = "",
        unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="经办人单位")] = "",
        dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查,不保存任何内容")] = False,
        partial: Annotated[
            bool, typer.Option("--partial", help="名称已对上的行先导入,其余的行等待核对")
        ] = False,
        as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
    ) -> None:
        """导入一份供应商名录:检查、对照名称、入库并排队计算 (bring in a supplier list)."""
        from desk.import_facts import find_items
        from desk.imports import Answers, check_list

        settings = prepare()
        content = read_content(file)
        checked = check_list(settings, chain, content=content, name=upload_name(file, name), buyer=buyer)
        answers = Answers(makes=find_items(makes or (), checked.known.items), officer=by, unit=unit)
        told = _Teller(checked, as_json=as_json, language=settings.language)
        if checked.refused:
            told.finish(checked.result.message(settings.language), rejected=True)
        elif dry_run:
            _rehearse(settings, checked, answers, told)
        else:
            _bring_in(settings, checked, answers, told, partial=partial)


def read_content(file: Path) -> bytes:
    """Read a file that a person named.

    Parameters
    ----------
    file
        Its path.

    Returns
    -------
    bytes
        All of it, but no more than one byte above what the gate takes.

    Raises
    ------
    ListFileError
        When it cannot be opened.
    """
    from ingest.model import LIMITS

    try:
        with file.open("rb") as stream:
            return stream.read(LIMITS.upload_bytes + 1)
    except OSError as error:
        raise ListFileError(
            f"the file {file.name} cannot be opened: {error.strerror}",
            zh=f"打不开文件 {file.name}:{error.strerror}",
        ) from error


def upload_name(file: Path, name: str | None) -> str:
    """Name an upload.

    Parameters
    ----------
    file
        The file.
    name
        As given on the command line.

    Returns
    -------
    str
        With an ending, which says of what type the content has to be.
    """
    if not name:
        return file.name
    return name if "." in name else name + file.suffix


class _Teller:
    """Says what became of a list: JSON on stdout alone, or sentences on stderr and rows on stdout."""

    def __init__(self, checked: CheckedList, *, as_json: bool, language: Literal["zh", "en"]) -> None:
        self.checked, self.as_json, self.language = checked, as_json, language
        self.extra: dict[str, Any] = {}
        self.warnings: list[str] = [checked.known.note] if checked.known.note else []

    def finish(self, sentence: str, *, rejected: bool = False) -> None:
        """Say the last sentence and leave."""
        if self.as_json:
            self._write_json(sentence, rejected=rejected)
        else:
            self._tell(sentence)
        if rejected:
            raise typer.Exit(EXIT_REJECTED)

    def _write_json(self, sentence: str, *, rejected: bool) -> None:
        answer = self.checked.result.to_json(self.language)
        answer["message"] = sentence
        answer["warnings"] = [*answer["warnings"], *self.warnings]
        if rejected:
            answer["status"] = "reject"
        head = {name: answer.pop(name) for name in list(answer) if name not in {"good", "bad"}} | self.extra
        typer.echo((json.dumps(head | answer, ensure_ascii=False) + "\n").encode(), nl=False)
        sys.stdout.flush()

    def _tell(self, sentence: str) -> None:
        result = self.checked.result
        for number, row in enumerate(result.bad(self.language)):
            if number == _BAD_ROWS_TOLD:
                typer.echo(f"……另有 {result.bad_count - number} 行有问题,见 --json", err=True)
                break
            typer.echo(f"第 {row['row']} 行 {row['field']} {row['value']!r}:{row['reason']}", err=True)
        for warning in (*(each.sentence(self.language) for each in result.warnings), *self.warnings):
            typer.echo(f"提醒:{warning}", err=True)
        typer.echo(sentence, err=True)


def _rehearse(settings: Settings, checked: CheckedList, answers: Answers, told: _Teller) -> None:
    """Say what a list would change; nothing is stored."""
    from desk.import_effect import preview_effect
    from desk.import_words import describe_plan
    from desk.imports import plan_list
    from ingest.commit import describe_repeated
    from ingest.pipeline import decide_unasked

    if checked.earlier is not None and checked.earlier.committed_at is not None:
        told.warnings.append(describe_repeated(checked.earlier).say(settings.language))
    sentence = f"{checked.result.message(settings.language)} 只是检查,没有保存任何内容"
    if checked.known.note is None:
        decided = replace(answers, decisions=decide_unasked(checked.questions))
        plan, standing = plan_list(settings, checked, decided)
        told.warnings.extend(describe_plan(plan, checked))
        if not told.as_json:
            effect = preview_effect(settings, checked.chain_id, standing=standing, plan=plan)
            _write_effect(effect)
    told.finish(sentence)


def _bring_in(
    settings: Settings, checked: CheckedList, answers: Answers, told: _Teller, *, partial: bool
) -> None:
    from desk.import_words import describe_outcome, describe_plan
    from desk.imports import bring_in
    from ingest.commit import UploadStateError

    if checked.known.note is not None:
        raise ListFileError(checked.known.note)
    try:
        outcome = bring_in(settings, checked, answers, partial=partial)
    except UploadStateError as error:
        told.extra["code"] = error.code
        told.finish(error.say(settings.language), rejected=True)
    told.extra["upload"] = _upload_cells(outcome)
    if outcome.plan is not None:
        told.warnings.extend(describe_plan(outcome.plan, checked))
    told.finish(describe_outcome(outcome, checked))


def _upload_cells(outcome: ImportOutcome) -> dict[str, Any]:
    upload = outcome.upload
    return {
        "upload_id": upload.upload_id,
        "state": upload.state.value,
        "committed": upload.committed,
        "waiting": upload.waiting,
        "bad": upload.bad,
        "run_ids": list(outcome.run_ids),
    }


def _write_effect(effect: Effect) -> None:
    from desk.import_words import EFFECT_COLUMNS, effect_cells
    from desk.output import Format, render_rows

    if effect.elsewhere:
        typer.echo(f"其他产业链的数据也会变:{'、'.join(effect.elsewhere)};导入后一并计算", err=True)
    if not effect.moves:
        typer.echo("导入后没有节点的等级或分数会变", err=True)
        return
    rows = [effect_cells(move) for move in effect.moves[:_MOVES_TOLD]]
    typer.echo(render_rows(rows, EFFECT_COLUMNS, form=Format.TABLE).encode(), nl=False)
    if len(effect.moves) > _MOVES_TOLD:
        typer.echo(f"……共 {len(effect.moves)} 个节点会变", err=True)
