from fastapi import FastAPI

from app.routers import words

app = FastAPI()
app.include_router(words.router)
