from diptych_runner.contract import frameworks, optimizers, tables, versions


def test_every_environment_is_of_a_framework_that_is_known_and_the_other_way_round():
    known = frameworks.frameworks()
    assert {row.framework for row in tables.environments()} == set(known)
    assert frameworks.DEFAULT in known
    for row in tables.environments():
        packages = {each.split("==")[0] for each in (row.cpu, row.gpu)}
        assert packages <= set(known[row.framework].packages), row


def test_every_workload_says_for_each_of_its_frameworks_how_old_it_may_be():
    for row in tables.workloads().values():
        assert row.frameworks
        assert set(row.frameworks) <= set(frameworks.frameworks())


def test_a_workload_serves_the_frameworks_that_it_names():
    row = tables.workloads()["mnist-mlp"]
    assert tables.serves(row, "tensorflow", "1.4.0")
    assert not tables.serves(row, "tensorflow", "1.2.1")
    assert tables.serves(row, "pytorch", "1.2.1")
    assert not tables.serves(row, "caffe", "1.2.1")


def test_what_is_not_known_is_called_by_its_name():
    assert frameworks.named("pytorch").title == "PyTorch"
    assert frameworks.named("pytorch").module == "torch"
    assert frameworks.named("caffe") == ("caffe", "caffe", "caffe", ["caffe"])


def test_each_framework_has_its_own_classes():
    assert optimizers.classes("tensorflow", "train", "adam") == [
        "tf.train.AdamOptimizer",
        "tf.keras.optimizers.Adam",
    ]
    assert optimizers.classes("pytorch", "keras", "momentum") == ["torch.optim.SGD"]
    assert optimizers.classes("pytorch", "keras", "ftrl") == []


def test_a_build_is_no_version_of_its_own():
    assert versions.released("1.11.0+cu102") == "1.11.0"
    assert versions.released("2.21.0") == "2.21.0"
