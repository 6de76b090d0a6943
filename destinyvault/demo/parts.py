"""The processes of a demo: sandbox, web and cluster, and the commands that prepare them."""

import json
import os
import secrets
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from destinyvault import env
from destinyvault.demo.place import Demo, DemoError

DATABASE = "destinyvault_demo"
# The sandbox's own, known to everyone.
OWN_SETTINGS = {
    "BUNGIE_API_KEY": "sandbox-api-key",
    "BUNGIE_CLIENT_ID": "12345",
    "BUNGIE_CLIENT_SECRET": "sandbox-client-secret",
}
STAFF, STAFF_PASSWORD = "staff", "DEMO_STAFF_PASSWORD"
STOP_SECONDS = 15

Parts = dict[str, subprocess.Popen]


def launch(demo: Demo, parts: Parts, name: str) -> None:
    """In a session of its own, so that Ctrl-C reaches only us and we choose the order of ends."""
    demo.logs.mkdir(parents=True, exist_ok=True)
    with (demo.logs / f"{name}.log").open("ab") as log:
        parts[name] = subprocess.Popen(
            _commands(demo)[name],
            cwd=demo.base,
            env=environment(demo),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    started = {part.pid: _started_at(part.pid) for part in parts.values()}
    pid_file(demo).write_text(json.dumps(started))


def manage(demo: Demo, *arguments: str, **more: str) -> None:
    done = subprocess.run(
        [sys.executable, str(demo.base / "manage.py"), *arguments],
        cwd=demo.base,
        env={**environment(demo), **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last_words = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
        raise DemoError(f"`manage.py {arguments[0]}` failed:\n{last_words}")


def end(part: subprocess.Popen) -> None:
    part.terminate()
    with suppress(subprocess.TimeoutExpired):
        part.wait(STOP_SECONDS)
    end_group(part.pid)


def end_group(pid: int) -> None:
    """What is left of a part's session: its children, when it was killed itself."""
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def end_leftovers(demo: Demo) -> list[int]:
    """A demo that was killed itself left its parts running; pids come round again, so their start is compared."""
    try:
        noted = json.loads(pid_file(demo).read_text())
    except (FileNotFoundError, ValueError):
        return []
    ours = [int(pid) for pid, started in noted.items() if _started_at(int(pid)) == started is not None]
    for pid in ours:
        end_group(pid)
    pid_file(demo).unlink(missing_ok=True)
    return ours


def _started_at(pid: int) -> float | None:
    try:
        return psutil.Process(pid).create_time()
    except psutil.Error:
        return None


def pid_file(demo: Demo) -> Path:
    return demo.logs / "pids.json"


def staff_password(demo: Demo) -> str:
    """Made once, and kept where only its owner reads it."""
    file = demo.logs / "staff_password"
    kept = file.read_text().strip() if file.exists() else ""
    if not kept:
        kept = secrets.token_urlsafe(12)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(f"{kept}\n")
    return kept


def _commands(demo: Demo) -> dict[str, list[str]]:
    manage = [sys.executable, str(demo.base / "manage.py")]
    sandbox = [*manage, "sandbox", "--port", str(demo.sandbox_port)]
    sandbox += ["--redirect-url", f"{demo.address}/accounts/bungie/login/callback/"]
    sandbox += ["--content", demo.content] if demo.content else []
    sandbox += ["--profile", demo.profile] if demo.profile else []
    web = [sys.executable, "-m", "gunicorn", "destinyvault.wsgi"]
    return {"sandbox": sandbox, "web": web, "cluster": [*manage, "qcluster"]}


def environment(demo: Demo) -> dict[str, str]:
    kept = env.kept_secrets(demo.var / "secrets.json")
    foreign = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_SETTINGS_MODULE"}
    return {
        **{name: value for name, value in os.environ.items() if name not in foreign},
        **kept,
        **OWN_SETTINGS,
        "ENV_FILE": "",
        "DEBUG": "off",
        "VAR_DIR": str(demo.var),
        "EMBEDDED_DATABASE": DATABASE,
        "ALLOWED_HOSTS": "127.0.0.1,localhost",
        "SITE_URL": demo.address,
        "WEB_PORT": str(demo.port),
        "BUNGIE_ROOT": demo.sandbox,
        "MANIFEST_LANGUAGES": "en,fr",
    }
