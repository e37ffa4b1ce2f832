import importlib.util

import httpx
import rich
import structlog

structlog.configure(processors=[structlog.processors.JSONRenderer(sort_keys=True)])
structlog.get_logger().info("started", http=httpx.__version__)
rich.print("[bold]pytest[/bold]:", importlib.util.find_spec("pytest"))
