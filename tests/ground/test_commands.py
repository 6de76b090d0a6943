import ssl

import pytest
from django.core.management import CommandError, call_command

from destinyvault.demo import parts
from destinyvault.demo.place import Demo


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


def test_demo_staff_keeps_one_account_with_the_password_that_the_demo_prints(db, monkeypatch, django_user_model):
    for password in ("first", "first", "second"):
        monkeypatch.setenv("DEMO_STAFF_PASSWORD", password)
        call_command("demo_staff")
    staff = django_user_model.objects.get(username="staff")
    assert staff.is_superuser
    assert staff.check_password("second")


def test_demo_staff_makes_no_account_without_a_password(db, monkeypatch, django_user_model):
    monkeypatch.delenv("DEMO_STAFF_PASSWORD", raising=False)
    with pytest.raises(CommandError, match="createsuperuser"):
        call_command("demo_staff")
    assert not django_user_model.objects.exists()


def test_demo_hands_on_where_its_messages_go(monkeypatch, tmp_path):
    monkeypatch.setenv("ANNOUNCE_WEBHOOK_URL", "http://127.0.0.1:9/services/x")
    monkeypatch.setenv("EMAIL_URL", "smtp://somebody@example.org")
    demo = Demo(tmp_path, tmp_path, 8000, 8777, "", "")
    environment = parts.environment(demo)
    assert environment["ANNOUNCE_WEBHOOK_URL"] == "http://127.0.0.1:9/services/x"
    assert "EMAIL_URL" not in environment
