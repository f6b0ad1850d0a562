"""Long work with progress: queued by a page, done by the scheduler, watched at /pekerjaan."""
