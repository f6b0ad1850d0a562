"""What the inspectors are told of by mail: how far the audit trail goes."""
