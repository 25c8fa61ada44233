"""What pages read: scores, history, the register, sources and data age."""

import pytest

from chains.model import Mode, Perspective, Scope
from desk.computing import recompute_chains
from desk.method_view import read_method, source_frame
from desk.reading import history_frame, node_scores, read_data_states, read_run, run_frame, score_frame
from desk.register_view import register_facts, register_frame
from desk.scores import ABROAD, AT_HOME, worst_nodes
from risk.errors import ParameterError

WORLD = (Perspective.WORLD,)


def test_the_register_has_278_rows_with_scores_only_where_a_run_knows_the_item(shipped):
    frame = register_frame(shipped, mode=Mode.RUN)
    assert len(frame) == 278
    assert register_facts(shipped)[1] == 278
    scored = frame[frame["residual_low"].notna()]
    assert len(scored) > 0
    assert set(scored["chain_id"]) == {"pv"}
    assert frame.loc[frame["item_id"].isna(), "level"].isna().all()


def test_the_run_and_build_pair_of_a_node_are_two_rows(shipped):
    (run_id,) = run_frame(shipped)["run_id"]
    pair = node_scores(shipped, run_id, scope=Scope.COUNTRY, key="CHN")
    assert pair["mode"].tolist() == ["run", "build"]
    assert (pair["residual_low"] <= pair["residual_high"]).all()


def test_scores_of_a_horizon_that_was_not_stored_are_refused(shipped):
    (run_id,) = run_frame(shipped)["run_id"]
    with pytest.raises(ParameterError):
        score_frame(shipped, run_id, mode=Mode.RUN, horizon=77)


def test_the_history_of_a_node_has_one_row_a_run_the_oldest_first(example):
    settings = example("textbook")
    runs = [recompute_chains(settings, perspectives=WORLD)[0].run_id for _ in range(2)]
    history = history_frame(settings, "textbook", scope=Scope.SUPPLIER, key="F2", mode=Mode.RUN, horizon=180)
    assert history["run_id"].tolist() == runs
    assert history["residual_point"].tolist() == [pytest.approx(0.2166666667)] * 2


def test_a_data_version_tells_when_a_run_is_out_of_date(shipped):
    states = {state.chain.chain_id: state for state in read_data_states(shipped)}
    assert set(states) == {"ic", "pv", "autochip"}
    (run_id,) = run_frame(shipped)["run_id"]
    assert read_run(shipped, run_id).data_version == states["pv"].data_version
    assert states["pv"].first_year is not None


def test_every_source_of_the_shipped_chains_is_listed_with_its_licence(shipped):
    frame = source_frame(shipped)
    assert (frame["facts"] >= 0).all()
    eto = frame[frame["source_id"] == "eto-2026"]
    assert eto["licence"].str.contains("BY-NC").all()


def test_the_method_page_reads_the_live_defaults(shipped):
    facts = read_method(shipped)
    assert facts.defaults.blank_cap == 0.10
    assert facts.levels["world"]["run"]["red"] == 0.10


def test_the_worst_are_listed_abroad_and_at_home_apart(shipped):
    (pv,) = worst_nodes(shipped, ("pv",), top=5)
    groups = {group.title: group.nodes for group in pv.groups}
    assert {ABROAD, AT_HOME} <= set(groups)
    assert groups[AT_HOME][0].key == "CHN"
    assert all(len(nodes) <= 5 for nodes in groups.values())
    assert "CHN" not in {node.key for node in groups[ABROAD]}
