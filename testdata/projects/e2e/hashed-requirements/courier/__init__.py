from marshmallow import Schema, fields


class Parcel(Schema):
    weight = fields.Float(required=True)


def main():
    print(Parcel().load({"weight": "1.5"}), Parcel().validate({}))
