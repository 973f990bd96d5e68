package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"golang.org/x/mod/sumdb/note"
)

// witness keeps the last checkpoint of one log and cosigns what continues it (C2SP tlog-witness).
type witness struct {
	vkey string
	name string
	seed ed25519.PrivateKey
	size uint64
	root []byte
}

func (w *witness) ServeHTTP(out http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(request.Body)
	head, rest, found := strings.Cut(string(body), "\n\n")
	if err != nil || !found {
		http.Error(out, "malformed", http.StatusBadRequest)
		return
	}
	told := strings.Split(head, "\n")
	old, err := strconv.ParseUint(strings.TrimPrefix(told[0], "old "), 10, 63)
	if err != nil {
		http.Error(out, "malformed", http.StatusBadRequest)
		return
	}
	verifier := must(note.NewVerifier(w.vkey))
	if !strings.HasPrefix(rest, verifier.Name()+"\n") {
		http.Error(out, "unknown origin", http.StatusNotFound)
		return
	}
	signed, err := note.Open([]byte(rest), note.VerifierList(verifier))
	if err != nil {
		http.Error(out, "no trusted signature", http.StatusForbidden)
		return
	}
	lines := strings.Split(signed.Text, "\n")
	size := must(strconv.ParseUint(lines[1], 10, 63))
	root := must(base64.StdEncoding.DecodeString(lines[2]))
	if old != w.size {
		out.Header().Set("Content-Type", "text/x.tlog.size")
		out.WriteHeader(http.StatusConflict)
		fmt.Fprintf(out, "%d\n", w.size)
		return
	}
	var path [][]byte
	for _, line := range told[1:] {
		path = append(path, must(base64.StdEncoding.DecodeString(line)))
	}
	if w.size > 0 {
		if proof.VerifyConsistency(rfc6962.DefaultHasher, old, size, path, w.root, root) != nil {
			http.Error(out, "not a continuation", http.StatusUnprocessableEntity)
			return
		}
	}
	w.size, w.root = size, root
	fmt.Fprint(out, w.cosign(signed.Text, time.Now().Unix()))
}

func (w *witness) cosign(text string, now int64) string {
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", now, text)
	key := w.seed.Public().(ed25519.PublicKey)
	id := sha256.Sum256(append([]byte(w.name+"\n\x04"), key...))
	content := binary.BigEndian.AppendUint64(append([]byte{}, id[:4]...), uint64(now))
	content = append(content, ed25519.Sign(w.seed, []byte(message))...)
	return fmt.Sprintf("— %s %s\n", w.name, base64.StdEncoding.EncodeToString(content))
}

// serve listens on address and says where; secret is the seed of the witness's key in base64.
func serve(address, vkey, secret string) {
	seed := must(base64.StdEncoding.DecodeString(secret))
	listener := must(net.Listen("tcp", address))
	fmt.Printf("http://%s\n", listener.Addr())
	check(http.Serve(listener, &witness{vkey: vkey, name: "witness.test/w", seed: ed25519.NewKeyFromSeed(seed)}))
}
