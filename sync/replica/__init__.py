"""The desk's two files and its link to the hub."""
