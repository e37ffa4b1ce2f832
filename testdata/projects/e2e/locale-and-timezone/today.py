import locale
import sys
import time
from datetime import datetime

import pytz

locale.setlocale(locale.LC_ALL, "")
print(time.strftime("%A %H:%M", time.localtime(int(sys.argv[1]))))
print(datetime.fromtimestamp(0, pytz.utc).strftime("%B"))
