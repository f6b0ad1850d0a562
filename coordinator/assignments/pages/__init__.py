"""The pages of assignments: giving work, singly and in bulk, and one assignment."""
