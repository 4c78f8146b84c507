import glob
import runpy


def answer():
    first = sorted(glob.glob("/opt/plugins/*.py"))[0]
    return runpy.run_path(first)["word"]
