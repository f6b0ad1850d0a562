"""The conversation on a report: comments, whom they call, and one history of everything."""
