"""A program that imports or undoes a list and may be killed meanwhile: HOME ROWS import|undo NUMBER."""

import os
import sys
from pathlib import Path

from desk.import_undo import undo_import
from desk.imports import Answers, check_list, import_list
from settings import Settings


def make_list(rows, number):
    """Make a buyer's list of new firms; every third row is bad."""
    lines = [f"{n}号{number}厂胶业有限公司,KrF光刻胶,{'x' if n % 3 == 0 else '0.01%'}" for n in range(rows)]
    return "\n".join(["供应商,产品,占比", *lines]).encode()


def main(home, rows, what, number):
    """Get ready, wait for a line, import or undo, say so."""
    settings = Settings(home=Path(home), database_url=os.environ["LIANWEN_DATABASE_URL"])
    if what == "import":
        content = make_list(rows, number)
        checked = check_list(settings, "textbook", content=content, name="list.csv", buyer="Wuxi Fab")
        decisions = {question.key: "new" for question in checked.questions}
    print("ready", flush=True)  # noqa: T201
    sys.stdin.readline()
    if what == "import":
        import_list(settings, checked, Answers(decisions=decisions, officer="王工"))
    else:
        undo_import(settings, 1, by="王工")
    print("done", flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
