/**
 * Where the BuildKit of Docker 20.10 (about 0.8) makes another image than a current one (v0.34), with ours equal to the
 * current one's. Texts of its history are not compared at all: ARG had no inherited value, COPY no flags, EXPOSE another
 * form.
 */
export const older: Readonly<Record<string, string>> = {
  Dockerfile_test_copyadd_chmod: '20.10 does not give --chmod to a directory that COPY makes',
  Dockerfile_test_cmd: '20.10 takes a JSON list with text behind it for a JSON list',
  Dockerfile_test_scratch: '20.10 expands variables in the name of an ARG',
}
