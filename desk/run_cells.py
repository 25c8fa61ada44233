"""What runs were and took, as text: one perspective as ever, two with the second one beside the first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from desk.computing import RUN_COLUMNS, SEEN_COLUMNS
from desk.output import Format, render_json, render_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chains.model import Perspective
    from desk.computing import RunSummary


def lay_out_runs(runs: Sequence[RunSummary], perspectives: Sequence[Perspective], *, form: Format) -> str:
    """Lay runs out as rows.

    Parameters
    ----------
    runs
        Of every chain as many as `perspectives`, side by side.
    perspectives
        Which were computed.
    form
        Table, csv or json.

    Returns
    -------
    str
        Of one perspective `desk.computing.RUN_COLUMNS`. Of two: a table has a row a run and says whose loss
        it measures; json has a row a chain, with the runs of later perspectives under their names.
    """
    if len(perspectives) == 1:
        return render_rows([run.as_cells() for run in runs], RUN_COLUMNS, form=form)
    if form is not Format.JSON:
        return render_rows([run.as_seen_cells() for run in runs], SEEN_COLUMNS, form=form)
    apart = {
        each: json.loads(
            render_json([run.as_cells() for run in runs if run.perspective is each], RUN_COLUMNS)
        )
        for each in perspectives
    }
    first, *others = perspectives
    rows = [
        row | {str(each): apart[each][place] for each in others} for place, row in enumerate(apart[first])
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
