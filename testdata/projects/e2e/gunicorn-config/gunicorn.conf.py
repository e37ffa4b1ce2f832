workers = 2
worker_class = "gevent"
raw_env = ["GREETING=pong"]
