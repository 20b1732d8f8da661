"""Find out why a 星图即合 payout failed, and what exactly to do.

The small Python interface is `load` and `diagnose`; everything else may change.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xingtu_cli.api import diagnose, load

__version__ = "1.0.0"
__all__ = ["__version__", "diagnose", "load"]


def __getattr__(name: str) -> Any:
    """Import the interface when it is first asked for, so that the program starts without it."""
    if name in ("diagnose", "load"):
        from xingtu_cli import api

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
