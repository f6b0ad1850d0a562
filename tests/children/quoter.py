"""Fails with the words it was given, and prints them as a careless library would."""

import sys


def main(payload: bytes) -> bytes:
    """Quote the payload everywhere."""
    sys.stderr.write(f"child: {payload.decode()}!\n")
    return str(int(payload.decode())).encode()
