from fastapi import APIRouter

router = APIRouter()


@router.get("/words")
def words():
    return ["one", "two"]
