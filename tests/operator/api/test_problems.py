import pytest

from diptych.api.problems import Finding, Problem, nearest, spell


def test_a_problem_is_one_line_with_place_bound_and_fix() -> None:
    problem = Problem(
        path="spec.noiseFloor.repeat",
        value="2",
        message="unknown field 'repeat'",
        fix="correct or remove it",
        suggestion="repeats",
        line=7,
        source="a.yaml",
    )
    assert str(problem) == (
        "a.yaml:7: spec.noiseFloor.repeat: unknown field 'repeat' (did you mean 'repeats'?);"
        " correct or remove it"
    )


def test_what_is_not_known_is_not_printed() -> None:
    assert Problem(path="", value="", message="empty").render() == "empty"
    assert Problem(path="spec", value="", message="odd", source="api").render() == "api: spec: odd"


@pytest.mark.parametrize(
    ("path", "text"),
    [((), ""), (("spec",), "spec"), (("spec", "seeds", "values", 3), "spec.seeds.values[3]")],
)
def test_paths_are_spelled_as_people_write_them(path: tuple[str | int, ...], text: str) -> None:
    assert spell(path) == text


def test_nearest_ignores_case_and_finds_nothing_far_away() -> None:
    assert nearest("SEEDS", ["seeds", "suspend"]) == "seeds"
    assert nearest("xyz", ["seeds", "suspend"]) is None


def test_only_a_deep_finding_covers_what_lies_below_it() -> None:
    below = ("spec", "seeds", "first")
    assert Finding(("spec", "seeds"), "", deep=True).covers(below)
    assert not Finding(("spec", "seeds"), "").covers(below)
    assert Finding(below, "").covers(below)
