"""Find out why a 星图即合 payout failed, and what exactly to do."""

__version__ = "0.1.0"
