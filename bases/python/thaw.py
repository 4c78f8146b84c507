"""Makes an interpreter read a standard module from its file instead of the copy frozen into the binary.

Python 3.11 carries `site` as code inside the executable, and Debian's copy knows dist-packages only, so an edit of
site.py alone changes nothing. The table `_PyImport_FrozenStdlib` names each frozen module; an entry whose name no
longer matches is never found, and the import goes on to the file, as it does for any other module.

Usage: thaw.py MODULE ELF-FILE...
"""

import struct
import sys

ENTRY = 32  # struct _frozen: name, code, size and is_package, get_code
RELATIVE = {62: 8, 183: 1027}  # e_machine: R_X86_64_RELATIVE, R_AARCH64_RELATIVE


class Elf:
    """The few parts of a little-endian ELF64 file that lead from a symbol to the bytes of a pointer."""

    def __init__(self, data):
        self.data = data
        self.machine = struct.unpack_from("<H", data, 18)[0]
        start, size, count = struct.unpack_from("<Q", data, 40)[0], *struct.unpack_from("<HH", data, 58)
        fields = [struct.unpack_from("<IIQQQQIIQQ", data, start + size * at) for at in range(count)]
        # (type, address, offset, length, link)
        self.sections = [(f[1], f[3], f[4], f[5], f[6]) for f in fields]

    def offset(self, address):
        for kind, at, offset, length, _ in self.sections:
            if kind != 8 and at and at <= address < at + length:
                return offset + address - at
        sys.exit(f"no section holds address {address:#x}")

    def text(self, address):
        start = self.offset(address)
        return self.data[start : self.data.index(b"\0", start)].decode()

    def symbol(self, wanted):
        for kind, _, offset, length, link in self.sections:
            if kind != 11:
                continue
            names = self.sections[link][2]
            for at in range(offset, offset + length, 24):
                name, value = struct.unpack_from("<I4xQ", self.data, at)
                start = names + name
                if self.data[start : self.data.index(b"\0", start)].decode() == wanted:
                    return value
        sys.exit(f"no symbol {wanted}")

    def pointers(self):
        """Address of a pointer to file offset of its value, for pointers that the loader relocates."""
        found = {}
        for kind, _, offset, length, _ in self.sections:
            if kind != 4:
                continue
            for at in range(offset, offset + length, 24):
                address, info = struct.unpack_from("<QQ", self.data, at)
                if info == RELATIVE[self.machine]:
                    found[address] = at + 16
        return found


def thaw(path, module):
    with open(path, "rb") as file:
        elf = Elf(bytearray(file.read()))
    relocated = elf.pointers()

    def place(address):
        return relocated.get(address, None) or elf.offset(address)

    def pointer(address):
        return struct.unpack_from("<Q", elf.data, place(address))[0]

    entry = pointer(elf.symbol("_PyImport_FrozenStdlib"))
    while pointer(entry):
        name = pointer(entry)
        if elf.text(name) == module:
            # The tail of the name, which no import asks for.
            struct.pack_into("<Q", elf.data, place(entry), name + 1)
            with open(path, "wb") as file:
                file.write(elf.data)
            return
        entry += ENTRY
    sys.exit(f"{path}: {module} is not frozen")


for path in sys.argv[2:]:
    thaw(path, sys.argv[1])
