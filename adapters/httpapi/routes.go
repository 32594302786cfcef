package httpapi

import (
	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

// routes is the whole API.
func (a *API) routes() {
	a.ownerRoutes("/api/:user_id", ownerInPath)
	a.ownerRoutes("/api/me", ownerIsActor)
	a.get("/api/me", a.authenticated(a.me))
	for _, alias := range a.options.Variants.Aliases {
		a.taskRoutes(alias, ownerIsActor)
	}

	if a.options.KeySet != nil {
		a.get("/api/auth/jwks", a.keySet, a.deadline())
	}

	a.get("/health", constant(echo.MIMEApplicationJSON, []byte(`{"status":"healthy"}`)))
	a.get("/livez", constant(echo.MIMEApplicationJSON, []byte(`{"status":"alive"}`)))
	a.get("/readyz", a.ready, a.deadline())
	a.get("/openapi.yaml", constant("application/yaml", openapiYAML))
	a.get("/openapi.json", constant(echo.MIMEApplicationJSON, openapiJSON))
	a.get("/docs", docs)
	a.get("/docs/:file", docsPart)

	if a.options.Page != nil {
		page := echo.WrapHandler(a.options.Page)
		a.get("/", page)
		a.get("/page/:file", page)
		a.echo.POST("/page/sign-in", page)
	}
}

// ownerRoutes are those to all that is an owner's.
func (a *API) ownerRoutes(user string, owner ownerOf) {
	a.taskRoutes(user+"/tasks", owner)
	a.trashRoutes(user+"/trash", owner)
	a.get(user+"/changes", a.owned(owner, domain.AuditRead, a.listChanges))
	a.get(user+"/events", a.streamed(owner, domain.AuditRead, a.followChanges))
	a.get(user+"/export", a.streamed(owner, domain.AuditRead, a.exportTasks))
	a.echo.POST(user+"/import", a.streamed(owner, domain.AuditImport, a.importTasks), within(importDeadline))
	a.sessionRoutes(user+"/session", owner)
}

// taskRoutes are those of one collection of tasks and of its items.
func (a *API) taskRoutes(collection string, owner ownerOf) {
	item := collection + "/:id"
	a.get(collection, a.owned(owner, domain.AuditRead, a.listTasks))
	a.echo.POST(collection, a.owned(owner, domain.AuditCreate, a.createTask))
	a.echo.DELETE(collection, a.owned(owner, domain.AuditErase, a.eraseTasks))
	a.echo.POST(collection+"/batch", a.owned(owner, domain.AuditBatch, a.batchTasks))
	a.get(item, a.owned(owner, domain.AuditRead, a.getTask))
	a.echo.PUT(item, a.owned(owner, domain.AuditEdit, a.updateTask)) // partial, as existing front ends use it
	a.echo.PATCH(item, a.owned(owner, domain.AuditEdit, a.updateTask))
	a.echo.DELETE(item, a.owned(owner, domain.AuditDelete, a.deleteTask))
	a.echo.PATCH(item+"/complete", a.owned(owner, domain.AuditComplete, a.completeTask))
}

// trashRoutes are those of what was deleted and can be restored.
func (a *API) trashRoutes(trash string, owner ownerOf) {
	item := trash + "/:id"
	a.get(trash, a.owned(owner, domain.AuditRead, a.listTrash))
	a.echo.POST(item+"/restore", a.owned(owner, domain.AuditRestore, a.restoreTask))
	a.echo.DELETE(item, a.owned(owner, domain.AuditPurge, a.purgeTask))
}

// sessionRoutes are those of the session that a request is made with.
func (a *API) sessionRoutes(session string, owner ownerOf) {
	a.get(session, a.owned(owner, domain.AuditRead, a.describeSession))
	a.echo.DELETE(session, a.owned(owner, domain.AuditEndSession, a.endSession))
}

// get serves HEAD wherever it serves GET, which Echo by itself does not.
func (a *API) get(path string, handler echo.HandlerFunc, middleware ...echo.MiddlewareFunc) {
	a.echo.GET(path, handler, middleware...)
	a.echo.HEAD(path, handler, middleware...)
}
