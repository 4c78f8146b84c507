import subprocess


def answer():
    return subprocess.run(["git", "init", "-q", "/tmp/repository"], check=True) and "made"
