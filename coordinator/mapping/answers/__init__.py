"""Agencies' answers to their duties, the thread about a question, and the ruling that ends it."""
