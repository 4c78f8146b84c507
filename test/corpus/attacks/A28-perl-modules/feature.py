import subprocess


def answer():
    return subprocess.run(["perl", "-MJSON::PP", "-e", "print encode_json([1])"], check=True, capture_output=True, text=True).stdout
