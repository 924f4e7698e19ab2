import sys

import pytest

from diptych_runner import frameworks
from diptych_runner.contract.frameworks import frameworks as known


def test_a_framework_without_an_adapter_is_refused_with_those_that_have_one():
    with pytest.raises(frameworks.FrameworkMissing) as caught:
        frameworks.load("caffe", "1.0")
    assert str(caught.value) == (
        "framework 'caffe' has no adapter; known: " + ", ".join(sorted(known(), reverse=True))
    )


@pytest.mark.parametrize("name", sorted(known()))
def test_every_framework_of_the_table_has_an_adapter_that_misses_its_module(monkeypatch, name):
    module = known()[name].module
    # None is how Python keeps that a module is not there.
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(frameworks.FrameworkMissing) as caught:
        frameworks.load(name, "1.0")
    assert str(caught.value) == module + " is not installed here"


def test_another_version_than_the_plan_asks_for_is_refused(monkeypatch):
    class Torch(object):
        __version__ = "1.12.1+cu102"

    monkeypatch.setitem(sys.modules, "torch", Torch)
    assert frameworks.load("pytorch", "1.12.1").version == "1.12.1"
    with pytest.raises(frameworks.FrameworkMissing) as caught:
        frameworks.load("pytorch", "1.11.0")
    assert "asks for pytorch 1.11.0, but this image holds 1.12.1" in str(caught.value)
