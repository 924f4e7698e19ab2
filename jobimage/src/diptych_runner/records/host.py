"""What environment.json says of the machine and of the installed packages."""

import hashlib
import os
import platform
import re
import sys
from typing import Any, Dict, List, Optional, Tuple

from diptych_runner.contract import hashing

_PACKAGE = re.compile(r"\A(?P<name>.+?)-(?P<version>[^-]+)\.(dist|egg)-info\Z")
#: Entries of RECORD that an installation adds itself: scripts hold paths of their machine.
_LOCAL_RECORD = re.compile(r"\A\.\./|__pycache__/|\.dist-info/(?!METADATA|WHEEL|LICEN|top_level)")


def describe_host() -> Dict[str, Any]:
    """Return the machine's part of environment.json."""
    model, flags = _cpu()
    return {
        "python": platform.python_version(),
        "platform": {
            "system": platform.system(),
            "release": platform.release(),
            "machine": platform.machine(),
            "libc": _libc(),
        },
        "cpu": {"model": model, "flags": flags},
        "packages": describe_packages(sys.path),
    }


def describe_packages(folders: List[str]) -> Dict[str, Any]:
    """Return versions of the installed distributions and one sha256 over their RECORD files.

    The first folder on the path wins, as it does for imports. Lines that an installation adds
    (scripts, bytecode, its own notes) are left out: the same wheels give the same sha256.
    """
    versions = {}  # type: Dict[str, str]
    records = {}  # type: Dict[str, str]
    for folder in folders:
        for entry in _entries(folder):
            match = _PACKAGE.match(entry)
            if match is None:
                continue
            name = re.sub(r"[-_.]+", "-", match.group("name")).lower()
            if name not in versions:
                versions[name] = match.group("version")
                records[name] = _sha256_of_record(os.path.join(folder, entry, "RECORD"))
    return {"sha256": hashing.sha256_of_json(records), "versions": versions}


def sha256_of_sources(folder: str) -> str:
    """Return one sha256 over the Python and JSON files under a folder, paths included."""
    hashes = {}
    for parent, _, files in os.walk(folder):
        for name in files:
            if name.endswith((".py", ".json")):
                full = os.path.join(parent, name)
                relative = os.path.relpath(full, folder).replace(os.sep, "/")
                hashes[relative] = hashing.sha256_of_file(full)
    return hashing.sha256_of_json(hashes)


def gpu_driver() -> Optional[str]:
    """Return the NVIDIA driver's version as the kernel module states it, or None."""
    try:
        with open("/proc/driver/nvidia/version", encoding="utf-8", errors="replace") as stream:
            match = re.search(r"\s(\d+\.\d+(?:\.\d+)?)\s", stream.readline())
    except OSError:
        return None
    return match.group(1) if match else None


def _entries(folder: str) -> List[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _sha256_of_record(path: str) -> str:
    digest = hashlib.sha256()
    try:
        with open(path, encoding="utf-8") as stream:
            lines = sorted(line.strip() for line in stream)
    except OSError:
        return "none"
    for line in lines:
        if not _LOCAL_RECORD.search(line):
            digest.update(line.encode("utf-8") + b"\n")
    return digest.hexdigest()


def _cpu() -> Tuple[str, List[str]]:
    model, flags = platform.processor() or "unknown", []  # type: Tuple[str, List[str]]
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as stream:
            for line in stream:
                key, _, value = line.partition(":")
                if key.strip() == "model name":
                    model = value.strip()
                if key.strip() in ("flags", "Features"):
                    return model, sorted(value.split())
    except OSError:
        pass
    return model, flags


def _libc() -> str:
    try:
        return os.confstr("CS_GNU_LIBC_VERSION") or "unknown"
    except (AttributeError, ValueError, OSError):
        return "unknown"
