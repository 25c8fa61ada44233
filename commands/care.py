"""Commands of care: the synthetic example, backup and restore. `cli.py` adds them to the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from commands.framing import framed, prepare, tell


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this module.

    Parameters
    ----------
    app
        The command line.
    """
    _add_example(app)
    _add_backup(app)


def _add_example(app: typer.Typer) -> None:
    example = typer.Typer(help="合成示例:装入或移除虚构的企业 (synthetic example)", no_args_is_help=True)
    app.add_typer(example, name="example")

    @example.command("load")
    @framed
    def load() -> None:
        """装入合成示例;可重复执行,不自动计算 (load the synthetic example; queues nothing)."""
        from desk.example import load_example

        settings = prepare()
        tell(load_example(settings).sentence.say(settings.language))

    @example.command("remove")
    @framed
    def remove() -> None:
        """移除合成示例,数据恢复原样;可重复执行 (take the synthetic example out)."""
        from desk.example import remove_example

        settings = prepare()
        tell(remove_example(settings).sentence.say(settings.language))


def _add_backup(app: typer.Typer) -> None:
    @app.command("backup")
    @framed
    def backup(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="要写入的 .zip 文件;不覆盖已有的文件")],
    ) -> None:
        """备份数据库和上传的文件到一个 .zip (back up database and uploads)."""
        from desk.backups import write_backup

        settings = prepare()
        tell(write_backup(settings, file).sentence.say(settings.language))

    @app.command("restore")
    @framed
    def restore(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="lianwen backup 写的 .zip 文件")],
        *,
        replace: Annotated[
            bool, typer.Option("--replace", help="库中已有数据时替换;先自动备份到 var/backups")
        ] = False,
    ) -> None:
        """从备份恢复,全部成功或毫无改动 (restore a backup, all or nothing)."""
        from desk.backups import restore_backup

        settings = prepare()
        tell(restore_backup(settings, file, replace=replace).sentence.say(settings.language))
