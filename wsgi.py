"""What a WSGI server and the `flask` command load."""

from coordinator.app import create_app

app = create_app()
