from wardkeep.web.security import login_form_token, same


def test_bytes_that_are_no_text_fit_no_form_and_break_none() -> None:
    hostile = "\udcff\ud800"
    assert not same("expected", hostile)
    assert not same(login_form_token("secret", hostile), hostile)


def test_a_login_form_fits_only_the_browser_it_was_made_for() -> None:
    token = login_form_token("secret", "nonce")
    assert same(token, login_form_token("secret", "nonce"))
    assert not same(token, login_form_token("secret", "another"))
    assert not same(token, login_form_token("another", "nonce"))
