"""Keeps and moves what was decided: hub, replica, wire. No Qt."""
