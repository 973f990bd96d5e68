"""A word to the processor on what a loop will read soon, so that it is in the cache by then.

Nodes are visited in an order that has nothing to do with where their rows lie, so a loop over a
large graph waits for memory most of the time. It knows the order beforehand, though.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from graphrisk_algorithms.graph import Float64Array, Int64Array

_READ, _KEEP, _DATA = 0, 3, 1  # arguments of LLVM's prefetch: for reading, in all caches, data
_Array = Int64Array | Float64Array | np.ndarray[tuple[int, ...], np.dtype[np.int32]]


def _typed(_typing: Any, array: Any, _place: Any) -> tuple[Any, Callable[..., Any]]:
    def emit(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        place = builder.bitcast(builder.gep(data, [arguments[1]]), byte)
        shape = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        hint = builder.module.declare_intrinsic("llvm.prefetch", [byte], shape)
        builder.call(hint, [place, number(_READ), number(_KEEP), number(_DATA)])
        return context.get_dummy_value()

    return types.void(array, types.intp), emit


#: ``prefetch(array, place)``, in compiled loops alone: bring an element near. A hint that changes
#: no result and reads nothing, so a place beyond the end does no harm.
prefetch = cast("Callable[[_Array, int], None]", intrinsic(_typed))
