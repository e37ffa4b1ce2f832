from tally import cli


def test_days(capsys):
    cli.days()
    assert capsys.readouterr().out == "29\n"
