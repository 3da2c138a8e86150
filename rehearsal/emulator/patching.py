"""How a patch replaces a part of moto."""

import functools
from collections.abc import Callable
from typing import Any


def wrap(owner: Any, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """
    Replaces the method `name` of `owner` by the decorated function, which gets the original as its first argument.
    Fails at start when there is no such method: then moto has changed, and the patch must be looked at again.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        original = getattr(owner, name)
        is_inherited = name not in vars(owner)

        @functools.wraps(original)
        def patched(*args: Any, **kwargs: Any) -> Any:
            # Where it is inherited, another patch may replace it later.
            return function(getattr(super(owner, owner), name) if is_inherited else original, *args, **kwargs)

        setattr(owner, name, patched)
        return function

    return decorate


def add(owner: Any, name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Gives `owner` the method `name`, which it lacks. Fails at start when it has one: then the patch can go."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        if hasattr(owner, name):
            raise TypeError(f"{owner.__name__} has {name} by now: remove the patch that adds it")
        function.__name__ = name
        setattr(owner, name, function)
        return function

    return decorate
