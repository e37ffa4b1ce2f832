import psycopg2
from sqlalchemy import MetaData, Table, Column, Integer, create_engine
from sqlalchemy.schema import CreateTable

engine = create_engine("postgresql+psycopg2://nobody@localhost/none")
print(CreateTable(Table("orders", MetaData(), Column("id", Integer, primary_key=True))).compile(engine))
try:
    psycopg2.connect("host=127.0.0.1 port=1 connect_timeout=1")
except psycopg2.OperationalError as error:
    print("libpq says:", "refused" in str(error))
