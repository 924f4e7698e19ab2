"""A watch that is silent, broken or refused is noticed; the process never lives on half alive."""

import random
import socket
import time

import pytest
from tests.integration.kubernetes.cluster import Namespace, comparison, until
from tests.integration.kubernetes.operators import Operator, kubeconfig, started, wait_until_serving
from tests.integration.kubernetes.proxy import Proxy, Request
from tests.requirements import leave_out


def test_a_server_that_is_away_for_a_while_is_no_end(
    space: Namespace, operator: Operator, proxy: Proxy
) -> None:
    space.apply(comparison("away", runs_for="5s"))
    until(lambda: space.reason("away") == "Running")
    proxy.refuse = lambda _request: 500
    time.sleep(6)
    proxy.refuse = lambda _request: None
    assert space.finish("away", 90)["phase"] == "Succeeded"
    assert operator.is_running


def watches(requests: list[Request]) -> list[Request]:
    return [each for each in requests if "/versioncomparisons?" in each.path and is_watch(each)]


def is_watch(request: Request) -> bool:
    return "watch=true" in request.path


def test_a_watch_that_falls_silent_is_opened_anew_and_nothing_is_missed(
    space: Namespace, own: Operator, proxy: Proxy
) -> None:
    own.set("DIPTYCH_WATCH_SILENCE", "3")
    with started(own):
        wait_until_serving(own)
        until(lambda: watches(proxy.seen))
        before = list(proxy.seen)
        # The connections stay, and nothing comes through them any more.
        proxy.silence = lambda request: any(request is each for each in before)
        space.apply(comparison("silent", suspend=True))
        until(lambda: space.reason("silent") == "Suspended", 30)
        assert watches(proxy.seen[len(before) :])
        assert own.health() == 200


def test_watches_that_stay_silent_fail_the_probe_and_a_new_start_goes_on(
    space: Namespace, own: Operator, proxy: Proxy
) -> None:
    own.set("DIPTYCH_WATCH_SILENCE", "3")
    with started(own, in_bad_weather=True):
        # It is looked at every 15 seconds, watches or not.
        resources = {"gpus": 1, "gpuProduct": "No-Such-GPU"}
        space.apply(comparison("deaf", resources=resources))
        until(lambda: space.reason("deaf") == "Unschedulable", 60)
        assert own.health() == 200
        proxy.silence = lambda _request: True
        space.patch("deaf", activeDeadlineSeconds=3600)
        until(lambda: own.health() != 200, 60)
        # The change was seen all the same, and the comparison went on.
        assert space.status("deaf")["observedGeneration"] == 2
        assert "a watch has not told a change for" in own.log
        own.kill()
        proxy.silence = lambda _request: False
        own.start()
        wait_until_serving(own)
        space.patch("deaf", suspend=True)
        until(lambda: space.reason("deaf") == "Suspended", 30)
        assert own.health() == 200


def test_conflicts_and_refusals_now_and_then_are_made_good(
    space: Namespace, own: Operator, proxy: Proxy
) -> None:
    dice = random.Random(7)  # noqa: S311 - weather, the same each time

    def weather(request: Request) -> int | None:
        if "watch=true" in request.path or request.path.startswith(("/apis?", "/api?")):
            return None
        return dice.choice((429, 500, None, None, None, None, None))

    proxy.refuse = weather
    space.apply(comparison("weather"))
    with started(own, in_bad_weather=True):
        assert space.finish("weather", 120)["phase"] == "Succeeded"
    assert len(space.jobs()) == 3


def test_without_the_crd_it_says_so_and_ends(own: Operator, proxy: Proxy) -> None:
    proxy.refuse = lambda request: 404 if "versioncomparisons" in request.path else None
    own.start()
    assert own.wait(90) == 2
    assert "install the CRD first" in own.log
    assert "Traceback" not in own.log


def test_without_rights_it_says_which_and_ends(
    own: Operator, proxy: Proxy, space: Namespace
) -> None:
    token = space.kubectl("create", "token", "default").strip()
    own.set("KUBECONFIG", str(kubeconfig(own.log_file.with_name("weak"), proxy.url, token)))
    own.start()
    assert own.wait(90) == 2
    assert "VersionComparisons cannot be listed in namespace" in own.log
    assert "is forbidden" in own.log


def test_an_outage_at_the_start_is_no_right_that_lacks(own: Operator, proxy: Proxy) -> None:
    proxy.refuse = lambda _request: 503
    own.start()
    assert own.wait(90) == 1
    assert "refused by the test" in own.log
    assert "grant it" not in own.log
    assert "Traceback" not in own.log


def test_an_answer_that_ends_a_watch_is_told_in_a_line(own: Operator, proxy: Proxy) -> None:
    proxy.refuse = lambda request: 400 if is_watch(request) else None
    own.start()
    assert own.wait(90) == 1
    assert "the API server ended a watch: refused by the test (HTTP 400)" in own.log
    assert "Traceback" not in own.log


def test_the_probe_and_the_metrics_answer(space: Namespace, operator: Operator) -> None:
    space.apply(comparison("seen"))
    space.finish("seen")
    assert operator.health() == 200
    text = operator.scrape()
    assert 'diptych_reconciles_total{result="done"}' in text
    assert 'diptych_api_requests_total{code="201",resource="jobs",verb="create"} 3.0' in text


def test_the_probe_and_the_metrics_answer_over_ipv6(own: Operator) -> None:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            pass
    except OSError as error:
        leave_out(f"this machine has no IPv6: {error}")
    own.set("DIPTYCH_LIVENESS", f"[::]:{own.liveness}")
    own.set("DIPTYCH_METRICS", f"[::]:{own.metrics}")
    own.host = "[::1]"
    with started(own):
        wait_until_serving(own)
        assert "diptych_queue_length" in own.scrape()


@pytest.mark.parametrize("signal_name", ["SIGTERM"])
def test_it_ends_well_when_asked_to(own: Operator, signal_name: str) -> None:
    own.start()
    wait_until_serving(own)
    assert own.stop() == 0
    assert "Traceback" not in own.log
