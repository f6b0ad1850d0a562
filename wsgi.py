"""What a WSGI server and the `flask` command load."""

from coordinator import logs
from coordinator.app import create_app

logs.configure()
app = create_app()
