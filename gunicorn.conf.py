"""How gunicorn serves the portal. Read by gunicorn itself because it lies here under this name."""

from mission1000 import logs
from mission1000.env import Environment

env = Environment()
host = env.text("HOST", "127.0.0.1")
bind = f"[{host}]:{env.number('PORT', 8000)}" if ":" in host else f"{host}:{env.number('PORT', 8000)}"
# The embedded worker's messages live in one process's memory: a second web process would have a worker of its own.
workers = 1 if env.flag("EMBED", default=False) else env.number("WEB_WORKERS", 2)
threads = 4
worker_class = "gthread"
timeout = 60
graceful_timeout = 10
# Longer than nginx keeps its connections to here, so that none is closed while nginx sends on it. A connection for each
# request would cost more than that: gunicorn waits for the other side to close it, and begins nothing meanwhile.
keepalive = 75
accesslog = None  # mission1000.logs.RequestLog writes a line for each answer, without the address that was asked for
logconfig_dict = logs.config(env.text("LOG_LEVEL", "INFO"))
forwarded_allow_ips = ""  # mission1000.proxy decides whose forwarding headers are believed
control_socket_disable = True  # it would lie in the home folder, one for all portals of the user
