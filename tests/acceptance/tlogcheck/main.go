// Command tlogcheck looks at a log that it did not write, with two implementations of others.
//
//	tlogcheck verify FOLDER VKEY         checks tiles, checkpoint, every entry and proofs between sizes
//	tlogcheck proof FILE VKEY LEAF       checks a tlog-proof file against a leaf hash in hex
//	tlogcheck witness ADDRESS VKEY SKEY  cosigns checkpoints over HTTP until it is ended
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// folder reads C2SP tiles, whose paths have no height, for a library that puts it into them.
type folder string

func (f folder) Height() int                     { return 8 }
func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range tiles {
		content, err := os.ReadFile(filepath.Join(string(f), strings.Replace(tile.Path(), "tile/8/", "tile/", 1)))
		if err != nil && tile.W < 256 { // the full tile may have taken the place of a partial one
			whole := tile
			whole.W = 256
			content, err = os.ReadFile(filepath.Join(string(f), strings.Replace(whole.Path(), "tile/8/", "tile/", 1)))
		}
		if err != nil {
			return nil, err
		}
		if len(content) < tile.W*32 {
			return nil, fmt.Errorf("%s is short", tile.Path())
		}
		found = append(found, content[:tile.W*32])
	}
	return found, nil
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "rejected:", err)
		os.Exit(1)
	}
}

// opened is a checkpoint whose signature holds.
func opened(text []byte, vkey string) tlog.Tree {
	verifier := must(note.NewVerifier(vkey))
	signed := must(note.Open(text, note.VerifierList(verifier)))
	lines := strings.Split(signed.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		check(fmt.Errorf("the checkpoint is of %q", lines[0]))
	}
	size := must(strconv.ParseInt(lines[1], 10, 64))
	root := must(base64.StdEncoding.Strict().DecodeString(lines[2]))
	tree := tlog.Tree{N: size}
	if copy(tree.Hash[:], root) != 32 || len(root) != 32 {
		check(fmt.Errorf("the root has %d bytes", len(root)))
	}
	return tree
}

func raw(hashes []tlog.Hash) [][]byte {
	var out [][]byte
	for _, one := range hashes {
		out = append(out, bytes.Clone(one[:]))
	}
	return out
}

func verify(place, vkey string) {
	tree := opened(must(os.ReadFile(filepath.Join(place, "checkpoint"))), vkey)
	if tree.N == 0 {
		if !bytes.Equal(tree.Hash[:], rfc6962.DefaultHasher.EmptyRoot()) {
			check(fmt.Errorf("the empty log has another root"))
		}
		fmt.Println("accepted 0 entries")
		return
	}
	hashes := tlog.TileHashReader(tree, folder(place))
	step := max(1, tree.N/256)
	proofs := 0
	for n := int64(0); n < (tree.N+255)/256; n++ {
		entries := bundle(place, n, min(256, tree.N-n*256))
		places := make([]int64, len(entries))
		for i := range entries {
			places[i] = tlog.StoredHashIndex(0, n*256+int64(i))
		}
		stored := must(hashes.ReadHashes(places))
		for i, entry := range entries {
			index := n*256 + int64(i)
			leaf := tlog.RecordHash(entry)
			if stored[i] != leaf {
				check(fmt.Errorf("entry %d is not what the tile says", index))
			}
			if index%step == 0 || index == tree.N-1 {
				path := must(tlog.ProveRecord(tree.N, index, hashes))
				check(tlog.CheckRecord(path, tree.N, tree.Hash, index, leaf))
				check(proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(index), uint64(tree.N), leaf[:], raw(path), tree.Hash[:]))
				proofs++
			}
		}
	}
	for size := int64(1); size < tree.N; size = size*3 + 1 {
		root := must(tlog.TreeHash(size, hashes))
		path := must(tlog.ProveTree(tree.N, size, hashes))
		check(tlog.CheckTree(path, tree.N, tree.Hash, size, root))
		check(proof.VerifyConsistency(rfc6962.DefaultHasher, uint64(size), uint64(tree.N), raw(path), root[:], tree.Hash[:]))
		proofs++
	}
	fmt.Printf("accepted %d entries, %d proofs\n", tree.N, proofs)
}

// bundle is the entries of one bundle, each behind its length.
func bundle(place string, n, width int64) [][]byte {
	tile := tlog.Tile{H: 8, L: -1, N: n, W: int(width)}
	path := strings.Replace(tile.Path(), "tile/8/data/", "tile/entries/", 1)
	content := must(os.ReadFile(filepath.Join(place, path)))
	var entries [][]byte
	for len(content) > 0 {
		if len(content) < 2 || len(content) < 2+int(binary.BigEndian.Uint16(content)) {
			check(fmt.Errorf("%s is torn", path))
		}
		end := 2 + int(binary.BigEndian.Uint16(content))
		entries = append(entries, content[2:end])
		content = content[end:]
	}
	if int64(len(entries)) != width {
		check(fmt.Errorf("%s has %d entries", path, len(entries)))
	}
	return entries
}

// lines splits a tlog-proof or a request into what stands before its first empty line and after.
func lines(text []byte) ([]string, []byte) {
	head, rest, found := bytes.Cut(text, []byte("\n\n"))
	if !found {
		check(fmt.Errorf("no checkpoint"))
	}
	return strings.Split(string(head), "\n"), rest
}

func offline(file, vkey, leaf string) {
	head, rest := lines(must(os.ReadFile(file)))
	if head[0] != "c2sp.org/tlog-proof@v1" {
		check(fmt.Errorf("not a tlog-proof"))
	}
	head = head[1:]
	if strings.HasPrefix(head[0], "extra ") {
		head = head[1:]
	}
	index := must(strconv.ParseUint(strings.TrimPrefix(head[0], "index "), 10, 63))
	tree := opened(rest, vkey)
	var path [][]byte
	for _, line := range head[1:] {
		path = append(path, must(base64.StdEncoding.Strict().DecodeString(line)))
	}
	check(proof.VerifyInclusion(rfc6962.DefaultHasher, index, uint64(tree.N), must(hex.DecodeString(leaf)), path, tree.Hash[:]))
	fmt.Println("accepted", index)
}

func main() {
	if len(os.Args) < 4 {
		check(fmt.Errorf("verify FOLDER VKEY | proof FILE VKEY LEAF | witness ADDRESS VKEY SKEY"))
	}
	switch os.Args[1] {
	case "verify":
		verify(os.Args[2], os.Args[3])
	case "proof":
		offline(os.Args[2], os.Args[3], os.Args[4])
	case "witness":
		serve(os.Args[2], os.Args[3], os.Args[4])
	}
}
