package netfault

import (
	"encoding/json"
	"errors"
	"fmt"
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
		return fmt.Errorf("it is not valid JSON at byte %d", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Errorf("field %s has an unexpected form", kind.Field)
	default:
		return err
	}
}
