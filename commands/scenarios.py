"""Commands of what-ifs: simulate shocks or a merger, list, compare and remove scenarios."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated

import typer

from chains.model import Mode, Perspective
from commands.framing import (
    FormatOption,
    framed,
    language_in_use,
    one_of,
    prepare,
    tell,
    whole,
    write_rows,
)
from desk.output import Format
from risk.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from desk.output import Cell
    from desk.scenario_kept import AnswerChange
    from risk.scenario_store.model import Answer, Plan
    from settings import Settings

    Table = tuple[list[dict[str, Cell]], Sequence[str]]

_SHOCK = "SCOPE:KEY[@ITEM,…][:SEVERITY[:START[:DAYS]]]"
_CUT = "FROM[+FROM…]>home|abroad[:ITEM,…][:SEVERITY[:START[:DAYS]]]"


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed of a scenario of one's own."""

    shocks: Sequence[str]
    cuts: Sequence[str]
    stocks: Sequence[str]
    perspective: Perspective | None


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module.

    Parameters
    ----------
    app
        The command line.
    """
    app.command("simulate")(_simulate)
    app.command("scenarios")(_scenarios)


@framed
def _simulate(
    *,
    chain: Annotated[
        str | None, typer.Option("--chain", metavar="ID", help="产业链编号;用预设或已存情景时可不写")
    ] = None,
    shock: Annotated[
        list[str] | None, typer.Option("--shock", metavar=_SHOCK, help="冲击,可多次给出")
    ] = None,
    cut: Annotated[
        list[str] | None,
        typer.Option("--cut", metavar=_CUT, help="断供(出口管制):工厂照开,只是不再供给这一区域;可多次给出"),
    ] = None,
    stock: Annotated[
        list[str] | None,
        typer.Option("--stock", metavar="ITEM:DAYS", help="假设该物料的库存天数,代替数据所载"),
    ] = None,
    perspective: Annotated[
        Perspective | None,
        typer.Option(
            "--perspective",
            parser=one_of(Perspective),
            metavar="[world|home]",
            help="视角:world 全球损失,home 本土损失;有 --cut 时即 home",
        ),
    ] = None,
    preset: Annotated[
        str | None, typer.Option("--preset", metavar="NAME", help="预设情景,见 lianwen scenarios")
    ] = None,
    saved: Annotated[
        str | None, typer.Option("--saved", metavar="NAME", help="重新推演已存的情景,并说明与上次的差别")
    ] = None,
    recover_days: Annotated[
        int,
        typer.Option(
            "--recover-days", parser=whole, metavar="Q", help="停供结束后匀速恢复的天数;0 为立即恢复"
        ),
    ] = 0,
    day_zero: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="第 0 天的日期;开始日可写成日期")
    ] = None,
    horizon: Annotated[
        int | None,
        typer.Option("--horizon", parser=whole, metavar="DAYS", help="推演期(天);不写为 180 或预设的天数"),
    ] = None,
    mode: Annotated[
        Mode | None,
        typer.Option(
            "--mode",
            parser=one_of(Mode),
            metavar="[run|build]",
            help="口径:run 存量运行(默认),build 新建扩产",
        ),
    ] = None,
    units: Annotated[bool, typer.Option("--units", help="逐个产能单元:起始日、平均损失、恢复日")] = False,
    daily: Annotated[bool, typer.Option("--daily", help="逐日损失")] = False,
    provinces: Annotated[bool, typer.Option("--provinces", help="各省产能单元的损失,江苏在前")] = False,
    parts: Annotated[bool, typer.Option("--parts", help="每个来源单独断供,以及共同作用多出的损失")] = False,
    takeover: Annotated[bool, typer.Option("--takeover", help="谁在哪一天接替多少")] = False,
    lists: Annotated[bool, typer.Option("--lists", help="合并情景:两家同在的市场和名录")] = False,
    baseline: Annotated[
        bool, typer.Option("--baseline", help="与该节点已存评分对照(单个节点全停时)")
    ] = False,
    save: Annotated[str | None, typer.Option("--save", metavar="NAME", help="以此名称保存情景和结果")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """推演一个或几个冲击、一个预设或已存的情景 (what if; stored only with --save)."""
    from desk.day_words import read_day_zero

    day = None if day_zero is None else read_day_zero(day_zero)
    settings = prepare()
    plan = _choose_plan(
        settings,
        chain=chain,
        typed=_Typed(shock or [], cut or [], stock or [], perspective),
        preset=preset,
        saved=saved,
        recover_days=recover_days,
        day_zero=day,
    )
    plan = _adjust(plan, horizon=horizon, mode=mode, perspective=perspective, changes_allowed=saved is None)
    answer = _answer(settings, plan, saved=saved)
    if answer.idle:
        from desk.scenario_words import describe_idle

        tell(describe_idle(answer).say(language_in_use()))
    if save is not None:
        _save(settings, save, answer, origin=f"preset:{preset}" if preset else "command")
    flags = {
        "units": units,
        "daily": daily,
        "provinces": provinces,
        "parts": parts,
        "takeover": takeover,
        "lists": lists,
        "baseline": baseline,
    }
    _write_tables(settings, answer, [name for name, is_on in flags.items() if is_on], form)


@framed
def _scenarios(
    *,
    chain: Annotated[str | None, typer.Option("--chain", metavar="ID", help="只列这条链的情景")] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option("--compare", metavar="NAME", help="并排比较两个情景(写两次;预设或已存)"),
    ] = None,
    delete: Annotated[str | None, typer.Option("--delete", metavar="NAME", help="删除一个已存的情景")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """列出预设和已存的情景;比较、删除 (list presets and saved scenarios; compare, delete)."""
    from desk import scenario_cells, scenario_kept
    from desk.chain_names import require_loaded
    from desk.presets import list_presets

    settings = prepare()
    if delete is not None:
        scenario_kept.drop_scenario(settings, delete)
        tell(f"已删除情景“{delete}”")
    elif compare:
        write_rows(_compare(settings, compare), scenario_cells.COMPARISON_COLUMNS, form)
    else:
        presets = [one for one in list_presets(settings.data_dir) if chain in {None, one.plan.chain_id}]
        if chain is not None and not presets:
            require_loaded(settings, chain)
        kept = scenario_kept.kept_scenarios(settings, chain)
        write_rows(scenario_cells.scenario_cells(presets, kept), scenario_cells.SCENARIO_COLUMNS, form)


def _choose_plan(
    settings: Settings,
    *,
    chain: str | None,
    typed: _Typed,
    preset: str | None,
    saved: str | None,
    recover_days: int,
    day_zero: date | None,
) -> Plan:
    from desk.presets import find_preset
    from desk.scenario_kept import find_scenario
    from desk.words import read_plan

    if sum((bool(typed.shocks or typed.cuts), preset is not None, saved is not None)) != 1:
        raise ParameterError(
            "give either --shock or --cut, or --preset, or --saved",
            zh="请在 --shock 或 --cut、--preset、--saved 中选一种",
        )
    if typed.stocks and (preset is not None or saved is not None):
        raise ParameterError(
            "--stock goes with --shock or --cut; a preset or saved scenario has its own",
            zh="--stock 与 --shock 或 --cut 同用;预设或已存情景有自己的库存假设",
        )
    if saved is not None:
        return find_scenario(settings, saved).plan
    if preset is not None:
        return find_preset(settings.data_dir, preset).plan
    if chain is None:
        raise ParameterError("name the chain with --chain ID", zh="请用 --chain 写明产业链编号")
    return read_plan(
        chain,
        typed.shocks,
        cuts=typed.cuts,
        stock=typed.stocks,
        perspective=typed.perspective,
        recover_days=recover_days,
        day_zero=day_zero,
    )


def _adjust(
    plan: Plan,
    *,
    horizon: int | None,
    mode: Mode | None,
    perspective: Perspective | None,
    changes_allowed: bool,
) -> Plan:
    if not changes_allowed and (horizon, mode, perspective) != (None, None, None):
        raise ParameterError(
            "a saved scenario keeps its horizon, mode and perspective; save another one under a new name",
            zh="已存情景的推演期、口径和视角不变;要改请另存一个新名称的情景",
        )
    if plan.cuts and perspective is Perspective.WORLD:
        raise ParameterError(
            "this scenario cuts deliveries, which is seen from home; leave --perspective out",
            zh="这个情景是断供,要从本土看;请去掉 --perspective",
        )
    return replace(
        plan,
        horizon=plan.horizon if horizon is None else horizon,
        mode=plan.mode if mode is None else mode,
        perspective=plan.perspective if perspective is None else perspective,
    )


def _answer(settings: Settings, plan: Plan, *, saved: str | None) -> Answer:
    from desk.scenario import answer_plan
    from desk.scenario_kept import rerun_scenario
    from desk.scenario_words import describe_change

    if saved is None:
        return answer_plan(settings, plan)
    answer, change = rerun_scenario(settings, saved)
    _tell_change(change, describe_change(change).say(language_in_use()) if change else "")
    return answer


def _tell_change(change: AnswerChange | None, sentence: str) -> None:
    tell(sentence if change else "这个情景还没有算过;已保存这一次的结果")


def _save(settings: Settings, name: str, answer: Answer, *, origin: str) -> None:
    from desk.scenario_kept import keep_scenario

    keep_scenario(settings, name, plan=answer.plan, origin=origin, answer=answer)
    kept = " ".join(name.split())
    tell(f"已保存情景“{kept}”;重新推演:lianwen simulate --saved {shlex.quote(kept)}")


def _write_tables(settings: Settings, answer: Answer, wanted: Sequence[str], form: Format) -> None:
    """Write the tables asked for; a file has one, a screen as many as are asked for."""
    tables = _tables(settings, answer, wanted)
    if form is not Format.TABLE and len(wanted) > 1:
        raise ParameterError(
            f"{form.value} holds one table; ask for one of --{', --'.join(wanted)} at a time",
            zh=f"{form.value} 一次只能写一张表;--{'、--'.join(wanted)} 请分次给出",
        )
    for rows, columns in tables if form is Format.TABLE else tables[:1]:
        write_rows(rows, columns, form)


def _tables(settings: Settings, answer: Answer, wanted: Sequence[str]) -> list[Table]:
    from desk import scenario_cells as cells
    from desk.scenario import require_simulation

    if answer.merger is not None and not wanted:
        return [(cells.group_cells(answer.merger), cells.GROUP_COLUMNS), _list_table(answer)]
    if not wanted:
        main: Table = ([cells.simulation_cells(require_simulation(answer))], cells.SIMULATION_COLUMNS)
        if answer.plan.perspective is Perspective.WORLD:
            return [main]
        parts = [_table(settings, answer, "parts")] if answer.parts else []
        return [main, *parts, _table(settings, answer, "provinces")]
    return [_list_table(answer) if name == "lists" else _table(settings, answer, name) for name in wanted]


def _list_table(answer: Answer) -> Table:
    from desk import scenario_cells as cells
    from desk.scenario import require_merger

    return cells.list_cells(require_merger(answer)), cells.LIST_COLUMNS


def _table(settings: Settings, answer: Answer, name: str) -> Table:
    from desk import scenario_cells as cells
    from desk import scenario_part_cells as part_cells
    from desk.scenario import read_baseline, require_simulation

    found = require_simulation(answer)
    if name == "units":
        return cells.unit_cells(found), cells.UNIT_COLUMNS
    if name == "provinces":
        return part_cells.province_cells(answer), part_cells.PROVINCE_COLUMNS
    if name == "parts":
        return part_cells.part_cells(answer), part_cells.PART_COLUMNS
    if name == "daily":
        return cells.day_cells(found), cells.DAY_COLUMNS
    if name == "takeover":
        return cells.takeover_cells(found), cells.TAKEOVER_COLUMNS
    return cells.baseline_cells(found, read_baseline(settings, answer.plan)), cells.BASELINE_COLUMNS


def _compare(settings: Settings, names: Sequence[str]) -> list[dict[str, Cell]]:
    from desk.scenario import answer_plan, require_simulation
    from desk.scenario_cells import comparison_cells
    from desk.scenario_kept import find_plan

    if len(names) != 2:  # noqa: PLR2004 - side by side
        raise ParameterError("give --compare twice, one name each", zh="请写两次 --compare,各给一个情景名称")
    plans = [find_plan(settings, name) for name in names]
    first, second = (require_simulation(answer_plan(settings, plan)) for plan in plans)
    modes = [plan.mode.value for plan in plans]
    heads: list[dict[str, Cell]] = [
        {"what": what, "first": pair[0], "second": pair[1]}
        for what, pair in (("scenario", names), ("mode", modes))
    ]
    return [*heads, *comparison_cells(first, second)]
