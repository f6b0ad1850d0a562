"""The chain of a task force: who finds, serves, shelters, returns and prosecutes, and its gaps."""
