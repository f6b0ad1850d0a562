"""The first page of each kind of access, help, health."""
