import jsonschema

try:
    jsonschema.validate({"age": "ten"}, {"properties": {"age": {"type": "integer"}}})
except jsonschema.ValidationError as error:
    print(error.message)
