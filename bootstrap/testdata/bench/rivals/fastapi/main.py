"""Taskward's list of tasks, as one writes it with FastAPI and SQLModel.

DATABASE_URL  PostgreSQL with Taskward's tables, for asyncpg
SECRET        that tokens are signed with
POOL          connections to PostgreSQL of each worker
"""

import os
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated, Literal

import jwt
from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import BigInteger, Column, DateTime, Field, SmallInteger, SQLModel, String, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

SECRET = os.environ["SECRET"]
PRIORITIES = {1: "low", 2: "medium", 3: "high"}

engine = create_async_engine(os.environ["DATABASE_URL"], pool_size=int(os.environ["POOL"]), max_overflow=0)
app = FastAPI()
bearer = HTTPBearer()


class TaskBase(SQLModel):
    title: str
    description: str | None = None
    completed: bool
    due_date: str | None = None
    due_zone: str | None = None


class Task(TaskBase, table=True):
    __tablename__ = "tasks"
    __table_args__ = {"schema": "taskward"}

    user_id: str = Field(primary_key=True)
    id: int = Field(primary_key=True, sa_type=BigInteger)
    completed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    level: int = Field(sa_column=Column("priority", SmallInteger, nullable=False))
    tags: list[str] = Field(sa_type=JSONB)
    moved_to: str | None = Field(default=None, sa_column=Column("position", String))
    version: int = Field(sa_column=Column("sequence", BigInteger, nullable=False))
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    updated_at: datetime = Field(sa_type=DateTime(timezone=True))

    @property
    def priority(self) -> str:
        return PRIORITIES[self.level]

    @property
    def position(self) -> str:
        """Where the task was moved to, or else stands by its id."""
        return self.moved_to or f"{2**62 + self.id:x}"


class TaskPublic(TaskBase):
    id: int
    user_id: str
    completed_at: datetime | None
    priority: Literal["low", "medium", "high"]
    tags: list[str]
    position: str
    version: int
    created_at: datetime
    updated_at: datetime


async def get_session() -> AsyncIterator[AsyncSession]:
    async with AsyncSession(engine) as session:
        yield session


async def get_owner(user_id: str, credentials: Annotated[HTTPAuthorizationCredentials, Depends(bearer)]) -> str:
    """Let nobody but the user of the path pass."""
    try:
        claims = jwt.decode(credentials.credentials, SECRET, algorithms=["HS256"])
    except jwt.InvalidTokenError as error:
        raise HTTPException(status_code=401, detail="the token is not good") from error
    if claims.get("sub") != user_id:
        raise HTTPException(status_code=403, detail="somebody else's")
    return user_id


@app.get("/api/{user_id}/tasks", response_model=list[TaskPublic])
async def list_tasks(
    owner: Annotated[str, Depends(get_owner)],
    session: Annotated[AsyncSession, Depends(get_session)],
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Sequence[Task]:
    tasks = await session.exec(select(Task).where(Task.user_id == owner).order_by(col(Task.id).desc()).limit(limit))
    return tasks.all()
