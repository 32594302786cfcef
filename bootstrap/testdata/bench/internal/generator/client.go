package generator

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
)

// Client is one connection, which has one request at a time.
type Client struct {
	conn   net.Conn
	reader *bufio.Reader
	out    []byte
	answer Answer
}

// Dial connects a client to host:port, until the deadline of the context if
// that has one.
func Dial(ctx context.Context, address string) (*Client, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	if deadline, some := ctx.Deadline(); some {
		if err := conn.SetDeadline(deadline); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return &Client{conn: conn, reader: bufio.NewReaderSize(conn, 4<<10)}, nil
}

// Close ends the connection.
func (c *Client) Close() error { return c.conn.Close() }

// Do sends a request and returns its answer, whatever that is.
func (c *Client) Do(request *Request) (*Answer, error) {
	c.out = request.appendTo(c.out[:0])
	if _, err := c.conn.Write(c.out); err != nil {
		return nil, err
	}
	if err := c.answer.read(c.reader); err != nil {
		return nil, fmt.Errorf("%s %s: %w", request.Method, request.Path, err)
	}
	return &c.answer, nil
}

// Right sends a request and returns its answer, or what is wrong with it.
func (c *Client) Right(request *Request) (*Answer, error) {
	answer, err := c.Do(request)
	if err != nil {
		return nil, err
	}
	return answer, request.hold(answer)
}

// hold tells what is wrong with the answer.
func (r *Request) hold(answer *Answer) error {
	if r.Status != 0 && answer.Status != r.Status {
		return fmt.Errorf("%s %s answered %d, want %d: %.300s", r.Method, r.Path, answer.Status, r.Status, answer.Body)
	}
	if r.Check == nil {
		return nil
	}
	if err := r.Check(answer); err != nil {
		return fmt.Errorf("%s %s: %w: %.300s", r.Method, r.Path, err, answer.Body)
	}
	return nil
}
