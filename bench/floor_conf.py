"""gunicorn for the floors: the product's own settings, without its database connections."""

from coordinator.platform.operations import gunicorn_conf as product

bind = product.bind
workers = product.workers
threads = product.threads
worker_class = product.worker_class
preload_app = product.preload_app
timeout = product.timeout
graceful_timeout = product.graceful_timeout
worker_connections = product.worker_connections
control_socket_disable = True
