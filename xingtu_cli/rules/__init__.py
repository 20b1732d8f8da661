"""The rules file: its shape, how it is read and how it is checked."""
