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
        return lambda *told: self.told.append((name,) + told[:-1] + (dict(told[-1]),))


def told_of(callbacks, *, running, params=()):
    """Return the callbacks after one epoch of two batches."""
    told = Callbacks(Model(), callbacks, dict(params), running=running)
    told.train_begin()
    told.epoch_begin(0)
    for place, (loss, size) in enumerate(((3.0, 4), (6.0, 2))):
        told.batch_begin(place, size)
        told.batch_end(place, loss, {"mae": loss * 2})
    told.epoch_end(0, {"val_loss": 0.5})
    told.train_end()
    return told


def test_callbacks_hear_of_everything_in_the_order_of_fit():
    callback = Callback()
    params = {"epochs": 1, "steps": 2}
    told = told_of([callback], running=False, params=params)
    first, second = {"batch": 0, "size": 4}, {"batch": 1, "size": 2}
    # The mean over examples, not over batches.
    whole = {"loss": pytest.approx(4.0), "val_loss": 0.5}
    assert callback.told == [
        ("on_train_begin", {}),
        ("on_epoch_begin", 0, {}),
        ("on_train_batch_begin", 0, first),
        ("on_train_batch_end", 0, dict(first, loss=3.0, mae=6.0)),
        ("on_train_batch_begin", 1, second),
        ("on_train_batch_end", 1, dict(second, loss=6.0, mae=12.0)),
        ("on_epoch_end", 0, whole),
        ("on_train_end", {}),
    ]
    assert told.history.history == {"loss": [pytest.approx(4.0)], "val_loss": [0.5]}
    assert told.history.epoch == [0]
    assert (callback.params, callback.model.history) == (params, told.history)


def test_from_2_2_on_a_batch_tells_the_epoch_so_far_and_the_end_the_last_epoch():
    callback = Callback()
    told_of([callback], running=True)
    ends = [each[-1] for each in callback.told if each[0] == "on_train_batch_end"]
    assert ends == [{"loss": 3.0, "mae": 6.0}, {"loss": pytest.approx(4.0), "mae": 12.0}]
    assert callback.told[2] == ("on_train_batch_begin", 0, {})
    assert callback.told[-1] == ("on_train_end", {"loss": pytest.approx(4.0), "val_loss": 0.5})


def test_a_number_that_a_callback_adds_reaches_the_next_ones_and_the_history():
    class Adds(Callback):
        def on_epoch_end(self, epoch, logs=None):
            logs["val_f1"] = 0.75

    last = Callback()
    told = told_of([Adds(), last], running=True)
    assert [each[-1]["val_f1"] for each in last.told if each[0] == "on_epoch_end"] == [0.75]
    assert told.history.history["val_f1"] == [0.75]


def test_metrics_of_a_batch_are_asked_for_only_where_a_callback_hears_of_them():
    def default(*_given):
        pass

    default._is_default = True  # type: ignore[attr-defined]

    class Quiet(Callback):
        on_batch_end = on_train_batch_end = staticmethod(default)

    def heard(*callbacks):
        return Callbacks(Model(), list(callbacks), {}, running=True).hear_batches

    assert not heard()
    assert not heard(Quiet())
    assert heard(Quiet(), Callback())


def test_a_callback_may_stop_the_training_and_one_need_not_be_a_list():
    callback, model = Callback(), Model()
    told = Callbacks(model, callback, {}, running=True)
    told.train_begin()
    assert not told.stopped
    callback.model.stop_training = True
    assert told.stopped
