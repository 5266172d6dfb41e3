//go:build !unix

package disk

// doNotWait has no meaning here: there are no named pipes in folders.
const doNotWait = 0
