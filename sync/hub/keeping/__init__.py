"""Keeping: backups, restores, what is protected, and who can witness that history was not rewritten."""
