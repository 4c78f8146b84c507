import os


def answer():
    with open("/proc/self/status") as file:
        text = file.read()
    permitted = [line for line in text.splitlines() if line.startswith("CapPrm")][0]
    if os.getxattr(os.path.realpath("/proc/self/exe"), "security.capability"):
        return permitted[:6]
