"""Reading a plan from a spreadsheet somebody else made, or from our own template.

`reading.read` is the one way in: bytes and names in, a `Reading` out; it does its work in a child
process with limits and never touches the database.
"""
