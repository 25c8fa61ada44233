"""The process of what-ifs: it answers like the command line, refuses in a sentence, and is started anew."""

import pytest

from desk.scenario import answer_plan
from desk.scenario_process import WhatIfProcess, WhatIfRefusedError
from desk.words import read_plan
from risk.scenario_store.rows import answer_json
from settings import load_settings
from tests.cli.conftest import GOLDEN, succeed


@pytest.fixture
def process(home):
    succeed(home, "init", "--empty")
    succeed(home, "import-chain", GOLDEN / "fabs")
    process = WhatIfProcess()
    yield process
    process.close()


def test_it_answers_as_the_desk_does_and_after_its_death_too(process):
    plan = read_plan("fabs", ["country:JPN:1:5:30"], recover_days=10)
    wanted = answer_json(answer_plan(load_settings(), plan))
    assert answer_json(process.answer(plan)) == wanted
    process._process.kill()
    process._process.wait()
    assert answer_json(process.answer(plan)) == wanted


def test_it_refuses_in_both_languages(process):
    with pytest.raises(WhatIfRefusedError) as refused:
        process.answer(read_plan("fabs", ["country:JPX"]))
    assert "did you mean JPN" in refused.value.say("en")
    assert "你是不是要找 JPN" in refused.value.say("zh")
