"""All dates of a task force on one page, and each person's calendar feed."""
