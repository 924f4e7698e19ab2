"""Twin of report/environments.py."""

from typing import Any

from tests.analysis.builder import environment

from diptych_analysis.report.environments import Row, Seen, compared


def rows(*documents: list[dict[str, Any]]) -> dict[tuple[str, str], Row]:
    versions = []
    for trials in documents:
        seen = Seen()
        for document in trials:
            seen.add(document)
        versions.append(seen)
    return {(group.name, row.key): row for group in compared(versions) for row in group.rows}


def test_equal_leaves_are_not_differences() -> None:
    found = rows([environment("2.1.0")], [environment("2.4.0")])
    differing = {key for key, row in found.items() if row.differs}
    assert differing == {("framework", "requested"), ("framework", "version")}
    assert found["framework", "version"].values == ("2.1.0", "2.4.0")


def test_what_one_version_lacks_is_a_difference() -> None:
    left = environment("1", packages={"sha256": "0" * 64, "versions": {"keras": "1.1.2"}})
    right = environment("1", packages={"sha256": "0" * 64, "versions": {}})
    row = rows([left], [right])["packages.versions", "keras"]
    assert (row.values, row.differs) == (("1.1.2", "–"), True)


def test_lists_show_what_is_not_common() -> None:
    left = environment("1", cpu={"model": "a", "flags": ["avx", "sse"]})
    right = environment("1", cpu={"model": "a", "flags": ["avx", "avx2", "sse"]})
    row = rows([left], [right])["cpu", "flags"]
    assert row.values == ("nothing more (and 2 in all)", "avx2 (and 2 in all)")
    same = rows([left], [left])["cpu", "flags"]
    assert (same.values[0], same.differs) == ("avx, sse", False)


def test_several_values_in_one_version_are_all_told_or_counted() -> None:
    few = [environment("1", seeds={"python": seed}) for seed in (10, 9)]
    many = [environment("1", seeds={"python": seed}) for seed in range(12)]
    row = rows(few, many)["seeds", "python"]
    assert (row.values, row.differs) == (("9 | 10", "0 … 11 (12 values)"), True)


def test_packages_one_by_one_come_last() -> None:
    document = environment("1", packages={"sha256": "0" * 64, "versions": {"a": "1"}})
    groups = [group for group, _ in rows([document])]
    assert groups[-1] == "packages.versions"
    assert groups[:-1] == sorted(groups[:-1])


def test_nothing_is_told_as_none_and_lists_of_nothing_too() -> None:
    found = rows([environment("1")])
    assert found["trial", "image"].values == ("none",)
    assert found["trial", "gpus"].values == ("none",)
    assert ("trial", "schemaVersion") not in found
