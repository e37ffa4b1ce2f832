import io

import pycurl

body = io.BytesIO()
curl = pycurl.Curl()
curl.setopt(curl.URL, "file:///app/motd.txt")
curl.setopt(curl.WRITEDATA, body)
curl.perform()
print(body.getvalue().decode(), "OpenSSL" in pycurl.version)
