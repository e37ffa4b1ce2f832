import io

from PIL import Image, features

for kind in ("JPEG", "PNG", "WEBP", "TIFF", "JPEG2000"):
    file = io.BytesIO()
    Image.new("RGB", (40, 20), "navy").save(file, kind)
    image = Image.open(file)
    image.thumbnail((10, 10))
    print(kind, image.size)
print(features.check("freetype2"), features.check("littlecms2"))
