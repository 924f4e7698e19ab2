"""A valid comparison, and ways to change it and look at what is said about it."""

from collections.abc import Callable

import pytest
from tests.operator.documents import small

from diptych.api.load import Loaded, load_mapping

Check = Callable[..., Loaded]

FULL = """\
# every field of the spec
apiVersion: diptych.dev/v1alpha1
kind: VersionComparison
metadata:
  name: tf-2-1-vs-2-4
  namespace: team-a
  labels: {team: a}
spec:
  framework: tensorflow
  versions:
    - name: "2.1.0"
    - name: "2.4.0"
      image: registry/diptych-runner:tensorflow-2.4.0
    - name: no-tf32
      version: "2.4.0"
      env: [{name: NVIDIA_TF32_OVERRIDE, value: "0"}]
  baseline: "2.1.0"
  workload:
    builtin: mnist-mlp
    parameters: {learningRate: "0.01", epochs: 5}
    data: {uri: "s3://data/mnist.npz", sha256: %s}
  seeds: {first: 1, count: 12}
  control: SharedInit
  attribution: {controls: [SharedOrder], seeds: 4}
  noiseFloor: {seeds: 2, repeats: 3}
  sweep: [{parameter: learningRate, values: ["0.0005", "0.002"]}]
  resources: {gpus: 1, gpuResource: nvidia.com/gpu, gpuProduct: Tesla-V100-SXM2-16GB,
              accelerator: Required, cpu: "4", memory: 16Gi}
  parallelism: 8
  trialsPerPod: 4
  queueName: team-a
  template:
    metadata: {labels: {a: b}, annotations: {example.org/c: d}}
    spec:
      nodeSelector: {disk: ssd}
      tolerations: [{key: gpu, operator: Exists, effect: NoSchedule}]
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions: [{key: zone, operator: In, values: [a, b]}]
      priorityClassName: low
      imagePullSecrets: [{name: registry}]
      volumes:
        - {name: data, persistentVolumeClaim: {claimName: data, readOnly: true}}
        - {name: scratch, emptyDir: {sizeLimit: 1Gi}}
      volumeMounts: [{name: data, mountPath: /data, readOnly: true}]
  storage: {uri: "s3://results/team-a", endpoint: "http://minio.minio.svc:9000",
            region: us-east-1, addressingStyle: path, credentialsSecretRef: {name: s3}}
  checkpoints: {everySteps: 10, keep: All}
  analysis:
    confidence: "0.95"
    metrics: [{name: test_loss, relativeMargin: "2%%", primary: true}]
    calibration: true
  failurePolicy: {retriesPerTrial: 2, minimumCompletedPercent: 90}
  activeDeadlineSeconds: 86400
  ttlSecondsAfterFinished: 604800
  suspend: false
""" % ("ab12" * 16)


@pytest.fixture(scope="session")
def full_text() -> str:
    """A file that uses every part of the spec."""
    return FULL


@pytest.fixture(scope="session")
def check() -> Check:
    """Check the smallest valid comparison with parts of its spec replaced."""

    def check_spec(**spec: object) -> Loaded:
        return load_mapping(small(**spec), "test")

    return check_spec
