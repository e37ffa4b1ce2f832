import getpass
import subprocess

import arrow

print(getpass.getuser(), arrow.get("2024-02-28").shift(days=2).isoformat())
print(subprocess.run(["whoami"], capture_output=True, text=True).stdout.strip())
