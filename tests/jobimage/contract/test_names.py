from diptych_runner.contract import names


def test_each_control_adds_one_aspect_to_the_one_before():
    shared = [names.shared_aspects(control) for control in names.CONTROLS]
    assert shared[0] == frozenset()
    for weaker, stronger in zip(shared, shared[1:]):
        assert weaker < stronger
        assert len(stronger - weaker) == 1
