from argon2 import PasswordHasher
from cffi import FFI
from cryptography.fernet import Fernet

hasher = PasswordHasher(time_cost=1)
print(hasher.verify(hasher.hash("open"), "open"))
key = Fernet.generate_key()
print(Fernet(key).decrypt(Fernet(key).encrypt(b"sesame")).decode(), FFI().sizeof("int"))
