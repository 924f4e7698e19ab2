"""The user's own code: found, hashed and executed."""

import importlib
import importlib.util
import os
import runpy
import sys
import traceback
from typing import Any, Dict, Optional, Tuple

import diptych_runner.module
from diptych_runner.contract import modules
from diptych_runner.module.errors import ModuleError
from diptych_runner.records import host

#: Of a line of the user's code in an error.
_MOST_CHARACTERS = 120


class CodeMissing(Exception):
    """The code is not here, or not the plan's; no retry would help."""


class Code(object):
    """The code of a plan's module: in a mounted folder, or in the image."""

    def __init__(self, module: Dict[str, Any]) -> None:
        """Find the code; raise CodeMissing when it is not what the plan says."""
        self._name, self._function = modules.parts(module["entrypoint"])
        #: Where the code ended itself before its end; None when it did not.
        self.ended_at = None  # type: Optional[str]
        self.folder = None  # type: Optional[str]
        if module["configMap"] is None:
            self._sources, self.sha256 = _in_image(self._name)
            return
        self.folder = os.environ.get(modules.MODULE_VARIABLE)
        if self.folder is None:
            raise CodeMissing(
                "workload.module: {} is not set, so there is no code of {}".format(
                    modules.MODULE_VARIABLE, module["configMap"]
                )
            )
        self._sources = self.folder + os.sep
        files = modules.files_in(self.folder) if os.path.isdir(self.folder) else {}
        if self._name + ".py" not in files:
            raise CodeMissing(
                "workload.module: {} holds no {}.py; it holds: {}".format(
                    module["configMap"], self._name, ", ".join(sorted(files)) or "no file"
                )
            )
        self.sha256 = modules.sha256_of(files)
        if module["sha256"] not in (None, self.sha256):
            raise CodeMissing(
                "workload.module: the code has the sha256 {}, the plan was made for {}".format(
                    self.sha256, module["sha256"]
                )
            )

    def execute(self, run: Any) -> None:
        """Call the function with the run, or run the script, which imports it.

        Only a trial's own process may call this: it changes what can be imported.
        """
        if self.folder is not None:
            sys.path.insert(0, self.folder)
        diptych_runner.module.run = run  # type: ignore[attr-defined]
        sys.argv = [self._name + ".py"]
        try:
            if self._function is None:
                runpy.run_module(self._name, run_name="__main__", alter_sys=True)
            else:
                self._call(run)
        except SystemExit as ended:
            self.ended_at = self.place_of(ended)
            if ended.code not in (None, 0):
                how = "exit code {}" if isinstance(ended.code, int) else "the words: {}"
                raise ModuleError(
                    "the code ended itself{} with {}".format(
                        self.where_it_ended, how.format(ended.code)
                    )
                )
        except ImportError as error:
            if "relative import" not in str(error):
                raise
            raise ModuleError(
                "{}: the files of a module lie in one folder and are no package; write "
                "'import helper' or 'from helper import name', without a dot ({})".format(
                    error, self.place_of(error)
                )
            )

    @property
    def where_it_ended(self) -> str:
        """Where the code ended itself, in brackets; nothing when it did not, or not in a file."""
        return "" if self.ended_at is None else " ({})".format(self.ended_at)

    def place_of(self, error: BaseException) -> Optional[str]:
        """Return the last line of the user's code in an error's traceback, None without one."""
        found = None
        for frame in traceback.extract_tb(error.__traceback__):
            if frame.filename.startswith(self._sources):
                line = (frame.line or "")[:_MOST_CHARACTERS]
                found = "{}, line {}, in {}: {}".format(
                    os.path.basename(frame.filename), frame.lineno, frame.name, line
                )
        return found

    def _call(self, run: Any) -> None:
        module = importlib.import_module(self._name)
        function = getattr(module, str(self._function), None)
        if not callable(function):
            raise ModuleError(
                "workload.module.entrypoint: {} has no function {}".format(
                    self._name, self._function
                )
            )
        function(run)


def _in_image(name: str) -> Tuple[str, str]:
    """Return where the sources of a module, or of its whole package, begin, and their sha256."""
    top = name.split(".", maxsplit=1)[0]
    try:
        found = importlib.util.find_spec(top)
    except (ImportError, ValueError):
        found = None
    if found is None or found.origin is None:
        raise CodeMissing("workload.module: this image has no module {}".format(top))
    if found.submodule_search_locations:
        folder = os.path.dirname(found.origin)
        return folder + os.sep, host.sha256_of_sources(folder)
    with open(found.origin, "rb") as stream:
        files = {os.path.basename(found.origin): stream.read()}
    return found.origin, modules.sha256_of(files)
