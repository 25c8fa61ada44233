"""The overview over the worked examples."""


def open_overview(at, **link):
    at.query_params.update(link)
    return at.switch_page("views/overview.py").run()


def heatmap_of(at):
    import json

    charts = [element for element in at.main if element.type == "echarts_chart"]
    return charts, json


def test_the_overview_has_a_heatmap_and_lists_of_the_worst_abroad_and_at_home(shown_app):
    at = open_overview(shown_app)
    assert not at.exception
    assert [header.value for header in at.subheader] == ["风险热力图", "最差的节点"]
    assert {tab.label for tab in at.tabs} == {"图", "表", "境外对我", "境内集中"}


def test_every_pair_of_axes_and_every_colour_can_be_drawn(shown_app):
    at = open_overview(shown_app, chain="textbook")
    axes = ("chain", "stage", "five_base", "country", "ring", "province", "city", "scope")
    for place, rows in enumerate(axes):
        columns = axes[(place + 3) % len(axes)]
        colour = ("residual", "exposure", "no_substitute", "level")[place % 4]
        at.query_params.update({"rows": rows, "cols": columns, "colour": colour})
        at.run()
        assert not at.exception
        assert not at.error


def test_a_choice_without_nodes_says_so(shown_app):
    at = open_overview(shown_app, chain="textbook", rows="province", cols="city", scopes="country")
    assert any("没有节点" in info.value for info in at.info)


def test_the_overview_speaks_english(shown_app):
    at = open_overview(shown_app, lang="en")
    assert not at.exception
    assert [header.value for header in at.subheader] == ["Risk heatmap", "Worst nodes"]
