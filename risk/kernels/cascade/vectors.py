"""Eight numbers at once: a vector type for compiled loops, one cache line of 64 bytes.

numba vectorises loops by itself only where it can prove that arrays do not overlap, and keeps sums
over such lanes in memory. Here a vector is one value of the compiler (``<8 x double>``), so a sum
over links stays in a register; machines without 512-bit registers use two or four smaller ones.
Every operation is the plain one of IEEE 754 on each lane, never fused: results are the same bits on
every machine, whatever stands in the other lanes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import types
from numba.core.datamodel import models
from numba.extending import intrinsic, register_model

if TYPE_CHECKING:
    from collections.abc import Callable

LANES: Final = 8
_LINE: Final = 8 * LANES
_DOUBLE = ir.DoubleType()
_VECTOR = ir.VectorType(_DOUBLE, LANES)
_INT32 = ir.IntType(32)
# The type checker takes the code generator for the function that it makes.
_operation: Any = intrinsic


class _VectorType(types.Type):
    """The type of eight numbers inside compiled code; it never leaves it."""

    def __init__(self) -> None:
        super().__init__(name="EightDoubles")


VECTOR: Final = _VectorType()


@register_model(_VectorType)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: _VectorType) -> None:  # noqa: ANN401 - numba's own
        super().__init__(manager, kind, _VECTOR)  # type: ignore[no-untyped-call]


def _broadcast(builder: Any, number: Any) -> Any:  # noqa: ANN401
    one = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, _INT32(0))
    mask = ir.Constant(ir.VectorType(_INT32, LANES), [0] * LANES)
    return builder.shuffle_vector(one, ir.Constant(_VECTOR, ir.Undefined), mask)


def _place(context: Any, builder: Any, kinds: Any, values: Any) -> Any:  # noqa: ANN401
    """Give the address of line `values[1]` of the array `values[0]`."""
    array = context.make_array(kinds[0])(context, builder, values[0])
    first = builder.mul(values[1], values[1].type(LANES))
    return builder.bitcast(builder.gep(array.data, [first]), _VECTOR.as_pointer())


@_operation
def load(typing: Any, lines: Any, line: Any) -> Any:  # noqa: ANN401, ARG001
    """Read line `line` of a flat float64 array whose memory begins at a multiple of 64 bytes."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:  # noqa: ANN401
        return builder.load(_place(context, builder, signature.args, values), align=_LINE)

    return VECTOR(lines, types.intp), generate


@_operation
def store(typing: Any, lines: Any, line: Any, value: Any) -> Any:  # noqa: ANN401, ARG001
    """Write line `line` of a flat float64 array whose memory begins at a multiple of 64 bytes."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:  # noqa: ANN401
        builder.store(values[2], _place(context, builder, signature.args, values), align=_LINE)
        return context.get_dummy_value()

    return types.void(lines, types.intp, VECTOR), generate


@_operation
def fetch(typing: Any, lines: Any, line: Any) -> Any:  # noqa: ANN401, ARG001
    """Ask the memory for a line that will be read soon."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:  # noqa: ANN401
        place = builder.bitcast(_place(context, builder, signature.args, values), ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [place.type, _INT32, _INT32, _INT32])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [place.type], kind)
        builder.call(prefetch, [place, _INT32(0), _INT32(3), _INT32(1)])
        return context.get_dummy_value()

    return types.void(lines, types.intp), generate


@_operation
def spread(typing: Any, number: Any) -> Any:  # noqa: ANN401, ARG001
    """Put one number in all lanes."""

    def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:  # noqa: ANN401
        return _broadcast(builder, values[0])

    return VECTOR(types.float64), generate


def _binary(name: str, make: Callable[[Any, Any, Any], Any]) -> Any:  # noqa: ANN401
    def binary(typing: Any, left: Any, right: Any) -> Any:  # noqa: ANN401, ARG001
        def generate(_context: Any, builder: Any, _signature: Any, values: Any) -> Any:  # noqa: ANN401
            return make(builder, values[0], values[1])

        return VECTOR(VECTOR, VECTOR), generate

    binary.__name__ = name
    return _operation(binary)


add = _binary("add", lambda builder, left, right: builder.fadd(left, right))
subtract = _binary("subtract", lambda builder, left, right: builder.fsub(left, right))
multiply = _binary("multiply", lambda builder, left, right: builder.fmul(left, right))
divide = _binary("divide", lambda builder, left, right: builder.fdiv(left, right))
# The comparison is false for NaN, so the right side is taken then.
least = _binary(
    "least",
    lambda builder, left, right: builder.select(builder.fcmp_ordered("<", left, right), left, right),
)
most = _binary(
    "most",
    lambda builder, left, right: builder.select(builder.fcmp_ordered(">", left, right), left, right),
)
