package httpapi

import "github.com/labstack/echo/v4"

// Routes gives the route table, which a test holds against openapi.yaml.
func (a *API) Routes() []*echo.Route { return a.echo.Routes() }
