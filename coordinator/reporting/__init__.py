"""From the report form to the verdict: drafts, evidence, approval, verification, decisions."""
