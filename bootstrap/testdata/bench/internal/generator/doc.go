// Package generator sends requests and times their answers.
//
// It is small and of our own because those that can be had as a library
// (fortio, hey) send the same request over and over and count a latency from
// when a request was sent, not from when it was due; bombardier and k6 are
// programs. Its requests are bytes on a connection and its answers are read
// with no more than HTTP/1.1 with Content-Length needs: what it uses of the
// machine is not there for the server that is measured.
package generator
