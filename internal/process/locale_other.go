//go:build !windows

package process

// userLanguage is nil: the language of the user is in the environment.
var userLanguage func() string
