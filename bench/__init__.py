"""The benchmark: the project's own figures compared with floors measured in the same run.

`.venv/bin/python -m bench --help`. See docs/performance.md.
"""
