"""Who may write a catalogue: one process at a time. The lock is the system's, so it ends with its process."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from tracker.errors import CatalogueError

try:
    import fcntl
except ImportError:  # Windows: two imports of one catalogue both run, and the one that ends last stays
    fcntl = None  # type: ignore[assignment]


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Alone with the file at `path`: a lock file beside it is held, and gone afterwards.

    A lock file that a killed process has left behind does not matter, for nobody holds it.

    Raises:
        CatalogueError: another process holds it, or the lock file cannot be made.
    """
    if fcntl is None:
        yield
        return
    target = Path(os.path.realpath(path))
    place = target.with_name(f".{target.name}.lock")
    descriptor = _hold(path, place)
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            place.unlink()
        os.close(descriptor)


def _hold(path: Path, place: Path) -> int:
    """The descriptor of the lock file at `place`, held."""
    while True:
        try:
            descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise CatalogueError(f"{path}: the catalogue cannot be written: {error.strerror}") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise CatalogueError(
                f"{path}: another import or update is writing this catalogue; try again when it has ended"
            ) from None
        except OSError:  # a file system without locks
            return descriptor
        with contextlib.suppress(OSError):
            if os.path.samestat(os.fstat(descriptor), place.stat()):
                return descriptor
        os.close(descriptor)  # whoever held it before has taken it away in the meantime
