import io
import sys

from PIL import Image, features

size = int(sys.argv[1])
image = Image.new("RGB", (256, 128), "navy")
image.thumbnail((size, size))
out = io.BytesIO()
image.save(out, "JPEG", quality=80)
print(image.size, features.check("jpg"), features.check("freetype2"), out.tell() > 100)
