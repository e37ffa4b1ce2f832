import configparser

import pyparsing

config = configparser.ConfigParser()
config.read("config.ini")
print(config["app"]["name"], pyparsing.Word(pyparsing.nums).parse_string("42 ")[0])
