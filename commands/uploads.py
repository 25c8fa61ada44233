"""Commands about uploads as stored: listing them and undoing one. `cli.py` adds them to the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commands.framing import framed, prepare, tell, write, write_rows
from desk.output import Format

if TYPE_CHECKING:
    from ingest.repository import Upload

UPLOAD_COLUMNS = (
    "upload_id", "kind", "chain", "name", "state", "committed", "waiting", "bad", "officer", "at",
)  # fmt: skip


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module.

    Parameters
    ----------
    app
        The command line.
    """
    _add_uploads(app)
    _add_undo(app)


def _add_uploads(app: typer.Typer) -> None:
    @app.command("uploads")
    @framed
    def uploads(
        *,
        chain: Annotated[
            str | None, typer.Option("--chain", metavar="ID", help="产业链编号;不写则全部")
        ] = None,
        form: Annotated[Format, typer.Option("--format", help="输出格式 (output format)")] = Format.TABLE,
    ) -> None:
        """列出上传过的名录和中断的导入 (list uploads, the newest first, and interrupted imports)."""
        from desk.attempts import interrupted_imports
        from desk.import_files import list_uploads

        settings = prepare()
        write_rows([_cells(each) for each in list_uploads(settings, chain)], UPLOAD_COLUMNS, form)
        for attempt in interrupted_imports(settings, chain):
            tell(attempt.sentence().say(settings.language))


def _cells(upload: Upload) -> dict[str, Any]:
    state = "undone" if upload.undone_at is not None else upload.state.value
    return {
        "upload_id": upload.upload_id,
        "kind": upload.kind.value,
        "chain": upload.chain_id or None,
        "name": upload.name,
        "state": state,
        "committed": upload.committed,
        "waiting": upload.waiting,
        "bad": upload.bad,
        "officer": upload.officer or None,
        "at": (upload.committed_at or upload.received_at).isoformat(timespec="seconds"),
    }


def _add_undo(app: typer.Typer) -> None:
    @app.command("undo")
    @framed
    def undo(
        *,
        upload_id: Annotated[int, typer.Argument(metavar="UPLOAD_ID", help="上传的编号,见 lianwen uploads")],
        by: Annotated[str, typer.Option("--by", metavar="NAME", help="经办人")] = "",
        dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出会改变什么,不撤销")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
    ) -> None:
        """撤销一次导入:先列出之后动过同样内容的上传和核对,再恢复 (undo an import)."""
        from desk.import_undo import preview_undo, undo_import
        from desk.undo_words import describe_undo, describe_undone, undo_cells

        settings = prepare()
        preview = preview_undo(settings, upload_id)
        for sentence in describe_undo(preview):
            tell(sentence.say(settings.language))
        answer = undo_cells(preview) | {"undone": False, "run_ids": []}
        if not dry_run:
            outcome = undo_import(settings, upload_id, by=by)
            tell(describe_undone(outcome).say(settings.language))
            answer = undo_cells(outcome.preview) | {"undone": True, "run_ids": list(outcome.run_ids)}
        if as_json:
            write(json.dumps(answer, ensure_ascii=False) + "\n")
