"""What `make` does here, also without make: python3 make.py setup|demo|app|test|fast|live|search|lint|bench|lock|clean.

Needs nothing but Python 3.11 or newer. `setup` builds .venv from requirements.lock; all the others call it first.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed-from"
OLDEST = (3, 11)
# Minutes each: a server, a browser, a process that is killed again and again, a real Odoo.
LIVE = "parity or crash or contract or pages or odoo"
DEMO_PAGE = Path("out") / "weekly-public.html"


def run(*command, **options):
    """Run a command in the project's folder; leave with its exit code if it fails."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, check=False, **options)
    if done.returncode:
        sys.exit(done.returncode)


def tool(name, *arguments, **options):
    """Run a program that the environment holds."""
    run(BIN / (name + (".exe" if os.name == "nt" else "")), *arguments, **options)


def say(english, chinese):
    print("rehearse: " + english + "\n          " + chinese, flush=True)


def newer_python():
    """Path of another Python on this machine that is new enough, or None."""
    for minor in (13, 12, 11):
        found = shutil.which("python3.%d" % minor)  # noqa: UP031 -- must run on the old Python that it replaces
        if found and subprocess.run([found, "-c", ""], check=False, stderr=subprocess.DEVNULL).returncode == 0:
            return found
    return None


def require_new_enough():
    if sys.version_info >= OLDEST:
        return
    other = newer_python()
    if other is None:
        say("Python 3.11 or newer is needed; this is " + sys.version.split()[0],
            "需要 Python 3.11 或更新版本；当前为 " + sys.version.split()[0])
        sys.exit(1)
    run(other, *sys.argv)
    sys.exit(0)


def install_venv_package():
    """On Debian and Ubuntu `venv` is a package of its own: install it, asking for rights where they are needed."""
    package = "python%d.%d-venv" % sys.version_info[:2]  # noqa: UP031 -- as above
    rights = [] if os.geteuid() == 0 else ["sudo"]
    if not shutil.which("apt-get") or (rights and not shutil.which("sudo")):
        say("this Python cannot make environments; install " + package + " and try again",
            "此 Python 无法创建虚拟环境；请先安装 " + package + " 再试")
        sys.exit(1)
    say("installing the system package " + package + " (Python cannot make environments without it)",
        "正在安装系统软件包 " + package + "（没有它，Python 无法创建虚拟环境）")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run(*rights, "apt-get", "update", "-q", env=quiet)
    run(*rights, "apt-get", "install", "-q", "-y", package, env=quiet)


def can_make_environments():
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return False
    return True


def as_pip_is_told():
    """The environment for uv, with the package index and the certificate that pip is set to use."""
    listed = subprocess.run([PYTHON, "-m", "pip", "config", "list"], check=False, capture_output=True, text=True).stdout
    pairs = (line.partition("=") for line in listed.splitlines())
    told = {key.rpartition(".")[2]: value.strip("'\"") for key, _, value in pairs}
    names = (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE"))
    return {**{variable: told[name] for name, variable in names if name in told}, **os.environ}


def installed_at_once(pip, locked):
    """Have uv, which fetches many packages at a time, do what pip does one by one; false where it cannot."""
    only_uv = re.search(r"^uv==.*?(?=^\S|\Z)", LOCK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    alone = VENV / "uv.lock"
    alone.write_text(only_uv.group(), encoding="utf-8")
    if subprocess.run([*pip, "--quiet", *locked, alone], check=False).returncode:
        return False
    uv = [PYTHON, "-m", "uv", "pip", "install", "--python", PYTHON, *locked, LOCK]
    return subprocess.run(uv, cwd=ROOT, check=False, env=as_pip_is_told()).returncode == 0


def setup():
    """Build .venv from the lock file, unless it already stands as the lock file and pyproject.toml want it."""
    wanted = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == wanted:
        return
    if not can_make_environments():
        install_venv_package()
    say("setting up .venv from requirements.lock (once, some minutes)",
        "正在按 requirements.lock 建立 .venv（只需一次，约数分钟）")
    run(sys.executable, "-m", "venv", "--clear", VENV)
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--no-input")
    locked = ("--require-hashes", "--only-binary", ":all:", "-r")
    if not installed_at_once(pip, locked):
        run(*pip, "--no-deps", *locked, LOCK)
    run(*pip, "--no-deps", "--no-build-isolation", "--quiet", "--editable", ROOT)
    STAMP.write_text(wanted, encoding="utf-8")


def demo():
    """The main job: today's rule against weekly public targets, with a page to read."""
    setup()
    (ROOT / DEMO_PAGE).parent.mkdir(exist_ok=True)
    tool("rehearse", "ab", "monthly-private", "weekly-public", "--html", DEMO_PAGE)


def app():
    """Coach and pages on one address, over a sample firm that the office generated."""
    setup()
    tool("rehearse", "serve", "--demo")


def lint():
    """Style, the one-way imports, types."""
    setup()
    tool("ruff", "check", ".")
    tool("lint-imports")
    tool("mypy", "--num-workers", "auto")


def tested(marked, *more):
    """Style and imports; then the tests with these marks, side by side, after the office was compiled once for all of them."""
    lint()
    tool("rehearse", "run", "monthly-private", "--scenario", "small", "--weeks", "1", stdout=subprocess.DEVNULL)
    workers = min(os.cpu_count() or 1, 4) + 1  # one more than there are cores: some tests wait for a browser or another process
    alone = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # threads of linear algebra would wait for each other
    run(PYTHON, "-m", "pytest", "-n", workers, "--dist", "loadfile", "-m", marked, "--durations", "10", *more,
        env={**os.environ, **alone})


def on_a_server():
    """The tests of the store and of what works on it once more, on a PostgreSQL server of the tests' own."""
    names = ("api", "events", "import", "office_records", "outbox", "service", "validation", "scoring")
    files = [Path("tests") / "coach" / ("test_" + name + ".py") for name in names]
    files.append(Path("tests") / "coach" / "duplicates" / "test_one_customer.py")
    run(PYTHON, "-m", "pytest", *files, "--database", "postgresql", "-n", os.cpu_count() or 1, "--dist", "loadfile",
        "-m", "not statistical and not (" + LIVE + ")")


def fast():
    """All tests but the statistical and the live ones."""
    tested("not statistical and not (" + LIVE + ")")


def test():
    """Style, imports, tests, statistical tests."""
    tested("not (" + LIVE + ")")
    on_a_server()


def search():
    """The fast tests on examples that nobody has tried yet."""
    tested("not statistical and not (" + LIVE + ")", "--hypothesis-profile", "new")


def live():
    """The coach as it runs: parity of every policy, killed servers, random requests, people's tasks in a browser."""
    setup()
    run(PYTHON, "-m", "pytest", "-m", LIVE, "--durations", "10")


def bench():
    setup()
    tool("rehearse", "bench")


def lock():
    """Choose versions anew (needs uv): one version of each package for all systems and Pythons, no addresses in the file."""
    uv = shutil.which("uv") or sys.exit("uv is needed: https://docs.astral.sh/uv/")
    run(uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--fork-strategy", "fewest",
        "--python-version", "3.11", "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate",
        "--extra", "test", "--group", "build", "--output-file", LOCK.name, "--upgrade", "pyproject.toml")


def clean():
    for folder in (".venv", "out", ".pytest_cache", ".ruff_cache", ".mypy_cache", ".hypothesis"):
        shutil.rmtree(ROOT / folder, ignore_errors=True)


if __name__ == "__main__":
    require_new_enough()
    goals = {task.__name__: task for task in (setup, demo, app, test, fast, live, search, lint, bench, lock, clean)}
    if len(sys.argv) != 2 or sys.argv[1] not in goals:
        sys.exit(__doc__)
    goals[sys.argv[1]]()
