import msgpack

from shared.names import shout

print(shout("worker"), msgpack.unpackb(msgpack.packb([1, 2])), msgpack.Packer.__module__)
