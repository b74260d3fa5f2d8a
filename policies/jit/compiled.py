"""One way to compile a function, shared by the rule evaluator and the office.

The cache of compiled code is kept per user in a folder named by a digest of every source file that can be compiled:
a compiled caller holds a copy of its callees, and a stale copy would be silent.
"""

import hashlib
import itertools
import os
from pathlib import Path

import numba
import platformdirs
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

_ROOT = Path(__file__).resolve().parents[2]
_COMPILED_FOLDERS = ("policies", "sim/office")
_NEVER_COMPILED = "policies/scores"


def source_digest() -> str:
    """Hex digest over the Python sources whose functions may be compiled, and numba's version."""
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    for folder in _COMPILED_FOLDERS:
        for path in sorted((_ROOT / folder).rglob("*.py")):
            if path.is_relative_to(_ROOT / _NEVER_COMPILED):
                continue
            digest.update(path.relative_to(_ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def cache_folder() -> Path:
    """Folder that holds the compiled code of exactly these sources."""
    return Path(numba.config.CACHE_DIR)


def is_compiled(what: str) -> bool:
    """Whether `compiled_now` was told that all of it is on disk."""
    return JIT_DISABLED or (cache_folder() / what).exists()


def compiled_now(what: str) -> None:
    """Remember on disk that all of it is compiled."""
    cache_folder().mkdir(parents=True, exist_ok=True)
    (cache_folder() / what).touch()


JIT_DISABLED = bool(numba.config.DISABLE_JIT)

if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(Path(platformdirs.user_cache_dir("rehearse")) / "compiled" / source_digest())


class _PartLibrary(JITCodeLibrary):
    """Code that is only linked into others: neither optimised as a whole nor turned into machine code by itself.

    numba would do both for every function together with all that it calls, so that a function called through five others were
    optimised and written out six times.
    """

    def _optimize_final_module(self):
        """Left to the function that is entered from Python."""

    def _finalize_final_module(self):
        self._finalize_dynamic_globals()
        self._finalized = True


class _PartCompiler(Compiler):
    def __init__(self, typing_context, target_context, _library, arguments, return_type, flags, types_of_locals):
        flags.no_compile = True
        library = _PartLibrary(target_context.codegen(), f"part_{next(_numbers)}")
        super().__init__(typing_context, target_context, library, arguments, return_type, flags, types_of_locals)

    def compile_extra(self, function):
        result = super().compile_extra(function)
        # Stands for the machine code; being a method of an error, it is refused when somebody calls the function from Python.
        entry = TypeError(f"{function.__qualname__} is called by compiled functions only").with_traceback
        result = result._replace(entry_point=entry)
        result.target_context.insert_user_function(entry, result.fndesc, [result.library])
        return result


_numbers = itertools.count()


def _decorator(**options):
    # Without numba's memory runtime: nothing compiled here allocates or returns an array, and counting references to arrays
    # that somebody else keeps alive costs a third of the run.
    options |= {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True, "_nrt": False}
    jit = numba.njit(**options)
    if JIT_DISABLED:
        return jit

    def decorate(function):
        dispatcher = jit(function)
        call_template = dispatcher.get_call_template

        def without_literals(arguments, keywords):
            plain = {name: numba.types.unliteral(value) for name, value in keywords.items()}
            return call_template(tuple(map(numba.types.unliteral, arguments)), plain)

        # Otherwise a caller that passes 0 and one that passes a variable get two compiled versions, and so on in every callee.
        dispatcher.get_call_template = without_literals
        return dispatcher

    return decorate


compiled = _decorator(cache=True)
"""Decorator: compile without the interpreter lock, keep the machine code on disk, no reordering of float operations."""

compiled_part = _decorator(no_cpython_wrapper=True, pipeline_class=_PartCompiler)
"""Decorator: the same for functions that only compiled functions call; without an entry from Python they compile faster."""

compiled_inline = _decorator(cache=True, forceinline=True)
"""Decorator: the same for a few short functions of the innermost loop, where a call costs more than what it does."""
