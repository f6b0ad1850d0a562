"""Reading and cleaning what people hand in, in a child process with limits.

Each module's `main(payload)` gets the bytes of one file and gives back a line of JSON (answer.py)
and the cleaned bytes. No database, no storage, no words here: a hostile file meets nothing else.

Written by hand on parsers of others (pypdf, expat, Pillow): mat2, exiftool and oletools repair or
report what they know and pass on the rest, while here a part that is not known is refused.
"""
