"""Tuples of arrays that compiled functions hand on as one pointer.

numba passes a named tuple by value: every call copies the descriptors of all arrays in it and counts references to each of
them, which for a state of forty arrays takes longer than most handlers do (measured: 600 ns a call, by reference 4 ns). A
class marked `by_reference` is unpacked once, when compiled code is entered from Python, and handed on as a pointer from
there. Nothing else changes: attributes are read as before, and without compilation the class is an ordinary named tuple.
As before, compiled code may write into the arrays but not replace them; it must not return or keep them.

Entering still unpacks the whole tuple. A host that enters for every single event passes `pinned(state)` instead, which has
been unpacked for good.
"""

import hashlib

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate
from numba.extending import NativeValue, infer_getattr, intrinsic, register_model, typeof_impl, unbox

from policies.compiled import JIT_DISABLED, compiled

_POINTER = ir.IntType(8).as_pointer()


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
    """A marked tuple unpacked for good: stands for it in calls of compiled functions, and keeps its arrays alive."""

    def __init__(self, value: tuple):
        self.value = value
        self.numba_type = typeof_impl(value, None)
        self.block = np.empty(_block_size(value), np.uint8)
        self.address = self.block.ctypes.data
        _copy_block(value, self.address)


def by_reference(python_class: type) -> type:
    """Class decorator for a `NamedTuple` of arrays, numbers and further marked tuples."""

    class_name = f"{python_class.__module__}.{python_class.__qualname__}"

    @typeof_impl.register(python_class)
    def _(value, context):
        return ByReference(class_name, python_class._fields, tuple(typeof_impl(member, context) for member in value))

    return python_class


def pinned(value):
    """The marked tuple `value`, to be passed to compiled functions many times; itself when compilation is switched off."""
    return value if JIT_DISABLED else Pinned(value)


@typeof_impl.register(Pinned)
def _(value, _context):
    return value.numba_type


@register_model(ByReference)
class _PointerModel(models.PrimitiveModel):
    def __init__(self, manager, reference):
        super().__init__(manager, reference, _POINTER)


def _structure(context, reference: ByReference) -> ir.Type:
    """Layout of the block behind the pointer; marked members lie inside it."""
    return ir.LiteralStructType(
        [
            _structure(context, member) if isinstance(member, ByReference) else context.get_value_type(member)
            for member in reference.members
        ]
    )


@unbox(ByReference)
def _unpack(reference, value, c):
    block = cgutils.alloca_once(c.builder, _structure(c.context, reference))
    pointer = cgutils.alloca_once_value(c.builder, c.builder.bitcast(block, _POINTER))
    failed = cgutils.alloca_once_value(c.builder, cgutils.false_bit)
    address = c.pyapi.object_getattr_string(value, "address")
    with c.builder.if_else(cgutils.is_null(c.builder, address)) as (is_tuple, is_pinned):
        with is_tuple:
            c.pyapi.err_clear()
            _unpack_members(reference, value, c, block, failed)
        with is_pinned:
            kept = c.pyapi.long_as_voidptr(address)
            c.builder.store(c.builder.bitcast(kept, _POINTER), pointer)
            c.pyapi.decref(address)
    return NativeValue(c.builder.load(pointer), is_error=c.builder.load(failed))


def _unpack_members(reference, value, c, block, failed):
    for position, member in enumerate(reference.members):
        place = cgutils.gep_inbounds(c.builder, block, 0, position)
        python_value = c.pyapi.tuple_getitem(value, position)
        if isinstance(member, ByReference):
            _unpack_members(member, python_value, c, place, failed)
            continue
        native = c.unbox(member, python_value)
        content = native.value
        if isinstance(member, types.Array):
            # The tuple holds its arrays for as long as the pointer is used, so that no references need be counted.
            nobody = ir.Constant(content.type.elements[0], None)
            content = c.builder.insert_value(content, nobody, 0)
            if c.context.enable_nrt:
                c.context.nrt.decref(c.builder, member, native.value)
        c.builder.store(content, place)
        with c.builder.if_then(native.is_error, likely=False):
            c.builder.store(cgutils.true_bit, failed)


@infer_getattr
class _Attributes(AttributeTemplate):
    key = ByReference

    def generic_resolve(self, reference, attribute):
        attributes = reference.attributes
        return reference.members[attributes.index(attribute)] if attribute in attributes else None


@lower_getattr_generic(ByReference)
def _attribute(context, builder, reference, value, attribute):
    block = builder.bitcast(value, _structure(context, reference).as_pointer())
    position = reference.attributes.index(attribute)
    place = cgutils.gep_inbounds(builder, block, 0, position)
    if isinstance(reference.members[position], ByReference):
        return builder.bitcast(place, _POINTER)
    return builder.load(place)


@intrinsic
def _size_of(_typing, reference):
    def lower(context, _builder, signature, _arguments):
        return context.get_constant(types.int64, context.get_abi_sizeof(_structure(context, signature.args[0])))

    return types.int64(reference), lower


@intrinsic
def _copy(_typing, reference, address):
    def lower(context, builder, signature, arguments):
        size = context.get_abi_sizeof(_structure(context, signature.args[0]))
        target = builder.inttoptr(arguments[1], _POINTER)
        cgutils.raw_memcpy(builder, target, arguments[0], ir.Constant(ir.IntType(64), size), 1)
        return context.get_dummy_value()

    return types.void(reference, address), lower


@compiled
def _block_size(value):
    return _size_of(value)


@compiled
def _copy_block(value, address):
    _copy(value, address)
