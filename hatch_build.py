"""Compiles `tracker/catalogue/passes/` when the package is built or installed, where there is a C compiler.

Without one the package gives the same answers, only slower (see `tracker/catalogue/compiled.py`): that is said, and is
no error.
"""

from __future__ import annotations

import shutil
import sysconfig
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCE = "tracker/catalogue/passes/module.c"
MODULE = "tracker.catalogue._passes"
SUFFIXES = (".so", ".pyd")
TAG = "cp311-abi3"
"""It keeps to the stable ABI of Python 3.11, so later ones can load it too."""


class CompiledPasses(BuildHookInterface[Any]):
    """Puts the compiled module into the wheel; into the checkout where that is installed editable."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before the wheel is made; `version` is "standard" or "editable"."""
        root, self._folder = Path(self.root), mkdtemp()
        is_editable = version == "editable"
        if is_editable:
            remove_modules(root)
        try:
            made = compiled(root, self.root if is_editable else self._folder, self._folder)
        # Whatever setuptools and the compiler have to say, also that they are not there.
        except (Exception, SystemExit) as error:
            self.app.display_warning(f"{SOURCE} was not compiled, so long texts take longer: {error}")
            return
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"{TAG}-{platform}"
        if not is_editable:
            build_data["force_include"][str(made)] = f"{folder_of_module()}/{made.name}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called when the wheel is there."""
        shutil.rmtree(self._folder, ignore_errors=True)


def remove_modules(root: Path) -> None:
    """Remove what was compiled in a checkout of an older source."""
    for suffix in SUFFIXES:
        for path in (root / folder_of_module()).glob(f"_passes*{suffix}"):
            path.unlink()


def folder_of_module() -> str:
    """Where the package has the module."""
    return MODULE.rpartition(".")[0].replace(".", "/")


def compiled(root: Path, target: str, aside: str) -> Path:
    """The module made of `SOURCE`, where the package would have it below the folder `target`; what else comes of it is
    left in `aside`."""
    from setuptools import Distribution, Extension
    from setuptools.command.build_ext import build_ext

    extension = Extension(MODULE, [str(root / SOURCE)], py_limited_api=True)
    command = build_ext(Distribution({"name": "tracker", "ext_modules": [extension]}))
    command.build_lib, command.build_temp = target, aside
    command.ensure_finalized()
    command.run()
    return Path(command.get_ext_fullpath(MODULE))
