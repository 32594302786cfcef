package generator

import "strconv"

// Request is what is sent, and what is expected.
type Request struct {
	Method, Path, Token string
	Condition           string // a header line such as `If-Match: "42"`, or none
	Body                string // JSON, or none

	Status int                 // that the answer has to have; 0: any
	Check  func(*Answer) error // whether the answer is right, beside that; nil: it is
}

// appendTo writes the request as it goes over the wire.
func (r *Request) appendTo(dst []byte) []byte {
	dst = append(dst, r.Method...)
	dst = append(dst, ' ')
	dst = append(dst, r.Path...)
	dst = append(dst, " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer "...)
	dst = append(dst, r.Token...)
	dst = append(dst, "\r\n"...)
	if r.Condition != "" {
		dst = append(dst, r.Condition...)
		dst = append(dst, "\r\n"...)
	}
	if r.Body != "" {
		dst = append(dst, "Content-Type: application/json\r\n"...)
	}
	if r.Method != "GET" {
		dst = append(dst, "Content-Length: "...)
		dst = strconv.AppendInt(dst, int64(len(r.Body)), 10)
		dst = append(dst, "\r\n"...)
	}
	dst = append(dst, "\r\n"...)
	return append(dst, r.Body...)
}
