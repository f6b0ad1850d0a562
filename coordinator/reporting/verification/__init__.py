"""The secretariat's side of reports: the queue, the verdict, taking a verdict back."""
