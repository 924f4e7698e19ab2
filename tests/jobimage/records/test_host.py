import os

from diptych_runner.records import host


def distribution(folder, name, record):
    path = folder / (name + ".dist-info")
    path.mkdir(parents=True)
    (path / "RECORD").write_text(record)


def test_packages_are_found_by_their_metadata_and_hashed_by_their_records(tmp_path):
    distribution(tmp_path, "Typing_Extensions-4.1.1", "a.py,sha256=1,2\n")
    found = host.describe_packages([str(tmp_path), "/nowhere"])
    assert found["versions"] == {"typing-extensions": "4.1.1"}


def test_what_an_installation_adds_does_not_change_the_hash(tmp_path):
    distribution(tmp_path / "one", "x-1", "a.py,sha256=1,2\nx-1.dist-info/METADATA,sha256=3,4\n")
    distribution(
        tmp_path / "two",
        "x-1",
        "../../bin/x,sha256=9,9\n__pycache__/a.pyc,,\nx-1.dist-info/METADATA,sha256=3,4\n"
        "x-1.dist-info/INSTALLER,sha256=7,2\na.py,sha256=1,2\n",
    )
    distribution(tmp_path / "three", "x-1", "a.py,sha256=CHANGED,2\n")
    one, two, three = (
        host.describe_packages([str(tmp_path / name)])["sha256"] for name in ("one", "two", "three")
    )
    assert one == two
    assert one != three


def test_the_first_folder_on_the_path_wins(tmp_path):
    distribution(tmp_path / "one", "x-1", "")
    distribution(tmp_path / "two", "x-2", "")
    found = host.describe_packages([str(tmp_path / "one"), str(tmp_path / "two")])
    assert found["versions"] == {"x": "1"}


def test_the_hash_of_sources_sees_paths_and_content(tmp_path):
    (tmp_path / "a.py").write_text("1")
    before = host.sha256_of_sources(str(tmp_path))
    (tmp_path / "notes.txt").write_text("ignored")
    assert host.sha256_of_sources(str(tmp_path)) == before
    os.rename(str(tmp_path / "a.py"), str(tmp_path / "b.py"))
    assert host.sha256_of_sources(str(tmp_path)) != before


def test_the_host_is_described_without_a_framework():
    described = host.describe_host()
    assert described["cpu"]["flags"] == sorted(described["cpu"]["flags"])
    assert described["python"].count(".") == 2
