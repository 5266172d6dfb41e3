// Package disk is the narrow interface through which records and saved codes reach the file
// system: every step that a power cut or a full disk can interrupt is one method of FS. OS is the
// real file system; package disktest has one in memory that forgets what was not synced.
package disk

import (
	"errors"
	"io"
	"io/fs"
)

// FS is a file system. No method follows a symbolic link in the last element of its path, and none
// waits: not for a lock, and not for the writer of a named pipe.
type FS interface {
	// MkdirAll makes a private folder (0700) and its parents. The name of each folder that it
	// makes is synced.
	MkdirAll(path string) error
	ReadDir(path string) ([]fs.DirEntry, error)
	Lstat(path string) (fs.FileInfo, error)
	Chmod(path string, mode fs.FileMode) error

	// Read returns the content of a regular file of at most that many bytes; the error for
	// anything else is ErrNotRegular or ErrTooLarge.
	Read(path string, most int64) ([]byte, error)
	// Create makes a new private file (0600). The error for a name that exists is fs.ErrExist.
	Create(path string) (File, error)
	// Append opens a regular file that exists, to write at its end.
	Append(path string) (File, error)

	// Link gives a file a second name and never replaces one. Some file systems have no links.
	Link(from, to string) error
	// RenameNew renames a file and never replaces one. The error is errors.ErrUnsupported where
	// the system cannot do that.
	RenameNew(from, to string) error
	// Rename renames a file and replaces the one that has the name, if there is one.
	Rename(from, to string) error
	Remove(path string) error
	// SyncFolder makes the names in a folder, new and removed ones, survive a power cut.
	SyncFolder(path string) error

	// TryLock takes the lock that a file stands for, and makes the file where there is none. The
	// error is ErrLocked while another process, or another holder in this one, has the lock.
	// Closing gives it back; the file stays.
	TryLock(path string) (io.Closer, error)
}

// File is an open file for writing. What was written survives the end of the process; only what was
// synced survives a power cut.
type File interface {
	io.Writer
	Sync() error
	Close() error
}

// The errors of FS that have no name in package io/fs.
var (
	ErrLocked     = errors.New("another process holds the lock")
	ErrNotRegular = errors.New("not a regular file")
	ErrTooLarge   = errors.New("the file is too large")
)
