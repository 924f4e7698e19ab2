import pytest

from diptych.kubernetes.configuration import ConfigurationError, from_environment

NEEDED = {"DIPTYCH_ANALYSIS_IMAGE": "registry/analysis:1"}


def test_what_is_left_out_has_a_default() -> None:
    configuration = from_environment({**NEEDED, "DIPTYCH_STORE": "", "PATH": "/bin"})
    assert configuration.store is None
    assert configuration.namespaces == ()
    assert configuration.trial_memory == "2Gi"
    assert configuration.liveness == "0.0.0.0:8080"
    assert configuration.watch_silence == 70
    assert from_environment({**NEEDED, "DIPTYCH_WATCH_SILENCE": "30"}).watch_silence == 30
    assert (configuration.analysis_cpu, configuration.analysis_memory) == ("1", "2Gi")
    assert from_environment({**NEEDED, "DIPTYCH_ANALYSIS_CPU": "500m"}).analysis_cpu == "500m"
    assert configuration.store_patience == 86_400
    assert from_environment({**NEEDED, "DIPTYCH_STORE_PATIENCE": "90"}).store_patience == 90


def test_a_pod_answers_in_the_family_of_its_cluster() -> None:
    here = from_environment({**NEEDED, "KUBERNETES_SERVICE_HOST": "fd00:10:96::1"})
    assert (here.liveness, here.metrics) == ("[::]:8080", "[::]:9090")
    here = from_environment({**NEEDED, "KUBERNETES_SERVICE_HOST": "10.96.0.1"})
    assert (here.liveness, here.metrics) == ("0.0.0.0:8080", "0.0.0.0:9090")
    own = {"KUBERNETES_SERVICE_HOST": "fd00::1", "DIPTYCH_METRICS": "127.0.0.1:9"}
    assert from_environment({**NEEDED, **own}).metrics == "127.0.0.1:9"


def test_lists_are_separated_by_commas() -> None:
    configuration = from_environment(
        {**NEEDED, "DIPTYCH_NAMESPACES": "team-a, team-b", "DIPTYCH_SERVICE_ACCOUNTS": "a"}
    )
    assert configuration.namespaces == ("team-a", "team-b")
    assert configuration.service_accounts == {"a"}


def test_every_mistake_is_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        from_environment(
            {
                "DIPTYCH_RUNNER_IMAGE": "runner:{tag}",
                "DIPTYCH_STORE": "results",
                "DIPTYCH_S3_ENDPOINT": "minio:9000",
                "DIPTYCH_NAMESPACES": "ok,Not Ok",
                "DIPTYCH_IMAGE_PULL_POLICY": "Sometimes",
                "DIPTYCH_WATCH_SILENCE": "1m",
                "DIPTYCH_STORE_PATIENCE": "1d",
                "DIPTYCH_ANALYSIS_CPU": "one",
                "DIPTYCH_LIVENESS": "8080",
            }
        )
    told = str(caught.value)
    for part in (
        "DIPTYCH_ANALYSIS_IMAGE is not set",
        "DIPTYCH_RUNNER_IMAGE is 'runner:{tag}': it must have {version}",
        "DIPTYCH_STORE has 'results': it must be s3://bucket or s3://bucket/prefix, the bucket",
        "DIPTYCH_S3_ENDPOINT has 'minio:9000'",
        "DIPTYCH_NAMESPACES has 'Not Ok': it must be the name of a namespace",
        "DIPTYCH_IMAGE_PULL_POLICY has 'Sometimes': it must be Always or IfNotPresent or Never",
        "DIPTYCH_WATCH_SILENCE has '1m': it must be whole seconds from 1 to 999",
        "DIPTYCH_ANALYSIS_CPU has 'one': it must be CPU cores such as 1 or 500m",
        "DIPTYCH_STORE_PATIENCE has '1d': it must be whole seconds from 10 to 9999999",
        "DIPTYCH_LIVENESS has '8080'",
    ):
        assert part in told


def test_an_image_may_hold_braces_of_its_two_words_alone() -> None:
    image = "registry/runner:{framework}-{version}"
    assert from_environment({**NEEDED, "DIPTYCH_RUNNER_IMAGE": image}).runner_image == image
    for wrong in ("{version.__class__}", "x:{version}{"):
        with pytest.raises(ConfigurationError, match="nothing else in braces"):
            from_environment({**NEEDED, "DIPTYCH_RUNNER_IMAGE": wrong})
