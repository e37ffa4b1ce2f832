package imagefs

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"
)

// Package is an entry of rpm's database.
type Package struct {
	Name, Version string
	Bytes         int64    // of its files, as it declares
	Files         []string // the first of its files and folders, absolute
}

// rpmdbName is rpm's database since version 4.16: Fedora 33 and RHEL 9. Those before, and SUSE's, are other formats.
const rpmdbName = "rpmdb.sqlite"

const (
	sqliteMagic = "SQLite format 3\x00"
	// packageFiles is how many files are named of a package, packageBytes the longest header of one.
	packageFiles = 10
	packageBytes = 32 << 20
)

// sqlite reads tables of a database from its first row to the last. Its numbers may say anything.
// https://www.sqlite.org/fileformat2.html
type sqlite struct {
	r            io.ReaderAt
	size, usable uint64 // of a page, in bytes
	budget       int64  // bytes that may still be read: each is part of one page, and of one row
}

// rpmPackages reads the table of packages, and says how many bytes of names it took; nil where it is damaged: what is installed is not
// known then.
func rpmPackages(r io.ReaderAt, size int64) (packages []Package, names int) {
	head := make([]byte, 100)
	if n, _ := r.ReadAt(head, 0); n < len(head) || string(head[:16]) != sqliteMagic {
		return nil, 0
	}
	db := &sqlite{r: r, size: uint64(binary.BigEndian.Uint16(head[16:])), budget: 2 * size}
	if db.size == 1 {
		db.size = 1 << 16
	}
	if db.usable = db.size - uint64(head[20]); db.size < 512 || db.usable < 480 {
		return nil, 0
	}
	root := uint64(0)
	db.rows(1, 0, func(row [][]byte) {
		if len(row) > 3 && string(row[0]) == "table" && string(row[1]) == "Packages" {
			root = number(row[3])
		}
	})
	whole := true
	db.rows(root, 0, func(row [][]byte) {
		if len(row) < 2 {
			whole = false
			return
		}
		p, ok := rpmHeader(row[1])
		packages = append(packages, p)
		names += len(p.Name) + len(p.Version)
		for _, name := range p.Files {
			names += len(name)
		}
		if whole = whole && ok; names > keptBytes {
			db.fail()
		}
	})
	if !whole || db.budget < 0 {
		return nil, 0
	}
	return packages, names
}

// fail ends all reading.
func (db *sqlite) fail() { db.budget = -1 }

// page reads a page, nil where there is none. Pages are counted from 1.
func (db *sqlite) page(n uint64) []byte {
	page := make([]byte, db.size)
	db.budget -= int64(db.size)
	if db.budget < 0 || n == 0 || n > 1<<32 {
		db.fail()
		return nil
	}
	if read, _ := db.r.ReadAt(page, int64((n-1)*db.size)); read < len(page) { // it may say where the file ends
		db.fail()
		return nil
	}
	return page[:db.usable]
}

// rows walks the tree of a table.
func (db *sqlite) rows(root uint64, depth int, row func([][]byte)) {
	page := db.page(root)
	if page == nil || depth > 20 {
		db.fail()
		return
	}
	head := page
	if root == 1 {
		head = page[100:] // the file's own header
	}
	const interior, leaf = 5, 13
	slots := head[8:]
	switch head[0] {
	case interior:
		slots = head[12:]
	case leaf:
	default:
		db.fail()
		return
	}
	for i := range int(binary.BigEndian.Uint16(head[3:])) {
		if db.budget < 0 || 2*i+2 > len(slots) {
			db.fail()
			return
		}
		at := int(binary.BigEndian.Uint16(slots[2*i:]))
		if at+4 > len(page) {
			db.fail()
			return
		}
		if head[0] == leaf {
			row(columns(db.payload(page[at:])))
		} else {
			db.rows(number(page[at:at+4]), depth+1, row)
		}
	}
	if head[0] == interior {
		db.rows(number(head[8:12]), depth+1, row)
	}
}

// payload is a row: what its page has of it, and what the chain of pages behind has.
func (db *sqlite) payload(cell []byte) []byte {
	size, cell := varint(cell)
	_, cell = varint(cell) // the row's number
	here, most := size, db.usable-35
	if size > most {
		least := (db.usable-12)*32/255 - 23
		if here = least + (size-least)%(db.usable-4); here > most {
			here = least
		}
	}
	db.budget -= int64(min(size, packageBytes))
	if size > packageBytes || db.budget < 0 || uint64(len(cell)) < here || here < size && uint64(len(cell)) < here+4 {
		db.fail()
		return nil
	}
	if here == size {
		return cell[:size]
	}
	all, next := slices.Clone(cell[:here]), number(cell[here:here+4])
	for uint64(len(all)) < size {
		page := db.page(next)
		if page == nil {
			return nil
		}
		next = number(page[:4])
		all = append(all, page[4:min(uint64(len(page)), 4+size-uint64(len(all)))]...)
	}
	return all
}

// columns are the values of a row, the first few of them.
func columns(row []byte) (values [][]byte) {
	size, rest := varint(row)
	if size > uint64(len(row)) || len(row)-len(rest) > int(size) {
		return nil
	}
	kinds, data := row[len(row)-len(rest):size], row[size:]
	for len(kinds) > 0 && len(values) < 5 {
		var kind uint64
		kind, kinds = varint(kinds)
		width := kind
		switch {
		case kind >= 12: // text and bytes
			width = (kind - 12) / 2
		case kind >= 8: // 0 and 1
			width = 0
		case kind >= 6:
			width = 8
		case kind == 5:
			width = 6
		}
		if width > uint64(len(data)) {
			return nil
		}
		values, data = append(values, data[:width]), data[width:]
	}
	return values
}

// varint is a number of one to nine bytes, and what is behind it.
func varint(b []byte) (n uint64, rest []byte) {
	for i, c := range b {
		if i == 8 {
			return n<<8 | uint64(c), b[9:]
		}
		if n = n<<7 | uint64(c&0x7f); c < 0x80 {
			return n, b[i+1:]
		}
	}
	return n, nil
}

// number is an integer of up to eight bytes, the largest first.
func number(b []byte) (n uint64) {
	for _, c := range b {
		n = n<<8 | uint64(c)
	}
	return n
}

// The tags of a package's header that are read. https://rpm.org/docs/4.20.x/manual/tags.html
const (
	rpmName       = 1000
	rpmVersion    = 1001
	rpmRelease    = 1002
	rpmSize       = 1009
	rpmDirIndexes = 1116
	rpmBaseNames  = 1117
	rpmDirNames   = 1118
	rpmLongSize   = 5009
)

// rpmHeader reads what rpm keeps of a package: two numbers, entries of 16 bytes, and the values that they point to.
// https://rpm.org/docs/4.20.x/manual/format_header.html
func rpmHeader(b []byte) (p Package, ok bool) {
	if len(b) < 8 || number(b[:4]) > uint64(len(b)-8)/16 {
		return p, false
	}
	end := 8 + 16*number(b[:4])
	values, counts := map[uint64][]byte{}, map[uint64]uint64{}
	for entry := range slices.Chunk(b[8:end], 16) {
		if offset := number(entry[8:12]); offset <= uint64(len(b))-end {
			tag := number(entry[:4])
			values[tag], counts[tag] = b[end+offset:], number(entry[12:])
		}
	}
	numberAt := func(tag, i, width uint64) uint64 {
		if value := values[tag]; (i+1)*width <= uint64(len(value)) {
			return number(value[i*width : (i+1)*width])
		}
		return 0
	}
	p.Name = textAt(values[rpmName], 0)
	p.Version = textAt(values[rpmVersion], 0) + "-" + textAt(values[rpmRelease], 0)
	p.Bytes = int64(numberAt(rpmSize, 0, 4) | numberAt(rpmLongSize, 0, 8)) // it has one of them
	for i := range min(counts[rpmBaseNames], packageFiles) {
		if name := textAt(values[rpmBaseNames], i); name != "" {
			p.Files = append(p.Files, textAt(values[rpmDirNames], numberAt(rpmDirIndexes, i, 4))+name)
		}
	}
	return p, p.Name != "" && p.Bytes >= 0
}

// textAt is one of several texts that end with a zero byte each.
func textAt(b []byte, i uint64) string {
	text, rest, found := bytes.Cut(b, []byte{0})
	for ; i > 0 && found; i-- {
		text, rest, found = bytes.Cut(rest, []byte{0})
	}
	if !found || len(text) > pathBytes {
		return ""
	}
	return string(text)
}
