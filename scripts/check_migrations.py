"""Check that the migrations have one head and build exactly the tables of the models."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from chains.db import alembic_config, make_engine, migrate


def main() -> int:
    """Migrate a new SQLite file and compare it with the models.

    Returns
    -------
    int
        0, or 1 with the reason on standard error.
    """
    config = alembic_config()
    heads = ScriptDirectory.from_config(config).get_heads()
    if len(heads) != 1:
        print(f"migrations: {len(heads)} heads ({', '.join(heads)}); merge them", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{Path(folder, 'check.db').as_posix()}")
        migrate(engine, backup_dir=Path(folder))
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            try:
                command.check(config)
            except CommandError as error:
                print(f"migrations: {error}", file=sys.stderr)
                return 1
        engine.dispose()
    print(f"migrations: one head, {heads[0]}; tables equal the models")
    return 0


if __name__ == "__main__":
    sys.exit(main())
