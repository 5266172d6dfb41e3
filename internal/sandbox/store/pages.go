package store

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
)

// The format of a file of bbolt, as far as it is checked here. Numbers have the byte order of the machine. A
// page begins with a header of 16 bytes: its number, its flags (2 bytes at 8), the number of its elements (2
// bytes at 10), and the number of the pages that continue it (4 bytes at 12). Elements of 16 bytes follow. One
// of a branch page ends with the number of another page. One of a leaf page has flags, an offset from the
// element, and the sizes of key and value; the value of a nested bucket begins with a header of 16 bytes, which
// begins with the number of its root page.
const (
	pageHeader   = 16
	elementSize  = 16
	bucketHeader = 16
	metaSize     = 64
	metaSum      = 56 // where its checksum is
	branchFlag   = 1
	leafFlag     = 2
	bucketFlag   = 1
)

// nestedBuckets is how deep the layout of the file nests buckets: in the root, and in "codes" and "machines".
const nestedBuckets = 2

// pageCheck checks the pages of a file before bbolt reads them, because bbolt does not survive some damage. It
// remembers which file it has checked, so that one that only this process changes is read once.
type pageCheck struct{ checked fs.FileInfo }

// file returns an error if a file that is not empty is damaged in a way that bbolt would not notice.
func (c *pageCheck) file(file *os.File) error {
	info, err := file.Stat()
	if err != nil || info.Size() == 0 { // it is being made
		return err
	}
	meta, err := checkMetas(file)
	if err != nil || c.isChecked(info) {
		return err
	}
	size := int64(binary.NativeEndian.Uint32(meta[8:]))
	tree := pageTree{file: file, size: size, pages: uint64(info.Size() / max(size, 1)), seen: map[uint64]bool{}}
	if err := tree.check(binary.NativeEndian.Uint64(meta[16:]), 0); err != nil {
		return err
	}
	if err := tree.checkFree(binary.NativeEndian.Uint64(meta[32:])); err != nil {
		return err
	}
	c.checked = info
	return nil
}

// fileIfChanged checks a file that stays open, if somebody has changed it in its place since it was checked.
func (c *pageCheck) fileIfChanged(file *os.File, info fs.FileInfo) error {
	if c.isChecked(info) {
		return nil
	}
	return c.file(file)
}

func (c *pageCheck) isChecked(info fs.FileInfo) bool {
	return c.checked != nil && os.SameFile(c.checked, info) && c.checked.Size() == info.Size() && c.checked.ModTime().Equal(info.ModTime())
}

// trust makes the file at a path count as checked, after bbolt has changed it. If it cannot be found, it is
// checked at its next use.
func (c *pageCheck) trust(path string) {
	info, err := os.Stat(path)
	if err != nil {
		info = nil
	}
	c.checked = info
}

// checkMetas checks the two pages with which a file of bbolt begins, and returns the content of the one that
// counts. Each describes the whole file; the newer one counts. If the newer one is damaged, bbolt would show the
// state before the last change, as if nothing were lost.
func checkMetas(file io.ReaderAt) ([]byte, error) {
	var metas [2][metaSize]byte
	offset := int64(pageHeader)
	for page := range metas {
		meta := metas[page][:]
		if _, err := file.ReadAt(meta, offset); err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		sum := fnv.New64a()
		sum.Write(meta[:metaSum]) // a hash never fails to write
		if sum.Sum64() != binary.NativeEndian.Uint64(meta[metaSum:]) {
			return nil, Textf("%w: page %d does not describe the file", ErrDamaged, page)
		}
		offset += int64(binary.NativeEndian.Uint32(meta[8:])) // the size of every page
	}
	if transaction(metas[1]) > transaction(metas[0]) {
		return metas[1][:], nil
	}
	return metas[0][:], nil
}

func transaction(meta [metaSize]byte) uint64 { return binary.NativeEndian.Uint64(meta[48:]) }

// pageTree is the pages that can be reached from the root.
type pageTree struct {
	file  io.ReaderAt
	size  int64  // of a page
	pages uint64 // in the file
	seen  map[uint64]bool
}

// check returns an error if bbolt could follow the references in a page, or below it, without end: in a circle,
// until its stack overflows and the program ends, or through a page that is no branch page with elements and no
// leaf page, behind whose end it reads. Other damage is left to bbolt, and so are pages that cannot be read.
func (t *pageTree) check(page uint64, depth int) error {
	if t.seen[page] {
		return Textf("%w: more than one reference to page %d", ErrDamaged, page)
	}
	t.seen[page] = true
	var header [pageHeader]byte
	if !t.read(header[:], page, 0) {
		return nil
	}
	flags, count := flagsOf(header[:]), int(binary.NativeEndian.Uint16(header[10:]))
	if flags != leafFlag && (flags != branchFlag || count == 0) {
		return unexpectedForm(page)
	}
	if err := t.checkLength(page, header[:]); err != nil {
		return err
	}
	if flags == leafFlag && depth == nestedBuckets {
		return nil
	}
	elements := make([]byte, elementSize*count)
	if !t.read(elements, page, pageHeader) {
		return nil
	}
	for i := 0; i < len(elements); i += elementSize {
		var err error
		if element := elements[i : i+elementSize]; flags == branchFlag {
			err = t.check(binary.NativeEndian.Uint64(element[8:]), depth)
		} else if binary.NativeEndian.Uint32(element)&bucketFlag != 0 {
			err = t.checkBucket(element, page, pageHeader+int64(i), depth+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// checkBucket checks the bucket in an element of a leaf page. A bucket without a page of its own has its only
// page, a leaf page, behind the number.
func (t *pageTree) checkBucket(element []byte, page uint64, offset int64, depth int) error {
	var value [bucketHeader + pageHeader]byte
	start := offset + int64(binary.NativeEndian.Uint32(element[4:])) + int64(binary.NativeEndian.Uint32(element[8:]))
	if !t.read(value[:], page, start) {
		return nil
	}
	if root := binary.NativeEndian.Uint64(value[:]); root != 0 {
		return t.check(root, depth)
	}
	if flagsOf(value[bucketHeader:]) != leafFlag {
		return unexpectedForm(page)
	}
	return nil
}

// checkLength returns an error if the pages that continue a page would be behind the end of the file. When bbolt
// replaces a page, it adds each of them to its list of free pages: up to four billion.
func (t *pageTree) checkLength(page uint64, header []byte) error {
	if page+uint64(binary.NativeEndian.Uint32(header[12:])) >= t.pages {
		return unexpectedForm(page)
	}
	return nil
}

// checkFree checks the page with the list of free pages.
func (t *pageTree) checkFree(page uint64) error {
	var header [pageHeader]byte
	if !t.read(header[:], page, 0) {
		return nil
	}
	return t.checkLength(page, header[:])
}

func unexpectedForm(page uint64) error {
	return Textf("%w: page %d has an unexpected form", ErrDamaged, page)
}

func flagsOf(header []byte) uint16 { return binary.NativeEndian.Uint16(header[8:]) }

// read reports whether it could fill into from a page. Numbers beyond any file are not read.
func (t *pageTree) read(into []byte, page uint64, offset int64) bool {
	if page > 1<<40 {
		return false
	}
	_, err := t.file.ReadAt(into, int64(page)*t.size+offset)
	return err == nil
}
