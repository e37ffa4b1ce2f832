from astropy import units as u

print((1 * u.parsec).to(u.lightyear))
