import pytest

from diptych_runner.module.callbacks import Callbacks


class Model:
    stop_training = False


class Callback:
    def __init__(self):
        self.told = []

    def set_params(self, params):
        self.params = params

    def set_model(self, model):
        self.model = model

    def __getattr__(self, name):
        if not name.startswith("on_"):
            raise AttributeError(name)
        return lambda *place, logs: self.told.append((name,) + place + (logs,))


def test_callbacks_hear_of_everything_in_the_order_of_fit():
    callback, model = Callback(), Model()
    told = Callbacks(model, [callback], {"epochs": 1, "steps": 2})
    told.train_begin()
    told.epoch_begin(0)
    for place, (loss, size) in enumerate(((3.0, 4), (6.0, 2))):
        told.batch_begin(place)
        told.batch_end(place, loss, size)
    told.epoch_end(0, {"val_loss": 0.5})
    told.train_end()
    assert [each[0] for each in callback.told] == [
        "on_train_begin",
        "on_epoch_begin",
        "on_train_batch_begin",
        "on_train_batch_end",
        "on_train_batch_begin",
        "on_train_batch_end",
        "on_epoch_end",
        "on_train_end",
    ]
    # The mean over examples, not over batches.
    assert callback.told[-2] == ("on_epoch_end", 0, {"loss": pytest.approx(4.0), "val_loss": 0.5})
    assert told.history.history == {"loss": [pytest.approx(4.0)], "val_loss": [0.5]}
    assert told.history.epoch == [0]
    assert (callback.params, callback.model) == ({"epochs": 1, "steps": 2}, model)


def test_a_callback_may_stop_the_training_and_one_need_not_be_a_list():
    callback, model = Callback(), Model()
    told = Callbacks(model, callback, {})
    told.train_begin()
    assert not told.stopped
    callback.model.stop_training = True
    assert told.stopped
