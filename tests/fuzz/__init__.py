"""Mutated rules files: whatever they hold, they load or are refused, and never anything else."""
