"""What reports ask the leadership to decide: the request, the secretariat's note, the decision.

A report may carry one request at a time. It is open until the leadership decides, or until the
agency sends a new submission that no longer asks. The report itself stays verifiable: what was
done can be checked while somebody waits for a decision.
"""
