"""What a report is: models, rules, queries and words of reports."""
