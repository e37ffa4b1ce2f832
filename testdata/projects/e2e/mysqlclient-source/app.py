import MySQLdb
from MySQLdb import _mysql
from dotenv import dotenv_values

print(dotenv_values("settings.env")["DB_HOST"])
print(MySQLdb.version_info[:3], _mysql.escape_string("it's").decode())
