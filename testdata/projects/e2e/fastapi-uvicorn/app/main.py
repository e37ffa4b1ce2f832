from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Item(BaseModel):
    id: int
    q: str | None = None


@app.get("/items/{item_id}")
def read_item(item_id: int, q: str | None = None) -> Item:
    return Item(id=item_id, q=q)
