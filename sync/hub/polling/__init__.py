"""Shops the hub talks to by itself: their keys, what they are asked and what they send."""
