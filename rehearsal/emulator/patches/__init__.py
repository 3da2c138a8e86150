"""Every patch of moto, a module for each shortfall. Importing one applies it."""

import importlib
import pkgutil


def apply() -> None:
    """Applies all patches. To be called once, before the first request."""
    for module in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        importlib.import_module(f"{__name__}.{module}")
