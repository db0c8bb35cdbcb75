"""The central service in front of the central database."""
