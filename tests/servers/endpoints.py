"""Settings in which no service is asked but those that a test names."""

from __future__ import annotations

from tracker.settings import SERVICES, Endpoint

OFF = {service: Endpoint(url="", delay_s=0.0, per_day=0) for service in SERVICES}
"""Every service switched off, as fields of `Settings`."""


def endpoint(url: str, *, key: str | None = None, per_day: int = 1000, delay_s: float = 0.0) -> Endpoint:
    """A service at a server of a test, asked without a pause."""
    return Endpoint.model_validate({"url": url, "delay_s": delay_s, "per_day": per_day, "key": key})
