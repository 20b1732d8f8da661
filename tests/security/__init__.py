"""What SECURITY.md says, proven."""
