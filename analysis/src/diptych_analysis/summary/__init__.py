"""summary.json as pydantic models: the one source of its schema. Its names are public.

Numbers are finite or null. Everything but `commits` and `resources` follows from what the trials
computed alone, so that two analyses of equal results are equal.
"""

from diptych_analysis.summary.base import Verdict
from diptych_analysis.summary.calibrations import Calibration, MetricCalibration, Rate
from diptych_analysis.summary.metrics import Caution, Effect, Metric, Noise, SecondMethod
from diptych_analysis.summary.sweeps import Confirmation, Sweep, SweptSetting
from diptych_analysis.summary.trajectories import (
    Attribution,
    CheckpointDistance,
    Churn,
    ChurnFloor,
    ClassDelta,
    Envelope,
    FinalWeights,
    FirstDivergence,
    Growth,
    Predictions,
    Probe,
    ProbePhase,
    Tensor,
    Trajectory,
)
from diptych_analysis.summary.whole import (
    Candidate,
    Comparison,
    Fresh,
    KnownChange,
    Ladder,
    NotPinned,
    Origin,
    Outcome,
    Problem,
    Resources,
    Shortfall,
    Summary,
    Trials,
    Usage,
)

__all__ = [
    "Attribution",
    "Calibration",
    "Candidate",
    "Caution",
    "CheckpointDistance",
    "Churn",
    "ChurnFloor",
    "ClassDelta",
    "Comparison",
    "Confirmation",
    "Effect",
    "Envelope",
    "FinalWeights",
    "FirstDivergence",
    "Fresh",
    "Growth",
    "KnownChange",
    "Ladder",
    "Metric",
    "MetricCalibration",
    "Noise",
    "NotPinned",
    "Origin",
    "Outcome",
    "Predictions",
    "Probe",
    "ProbePhase",
    "Problem",
    "Rate",
    "Resources",
    "SecondMethod",
    "Shortfall",
    "Summary",
    "Sweep",
    "SweptSetting",
    "Tensor",
    "Trajectory",
    "Trials",
    "Usage",
    "Verdict",
]
