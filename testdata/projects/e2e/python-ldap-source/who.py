import ldap
import ldap.dn

print(ldap.dn.explode_dn("cn=Ada,dc=example,dc=org"), ldap.SASL_AVAIL, ldap.TLS_AVAIL)
