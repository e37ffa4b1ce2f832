import pyfiglet

print(pyfiglet.figlet_format("hello"))
