"""Tuples of arrays that compiled functions hand on as one pointer.

numba passes a named tuple by value: every call copies the descriptors of all arrays in it and counts references to each of
them, which for a state of forty arrays takes longer than most handlers do (measured: 600 ns a call, by reference 4 ns). A
class marked `by_reference` is written down once as a block of array descriptors when compiled code is entered from Python,
and handed on as a pointer from there. Nothing else changes: attributes are read as before, and without compilation the class
is an ordinary named tuple. Compiled code may write into the arrays but not replace them; it must not return or keep them.

Entering writes the block anew. A host that enters for every single event passes `pinned(state)` instead, which has its block
for good.
"""

import hashlib
from typing import TypeVar

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import NativeValue, infer_getattr, register_model, typeof_impl, unbox

from policies.jit.compiled import JIT_DISABLED

_Marked = TypeVar("_Marked", bound=tuple)
_POINTER = ir.IntType(8).as_pointer()
_WORD_BYTES = 8
_PLAIN_WORDS = 5  # memory owner, parent, number of items, bytes per item, address; then shape and strides


class ByReference(types.Type):
    """Type of a marked tuple: the name of its class, its attributes, and their types, which may be marked tuples again.

    It holds no class, so that an index of the cache on disk can be read when one of its classes has moved.
    """

    def __init__(self, class_name: str, attributes: tuple[str, ...], members: tuple[types.Type, ...]):
        self.attributes = attributes
        self.members = members
        described = ", ".join(f"{name}: {member}" for name, member in zip(attributes, members, strict=True))
        # A digest, because names of types become part of the name of every function compiled for them.
        digest = hashlib.blake2b(described.encode(), digest_size=8).hexdigest()
        super().__init__(f"{class_name}&{digest}")


class Pinned:
    """A marked tuple with its block: stands for it in calls of compiled functions, and keeps its arrays alive."""

    def __init__(self, value: tuple):
        self.value = value
        self.numba_type = typeof_impl(value, None)
        self.block = np.array(_descriptors(value), np.int64)
        self.address = self.block.ctypes.data


def by_reference(python_class: type[_Marked]) -> type[_Marked]:
    """Class decorator for a `NamedTuple` of arrays, whole numbers and further marked tuples."""

    class_name = f"{python_class.__module__}.{python_class.__qualname__}"
    known: dict[tuple, ByReference] = {}

    @typeof_impl.register(python_class)
    def _(value, context):
        shape = _shape(value)
        if shape not in known:
            known[shape] = ByReference(class_name, value._fields, tuple(typeof_impl(member, context) for member in value))
        return known[shape]

    return python_class


def pinned(value):
    """The marked tuple `value`, to be passed to compiled functions many times; itself when compilation is switched off."""
    return value if JIT_DISABLED else Pinned(value)


def _shape(value: tuple) -> tuple:
    """What decides the type of a marked tuple; working out the types of fifty arrays at every entry would take milliseconds."""
    return tuple(
        (type(member), member.dtype, member.ndim, member.flags.c_contiguous, member.flags.writeable)
        if isinstance(member, np.ndarray)
        else _shape(member)
        if isinstance(member, tuple)
        else type(member)
        for member in value
    )


def _descriptors(value: tuple) -> list[int]:
    """Words of the block: each array's descriptor as numba lays it out, those of marked members in their place.

    Memory owner and parent are nobody: the tuple holds its arrays for as long as the pointer is used.
    """
    words: list[int] = []
    for member in value:
        if isinstance(member, np.ndarray):
            words += (0, 0, member.size, member.itemsize, member.ctypes.data, *member.shape, *member.strides)
        elif isinstance(member, tuple):
            words += _descriptors(member)
        else:
            words.append(member)
    return words


def _words(member: types.Type) -> int:
    if isinstance(member, ByReference):
        return sum(map(_words, member.members))
    if not isinstance(member, types.Array):
        return 1
    return _PLAIN_WORDS + 2 * member.ndim


@typeof_impl.register(Pinned)
def _(value, _context):
    return value.numba_type


@register_model(ByReference)
class _PointerModel(models.PrimitiveModel):
    def __init__(self, manager, reference):
        super().__init__(manager, reference, _POINTER)


def _with_block(value) -> Pinned:
    return value if isinstance(value, Pinned) else Pinned(value)


@unbox(ByReference)
def _unpack(_reference, value, c):
    # Done by Python: the same work as machine code would stand in every function's entry, and take seconds to compile.
    module = c.pyapi.import_module(c.context.insert_const_string(c.builder.module, __name__))
    function = c.pyapi.object_getattr_string(module, _with_block.__name__)
    kept = c.pyapi.call_function_objargs(function, [value])
    address = c.pyapi.object_getattr_string(kept, "address")
    pointer = c.builder.bitcast(c.pyapi.long_as_voidptr(address), _POINTER)
    for done_with in (address, function, module):
        c.pyapi.decref(done_with)
    return NativeValue(pointer, is_error=cgutils.is_null(c.builder, kept), cleanup=lambda: c.pyapi.decref(kept))


@infer_getattr
class _Attributes(AttributeTemplate):
    key = ByReference

    def generic_resolve(self, reference, attribute):  # type: ignore[override]  # numba has a placeholder there
        attributes = reference.attributes
        return reference.members[attributes.index(attribute)] if attribute in attributes else None


@lower_getattr_generic(ByReference)
def _attribute(context, builder, reference, value, attribute):
    position = reference.attributes.index(attribute)
    offset = _WORD_BYTES * sum(map(_words, reference.members[:position]))
    place = builder.gep(value, [ir.Constant(ir.IntType(64), offset)])
    member = reference.members[position]
    if isinstance(member, ByReference):
        return place
    return builder.load(builder.bitcast(place, context.get_value_type(member).as_pointer()))
