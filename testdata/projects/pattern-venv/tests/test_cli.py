import pytest

from weather.cli import main


def test_a_place_is_needed(monkeypatch):
    monkeypatch.setattr("sys.argv", ["weather"])
    with pytest.raises(SystemExit):
        main()
