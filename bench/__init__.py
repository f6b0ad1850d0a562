"""The benchmark: the project's own figures beside floors measured in the same run.

`.venv/bin/python -m bench --help`. See docs/performance.md.
"""
