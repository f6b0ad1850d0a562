# What is used of waitress, which has no types of its own.
