import subprocess


def answer():
    done = subprocess.run(["aspell", "-d", "en", "list"], input="hello wrld", capture_output=True, text=True)
    if done.returncode != 0 or "wrld" not in done.stdout:
        raise RuntimeError(done.stderr)
    return done.stdout
