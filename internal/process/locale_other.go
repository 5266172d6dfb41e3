//go:build !windows

package process

// userLanguage returns "": the language of the user is in the environment.
func userLanguage() string { return "" }
