"""A program that imports a list and is killed meanwhile: `python importing_child.py HOME ROWS`."""

import sys
from pathlib import Path

from desk.imports import Answers, check_list, import_list
from settings import Settings


def make_list(rows):
    """Make a buyer's list of new firms; every third row is bad."""
    lines = [f"{n}号胶业有限公司,KrF光刻胶,{'x' if n % 3 == 0 else '0.01%'}" for n in range(rows)]
    return "\n".join(["供应商,产品,占比", *lines]).encode()


def main(home, rows):
    """Get ready, wait for a line, import, say so."""
    settings = Settings(home=Path(home))
    checked = check_list(settings, "textbook", content=make_list(rows), name="list.csv", buyer="Wuxi Fab")
    decisions = {question.key: "new" for question in checked.questions}
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    import_list(settings, checked, Answers(decisions=decisions, officer="王工"))
    print("done", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
