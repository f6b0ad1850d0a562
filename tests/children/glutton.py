"""Takes more than it is allowed, in the way it is instructed."""


def main(payload: bytes) -> bytes:
    """Eat memory, spin, or fall."""
    if payload == b"eat":
        return b"x" * (1 << 30)
    if payload == b"spin":
        while True:
            pass
    raise RuntimeError("jatuh")
