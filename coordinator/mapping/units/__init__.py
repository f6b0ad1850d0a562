"""Which unit of an agency does a duty, in the agency's own words."""
