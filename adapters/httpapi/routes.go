package httpapi

import "github.com/labstack/echo/v4"

// routes is the whole API.
func (a *API) routes() {
	a.taskRoutes("/api/:user_id/tasks", ownerInPath)
	a.taskRoutes("/api/me/tasks", ownerIsActor)
	a.sessionRoutes("/api/:user_id/session", ownerInPath)
	a.sessionRoutes("/api/me/session", ownerIsActor)
	a.get("/api/me", a.authenticated(a.me))

	if a.options.KeySet != nil {
		a.get("/api/auth/jwks", a.keySet, a.deadline())
	}

	a.get("/health", constant(echo.MIMEApplicationJSON, []byte(`{"status":"healthy"}`)))
	a.get("/livez", constant(echo.MIMEApplicationJSON, []byte(`{"status":"alive"}`)))
	a.get("/readyz", a.ready, a.deadline())
	a.get("/openapi.yaml", constant("application/yaml", openapiYAML))
	a.get("/openapi.json", constant(echo.MIMEApplicationJSON, openapiJSON))
}

// taskRoutes are those of one collection of tasks and of its items.
func (a *API) taskRoutes(collection string, owner ownerOf) {
	item := collection + "/:id"
	a.get(collection, a.owned(owner, a.listTasks))
	a.echo.POST(collection, a.owned(owner, a.createTask))
	a.get(item, a.owned(owner, a.getTask))
	a.echo.PUT(item, a.owned(owner, a.updateTask)) // partial, as existing front ends use it
	a.echo.PATCH(item, a.owned(owner, a.updateTask))
	a.echo.DELETE(item, a.owned(owner, a.deleteTask))
	a.echo.PATCH(item+"/complete", a.owned(owner, a.completeTask))
}

// sessionRoutes are those of the session that a request is made with.
func (a *API) sessionRoutes(session string, owner ownerOf) {
	a.get(session, a.owned(owner, a.describeSession))
	a.echo.DELETE(session, a.owned(owner, a.endSession))
}

// get serves HEAD wherever it serves GET, which Echo by itself does not.
func (a *API) get(path string, handler echo.HandlerFunc, middleware ...echo.MiddlewareFunc) {
	a.echo.GET(path, handler, middleware...)
	a.echo.HEAD(path, handler, middleware...)
}
