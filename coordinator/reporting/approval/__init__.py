"""The head's approval, for agencies that want it."""
