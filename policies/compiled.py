"""One way to compile a function, shared by the rule evaluator and the office.

The cache of compiled code is kept per user in a folder named by a digest of every source file that can be compiled:
a compiled caller holds a copy of its callees, and a stale copy would be silent.
"""

import hashlib
import os
from pathlib import Path

import numba
import platformdirs

_ROOT = Path(__file__).resolve().parent.parent
_COMPILED_FOLDERS = ("policies", "sim/office")


def source_digest() -> str:
    """Hex digest over the Python sources whose functions may be compiled, and numba's version."""
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=8)
    for folder in _COMPILED_FOLDERS:
        for path in sorted((_ROOT / folder).rglob("*.py")):
            digest.update(path.relative_to(_ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def cache_folder() -> Path:
    """Folder that holds the compiled code of exactly these sources."""
    return Path(platformdirs.user_cache_dir("rehearse")) / "compiled" / source_digest()


JIT_DISABLED = bool(numba.config.DISABLE_JIT)

if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(cache_folder())


def _decorator(**options):
    jit = numba.njit(cache=True, nogil=True, error_model="numpy", **options)
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


compiled = _decorator()
"""Decorator: compile without the interpreter lock, keep the machine code on disk, no reordering of float operations."""

compiled_part = _decorator(no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""Decorator: the same for functions that only compiled functions call; without an entry from Python they compile faster."""

compiled_inline = _decorator(forceinline=True)
"""Decorator: the same for a few short functions of the innermost loop, where a call costs more than what it does."""
