"""Files as people and mail servers send them, and what a careful person reads in them."""

from pathlib import Path

FILES = Path(__file__).parent / "files"
