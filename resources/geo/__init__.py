"""Divisions of China, built by build_regions.py from published packages."""
