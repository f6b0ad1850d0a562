"""Which agency does which action item, by when, on what basis."""
