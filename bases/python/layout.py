"""Moves an unpacked Debian Python from SOURCE (its /usr) to TARGET and makes it behave as upstream's build does.

Debian patches the standard library so that pip writes to dist-packages and stays away from the packages of dpkg.
In the official image nothing but pip owns the interpreter's site, so each of those patches is taken back. An edit
that no longer finds its text stops the build: a half-patched interpreter would put files in the wrong place.
"""

import glob
import os
import re
import shutil
import sys

source, target = sys.argv[1:3]
name = "python%d.%d" % sys.version_info[:2]
version = name[len("python") :]
lib = f"{target}/lib/{name}"
arch = sys.implementation._multiarch


def edit(path, *changes):
    """Applies each (pattern, replacement) to a file; every pattern must match."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for pattern, replacement in changes:
        text, count = re.subn(pattern, replacement, text, flags=re.S)
        if count == 0:
            sys.exit(f"{path}: nothing matches {pattern!r}; Debian's patch has changed")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def move_files():
    for folder in ("bin", "include", "lib/pkgconfig"):
        os.makedirs(f"{target}/{folder}", exist_ok=True)
    # The folder exists when Debian's own Python is installed too: that one keeps its dist-packages there.
    shutil.copytree(f"{source}/lib/{name}", lib, symlinks=True, dirs_exist_ok=True)
    for leftover in ("EXTERNALLY-MANAGED", "sitecustomize.py", "_distutils_system_mod.py"):
        os.remove(f"{lib}/{leftover}")

    shutil.move(f"{source}/include/{name}", f"{target}/include/{name}")
    os.remove(f"{target}/include/{name}/pyconfig.h")
    shutil.move(f"{source}/include/{arch}/{name}/pyconfig.h", f"{target}/include/{name}/pyconfig.h")

    soname = f"lib{name}.so.1.0"
    shutil.move(f"{source}/lib/{arch}/{soname}", f"{target}/lib/{soname}")
    os.symlink(soname, f"{target}/lib/lib{name}.so")
    config = f"{lib}/config-{version}-{arch}"
    for archive in glob.glob(f"{config}/*.a") + [f"{config}/lib{name}.so"]:
        os.remove(archive)
    for pc in (f"python-{version}.pc", f"python-{version}-embed.pc"):
        shutil.move(f"{source}/lib/{arch}/pkgconfig/{pc}", f"{target}/lib/pkgconfig/{pc}")
        os.symlink(pc, f"{target}/lib/pkgconfig/{pc.replace('-' + version, '3', 1)}")

    os.makedirs(f"{lib}/ensurepip/_bundled")
    os.makedirs(f"{lib}/site-packages", exist_ok=True)


def move_commands():
    bin = f"{target}/bin"
    shutil.move(f"{source}/bin/{name}", f"{bin}/{name}")
    shutil.move(f"{source}/bin/{arch}-{name}-config", f"{bin}/{name}-config")
    shutil.move(f"{source}/bin/pydoc{version}", f"{bin}/pydoc{version}")
    edit(f"{bin}/pydoc{version}", (r"^#![^\n]*", f"#!{bin}/{name}"))
    for link, to in (
        ("python3", name),
        ("python", "python3"),
        ("python3-config", f"{name}-config"),
        ("python-config", "python3-config"),
        ("pydoc3", f"pydoc{version}"),
        ("pydoc", "pydoc3"),
    ):
        os.symlink(to, f"{bin}/{link}")


def restore_site():
    edit(
        f"{lib}/site.py",
        (
            r"\n            if is_virtual_environment:\n.*?(?=        else:\n            sitepackages\.append\(prefix\))",
            """
            for libdir in libdirs:
                sitepackages.append(os.path.join(prefix, libdir,
                                                 "python%d.%d" % sys.version_info[:2],
                                                 "site-packages"))
""",
        ),
    )
    edit(
        f"{lib}/sysconfig.py",
        (r"    'deb_system': \{.*?(?=    'posix_home': \{)", ""),
        (r"(, 'posix_home'), 'posix_local', 'deb_system'\)", r"\1)"),
        (
            r"    if sys\.base_prefix != sys\.prefix or hasattr\(sys, \"real_prefix\"\):\n.*?(?=    return \{\n        'prefix': prefix_scheme)",
            "    prefix_scheme = 'posix_prefix'\n",
        ),
    )
    edit(
        f"{lib}/ensurepip/__init__.py",
        (r"def _ensurepip_is_disabled_in_debian_for_system\(\):.*?(?=__all__ =)", ""),
        (r" +_ensurepip_is_disabled_in_debian_for_system\(\)\n", ""),
    )


def restore_distutils():
    edit(
        f"{lib}/distutils/sysconfig.py",
        (
            r"        elif is_default_prefix and not is_virtual_environment\(\):\n.*?(?=        else:\n            return os\.path\.join\(libpython)",
            "",
        ),
    )
    edit(
        f"{lib}/distutils/command/install.py",
        (r"# add the Debian install schemes.*?(?=# Copy from sysconfig)", ""),
        (
            r"            if self\.install_layout:\n.*?(?=    def finalize_other)",
            '            self.select_scheme("unix_prefix")\n\n',
        ),
    )
    edit(
        f"{lib}/distutils/command/install_egg_info.py",
        (r"no_pyver = True", "no_pyver = False"),
    )


def rename_build_paths():
    """What sysconfig, make and pkg-config tell extension builds: paths under the target, and plain `gcc`."""
    config = f"{lib}/config-{version}-{arch}"
    moved = (
        (rf"/usr/lib/{arch}", f"{target}/lib"),
        (r"/usr/share/python-wheels/?", f"{lib}/ensurepip/_bundled"),
        (rf"/usr/(?=include/{name}|include['\" ]|lib/{name}|bin['\"\s])", f"{target}/"),
        (rf"{arch}-(?=gcc|g\+\+)", ""),
        (r"(['\"](?:exec_)?prefix['\"]: ['\"])/usr(?=['\"])", rf"\1{target}"),
    )
    edit(f"{lib}/_sysconfigdata__linux_{arch}.py", *moved)
    edit(
        f"{config}/Makefile",
        (rf"/usr/lib/{arch}", f"{target}/lib"),
        (rf"{arch}-(?=gcc|g\+\+)", ""),
        (r"(?m)^(prefix=\s*)/usr$", rf"\1{target}"),
    )
    edit(
        f"{target}/bin/{name}-config",
        (rf"/usr/lib/{arch}", f"{target}/lib"),
        (r'\nprefix="/usr"', f'\nprefix="{target}"'),
        (r'PY_ENABLE_SHARED="0"', 'PY_ENABLE_SHARED="1"'),
    )
    for pc in glob.glob(f"{target}/lib/pkgconfig/python-{version}*.pc"):
        edit(pc, (r"prefix=/usr\b", f"prefix={target}"))
    edit(f"{target}/lib/pkgconfig/python-{version}.pc", (rf" -I\$\{{includedir\}}/{arch}/{name}", ""))
    edit(
        f"{target}/lib/pkgconfig/python-{version}-embed.pc",
        (rf"libdir=/usr/lib/{arch}", "libdir=${exec_prefix}/lib"),
    )


move_files()
move_commands()
restore_site()
restore_distutils()
rename_build_paths()
