"""The weekly mail to the inspectors: how far the audit trail goes."""
