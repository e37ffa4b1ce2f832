from guestbook import app


def test_routes():
    assert {rule.endpoint for rule in app.url_map.iter_rules()} >= {"entries", "sign"}
