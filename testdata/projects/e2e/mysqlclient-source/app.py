import MySQLdb
from dotenv import dotenv_values

print(dotenv_values("settings.env")["DB_HOST"])
print(MySQLdb.version_info[:3], MySQLdb.escape_string("it's").decode())
