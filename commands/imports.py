"""The command that brings in a supplier list. `cli.py` adds it to the command line."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from chains.errors import LianwenError, UnknownKeyError
from commands.framing import Progress, framed, prepare
from commands.import_choice import parse_choice

if TYPE_CHECKING:
    from chains.errors import Sentence
    from commands.lists import Asked
    from desk.import_effect import Effect
    from desk.imports import Answers, CheckedList, ImportOutcome
    from ingest.choice import Choice
    from settings import Settings

Command = Callable[..., None]
EXIT_REJECTED = 1
_READING = "读取 (reading)"
_BAD_ROWS_TOLD = 20
_MOVES_TOLD = 15


class ListFileError(UnknownKeyError):
    """The file cannot be opened."""

    code = "list-file"


class NoStoreError(LianwenError):
    """There is no database that a list could be brought into."""

    code = "no-store"


ChainOption = Annotated[str | None, typer.Option("--chain", metavar="ID", help="产业链编号 (chain id)")]
KindOption = Annotated[
    str, typer.Option("--kind", help="清单种类:suppliers、bottlenecks、demand、chain 或 events")
]
ExpectedOption = Annotated[int, typer.Option("--expected", metavar="N", help="卡脖子清单应有的条数")]
CarryOption = Annotated[bool, typer.Option("--carry", help="卡脖子清单:同名条目沿用之前清单对上的物料")]
BuyerOption = Annotated[str | None, typer.Option("--buyer", metavar="NAME", help="整份名录所属的采购企业")]
MakesOption = Annotated[
    list[str] | None, typer.Option("--makes", metavar="ITEM", help="该企业生产什么;可多次给出")
]
NameOption = Annotated[
    str | None, typer.Option("--name", metavar="UPLOAD_NAME", help="上传的名称;不写则取文件名")
]
PartialOption = Annotated[bool, typer.Option("--partial", help="名称已对上的行先导入,其余的行等待核对")]
EffectOption = Annotated[bool, typer.Option("--effect", help="--dry-run --json 时也推演评分和预警的变化")]
MapOption = Annotated[
    list[str] | None, typer.Option("--map", metavar="FIELD=HEADER", help="指定哪一列是什么;可多次给出")
]
EncodingOption = Annotated[
    str | None, typer.Option("--encoding", metavar="NAME", help="utf-8、gb18030、big5 或 utf-16")
]
SeparatorOption = Annotated[
    str | None, typer.Option("--separator", metavar="NAME", help="comma、semicolon、tab 或 bar")
]


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
        chain: ChainOption = None,
        kind: KindOption = "suppliers",
        expected: ExpectedOption = 278,
        carry: CarryOption = False,
        buyer: BuyerOption = None,
        makes: MakesOption = None,
        name: NameOption = None,
        by: Annotated[str, typer.Option("--by", metavar="NAME", help="经办人")] = "",
        unit: Annotated[str, typer.Option("--unit", metavar="UNIT", help="经办人单位")] = "",
        dry_run: Annotated[bool, typer.Option("--dry-run", help="只检查,不保存任何内容")] = False,
        partial: PartialOption = False,
        as_json: Annotated[bool, typer.Option("--json", help="输出一个 JSON 对象")] = False,
        effect: EffectOption = False,
        maps: MapOption = None,
        encoding: EncodingOption = None,
        separator: SeparatorOption = None,
    ) -> None:
        """导入一份清单:检查、对照名称、入库并排队计算 (bring in a list; supplier lists by default)."""
        from commands.lists import Asked, import_other, require_chain_option

        settings, content = prepare(), read_content(file)
        choice = parse_choice(maps or (), encoding=encoding, separator=separator)
        asked = Asked(upload_name(file, name), chain, by, unit, dry_run=dry_run, as_json=as_json)
        if kind != "suppliers":
            import_other(settings, kind, content, asked, expected=expected, carry=carry)
            return
        read = _Reading(require_chain_option(chain), buyer, makes or (), choice)
        with _without_collecting():
            _import_suppliers(settings, content, asked, read, effect=effect, partial=partial)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Look for no cyclic garbage among millions of rows: there is none, and the search takes a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@dataclass(frozen=True)
class _Reading:
    """What a command says about a supplier list."""

    chain: str
    buyer: str | None
    makes: Sequence[str]
    choice: Choice


def _import_suppliers(
    settings: Settings, content: bytes, asked: Asked, read: _Reading, *, effect: bool, partial: bool
) -> None:
    from desk.import_facts import find_items
    from desk.imports import Answers

    checked = _check(
        settings, read.chain, content=content, name=asked.name, buyer=read.buyer, choice=read.choice
    )
    answers = Answers(makes=find_items(read.makes, checked.known.items), officer=asked.by, unit=asked.unit)
    told = _Teller(checked, as_json=asked.as_json, language=settings.language)
    if checked.refused:
        rejected = checked.result.status == "reject"
        told.finish(checked.result.message(settings.language), rejected=rejected)
    elif asked.dry_run:
        _rehearse(settings, checked, answers, told, effect_asked=effect)
    else:
        _bring_in(settings, checked, answers, told, partial=partial)


def _check(settings: Settings, chain_id: str, **how: Any) -> CheckedList:  # noqa: ANN401 - as `check_list`
    """Check a list and show on a terminal how much of it is read."""
    from desk.imports import check_list
    from ingest.sandbox import Reader

    with Progress() as progress, Reader(progress=lambda done: progress(_READING, done)) as reader:
        return check_list(settings, chain_id, reader=reader, **how)


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
        self.warnings: list[str] = [checked.known.note.say(language)] if checked.known.note else []

    def finish(self, sentence: str, *, rejected: bool = False) -> None:
        """Say the last sentence and leave."""
        if self.as_json:
            self._write_json(sentence, rejected=rejected)
        else:
            self._tell(sentence)
        if rejected:
            raise typer.Exit(EXIT_REJECTED)

    def _write_json(self, sentence: str, *, rejected: bool) -> None:
        result = self.checked.result
        warnings = [*(each.sentence(self.language) for each in result.warnings), *self.warnings]
        told: dict[str, Any] = {"message": sentence, "warnings": warnings} | self.extra
        if rejected:
            told["status"] = "reject"
        result.write_json(sys.stdout.buffer.write, self.language, told=told)
        sys.stdout.flush()

    def _tell(self, sentence: str) -> None:
        result = self.checked.result
        for number, row in enumerate(result.bad(self.language)):
            if number == _BAD_ROWS_TOLD:
                self.say(
                    f"... and {result.bad_count - number} more bad rows, see --json",
                    f"……另有 {result.bad_count - number} 行有问题,见 --json",
                )
                break
            cell = f"{row['field']} {row['value']!r}"
            self.say(
                f"row {row['row']} {cell}: {row['reason']}", f"第 {row['row']} 行 {cell}:{row['reason']}"
            )
        for warning in (*(each.sentence(self.language) for each in result.warnings), *self.warnings):
            self.say(f"note: {warning}", f"提醒:{warning}")
        typer.echo(sentence, err=True)

    def say(self, en: str, zh: str) -> None:
        """Write a sentence to stderr in the language in use."""
        typer.echo(zh if self.language == "zh" else en, err=True)

    def warn(self, sentences: Iterable[Sentence]) -> None:
        """Keep sentences to be told beside those of the file."""
        self.warnings.extend(sentence.say(self.language) for sentence in sentences)


def _rehearse(
    settings: Settings, checked: CheckedList, answers: Answers, told: _Teller, *, effect_asked: bool
) -> None:
    """Say what a list would change; nothing is stored."""
    from desk.effect_words import effect_json
    from desk.import_effect import preview_effect
    from desk.import_words import describe_plan
    from desk.imports import plan_list, rehearse_list
    from ingest.commit import describe_repeated

    if checked.earlier is not None and checked.earlier.committed_at is not None:
        told.warn([describe_repeated(checked.earlier)])
    only = " 只是检查,没有保存任何内容" if settings.language == "zh" else " Only checked, nothing was stored."
    sentence = checked.result.message(settings.language) + only
    if checked.known.note is None:
        decided = replace(answers, decisions=checked.decide_unasked())
        if effect_asked or not told.as_json:
            plan, standing = plan_list(settings, checked, decided)
            told.warn(describe_plan(plan, checked))
            effect = preview_effect(settings, checked.chain_id, standing=standing, plan=plan)
            told.extra["effect"] = effect_json(effect)
            _write_effect(effect, told)
        else:
            told.warn(describe_plan(rehearse_list(settings, checked, decided), checked))
    told.finish(sentence)


def _bring_in(
    settings: Settings, checked: CheckedList, answers: Answers, told: _Teller, *, partial: bool
) -> None:
    from desk.import_words import describe_outcome, describe_plan
    from desk.imports import bring_in
    from ingest.commit import UploadStateError

    if checked.known.note is not None:
        raise NoStoreError(checked.known.note.en, zh=checked.known.note.zh)
    try:
        outcome = bring_in(settings, checked, answers, partial=partial)
    except UploadStateError as error:
        told.extra["code"] = error.code
        told.finish(error.say(settings.language), rejected=True)
    told.extra["upload"] = _upload_cells(outcome)
    if outcome.plan is not None:
        told.warn(describe_plan(outcome.plan, checked))
    told.finish(describe_outcome(outcome, checked).say(settings.language))


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


def _write_effect(effect: Effect, told: _Teller) -> None:
    """Write the nodes that would move to stdout, and what else would change to stderr."""
    from desk.effect_words import BRIEF_EFFECT_COLUMNS, effect_cells
    from desk.output import Format, render_rows

    if told.as_json:
        return
    if effect.elsewhere:
        told.say(
            f"the data of other chains change too: {', '.join(effect.elsewhere)}; computed after the import",
            f"其他产业链的数据也会变:{'、'.join(effect.elsewhere)};导入后一并计算",
        )
    _tell_alerts(effect, told)
    if not effect.moves:
        told.say("no node would change its level or score", "导入后没有节点的等级或分数会变")
        return
    rows = [effect_cells(move) for move in effect.moves[:_MOVES_TOLD]]
    typer.echo(render_rows(rows, BRIEF_EFFECT_COLUMNS, form=Format.TABLE).encode(), nl=False)
    if len(effect.moves) > _MOVES_TOLD:
        told.say(f"... {len(effect.moves)} nodes would move", f"……共 {len(effect.moves)} 个节点会变")


def _tell_alerts(effect: Effect, told: _Teller) -> None:
    plan = effect.alerts
    if plan is None:
        told.say(
            "no run of the same question to compare with, so no alert would open",
            "没有口径相同的运行可以比较,不会产生预警",
        )
        return
    told.say(
        f"alerts: {len(plan.opens)} would open, {len(plan.worsens)} worsen, {len(plan.closes)} close",
        f"预警:将新增 {len(plan.opens)} 条,加重 {len(plan.worsens)} 条,解除 {len(plan.closes)} 条",
    )
    for draft in plan.opens:
        node = draft.change.node
        name = (node.name_zh if told.language == "zh" else node.name_en) or node.key
        told.say(f"  opens {draft.rule}: {name} ({draft.level.value})", f"  新增 {draft.rule}:{name}")
