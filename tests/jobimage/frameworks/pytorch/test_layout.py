import numpy as np

from diptych_runner.frameworks.pytorch import layout


class Tensor(object):
    """As much of a tensor as a record needs."""

    def __init__(self, array):
        self.array = array

    def detach(self):
        return self

    cpu = detach

    def numpy(self):
        return self.array


def test_a_matrix_is_recorded_as_inputs_by_outputs_in_c_order():
    kept = np.arange(6, dtype=np.float32).reshape(2, 3)
    recorded = layout.to_array(Tensor(kept))
    assert recorded.shape == (3, 2)
    assert recorded.flags["C_CONTIGUOUS"]
    np.testing.assert_array_equal(recorded[:, 1], kept[1])
    assert layout.turned(recorded).tobytes() == kept.tobytes()


def test_what_is_no_matrix_stays_as_it_is():
    for shape in ((), (3,), (2, 3, 4)):
        kept = np.arange(np.prod(shape), dtype=np.float32).reshape(shape)
        np.testing.assert_array_equal(layout.to_array(Tensor(kept)), kept)


def test_a_record_does_not_change_with_the_tensor_it_was_made_of():
    kept = np.zeros(3, dtype=np.float32)
    recorded = layout.to_array(Tensor(kept))
    kept[:] = 1
    assert not recorded.any()


def test_parameters_have_the_names_of_the_other_frameworks():
    class Linear(object):
        weight, bias = "w", "b"

    assert layout.of_linear(Linear, "hidden/") == [("hidden/kernel", "w"), ("hidden/bias", "b")]
