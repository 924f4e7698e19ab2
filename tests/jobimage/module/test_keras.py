"""Our loop around a model that is no Keras model; tests/integration has the real ones."""

import numpy as np
import pytest
from tests.jobimage.fakes import FakeFramework, FakeProgram, run_of

from diptych_runner.frameworks.base import Pinned, RandomLayer
from diptych_runner.module.errors import ModuleError

INPUTS, TARGETS = np.ones((10, 10), dtype=np.float32), np.ones((10, 1), dtype=np.float32)


class Program(FakeProgram):
    """A program of a model of one's own."""

    is_fit_rewritten = True
    batches_at_once = 1
    rate = None
    ended = 0

    def __init__(self):
        super().__init__(lambda: None)

    def is_of(self, _model):
        return True

    def fitted(self, inputs, targets):
        return inputs, targets

    def random_layers(self):
        return []

    def reset_metrics(self):
        pass

    def metric_results(self):
        return {}

    def finalize(self):
        self.ended += 1
        self._kernel = self._kernel + np.float32(1.0)


class Framework(FakeFramework):
    """Builds such programs, and counts what it was asked for."""

    def __init__(self):
        super().__init__(lambda: None)
        self.programs = []
        self.pinned = []

    def built_weights(self, _model):
        return None

    def own_model(self, _model, _inputs, _targets, *, given_masks, weighted):
        self.programs.append(Program())
        return self.programs[-1]

    def pin_parameters(self, model, _defaults):
        model.optimizer = object()
        self.pinned.append(model.optimizer)
        return Pinned({}, [], {})

    def drawn_weights(self, _model):
        return []

    def assign_weights(self, _model, weights):
        assert weights == {}

    def metric_names(self, _model):
        return ["loss"]

    def metric_names_shown(self, _model):
        return {}


class Model:
    """A compiled model."""

    stop_training = False
    optimizer = "sgd"

    def __init__(self):
        self.evaluated = 0

    def compile(self, optimizer):
        self.optimizer = optimizer

    def fit(self, *_given, **_named):
        raise AssertionError("ours is in its place")

    predict = train_on_batch = fit

    def evaluate(self, *_given, **named):
        self.asked = named
        self.evaluated += 1
        return 0.5


class Stop:
    """A callback that stops after the second batch."""

    def set_params(self, params):
        self.params = params

    def set_model(self, model):
        self.model = model

    def on_train_batch_end(self, batch, _logs):
        self.model.stop_training = batch == 1

    def __getattr__(self, name):
        if not name.startswith("on_"):
            raise AttributeError(name)
        return lambda *_told: None


def taken(control="Native", **options):
    """Return a run, its framework, and a model that it took."""
    framework, model = Framework(), Model()
    run = run_of(control, framework=framework, **options)
    run.keras(model)
    return run, framework, model


@pytest.mark.parametrize(("rewritten", "evaluated"), [(True, 1), (False, 0)])
def test_a_callback_stops_after_its_batch_and_old_versions_do_not_validate_then(
    rewritten, evaluated, monkeypatch
):
    monkeypatch.setattr(Program, "is_fit_rewritten", rewritten)
    run, _, model = taken()
    model.metrics_names = ["loss"]
    stop = Stop()
    model.fit(
        INPUTS, TARGETS, batch_size=3, epochs=5, callbacks=[stop], validation_data=(INPUTS, TARGETS)
    )
    assert (run.step, model.evaluated) == (2, evaluated)
    told = {"epochs": 5, "steps": 4, "verbose": 1}
    assert {name: stop.params[name] for name in told} == told


@pytest.mark.parametrize(("given", "size"), [({}, 3), ({"validation_batch_size": 5}, 5)])
def test_validation_takes_as_many_at_a_time_as_fit_does(given, size):
    _, _, model = taken()
    model.metrics_names = ["loss"]
    model.fit(INPUTS, TARGETS, batch_size=3, validation_data=(INPUTS, TARGETS), **given)
    assert model.asked["batch_size"] == size


def test_a_callback_that_hears_of_validations_batches_is_refused_by_name():
    class Listens(Stop):
        def on_test_end(self, _logs=None):
            self.model.stop_training = True

    lent = Stop()
    vars(lent)["on_test_end"] = lambda _logs=None: None
    _, _, model = taken()
    model.metrics_names = ["loss"]
    with pytest.raises(ModuleError, match=r"Stop has on_test_end"):
        model.fit(INPUTS, TARGETS, callbacks=[lent], validation_data=(INPUTS, TARGETS))
    with pytest.raises(ModuleError, match=r"Listens has on_test_end.*on_epoch_end"):
        model.fit(INPUTS, TARGETS, callbacks=[Listens()], validation_data=(INPUTS, TARGETS))


def test_the_last_checkpoint_is_of_the_weights_that_fit_leaves():
    written = {}  # type: ignore[var-annotated]
    _, framework, model = taken(every=1, written=written)
    model.fit(INPUTS, TARGETS, batch_size=5)
    (program,) = framework.programs
    assert program.ended == 1
    np.testing.assert_array_equal(written[2]["weights/kernel"], program.tensors()["weights/kernel"])


def test_a_model_compiled_anew_is_built_anew_and_its_optimizer_pinned_once():
    _, framework, model = taken("SharedParameters")
    model.fit(INPUTS, TARGETS)
    model.fit(INPUTS, TARGETS)
    assert (len(framework.programs), len(framework.pinned)) == (1, 1)
    model.compile(model.optimizer)
    model.fit(INPUTS, TARGETS)
    assert (len(framework.programs), len(framework.pinned)) == (2, 1)
    model.compile("adam")
    model.fit(INPUTS, TARGETS)
    assert (len(framework.programs), len(framework.pinned)) == (3, 2)


def test_an_optimizer_of_two_models_is_pinned_once():
    run, framework, model = taken("SharedParameters")
    model.fit(INPUTS, TARGETS)
    run.keras(model)
    model.fit(INPUTS, TARGETS)
    assert len(framework.pinned) == 1


def test_a_second_model_and_its_optimizer_have_names_of_their_own(monkeypatch):
    told = Pinned({"rho": "0.9"}, ["epsilon"], {"rho": 0.95})
    monkeypatch.setattr(Framework, "pin_parameters", lambda _self, _model, _defaults: told)
    run, _, model = taken("SharedParameters")
    model.fit(INPUTS, TARGETS)
    other = Model()
    other.optimizer = "adam"
    run.keras(other)
    other.fit(INPUTS, TARGETS)
    assert len(run.record.models) == 2
    assert run.record.pinned == Pinned(
        {"rho": "0.9", "rho of optimizer 2": "0.9"},
        ["epsilon", "epsilon of optimizer 2"],
        {"rho": 0.95, "rho of optimizer 2": 0.95},
    )
    assert set(run.record.effective) == {"optimizer", "optimizer of model 2"}
    model.compile("sgd")
    model.fit(INPUTS, TARGETS)
    assert len(run.record.models) == 2


def test_the_data_set_is_what_is_fitted_first_whichever_model_is_fitted_later():
    alone, _, model = taken()
    model.fit(INPUTS, TARGETS)
    run, _, model = taken()
    model.fit(INPUTS, TARGETS)
    student = Model()
    run.keras(student)
    # As a teacher's outputs: other ones in each version.
    student.fit(INPUTS[:5], 2 * TARGETS[:5])
    assert run.record.train_sha256 == alone.record.train_sha256
    assert run.record.train_examples == 10
    first = {"training inputs", "training targets"}
    assert {name: run.record.parts[name] for name in first} == alone.record.parts
    assert set(run.record.parts) == first | {name + " of fit 2" for name in first}


def test_the_learning_rate_is_recorded_where_it_is_known(monkeypatch):
    run, _, model = taken()
    model.fit(INPUTS, TARGETS, batch_size=5)
    monkeypatch.setattr(Program, "rate", 0.25)
    model.fit(INPUTS, TARGETS, batch_size=5)
    assert run.record.numbers == {step: {"framework_learning_rate": 0.25} for step in (3, 4)}


def test_masks_go_on_where_a_model_is_compiled_anew(monkeypatch):
    layers = [RandomLayer("dropout_0", 50, 0.5)]
    monkeypatch.setattr(Program, "random_layers", lambda _self: layers)
    run, _, model = taken("SharedMasks")
    for _ in range(2):
        model.fit(INPUTS, TARGETS)
        model.compile("sgd")
    first, second = (line["masks"] for line in run.record.inputs._lines)
    assert first != second


@pytest.mark.parametrize(("batches", "told"), [(4, "=4, "), (None, "='auto', ")])
def test_callbacks_of_several_batches_at_once_are_refused(batches, told, monkeypatch):
    monkeypatch.setattr(Program, "batches_at_once", batches)
    _, _, model = taken()
    model.fit(INPUTS, TARGETS)
    with pytest.raises(ModuleError) as caught:
        model.fit(INPUTS, TARGETS, callbacks=[Stop()])
    assert "steps_per_execution" + told in str(caught.value)


def test_an_order_that_is_not_drawn_here_is_refused():
    _, _, model = taken()
    with pytest.raises(ModuleError) as caught:
        model.fit(INPUTS, TARGETS, shuffle="batch")
    assert "fit takes shuffle as True or False, not 'batch'" in str(caught.value)


def test_what_else_trains_a_model_is_refused():
    _, _, model = taken()
    with pytest.raises(ModuleError) as caught:
        model.train_on_batch(INPUTS, TARGETS)
    assert "train_on_batch is not taken over" in str(caught.value)
    assert not hasattr(model, "fit_generator")
