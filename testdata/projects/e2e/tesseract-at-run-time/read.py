import pytesseract
from PIL import Image, ImageDraw, ImageFont

font = ImageFont.truetype("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", 40)
image = Image.new("RGB", (400, 100), "white")
ImageDraw.Draw(image).text((20, 20), "PYTHON 311", font=font, fill="black")
print(pytesseract.image_to_string(image).strip())
