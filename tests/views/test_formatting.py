"""How numbers, times and domain words look, and that nobody reads 0 where something is unknown."""

import math
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from chains.model import FiveBase, Kind, Mode, Scope
from risk.model import Level, RunStatus, Verdict
from views import formatting
from views.formatting import LEVEL_COLOURS, NOT_APPLICABLE


@pytest.mark.parametrize("missing", [None, math.nan])
def test_a_missing_number_is_unknown_or_not_applicable_but_never_zero(missing):
    for write in (formatting.percent, formatting.days):
        assert write(missing) == "未知"
        assert write(missing, missing=NOT_APPLICABLE) == "—"
    assert formatting.count(missing) == "未知"


def test_zero_is_a_number():
    assert formatting.percent(0.0) == "0.0%"
    assert formatting.days(0.0) == "0 天"


def test_a_range_is_written_once_where_its_ends_look_the_same():
    assert formatting.spread(0.10001, 0.10002, 0.10003) == "10.0%"
    assert formatting.spread(0.1, 0.2, None) == "10.0% – 20.0% – 未知"


def test_times_are_shown_in_beijing_time_also_when_the_store_returns_naive_utc():
    moment = datetime(2026, 3, 1, 18, 30, tzinfo=UTC)
    assert formatting.local_time(moment) == "2026-03-02 02:30"
    assert formatting.local_time(moment.replace(tzinfo=None)) == "2026-03-02 02:30"


@pytest.mark.parametrize(
    ("passed", "shown"),
    [
        (timedelta(seconds=20), "刚刚"),
        (timedelta(minutes=59), "59 分钟前"),
        (timedelta(hours=47), "47 小时前"),
        (timedelta(days=3), "3 天前"),
    ],
)
def test_an_age_uses_the_largest_fitting_unit(passed, shown):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert formatting.age(now - passed, now=now) == shown


def test_taiwan_hong_kong_and_macao_are_written_with_china():
    assert [formatting.country_name(code) for code in ("TWN", "HKG", "MAC")] == [
        "中国台湾",
        "中国香港",
        "中国澳门",
    ]


def test_every_value_of_the_domain_has_a_word():
    assert all(formatting.scope_name(scope.value) for scope in Scope)
    assert all(formatting.mode_name(mode.value) for mode in Mode)
    assert all(formatting.kind_name(kind.value) for kind in Kind)
    assert all(formatting.five_base_name(five_base.value) for five_base in FiveBase)
    assert all(formatting.status_name(status.value) for status in RunStatus)
    assert [formatting.level_name(level.value) for level in Level] == ["无", "黄", "橙", "红"]
    assert formatting.verdict_name(Verdict.COUNTRY_ONLY.value) == "待核实(只有国家份额)"


def test_a_stage_that_nobody_translated_is_shown_as_the_data_write_it():
    assert formatting.stage_name("ingot and wafer") == "硅锭与硅片"
    assert formatting.stage_name("my own stage") == "my own stage"
    assert formatting.stage_name(None) == "未归类"


# Machado, Oliveira and Fernandes (2009): full protanopia, deuteranopia and tritanopia, on linear RGB.
BLINDNESS = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deutan": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritan": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}


def lightness(colour, matrix):
    def linear(part):
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    seen = [min(1.0, max(0.0, a * red + b * green + c * blue)) for a, b, c in matrix]
    luminance = 0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]
    return 116 * luminance ** (1 / 3) - 16


@pytest.mark.parametrize("blindness", BLINDNESS)
def test_coloured_levels_differ_in_lightness_for_every_eye(blindness):
    coloured = [LEVEL_COLOURS[level] for level in (Level.YELLOW, Level.ORANGE, Level.RED)]
    seen = [lightness(colour, BLINDNESS[blindness]) for colour in coloured]
    assert seen == sorted(seen, reverse=True)
    assert all(abs(one - other) > 12 for one, other in combinations(seen, 2))
