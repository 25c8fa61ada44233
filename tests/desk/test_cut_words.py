"""Export cuts and stocks as a person types them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chains.model import Perspective, Region
from desk.cut_words import format_cut, format_stock, parse_cut, parse_stock
from desk.words import read_plan
from risk.errors import ParameterError
from risk.model import Cut


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("NLD>home", Cut(("NLD",))),
        ("NLD + JPN+USA>home", Cut(("NLD", "JPN", "USA"))),
        ("CHN>境外:GALLIUM", Cut(("CHN",), Region.ABROAD, ("GALLIUM",))),
        ("NLD>本土:B,A:0.5", Cut(("NLD",), items=("A", "B"), severity=0.5)),
        ("NLD>home:0.5:0:90", Cut(("NLD",), severity=0.5, days=90)),
        ("NLD>home::0.5:3", Cut(("NLD",), severity=0.5, start_day=3)),
        ("lei:5493>home:A::10:30:7", Cut(("lei:5493",), items=("A",), start_day=10, days=30, recover_days=7)),
    ],
)
def test_a_cut_says_whose_deliveries_stop_where_of_what_and_when(text, cut):
    assert parse_cut(text) == cut


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("NLD", "is no cut"),
        (">home", "is no cut"),
        ("NLD>", "no region"),
        ("NLD>CHN", "no region CHN; write home or abroad"),
        ("NLD>hom", "no region hom; .*; did you mean home"),
        ("NLD>home:A:2", "severity 2 must be above 0"),
        ("NLD>home:A:0", "severity 0 must be above 0"),
        ("NLD>home:A:1:soon", "'soon' is no number of days"),
        ("NLD>home:A:1:0:2.5", "2.5 is no whole number of days"),
        ("NLD>home:A:1:0:2:3:4", "'4' is no number of days"),
        ("NLD>home:A:1:2026-02-20", "needs --from"),
    ],
)
def test_each_part_that_means_nothing_is_named(text, sentence):
    with pytest.raises(ParameterError, match=sentence):
        parse_cut(text)


@given(
    sources=st.lists(st.sampled_from(("NLD", "JPN", "lei:5493", "asml")), min_size=1, unique=True),
    region=st.sampled_from(Region),
    items=st.sets(st.sampled_from(("IC-N31", "PV-CELL", "1", "0.5"))),
    severity=st.sampled_from((1.0, 0.5, 1 / 3)),
    start=st.integers(0, 3649),
    days=st.none() | st.integers(1, 400),
    recover=st.integers(0, 400),
)
def test_a_cut_that_is_written_reads_as_itself(sources, region, items, severity, start, days, recover):
    cut = Cut(tuple(sources), region, tuple(sorted(items)), severity, start, days, recover)
    assert parse_cut(format_cut(cut)) == cut


@pytest.mark.parametrize("text", ["PV-HPQ", "PV-HPQ:", ":60", "PV-HPQ:-1", "PV-HPQ:many", "PV-HPQ:inf"])
def test_what_is_no_stock_is_refused(text):
    with pytest.raises(ParameterError, match="is no stock"):
        parse_stock(text)


def test_a_stock_that_is_written_reads_as_itself():
    assert parse_stock(format_stock(("PV-HPQ", 60.0))) == ("PV-HPQ", 60.0)


def test_a_cut_is_seen_from_home_and_never_from_the_world():
    assert read_plan("ic", [], cuts=["NLD>home"]).perspective is Perspective.HOME
    assert read_plan("ic", ["country:NLD"]).perspective is Perspective.WORLD
    assert read_plan("ic", ["country:NLD"], perspective=Perspective.HOME).perspective is Perspective.HOME
    with pytest.raises(ParameterError, match="seen from home"):
        read_plan("ic", [], cuts=["NLD>home"], perspective=Perspective.WORLD)


def test_the_recovery_of_all_goes_to_cuts_too():
    plan = read_plan("ic", [], cuts=["NLD>home::1:0:30"], recover_days=9)
    assert plan.cuts[0].recover_days == 9
