"""The words and tables of docs/benchmarks.md."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.bench.plot import Line, draw

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Case = Mapping[str, Any]

HEAD = """# 性能 / Benchmarks

Written by `make bench` from one run of `tests/bench`; do not edit by hand. `make bench ARGS=--whole` adds
the whole province and 100,000 firms. Wall time is the median of the rounds; CPU seconds are summed over
cores; memory is the peak of the process, with what earlier cases left. All provinces are drawn from a seed
(合成示例, `tests/bench/province.py`): strands of 20 items, a fifth of them with a loop of tools and what
they make, a fifth of all shares blank.

**Machine**: {machine}.
"""

SIZE = """
## Cost against size

Every supplier of a province stopped in turn: three simulations, two modes, and low, point and high end
wherever a share is blank; one process, all cores.

{sizes}

![CPU seconds against rows, both axes logarithmic](images/benchmarks.svg)

{growth}
"""

SHIPPED = """
## The shipped chains

Joined, every scope, both modes, 365 days, all nodes.

{shipped}
"""

CHANGED = """
## After one firm's list has changed

A whole province (500 items, 10,000 firms, 100,000 rows), one firm's list changed, everything it can affect
scored again at 180 days, to the bytes of a full run (`tests/risk/test_incremental.py` holds the equality).
The time holds the building of arrays, the comparison and the simulations. How much is affected depends on
where the firm stands. A node is one lane, or three where a share that stops with it is blank.

{changed}
"""

RATIOS = """
## Against plain programs

The same stops in the same run, results equal to 1e-9. *numpy* is `tests/bench/student.py`, a direct program
that computes every cell of the chain every day with whole-array operations; *twin* is `tests/reference`,
plain Python without arrays, the judge of the engine. All compute both modes at the point values only, on one
core.

{ratios}
"""

ESRI = """
## The systemic-risk index

Of firm networks with 11 links a firm (`tests/bench/firm_networks.py`); 200 firms stopped, one by one.
Definition and further figures: [national.md](national.md).

{esri}
"""


def render(cases: Mapping[str, Case], machine: str) -> tuple[str, str]:
    """Write the page and its plot."""
    sizes = _sorted(cases, "test_cost_of_every_supplier_against_size")
    years = _sorted(cases, "test_cost_of_every_supplier_over_three_years")
    text = [
        HEAD.format(machine=machine),
        SIZE.format(sizes=_sizes(cases), growth=_growth(cases, sizes, years)),
        SHIPPED.format(shipped=_shipped(_named(cases, "test_cost_of_a_shipped_chain"))),
        CHANGED.format(changed=_changed(_named(cases, "test_cost_of_one_changed_list"))),
        RATIOS.format(ratios=_ratios(cases)),
        ESRI.format(esri=_esri(cases)),
    ]
    lines = [
        Line(f"{days} days", [(_info(case, "rows"), _info(case, "cpu_seconds")) for case in drawn])
        for days, drawn in ((180, sizes), (1095, years))
        if drawn
    ]
    plot = draw(lines, across="purchase rows", up="CPU seconds, every supplier stopped in turn")
    return "".join(text), plot


def _named(cases: Mapping[str, Case], prefix: str) -> list[Case]:
    return [case for name, case in cases.items() if name.startswith(prefix)]


def _sorted(cases: Mapping[str, Case], prefix: str) -> list[Case]:
    return sorted(_named(cases, prefix), key=lambda case: int(_info(case, "rows")))


def _info(case: Case, name: str) -> Any:
    return case["extra_info"][name]


def _seconds(case: Case) -> float:
    return float(case["stats"]["median"])


def _time(seconds: float) -> str:
    if seconds < 1.0:
        return f"{seconds * 1000:.3g} ms"
    return f"{seconds:.1f} s" if seconds < 100.0 else f"{seconds:.0f} s"


def _memory(case: Case) -> str:
    return f"{_info(case, 'peak_bytes') / 2**20:,.0f} MiB"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _sizes(cases: Mapping[str, Case]) -> str:
    heads = ("items", "firms", "rows", "days", "wall", "CPU", "CPU a firm", "peak memory")
    return _table(
        heads,
        [
            (
                *(f"{_info(case, name):,}" for name in ("items", "firms", "rows", "days")),
                _time(_seconds(case)),
                _time(_info(case, "cpu_seconds")),
                _time(_info(case, "cpu_seconds") / _info(case, "firms")),
                _memory(case),
            )
            for case in _named(cases, "test_cost_of_every_supplier")
        ],
    )


def _growth(cases: Mapping[str, Case], sizes: Sequence[Case], years: Sequence[Case]) -> str:
    least, most = sizes[0], sizes[-1]
    rows = _info(most, "rows") / _info(least, "rows")
    words = [
        f"- {rows:.1f} times the province (items, firms and rows) costs {_cpu_ratio(most, least):.2f} times."
    ]
    for twice in _named(cases, "test_cost_of_every_supplier_with_twice_the_rows"):
        times = _info(twice, "rows") / _info(least, "rows")
        words.append(
            f"- {times:.2f} times the rows among the same firms cost {_cpu_ratio(twice, least):.2f} times."
        )
    for case in years:
        short = next(one for one in sizes if _info(one, "rows") == _info(case, "rows"))
        words.append(
            f"- At {_info(case, 'rows'):,} rows 1095 days cost {_cpu_ratio(case, short):.2f} times 180."
        )
    return "\n".join([*words, "", "Ratios are of CPU seconds."])


def _cpu_ratio(case: Case, base: Case) -> float:
    return float(_info(case, "cpu_seconds") / _info(base, "cpu_seconds"))


def _shipped(cases: Sequence[Case]) -> str:
    rows: list[tuple[str, ...]] = [
        (
            case["param"],
            f"{_info(case, 'items'):,}",
            f"{_info(case, 'nodes'):,}",
            _time(_info(case, "engine_seconds")),
            _time(_seconds(case)),
            _memory(case),
        )
        for case in cases
    ]
    total = [sum(_info(case, "engine_seconds") for case in cases), sum(map(_seconds, cases))]
    rows.append(("together", "", "", *(_time(one) for one in total), ""))
    return _table(("chain", "items", "nodes", "engine seconds", "with arrays", "peak memory"), rows)


def _changed(cases: Sequence[Case]) -> str:
    rows = [
        (
            f"tier {case['param']} of 4",
            f"{_info(case, 'lanes'):,}",
            _time(_seconds(case)),
            _time(_info(case, "cpu_seconds")),
            _memory(case),
        )
        for case in cases
    ]
    return _table(("the firm makes items of", "lanes simulated again", "wall", "CPU", "peak memory"), rows)


def _ratios(cases: Mapping[str, Case]) -> str:
    rows = []
    for prefix in ("test_cost_of_two_stops_of_a_small_chain", "test_cost_of_a_stop_in_a_fifth"):
        found = {_way(case): case for case in _named(cases, prefix)}
        engine = found["engine"]
        names = ("items", "firms", "rows", "days")
        size = ", ".join(f"{_info(engine, name):,} {name}" for name in names)
        rows += [
            (size, way, _time(_seconds(case)), f"{_seconds(case) / _seconds(engine):,.0f}")
            for way, case in found.items()
        ]
    return _table(("chain", "way", "wall", "times the engine"), rows)


def _way(case: Case) -> str:
    return str(case["params"]["way"])


def _esri(cases: Mapping[str, Case]) -> str:
    words = {
        "test_cost_of_200_failures_against_size": "200 failures, {} firms",
        "test_cost_of_preparation_against_size": "preparation, {} firms",
        "test_cost_of_five_failures_against_the_plain_twin": "5 failures, 1,000 firms, {}",
    }
    rows = []
    for prefix, text in words.items():
        for case in _named(cases, prefix):
            given = case["param"]
            shown = f"{int(given):,}" if str(given).isdigit() else str(given)
            rows.append((text.format(shown), _time(_seconds(case))))
    compiled, twin = _named(cases, "test_cost_of_five_failures_against_the_plain_twin")
    rows.append(("twin / compiled", f"{_seconds(twin) / _seconds(compiled):,.0f} times"))
    return _table(("what", "wall"), rows)
