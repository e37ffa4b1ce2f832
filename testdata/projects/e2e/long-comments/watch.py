import os
import shutil

from watchdog.utils import platform

print(platform.get_platform_name(), shutil.which("inotifywait"), os.environ["WATCH_QUIET"])
