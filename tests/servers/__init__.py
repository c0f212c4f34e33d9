"""Servers on loopback that answer as the real services do, and fail as they do when asked to.

`python -m tests.servers` starts them all, so that the whole program can be tried without the internet.
"""
