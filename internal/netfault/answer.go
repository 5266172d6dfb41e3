package netfault

import (
	"encoding/json"
	"errors"
	"net/http"
)

// StatusClientClosed is the status that some gateways return if the client closed the connection.
const StatusClientClosed = 499

// IsTemporary reports whether a request with this response status may succeed later.
func IsTemporary(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, StatusClientClosed,
		http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// WithoutContent returns an error of encoding/json without quotes from the input.
func WithoutContent(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return Error{Format: "it is not valid JSON at byte %d", Args: []any{syntax.Offset}}
	case errors.As(err, &kind) && kind.Field == "":
		return Error{Format: "it has an unexpected form"}
	case errors.As(err, &kind):
		return Error{Format: "field %s has an unexpected form", Args: []any{kind.Field}}
	default:
		return err
	}
}
