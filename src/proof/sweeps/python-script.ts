/**
 * The program that P5 runs with the image's own interpreter: it imports each module of a JSON list in a process of its
 * own, so that a crash or a hang of one says nothing about the next, and prints one JSON line a module after a marker.
 * It runs on Python 3.6 and newer, and needs nothing but the standard library.
 */
export const pythonScript: string = `
import importlib, json, os, signal, sys
names = json.loads(sys.argv[1]); limit = int(sys.argv[2]); marker = sys.argv[3]
out = os.fdopen(os.dup(1), "w", buffering=1)
null = os.open(os.devnull, os.O_RDWR)
for fd in (0, 1, 2):
    os.dup2(null, fd)
for name in names:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        code = 1
        try:
            signal.alarm(limit)
            importlib.import_module(name)
            code = 0
        except BaseException as error:
            text = "%s: %s" % (type(error).__name__, error)
            os.write(write, text.encode("utf-8", "replace")[:4000])
        finally:
            os._exit(code)
    os.close(write)
    text = b""
    while True:
        part = os.read(read, 65536)
        if not part:
            break
        text += part
    os.close(read)
    status = os.waitpid(child, 0)[1]
    error = None
    if status != 0:
        error = text.decode("utf-8", "replace") or ("killed by signal %d" % (status & 127) if status & 127 else "exit %d" % (status >> 8))
    out.write(marker + json.dumps([name, error]) + "\\n")
out.write(marker + json.dumps(["", len(names)]) + "\\n")
out.flush()
`
