"""What a guest boots: Debian's kernel, unpacked and never installed, and a small initramfs."""
import glob
import os
import re
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
FLAGS = ["-std=gnu17", "-D_GNU_SOURCE", "-O2", "-static", "-s"]


def output_of(*argv, cwd=None):
    return subprocess.run(argv, check=True, capture_output=True, text=True, cwd=cwd,
                          stdin=subprocess.DEVNULL).stdout


def newest_release():
    """The release that the package for cloud machines stands for."""
    depends = output_of("apt-cache", "depends", "linux-image-cloud-amd64")
    found = re.search(r"Depends: linux-image-(\S+)", depends)
    if not found:
        raise ValueError("apt knows no linux-image-cloud-amd64; run apt-get update, or name it")
    return found[1]


def kernel(cache, release):
    """Path of a kernel image; fetched once."""
    release = release or newest_release()
    to = os.path.join(cache, "kernels", release)
    where = os.path.join(to, "boot", "vmlinuz-" + release)
    if not os.path.exists(where):
        os.makedirs(to, exist_ok=True)
        output_of("apt-get", "download", "-q", "linux-image-" + release, cwd=to)
        (package,) = glob.glob(os.path.join(to, "*.deb"))
        output_of("dpkg", "-x", package, to)
        os.remove(package)
    return where


def initramfs(work, oomwhy, scenario):
    """Path of a compressed cpio archive with busybox, the program and the scenario in it."""
    root, archive = os.path.join(work, "root"), os.path.join(work, "initramfs.gz")
    shutil.rmtree(root, ignore_errors=True)
    for folder in ("bin", "lab"):
        os.makedirs(os.path.join(root, folder))
    for name in ("load", "witness"):
        output_of("gcc", *FLAGS, "-o", os.path.join(root, "lab", name),
                  os.path.join(HERE, name + ".c"))
    shutil.copy(shutil.which("busybox"), os.path.join(root, "bin", "busybox"))
    shutil.copy(oomwhy, os.path.join(root, "lab", "oomwhy"))
    shutil.copy(os.path.join(HERE, "guest", "init"), os.path.join(root, "init"))
    shutil.copy(os.path.join(HERE, "guest", "library.sh"), os.path.join(root, "lab"))
    shutil.copy(os.path.join(HERE, "scenarios", scenario + ".sh"),
                os.path.join(root, "lab", "scenario.sh"))
    os.symlink("busybox", os.path.join(root, "bin", "sh"))
    subprocess.run("find . | cpio -o -H newc --quiet | gzip -1 >" + "../initramfs.gz", shell=True,
                   check=True, cwd=root)
    return archive
