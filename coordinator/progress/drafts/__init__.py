"""A report while it is written: its draft, the form, and what the buttons of the form do."""
