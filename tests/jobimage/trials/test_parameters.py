from diptych_runner.trials.parameters import described

OPEN = {"optimizer": "adagrad", "learningRate": "0.1", "epsilon": None, "initialAccumulator": None}


def test_without_a_control_the_versions_own_values_are_those_in_effect():
    effective = {"learningRate": 0.1, "epsilon": 1e-7, "initialAccumulator": 0.1}
    found = described(OPEN, effective, None, {})
    assert found["pinned"] == {}
    assert found["notPinned"] == []
    assert found["defaults"] == {"epsilon": 1e-7, "initialAccumulator": 0.1}


def test_pinned_values_stand_beside_the_versions_own():
    effective = {"learningRate": 0.1, "epsilon": 1e-8, "initialAccumulator": 0.1}
    found = described(OPEN, effective, {"epsilon": "0.00000001"}, {"epsilon": 1e-7})
    assert found["pinned"] == {"epsilon": "0.00000001"}
    assert found["defaults"] == {"epsilon": 1e-7}
    # No value is known for it.
    assert found["notPinned"] == ["initialAccumulator"]


def test_what_this_version_lacks_is_not_pinned():
    pinned = {"epsilon": "0.1", "initialAccumulator": "0.1"}
    found = described(OPEN, {"learningRate": 0.1, "initialAccumulator": 0.1}, pinned, {})
    assert found["notPinned"] == ["epsilon"]
