"""No test sees what belongs to the person who runs it, nor the network.

Neither their settings nor a catalogue of their own; and no service is asked but those that a test starts itself.
"""

from __future__ import annotations

import ipaddress
import os
import signal
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from tracker.catalogue import compiled
from tracker.settings import SERVICES


@pytest.fixture(scope="session", autouse=True)
def clean_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("TRACKER_"):
                patch.delenv(name)
        for service in SERVICES:
            patch.setenv(f"TRACKER_{service.upper()}_URL", "")
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        yield


@pytest.fixture(scope="session", autouse=True)
def listening_to_ctrl_c() -> None:
    """What a shell starts in the background ignores Ctrl-C, and so would the programs that tests start and stop."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """A connection to another machine is an error of the test that lets it be tried."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host and host != "localhost" and not ipaddress.ip_address(host).is_loopback:
            raise AssertionError(f"a test tries to reach {host}")
        connect(self, address)

    def resolved(host: Any, *rest: Any, **options: Any) -> Any:
        if host not in (None, "", "localhost", "127.0.0.1", "::1"):
            raise AssertionError(f"a test tries to reach {host}")
        return resolve(host, *rest, **options)

    resolve = socket.getaddrinfo
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        patch.setattr(socket, "getaddrinfo", resolved)
        yield


@pytest.fixture(scope="module", params=["machine code", "numpy"])
def each_way(request: pytest.FixtureRequest) -> Iterator[None]:
    """Texts are read by machine code, then by numpy."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "numpy":
            patch.setattr(compiled, "PASSES", None)
        elif compiled.PASSES is None:
            pytest.skip("there was no C compiler when the package was installed")
        yield
