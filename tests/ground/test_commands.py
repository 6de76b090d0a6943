import ssl

import pytest
from django.core.management import CommandError, call_command


def test_certificate_writes_a_pair_that_a_server_can_load(settings, tmp_path, capsys):
    settings.VAR_DIR = tmp_path
    call_command("certificate")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "certificate.key")
    assert (tmp_path / "certificate.key").stat().st_mode & 0o077 == 0


def test_postgres_tells_whether_it_runs(db, capsys):
    call_command("postgres", "status")
    assert "running" in capsys.readouterr().out


def test_postgres_is_not_ours_where_database_url_names_a_server(db, monkeypatch):
    from django.db import connection

    monkeypatch.delitem(connection.settings_dict, "DATA", raising=False)
    with pytest.raises(CommandError, match="DATABASE_URL"):
        call_command("postgres", "status")


@pytest.mark.parametrize("name", ["content", "profile"])
def test_demo_says_which_file_is_missing(name, tmp_path):
    with pytest.raises(CommandError, match=f"{name.upper()}=.*no such file"):
        call_command("demo", **{name: str(tmp_path / "nothing")})
