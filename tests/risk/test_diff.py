"""What differs between two runs."""

from dataclasses import replace

import numpy as np

from chains.model import End, Mode
from risk.model import ScoreTable
from risk.runs.diff import ScoreChanges, diff_runs
from tests.factories import CHAIN
from tests.run_factories import ALARM, CALM, NODES, made_up_table


def test_two_runs_on_the_same_data_do_not_differ():
    changes = diff_runs(made_up_table(), made_up_table())
    assert changes == ScoreChanges(appeared=(), vanished=(), scores=(), judgements=())


def test_a_difference_names_node_number_and_both_values():
    before = made_up_table()
    values = {name: score.copy() for name, score in before.values.items()}
    values["residual"][1, 0, 1, 1] = 0.75
    after = replace(before, values=values, judgements=(CALM, ALARM, CALM))
    changes = diff_runs(before, after)
    (change,) = changes.scores
    assert (change.node, change.mode, change.end, change.horizon) == (NODES[1], Mode.BUILD, End.LOW, 180)
    assert (change.score, change.after) == ("residual", 0.75)
    (judged,) = changes.judgements
    assert judged.rises
    assert (judged.before, judged.after) == (CALM, ALARM)


def test_a_difference_compares_nodes_by_key_and_horizons_that_both_have():
    before = made_up_table(nodes=NODES, horizons=(30, 180))
    kept = {name: score[:, :, 1:, [0, 2]] for name, score in before.values.items()}
    after = ScoreTable(CHAIN, (NODES[0], NODES[2]), (180,), kept, (CALM, CALM))
    changes = diff_runs(before, after)
    assert changes.vanished == (NODES[1],)
    assert changes.scores == ()
    assert diff_runs(after, before).appeared == (NODES[1],)


def test_a_value_that_becomes_none_is_a_difference():
    before = made_up_table()
    values = {name: score.copy() for name, score in before.values.items()}
    values["substitution"][0, 1, 0, 0] = np.nan
    (change,) = diff_runs(before, replace(before, values=values)).scores
    assert np.isnan(change.after)
