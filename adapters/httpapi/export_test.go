package httpapi

import (
	"github.com/labstack/echo/v4"

	"github.com/taskward/taskward/domain"
)

// Routes gives the route table, which a test holds against openapi.yaml.
func (a *API) Routes() []*echo.Route { return a.echo.Routes() }

// SealCursor makes a cursor for the list that a query asks for, of whatever
// content: there is no secret that would keep anybody from it.
func SealCursor(owner domain.UserID, rawQuery string, content []byte) (string, error) {
	query, err := parseListQuery(rawQuery, owner, false)
	return seal(content, listIdentity(owner, query)), err
}

// SealTrashCursor does the same for the owner's trash.
func SealTrashCursor(owner domain.UserID, content []byte) string {
	return seal(content, trashIdentity(owner))
}

// SealFeedToken does the same for the owner's changes.
func SealFeedToken(owner domain.UserID, content []byte) string {
	return seal(content, feedIdentity(owner))
}
