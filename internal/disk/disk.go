// Package disk is the interface to the file system for records and saved codes. Every operation that
// a power cut or a full disk can interrupt is one method of FS. OS is the real file system; package
// disktest has a file system in memory that loses unsynced data in a power cut.
package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// FS is a file system. No method follows a symbolic link in the last element of its path. No method
// blocks while another process holds a lock or until a named pipe has a writer.
type FS interface {
	// MkdirAll creates a private folder (0700) and its parents, and syncs the name of each new
	// folder.
	MkdirAll(path string) error
	ReadDir(path string) ([]fs.DirEntry, error)
	Lstat(path string) (fs.FileInfo, error)
	Chmod(path string, mode fs.FileMode) error

	// Read returns the content of a regular file with at most the given number of bytes. For other
	// files the error is ErrNotRegular or ErrTooLarge.
	Read(path string, most int64) ([]byte, error)
	// Create creates a private file (0600). The error is fs.ErrExist if the name exists.
	Create(path string) (File, error)
	// Append opens an existing regular file for writing at its end.
	Append(path string) (File, error)

	// Link creates a hard link and never replaces a file. Some file systems do not support hard links.
	Link(from, to string) error
	// RenameNew renames a file and never replaces another one. The error is errors.ErrUnsupported
	// if the system does not support that.
	RenameNew(from, to string) error
	// Rename renames a file and replaces a file that has the new name.
	Rename(from, to string) error
	Remove(path string) error
	// SyncFolder syncs the names in a folder, so that new and removed names survive a power cut.
	SyncFolder(path string) error

	// TryLock locks a file, and creates it if it does not exist. The error is ErrLocked while
	// another process, or another caller in this process, holds the lock. Closing the result
	// releases the lock and keeps the file.
	TryLock(path string) (io.Closer, error)
}

// File is an open file for writing. Written data survives the end of the process; only synced data
// survives a power cut.
type File interface {
	io.Writer
	Sync() error
	Close() error
}

// The errors of FS that package io/fs does not define.
var (
	ErrLocked     = errors.New("another process holds the lock")
	ErrNotRegular = errors.New("not a regular file")
	ErrTooLarge   = errors.New("the file is too large")
)

// detailed is one of these errors with a detail. format has both.
type detailed struct {
	err    error
	format string
	detail any
}

func (d detailed) Error() string { return fmt.Sprintf(d.format, d.err, d.detail) }
func (d detailed) Unwrap() error { return d.err }

// Sentence returns the text for package message.
func (d detailed) Sentence() (format string, args []any) { return d.format, []any{d.err, d.detail} }
