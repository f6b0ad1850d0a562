"""Returns what it gets."""


def main(payload: bytes) -> bytes:
    """Return `payload`."""
    return payload
