import os
import subprocess
import sys
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from destinyvault.sandbox.manifest import Changes
from manifest import lookup, switch, sync
from manifest.models import Revision
from tests.manifest import content_files as made

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments, **options):
    out = StringIO()
    call_command("sync_manifest", *arguments, stdout=out, **options)
    return out.getvalue()


def test_all_configured_languages_are_brought_up_to_date(sandbox, settings):
    settings.MANIFEST_LANGUAGES = ["en", "fr"]
    told = run()
    for word in ("Downloading", "Unpacking", "Importing", "en: ", "fr: ", "is live", "definitions in", "new"):
        assert word in told
    assert run().count("is up to date") == 2


def test_only_the_named_languages_are_imported(sandbox):
    run("--language", "fr", "--language", "de")
    assert set(Revision.objects.values_list("language", flat=True)) == {"fr", "de"}


@pytest.mark.parametrize("flag", ["--check", "--dry-run"])
def test_check_only_tells(flag, sandbox):
    assert "en: " in run(flag)
    assert "is new" in run(flag)
    assert not Revision.objects.exists()


def test_check_tells_what_the_schedule_knows_of_the_new_one(sandbox):
    run("--language", "en")
    first = Revision.objects.get()
    sandbox.library.publish(Changes(removed=0.6))
    sync.sync("en", patient=True)
    assert "the schedule saw it once" in run("--language", "en", "--check")
    switch.make_live(first, pinned=True)
    assert "is new" in run("--language", "en", "--check")
    assert "the live revision is pinned" in run("--language", "en", "--check")
    switch.unpin("en")
    with pytest.raises(CommandError, match="held back"):
        run("--language", "en")
    assert "is held back: The content has" in run("--language", "en", "--check")
    run("--language", "en", "--force")
    switch.make_live(first)
    assert "is kept from before, and not live" in run("--language", "en", "--check")


def test_failing_language_does_not_keep_check_from_the_others(sandbox):
    sandbox.library.removed_languages.add("fr")
    out = StringIO()
    with pytest.raises(CommandError, match=r"fr: .*index has no Manifest"):
        call_command("sync_manifest", "--check", "--language", "fr", "--language", "en", stdout=out)
    assert "en: " in out.getvalue()


def test_force_imports_what_is_known(sandbox):
    run("--language", "en")
    told = run("--language", "en", "--force")
    assert "0 new, 0 changed, 0 removed" in told
    assert Revision.objects.count() == 2


def test_nothing_is_said_at_verbosity_0(sandbox, capfd):
    assert run("--language", "en", verbosity=0) == ""
    assert capfd.readouterr().out == ""


def test_terminal_shows_a_bar_for_every_phase(sandbox, monkeypatch, capfd):
    monkeypatch.setenv("TTY_COMPATIBLE", "1")  # to rich, stderr is a terminal now
    told = run("--language", "en")
    bars = capfd.readouterr().err
    for phase in ("Downloading", "Unpacking", "Importing"):
        assert phase in bars
        assert phase not in told
    assert "is live" in told


def everything_on(terminal):
    """Until nobody writes there any more, which Linux tells by an error, and others by an end."""
    shown = b""
    with suppress(OSError):
        while more := os.read(terminal, 4096):
            shown += more
    os.close(terminal)
    return shown.decode()


def test_real_terminal_shows_bars_and_a_pipe_only_words(tmp_path):
    """The command in a process of its own: stderr is a terminal, stdout a pipe."""
    archive = made.content_file(tmp_path, {made.ITEMS: made.items(*range(1, 500))})
    terminal, its_end = os.openpty()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "EMBEDDED_DATABASE": connection.settings_dict["NAME"],
        "TERM": "xterm",
        "COLUMNS": "100",
    }
    command = [sys.executable, "manage.py", "sync_manifest", "--language", "en", "--file", str(archive)]
    root = Path(__file__).parents[2]
    process = subprocess.Popen(command, env=environment, cwd=root, stdout=subprocess.PIPE, stderr=its_end)
    os.close(its_end)
    shown = everything_on(terminal)
    told, _ = process.communicate()
    assert process.returncode == 0, shown
    assert "Importing" in shown
    assert "\x1b[" in shown
    assert told.decode().startswith("en: the file's content is live: 499 definitions")


def test_file_that_is_none_is_told_without_promises(tmp_path):
    (tmp_path / "notes.md").write_text("# Notes")
    with pytest.raises(CommandError) as refused:
        run("--file", str(tmp_path / "notes.md"))
    assert "The live Manifest stays as it is." in str(refused.value)
    assert "next check" not in str(refused.value)


def test_file_needs_no_network_and_is_the_first_language(tmp_path, settings):
    settings.MANIFEST_LANGUAGES = ["fr", "en"]
    run("--file", str(made.content_file(tmp_path, {made.ITEMS: made.items(1)})))
    assert lookup.live("fr").language == "fr"
    assert Revision.objects.count() == 1


def test_file_is_of_the_language_that_is_named(tmp_path):
    run("--language", "de", "--file", str(made.content_file(tmp_path, {made.ITEMS: made.items(1)})))
    assert lookup.live("de").language == "de"


def test_file_under_bungies_name_is_what_bungie_serves(sandbox):
    content = sandbox.library.current.content("en")
    run("--file", str(content.zipped))
    assert "is up to date" in run("--language", "en")


@pytest.mark.parametrize("contradiction", [["--language", "en", "--language", "fr"], ["--check"]])
def test_contradictions_are_refused(contradiction, tmp_path):
    file = made.content_file(tmp_path, {made.ITEMS: {}})
    with pytest.raises(CommandError):
        run(*contradiction, "--file", str(file))


def test_language_that_is_none_is_refused():
    with pytest.raises(CommandError, match="language code"):
        run("--language", "Klingon, as spoken on Kronos")


@pytest.mark.parametrize("flags", [[], ["--check"]])
def test_failure_is_an_error_of_the_command(flags, settings):
    settings.BUNGIE_ROOT = "http://127.0.0.1:1"
    with pytest.raises(CommandError, match="cannot be reached"):
        run("--language", "en", *flags)


def test_failing_language_is_told_after_the_others_were_imported(sandbox):
    sandbox.library.removed_languages.add("fr")
    with pytest.raises(CommandError, match="fr: "):
        run("--language", "fr", "--language", "en")
    assert lookup.live("en").language == "en"


def test_embedded_database_that_cannot_start_is_one_sentence(tmp_path):
    """Its folder holds what a copy that was broken off leaves."""
    tmp_path.chmod(0o755)
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("18\n")
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path), "DEBUG": "on", "ENV_FILE": ""}
    command = [sys.executable, "manage.py", "sync_manifest"]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, env=environment, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    (told,) = done.stderr.splitlines()
    assert "did not start" in told
    assert "Read " in told
    assert ".." not in told
