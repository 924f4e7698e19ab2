"""Code of the user's own on this machine: found beside the YAML, copied by content."""

from dataclasses import dataclass
from pathlib import Path

from diptych.api.workload import Module
from diptych.local.copies import made_once
from diptych.local.errors import CodeMissing
from diptych_runner.contract import modules

#: What Kubernetes lets a ConfigMap hold.
MOST_BYTES = 1024 * 1024


@dataclass(frozen=True)
class Code:
    """The files of a module, by name."""

    files: dict[str, str]

    @property
    def sha256(self) -> str:
        """The one sha256 over the files, as each trial records it."""
        return modules.sha256_of({name: text.encode() for name, text in self.files.items()})


def code_beside(resource: Path, module: Module) -> Code | None:
    """Return a module's files; None when its code is in the image.

    They are those in the folder named like the ConfigMap beside the YAML; without such a folder,
    the one file of the entrypoint's module there. Raises CodeMissing, with what to do.
    """
    if module.config_map is None:
        return None
    name, _ = modules.parts(module.entrypoint)
    folder, file = resource.parent / module.config_map, resource.parent / f"{name}.py"
    if folder.is_dir():
        found = modules.files_in(str(folder))
    elif file.is_file():
        found = {file.name: file.read_bytes()}
    else:
        raise CodeMissing(
            f"spec.workload.module: the code is looked for in the folder {folder} and in the file "
            f"{file}, and neither is there; make one of them"
        )
    if f"{name}.py" not in found:
        raise CodeMissing(
            f"spec.workload.module.entrypoint: {folder} holds no {name}.py; it holds: "
            f"{', '.join(found) or 'no file'}"
        )
    return Code(_texts(found, folder if folder.is_dir() else file))


def copy_of(code: Code, root: Path) -> Path:
    """Return a folder with a copy of the code by content, making it first where it is missing.

    A comparison that is under way keeps its code when the source is edited meanwhile.
    """

    def fill(made: Path) -> None:
        for name, text in code.files.items():
            (made / name).write_bytes(text.encode())

    return made_once(root / "modules" / code.sha256, fill)


def _texts(files: dict[str, bytes], place: Path) -> dict[str, str]:
    """Return files as text; raise CodeMissing for what a ConfigMap cannot carry."""
    texts = {}
    for name, content in files.items():
        try:
            texts[name] = content.decode()
        except UnicodeDecodeError as error:
            raise CodeMissing(
                f"spec.workload.module.configMap: {name} in {place} is not UTF-8 text; keep data "
                "out of the code's folder"
            ) from error
    size = sum(map(len, files.values()))
    if size > MOST_BYTES:
        raise CodeMissing(
            f"spec.workload.module.configMap: {place} holds {size} bytes, and a ConfigMap at most "
            f"{MOST_BYTES}; put the code into the image and leave configMap out"
        )
    return texts
