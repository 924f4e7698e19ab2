"""The few requests that a user's command makes, by the kubeconfig that kubectl uses too."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from diptych.api.base import GROUP, KIND, VERSION
from diptych.cluster.documents import Body
from diptych.cluster.errors import ClusterError, NotThere, Refused

PLURAL = "versioncomparisons"
#: Who the API server thinks owns the fields that `diptych submit` sets.
FIELD_MANAGER = "diptych-submit"
#: Seconds for a request: somebody is waiting.
TIMEOUT = 20
_APPLY = "application/apply-patch+yaml"
_INSTALL = "install Diptych there first (docs/kubernetes.md)"


class Cluster:
    """A cluster and a namespace of it."""

    def __init__(self, context: str | None = None, namespace: str | None = None) -> None:
        """Read the kubeconfig; raise NotThere when there is none to use."""
        # Its own warnings are about retries that it does not make here.
        logging.getLogger("urllib3").setLevel(logging.ERROR)
        try:
            # Here, for it takes a second; by name, for its functions have no types.
            client: Any = import_module("kubernetes.client")
            config: Any = import_module("kubernetes.config")
        except ImportError as error:
            raise NotThere(
                "the Kubernetes client is not installed here: pip install 'diptych[kubernetes]'"
            ) from error
        settings = client.Configuration()
        try:
            config.load_kube_config(context=context, client_configuration=settings)
            _, active = config.list_kube_config_contexts()
        except (config.ConfigException, OSError) as error:
            raise NotThere(f"no cluster to ask: {error}") from error
        settings.retries = False
        self.server = str(settings.host)
        chosen = (
            active if context is None else _named(config.list_kube_config_contexts()[0], context)
        )
        self.namespace = namespace or chosen["context"].get("namespace") or "default"
        api = client.ApiClient(settings)
        self._custom, self._core = client.CustomObjectsApi(api), client.CoreV1Api(api)
        self._failure = client.ApiException

    def comparison(self, name: str) -> Body:
        """Return a comparison; raise NotThere when there is none of that name."""
        found = self._get(name)
        if found is None:
            raise NotThere(f"there is no {KIND} {name} in namespace {self.namespace}")
        return found

    def keep_config_map(self, document: Body) -> str:
        """Create a ConfigMap, or find an equal one there; return created or unchanged.

        One with other content is never overwritten: a comparison that runs may use it.
        """
        name = document["metadata"]["name"]
        with self._answered():
            try:
                self._core.create_namespaced_config_map(
                    self.namespace, document, field_manager=FIELD_MANAGER, _request_timeout=TIMEOUT
                )
            except self._failure as error:
                if error.status != 409:
                    raise
            else:
                return "created"
            there = self._core.read_namespaced_config_map(
                name, self.namespace, _request_timeout=TIMEOUT
            )
        if dict(there.data or {}) != document["data"] or there.binary_data:
            raise Refused(
                f"spec.workload.module.configMap: ConfigMap {name} in namespace {self.namespace} "
                "holds other code, which a comparison may use; give the new code another name"
            )
        return "unchanged"

    def apply(self, document: Body) -> str:
        """Create a comparison or change it; return created, configured or unchanged."""
        name = document["metadata"]["name"]
        before = self._get(name)
        with self._answered():
            after = self._custom.patch_namespaced_custom_object(
                *(GROUP, VERSION, self.namespace, PLURAL, name, document),
                field_manager=FIELD_MANAGER,
                force=True,
                _content_type=_APPLY,
                _request_timeout=TIMEOUT,
            )
        if before is None:
            return "created"
        same = before["metadata"]["resourceVersion"] == after["metadata"]["resourceVersion"]
        return "unchanged" if same else "configured"

    def _get(self, name: str) -> Body | None:
        with self._answered():
            try:
                found: Body = self._custom.get_namespaced_custom_object(
                    *(GROUP, VERSION, self.namespace, PLURAL, name), _request_timeout=TIMEOUT
                )
            except self._failure as error:
                if error.status == 404 and _status(error).get("reason") == "NotFound":
                    return None
                raise
        return found

    @contextmanager
    def _answered(self) -> Iterator[None]:
        """Turn what the client raises into what a person can act on."""
        try:
            yield
        except self._failure as error:
            raise self._explained(error) from error
        except Exception as error:
            if not _is_of_the_network(error):
                raise
            raise NotThere(f"{self.server} does not answer: {_reason(error)}") from error

    def _explained(self, error: Any) -> ClusterError:  # noqa: ANN401 - made at run time
        message = str(_status(error).get("message") or error.reason)
        if error.status == 404 and _status(error).get("reason") != "NotFound":
            return NotThere(f"{self.server} knows no {KIND}: {_INSTALL}")
        if error.status in (401, 403):
            return Refused(f"{self.server}: {message}")
        return Refused(message)


def _named(contexts: list[Body], name: str) -> Body:
    return next(each for each in contexts if each["name"] == name)


def _status(error: Any) -> Body:  # noqa: ANN401 - made at run time
    """Return the Status object of a refusal; an unknown path has a text instead."""
    try:
        body = json.loads(error.body)
    except (TypeError, ValueError):
        return {}
    return body if isinstance(body, dict) else {}


def _is_of_the_network(error: Exception) -> bool:
    return isinstance(error, OSError) or type(error).__module__.startswith("urllib3.")


def _reason(error: BaseException) -> str:
    """Return the innermost reason: urllib3 wraps it in the URL and the pool's address."""
    inner = getattr(error, "reason", None)
    return _reason(inner) if isinstance(inner, BaseException) else str(error)
