package main

import (
	"context"
	"os/exec"
	"path/filepath"
	"strconv"

	"example.com/bench/internal/service"
)

// askNode has Node.js print the versions of what Fastify runs on.
const askNode = "const version = (name) => require(`./node_modules/${name}/package.json`).version;" +
	"`Node.js ${process.versions.node}, Fastify ${version('fastify')}, jose ${version('jose')}, pg ${version('pg')}`"

// fastify is the server of a directory on Fastify, whose packages it gets.
func fastify(ctx context.Context, directory, database string) (rival, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return rival{}, err
	}
	if _, err := output(ctx, directory, "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"); err != nil {
		return rival{}, err
	}
	versions, err := output(ctx, directory, node, "-p", askNode)
	if err != nil {
		return rival{}, err
	}
	return rival{versions: versions, bound: 2.4, Spec: service.Spec{
		Name: "Fastify", Program: node, PortVariable: "PORT",
		Arguments: []string{filepath.Join(directory, "server.js")},
		Environment: []string{
			"DATABASE_URL=" + database, "SECRET=" + service.Secret, "WORKERS=" + strconv.Itoa(workers), "POOL=" + strconv.Itoa(pool),
			"NODE_ENV=production",
		},
	}}, nil
}
