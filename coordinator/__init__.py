"""Koordinator TPPO: who does what in an anti-trafficking task force, and whether it is done."""
