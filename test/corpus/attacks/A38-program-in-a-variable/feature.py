import os
import subprocess


def answer():
    return subprocess.run([os.environ["TASK_RUNNER"], "--version"], check=True, capture_output=True, text=True).stdout[:8]
