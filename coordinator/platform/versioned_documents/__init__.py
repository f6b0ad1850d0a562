"""What the mapping and the plan share: a document published whole, version after version."""
