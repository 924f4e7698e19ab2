"""What environment.json says of parameters: asked for, pinned, in effect, and the version's own."""

from typing import Any, Dict, List, Optional

from diptych_runner.contract import optimizers


def described(
    requested: Dict[str, Any],
    effective: Dict[str, Any],
    pinned: Optional[Dict[str, str]],
    own: Dict[str, float],
) -> Dict[str, Any]:
    """Return environment.json's `parameters`.

    `pinned` is None unless a control shares parameters; `own` are this version's defaults then.
    Otherwise what is left open shows its default in what is in effect.
    """
    left_open = optimizers.left_open(requested)
    shown = effective if pinned is None else own
    return {
        "requested": requested,
        "effective": effective,
        "pinned": pinned or {},
        "notPinned": [] if pinned is None else _not_pinned(left_open, pinned, effective),
        "defaults": {name: shown[name] for name in left_open if name in shown},
    }


def _not_pinned(
    left_open: List[str], pinned: Dict[str, str], effective: Dict[str, Any]
) -> List[str]:
    """Return what the plan has no value for, and what this version's optimizer lacks."""
    return [name for name in left_open if name not in pinned or name not in effective]
