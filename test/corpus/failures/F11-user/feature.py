import os
import pwd


def answer():
    return pwd.getpwuid(os.getuid()).pw_name
