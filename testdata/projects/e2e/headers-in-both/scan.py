import smbc

print(smbc.Context().netbiosName or "no name")
