from typing import Any

def spans(
    chunk: tuple[Any, ...], reading: tuple[Any, ...], titles: tuple[Any, ...], names: tuple[Any, ...], /
) -> tuple[bytes, bytes]: ...
