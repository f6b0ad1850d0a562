"""Reading and cleaning what people hand in, in a child process with limits.

Each module's `main(payload)` gets the bytes of one file and gives back a line of JSON (answer.py)
and the cleaned bytes. No database, no storage, no words here: a hostile file meets nothing else.
"""
