"""Keeping: backups, restores, and what is protected."""
