import pytest

from diptych_runner.records import manifest

GRAPH = """Graph execution error:

Detected at node 'loss/Softmax' defined at (most recent call last):
    File "a.py", line 1, in <module>
Node: 'loss/Softmax'
Received a label value of 244
\t [[{{node loss/Softmax}}]] [Op:__inference_update_521]"""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (GRAPH, "train.py, line 9: Received a label value of 244 (in train: fit())"),
        (
            " bad label\n\t [[node a]] [Op:b]\n\nFunction call stack:\nb",
            "train.py, line 9: bad label (in train: fit())",
        ),
        ("two\nlines", "train.py, line 9: two lines (in train: fit())"),
        ("", "train.py, line 9:  (in train: fit())"),
    ],
)
def test_an_error_of_several_lines_is_told_in_one_after_its_place(said, told):
    error = manifest.error_of(ValueError(said), "train.py, line 9, in train: fit()")
    assert (error["type"], error["message"]) == ("ValueError", told)
    assert "ValueError" in error["traceback"]
