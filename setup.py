"""The build. A wheel has its hot modules compiled by mypyc, from the same sources, where this machine can compile C.

`AELUS_COMPILE=1` insists on that (a checkout that is built in place is plain without it), and `AELUS_COMPILE=0` makes a wheel of pure Python.
"""

import os
import sys
import sysconfig
import tempfile
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext
from setuptools.errors import CompileError

# Behind setuptools, which brings it where Python has none of its own.
from distutils.ccompiler import new_compiler
from distutils.sysconfig import customize_compiler

HOT = [
    "src/aelus/domain/facts_codec.py",
    *sorted(str(path) for path in Path("src/aelus/domain/linking").rglob("*.py") if path.name != "__init__.py"),
    *(
        f"src/aelus/adapters/treesitter/{name}.py"
        for name in (
            "ancestors",
            "bindings",
            "callees",
            "declarators",
            "definitions",
            "derivations",
            "documentation",
            "draft",
            "expressions",
            "extraction",
            "imported_names",
            "loaded_files",
            "lower_calls",
            "lower_elements",
            "lower_names",
            "lower_operators",
            "lower_texts",
            "lower_types",
            "lower_values",
            "lowering",
            "lowerings",
            "made_classes",
            "modifiers",
            "modules",
            "parameters",
            "references",
            "results",
            "scopes",
            "several_results",
            "stores",
            "type_parameters",
            "versions",
        )
    ),
]
UNCHECKED = ["--follow-imports=silent", "--ignore-missing-imports"]
"""Of what these import, the types are taken as they are: the packages that the rest needs are not there where a wheel is built."""


def wanted() -> bool:
    """Whether this run of the build compiles: most runs only ask what the project is called and needs."""
    asked = os.environ.get("AELUS_COMPILE", "")
    if asked not in {"", "0", "1"}:
        sys.exit(f"AELUS_COMPILE is {asked!r}; it may be 1 (compile), 0 (do not), or left out")
    if asked == "0" or not {"bdist_wheel", "build_ext"}.intersection(sys.argv):
        return False
    return asked == "1" or (find_spec("mypyc") is not None and compiles_c())


def compiles_c() -> bool:
    """Whether there is a C compiler that finds the headers of Python."""
    compiler = new_compiler()
    customize_compiler(compiler)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "probe.c")
        source.write_text("#include <Python.h>\n")
        try:
            compiler.compile([str(source)], output_dir=folder, include_dirs=[sysconfig.get_path("include")])
        except CompileError:
            return False
    return True


def extensions() -> list[Extension]:
    """A C file for each module, without much optimisation: one file of all with `-O3` compiles four times as long and is no faster."""
    if not wanted():
        return []
    from mypyc.build import mypycify

    modules = mypycify([*UNCHECKED, *HOT], opt_level="1", debug_level="0", multi_file=True)
    for module in modules:
        module.extra_compile_args = [flag for flag in module.extra_compile_args if flag != "-Werror"]
    return modules


class BuildSideBySide(build_ext):
    """Compiles on all processors: modules, and the files of one module."""

    def finalize_options(self) -> None:
        super().finalize_options()
        self.parallel = self.parallel or True

    def build_extensions(self) -> None:
        compile_all = self.compiler.compile

        def compile_side_by_side(sources: list[str], **options: object) -> list[str]:
            with ThreadPoolExecutor(os.cpu_count()) as pool:
                return [made for objects in pool.map(lambda source: compile_all([source], **options), sources) for made in objects]

        self.compiler.compile = compile_side_by_side
        super().build_extensions()


setup(ext_modules=extensions(), cmdclass={"build_ext": BuildSideBySide})
