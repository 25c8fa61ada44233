"""Commands of the other lists: import of each kind, templates, what counts. `cli.py` adds them."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chains.errors import LianwenError
from commands.framing import EXIT_FAILED, ChainOption, FormatOption, framed, prepare, tell, write, write_rows
from desk.output import Format
from risk.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from desk.lists import CheckedEntries
    from ingest.repository import Upload
    from settings import Settings

_BAD_ROWS_TOLD = 20
EVENT_COLUMNS = (
    "event_id", "upload_id", "row", "what", "where", "target", "starts_on", "days", "severity", "shock",
    "note", "scenario",
)  # fmt: skip
DEMAND_COLUMNS = ("upload_id", "row", "who", "item", "item_id", "quantity", "unit", "needed_on", "note")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says beside the file.

    Attributes
    ----------
    name
        Of the upload.
    chain
        For which chain.
    by, unit
        Who signs.
    dry_run
        Nothing is stored.
    as_json
        JSON alone on stdout.
    """

    name: str
    chain: str | None
    by: str
    unit: str
    dry_run: bool
    as_json: bool


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module.

    Parameters
    ----------
    app
        The command line.
    """
    _add_template(app)
    _add_events(app)
    _add_demand(app)


def require_chain_option(chain: str | None) -> str:
    """Require that a chain was named.

    Parameters
    ----------
    chain
        As on the command line.

    Returns
    -------
    str
        The same.

    Raises
    ------
    ParameterError
        When there is none.
    """
    if chain is None:
        raise ParameterError(
            "name the chain that the list is for with --chain ID",
            zh="请用 --chain 编号 说明这份清单属于哪条链",
        )
    return chain


def import_other(
    settings: Settings, kind: str, content: bytes, asked: Asked, *, expected: int, carry: bool
) -> None:
    """Check a list that is no supplier list, store it, and say what became of it.

    Parameters
    ----------
    settings
        Where the database is.
    kind
        bottlenecks, demand, events or chain.
    content
        The file.
    asked
        What the command line says.
    expected, carry
        For bottleneck items, see `desk.lists.check_entry_list`.

    Raises
    ------
    Exit
        With 1 when the file is refused.
    UnknownKeyError
        When there is no such kind or chain.
    """
    from desk.lists import check_entry_list, read_kind
    from ingest.tables import UploadKind

    of_kind = read_kind(kind)
    if of_kind is UploadKind.CHAIN:
        _import_zip(settings, content, asked)
        return
    chain = "" if of_kind is UploadKind.BOTTLENECKS else require_chain_option(asked.chain)
    checked = check_entry_list(
        settings, of_kind, chain, content=content, name=asked.name, expected=expected, carry=carry
    )
    told = _Told(settings, asked, checked.result.to_json(settings.language))
    _tell_carried(checked, told, carry=carry)
    if checked.result.refused:
        told.finish(checked.result.message(settings.language), rejected=True)
    elif asked.dry_run:
        told.finish(checked.result.message(settings.language))
    else:
        _store(settings, checked, asked, told)


def _store(settings: Settings, checked: CheckedEntries, asked: Asked, told: _Told) -> None:
    from desk.lists import import_entry_list
    from ingest.commit import UploadStateError

    try:
        upload = import_entry_list(settings, checked, officer=asked.by, unit=asked.unit)
    except UploadStateError as error:
        told.refuse(error)
        return
    told.stored(upload, len(checked.result.entries), ())


def _tell_carried(checked: CheckedEntries, told: _Told, *, carry: bool) -> None:
    if not checked.carried:
        return
    told.answer["carried"] = [
        {
            "row": each.row,
            "name_zh": each.name_zh,
            "earlier": each.earlier.bottleneck_id,
            "item_id": each.earlier.item_id,
        }
        for each in checked.carried
    ]
    number = len(checked.carried)
    if carry:
        told.warn(
            f"{number} rows have the name of an earlier one and keep its item",
            f"{number} 行与之前清单同名,沿用对上的物料",
        )
    else:
        told.warn(
            f"{number} rows have the name of an earlier one that is tied to an item; --carry keeps it",
            f"{number} 行与之前清单中已对上物料的条目同名;加 --carry 可沿用",
        )


def _import_zip(settings: Settings, content: bytes, asked: Asked) -> None:
    from desk.chain_zips import check_zip, import_zip
    from ingest.commit import UploadStateError

    checked = check_zip(settings, content=content, name=asked.name)
    told = _Told(settings, asked, checked.to_json(settings.language))
    if checked.refused:
        told.finish(checked.message(settings.language), rejected=True)
    elif asked.dry_run:
        told.finish(checked.message(settings.language))
    else:
        try:
            upload, runs = import_zip(settings, checked, officer=asked.by, unit=asked.unit)
        except UploadStateError as error:
            told.refuse(error)
            return
        told.stored(upload, checked.rows, runs)


class _Told:
    """Says what became of a list: JSON on stdout alone, or sentences on stderr."""

    def __init__(self, settings: Settings, asked: Asked, answer: dict[str, Any]) -> None:
        self.language, self.asked, self.answer = settings.language, asked, answer

    def warn(self, en: str, zh: str) -> None:
        """Keep a sentence to be told beside those of the file."""
        self.answer["warnings"].append(zh if self.language == "zh" else en)

    def refuse(self, error: LianwenError) -> None:
        """Say that the file cannot be stored."""
        self.answer["code"] = error.code
        self.finish(error.say(self.language), rejected=True)

    def stored(self, upload: Upload, rows: int, runs: Iterable[int]) -> None:
        """Say that the file is stored."""
        queued = list(runs)
        self.answer["upload"] = {"upload_id": upload.upload_id, "state": "committed", "run_ids": queued}
        numbers = ", ".join(f"#{run_id}" for run_id in queued)
        en = f"upload #{upload.upload_id}: {rows} rows imported"
        zh = f"上传 #{upload.upload_id} 已导入 {rows} 行"
        if queued:
            en, zh = f"{en}; queued run {numbers}", f"{zh};运行 {numbers.replace(', ', '、')} 已排队"
        self.finish(zh if self.language == "zh" else en)

    def finish(self, sentence: str, *, rejected: bool = False) -> None:
        """Say the last sentence and leave."""
        self.answer["message"] = sentence
        if rejected:
            self.answer["status"] = "reject"
        if self.asked.as_json:
            write(json.dumps(self.answer, ensure_ascii=False) + "\n")
        else:
            self._tell(sentence)
        if rejected:
            raise typer.Exit(EXIT_FAILED)

    def _tell(self, sentence: str) -> None:
        is_zh = self.language == "zh"
        for row in self.answer["bad"][:_BAD_ROWS_TOLD]:
            line, why = row["row"], row["reason"]
            if "file" in row:
                tell(why)
                continue
            cell = f"{row['field']} {row['value']!r}"
            tell(f"第 {line} 行 {cell}:{why}" if is_zh else f"row {line} {cell}: {why}")
        more = len(self.answer["bad"]) - _BAD_ROWS_TOLD
        if more > 0:
            tell(
                f"……另有 {more} 行有问题,见 --json" if is_zh else f"... and {more} more bad rows, see --json"
            )
        for warning in self.answer["warnings"]:
            tell(f"提醒:{warning}" if is_zh else f"note: {warning}")
        tell(sentence)


def _add_template(app: typer.Typer) -> None:
    @app.command("template")
    @framed
    def template(
        *,
        kind: Annotated[
            str, typer.Argument(metavar="KIND", help="suppliers、bottlenecks、demand、chain 或 events")
        ],
        output: Annotated[
            Path | None,
            typer.Option("--output", "-o", metavar="FILE", help="写到哪个文件"),
        ] = None,
        language: Annotated[
            str | None, typer.Option("--language", metavar="zh|en", help="表头和说明的语言")
        ] = None,
    ) -> None:
        """写出一种清单的模板,带填写说明 (write the template of a kind of list, with help)."""
        from commands.framing import read_settings
        from desk.lists import read_kind
        from ingest.lists.templates import make_list_template

        of_kind = read_kind(kind)
        word = language or read_settings().language
        if word not in {"zh", "en"}:
            raise ParameterError(
                f"no language {word!r}; write zh or en", zh=f"没有语言 {word!r};请写 zh 或 en"
            )
        content, ending = make_list_template(of_kind, "en" if word == "en" else "zh")
        path = output or Path(f"lianwen-{of_kind.value}-{word}.{ending}")
        try:
            path.write_bytes(content)
        except OSError as error:
            raise ParameterError(
                f"cannot write {path.name}: {error.strerror}", zh=f"无法写入 {path.name}:{error.strerror}"
            ) from error
        tell(f"模板已写到 {path}" if word == "zh" else f"template written to {path}")


def _add_events(app: typer.Typer) -> None:
    @app.command("events")
    @framed
    def events(
        *,
        chain: ChainOption,
        as_scenario: Annotated[
            list[str] | None,
            typer.Option("--as-scenario", metavar="EVENT_ID", help="把该事件存为情景;可多次给出"),
        ] = None,
        name: Annotated[
            str | None, typer.Option("--name", metavar="NAME", help="情景的名称;不写则由事件得出")
        ] = None,
        form: FormatOption = Format.TABLE,
    ) -> None:
        """列出断供事件和对应的冲击写法,或存为情景 (list disruption events, or keep them as scenarios)."""
        from desk.event_scenarios import event_id, events_kept
        from desk.lists import list_events

        settings = prepare()
        if as_scenario:
            _keep_events(settings, chain, as_scenario, name=name)
            return
        kept = events_kept(settings, chain)
        rows = [
            {column: _plain(getattr(event, column, None)) for column in EVENT_COLUMNS}
            | {"event_id": event_id(event), "scenario": kept.get(event_id(event))}
            for event in list_events(settings, chain)
        ]
        write_rows(rows, EVENT_COLUMNS, form)
        sys.stdout.flush()


def _keep_events(settings: Settings, chain: str, wanted: list[str], *, name: str | None) -> None:
    from desk.event_scenarios import keep_event

    if name is not None and len(wanted) > 1:
        raise ParameterError(
            "--name names one scenario; give one --as-scenario with it",
            zh="--name 只能给一个情景命名;请只写一个 --as-scenario",
        )
    for each in wanted:
        kept = keep_event(settings, chain, each, name=name)
        tell(
            f"事件 {each} 已存为情景“{kept.name}”;推演:lianwen simulate --saved"
            if settings.language == "zh"
            else f"event {each} is kept as scenario {kept.name!r}; run it: lianwen simulate --saved"
        )


def _add_demand(app: typer.Typer) -> None:
    @app.command("demand")
    @framed
    def demand(*, chain: ChainOption, form: FormatOption = Format.TABLE) -> None:
        """列出需求清单:谁、要什么、最迟何时 (list who needs what, by when)."""
        from desk.lists import list_demand

        rows = [
            _demand_cells(upload.upload_id, entry.row, entry.target, entry.cells)
            for upload, entry in list_demand(prepare(), chain)
        ]
        write_rows(rows, DEMAND_COLUMNS, form)


def _demand_cells(upload_id: int, row: int, item_id: str | None, cells: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: cells.get(name) for name in DEMAND_COLUMNS}
    return found | {"upload_id": upload_id, "row": row, "item_id": item_id}


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of any type
    return value.isoformat() if hasattr(value, "isoformat") else value
