import os

from diptych_runner.contract import modules


def test_an_entrypoint_is_a_function_or_a_script():
    assert modules.parts("train:main") == ("train", "main")
    assert modules.parts("package.train:main") == ("package.train", "main")
    assert modules.parts("train") == ("train", None)


def test_files_are_those_that_a_config_map_can_carry(tmp_path):
    (tmp_path / "train.py").write_text("1")
    (tmp_path / "..data").mkdir()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / ".hidden").write_text("2")
    (tmp_path / "a b.py").write_text("3")
    # As the kubelet mounts a key: a link into a folder of its own.
    (tmp_path / "..data" / "more.py").write_text("4")
    os.symlink(os.path.join("..data", "more.py"), str(tmp_path / "more.py"))
    assert modules.files_in(str(tmp_path)) == {"more.py": b"4", "train.py": b"1"}


def test_a_name_is_part_of_the_code_as_its_content_is():
    one = modules.sha256_of({"train.py": b"1"})
    assert one == modules.sha256_of({"train.py": b"1"})
    assert len({one, modules.sha256_of({"a.py": b"1"}), modules.sha256_of({"train.py": b"2"})}) == 3
