"""Facts that nobody changes, of which every request makes some."""

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Declare a dataclass that the type checkers keep from being changed, so that making one asks nothing.

    `frozen=True` would set each field by a call, at ten times the price.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)
