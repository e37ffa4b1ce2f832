import locale

import ldap

locale.setlocale(locale.LC_ALL, "de_AT.UTF-8")
print(ldap.dn.escape_dn_chars("a,b"), locale.localeconv()["decimal_point"])
