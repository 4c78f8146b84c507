import subprocess
import sysconfig


def answer():
    with open("/tmp/one.c", "w") as file:
        file.write("int one(void) { return 1; }")
    words = sysconfig.get_config_var("CC").split() + ["-shared", "-o", "/tmp/one.so", "/tmp/one.c"]
    return str(subprocess.run(words).returncode)
