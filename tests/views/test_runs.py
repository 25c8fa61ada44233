"""The runs page: what was computed, on which data, and what changed."""


def open_runs(at, **link):
    at.query_params.update(link)
    return at.switch_page("views/runs.py").run()


def words_of(at):
    return "\n".join(one.value for kind in ("markdown", "caption", "info", "success") for one in at.get(kind))


def test_every_run_is_listed_in_words(shown_app):
    at = open_runs(shown_app, chain="textbook")
    assert not at.exception
    runs = next(table.value for table in at.dataframe if "number" in table.value.columns)
    assert set(runs["status_name"]) == {"已完成"}
    assert set(runs["reason_name"]) == {"命令行"}
    assert set(runs["number"]) == {"#1", "#2"}


def test_data_that_was_computed_already_is_named_before_computing_again(shown_app):
    at = open_runs(shown_app, chain="textbook")
    assert "再算一次结果相同" in words_of(at)
    assert at.button(key="compute_textbook").disabled
    at.checkbox(key="again_textbook").check().run()
    assert not at.button(key="compute_textbook").disabled


def test_one_run_leaves_nothing_to_compare(shown_app):
    assert "还没有可比的" in words_of(open_runs(shown_app, chain="textbook"))


def test_a_run_shows_the_defaults_and_lines_that_it_used(shown_app):
    at = open_runs(shown_app, chain="textbook")
    kinds = next(table.value for table in at.dataframe if "ramp_days" in table.value.columns)
    assert list(kinds["kind"]) == ["材料", "零部件", "设备", "软件", "工艺", "产品"]
    lines = next(table.value for table in at.dataframe if "yellow" in table.value.columns)
    assert list(lines["red"]) == [0.1, 0.5]


def test_a_chain_without_runs_can_be_computed(unscored_app):
    at = open_runs(unscored_app.run(), chain="textbook")
    assert not at.exception
    assert "还没有运行" in words_of(at)
    assert not at.button(key="compute_textbook").disabled


def test_the_page_speaks_english(shown_app):
    at = open_runs(shown_app, chain="textbook", lang="en")
    assert "All runs" in [header.value for header in at.subheader]
