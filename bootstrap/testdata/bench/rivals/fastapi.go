package main

import (
	"context"
	"net/url"
	"path/filepath"
	"strconv"

	"example.com/bench/internal/service"
)

// askPython has Python print the versions of what FastAPI runs on.
const askPython = `import platform, fastapi, pydantic, sqlmodel, sqlalchemy, asyncpg, uvicorn
print(f"Python {platform.python_version()}, FastAPI {fastapi.__version__}, Pydantic {pydantic.__version__}, SQLModel {sqlmodel.__version__}, "
      f"SQLAlchemy {sqlalchemy.__version__}, asyncpg {asyncpg.__version__}, Uvicorn {uvicorn.__version__}")`

// fastAPI is the server of a directory on FastAPI and SQLModel. Without a
// Python that has them it gets one.
func fastAPI(ctx context.Context, directory, python, database string) (rival, error) {
	if python == "" {
		environment := filepath.Join(directory, ".venv")
		python = filepath.Join(environment, "bin", "python")
		if _, err := output(ctx, directory, "python3", "-m", "venv", environment); err != nil {
			return rival{}, err
		}
		if _, err := output(ctx, directory, python, "-m", "pip", "install", "--quiet", "--requirement=requirements.txt"); err != nil {
			return rival{}, err
		}
	}
	versions, err := output(ctx, "", python, "-c", askPython)
	if err != nil {
		return rival{}, err
	}
	address, err := url.Parse(database)
	if err != nil {
		return rival{}, err
	}
	address.Scheme, address.RawQuery = "postgresql+asyncpg", "ssl=disable"
	return rival{versions: versions, bound: 10, Spec: service.Spec{
		Name: "FastAPI + SQLModel", Program: python, PortVariable: "UVICORN_PORT",
		Arguments: []string{"-m", "uvicorn", "--app-dir=" + directory, "--workers=" + strconv.Itoa(workers), "--no-access-log", "--log-level=warning", "main:app"},
		Environment: []string{
			"DATABASE_URL=" + address.String(), "SECRET=" + service.Secret, "POOL=" + strconv.Itoa(pool), "PYTHONDONTWRITEBYTECODE=1",
		},
	}}, nil
}
