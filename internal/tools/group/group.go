// Package group ends programs together with the processes that they have started, for the tools.
package group
