"""`diptych submit`: a comparison onto a cluster, checked here before anything is sent."""

from typing import Annotated

import typer

from diptych.api.resource import VersionComparison
from diptych.api.rules.framework_versions import without_image
from diptych.cli.console import complain, say
from diptych.cli.exits import Exit
from diptych.cli.files import read_resource
from diptych.cli.run import File
from diptych.cluster.client import Cluster
from diptych.cluster.documents import submitted
from diptych.cluster.errors import ClusterError, Refused
from diptych.local.errors import CodeMissing
from diptych.local.modules import code_beside
from diptych.plan.modules import config_map_of

Namespace = Annotated[
    str | None,
    typer.Option(
        "--namespace", "-n", help="Namespace in the cluster; by default the file's, or kubectl's."
    ),
]
Context = Annotated[
    str | None, typer.Option(help="Context of the kubeconfig; by default the current one.")
]


def submit(file: File, namespace: Namespace = None, context: Context = None) -> None:
    """Submit a comparison to a cluster that runs the operator.

    The same file again changes nothing; an edit of what may change is applied. Code of your own
    (spec.workload.module) goes with it, as a ConfigMap made from the files beside the YAML.
    """
    resource = read_resource(file)
    written = resource.metadata.namespace
    if namespace and written and namespace != written:
        complain(f"--namespace: {namespace!r} is not the file's metadata.namespace, {written!r}")
        raise typer.Exit(Exit.BAD_INPUT)
    if problems := _without_image(resource):
        complain("\n".join(problems))
        raise typer.Exit(Exit.BAD_INPUT)
    name, module = resource.metadata.name, resource.spec.workload.module
    try:
        code = None if module is None else code_beside(file, module)
        cluster = Cluster(context, namespace or written)
        if code is not None and module is not None:
            kept = cluster.keep_config_map(config_map_of(module, code.files, cluster.namespace))
            say(f"configmap/{module.config_map} {kept} in namespace {cluster.namespace}")
        done = cluster.apply(submitted(resource, cluster.namespace))
    except (ClusterError, CodeMissing) as error:
        complain(str(error))
        raise typer.Exit(_exit_of(error)) from error
    say(f"versioncomparison.diptych.dev/{name} {done} in namespace {cluster.namespace}")
    say(f"Watch it:   kubectl get --namespace {cluster.namespace} vcmp {name} --watch")
    say(f"Its report: diptych report --namespace {cluster.namespace} {name}")


def _without_image(resource: VersionComparison) -> list[str]:
    """Return what the operator would refuse: a version that no image follows from."""
    spec = resource.spec
    return [
        f"spec.versions[{place}].image: must be given, for {why}"
        for place, version in enumerate(spec.versions)
        if version.image is None
        and (why := without_image(spec.framework, version.framework_version)) is not None
    ]


def _exit_of(error: Exception) -> Exit:
    return Exit.BAD_INPUT if isinstance(error, Refused | CodeMissing) else Exit.NO_VERDICT
