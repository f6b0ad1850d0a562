"""The mapping as annex of a decree (SK): its draft on paper, and entering the signed one."""
