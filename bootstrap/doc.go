// Package bootstrap is the composition root: it reads the settings, chooses
// the adapters, wires them and runs the service. It is the only package that
// knows every adapter, and the only one that knows fx.
//
// A team with an adapter of its own calls [Run] from its own main, with one
// [Use] for each port that it serves. [Main] is the same for who brings the
// context, arguments and streams.
package bootstrap
