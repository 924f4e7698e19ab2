import numpy as np

from diptych_runner.module import rows

INPUTS = np.arange(12, dtype=np.float32).reshape(6, 2)
TARGETS = np.array([0, 1, 0, 1, 0, 1])


def test_shuffled_examples_are_the_same_examples_in_the_same_order():
    shuffled = np.random.RandomState(1).permutation(6)
    taken = []
    hashes = set()
    for places in (np.arange(6), shuffled):
        arrays = [INPUTS[places], TARGETS[places]]
        found = rows.digests(arrays)
        hashes.add(rows.sha256_of(arrays, found))
        taken.append(arrays[0][rows.order_of(found)])
    np.testing.assert_array_equal(taken[0], taken[1])
    assert len(hashes) == 1


def test_another_label_type_or_number_of_examples_is_another_training_set():
    def sha256(inputs, targets):
        return rows.sha256_of([inputs, targets], rows.digests([inputs, targets]))

    others = [
        (INPUTS, TARGETS),
        (INPUTS, 1 - TARGETS),
        (INPUTS.astype(np.float64), TARGETS),
        (INPUTS[:5], TARGETS[:5]),
        (INPUTS.reshape(6, 2, 1), TARGETS),
        (np.concatenate([INPUTS, INPUTS[:1]]), np.concatenate([TARGETS, TARGETS[:1]])),
    ]
    assert len({sha256(*each) for each in others}) == len(others)
