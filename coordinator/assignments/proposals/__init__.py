"""What a province proposes to the task forces below it, and how they answer."""
