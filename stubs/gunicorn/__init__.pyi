# What is used of gunicorn, which has no types of its own.
