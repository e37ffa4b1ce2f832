package lsp

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// dice makes choices out of the bytes that the fuzzer varies; behind their end it always chooses the first.
type dice struct{ rest []byte }

func (d *dice) upTo(n int) int {
	if len(d.rest) == 0 {
		return 0
	}
	b := int(d.rest[0])
	d.rest = d.rest[1:]
	return b % n
}

func pickOne[T any](d *dice, list []T) T { return list[d.upTo(len(list))] }

// conversationMethods are those of the server, of a client, and none; all may come in any order.
var conversationMethods = func() []string {
	list := []string{"initialize", "shutdown", "workspace/diagnostic", "workspace/executeCommand", "nonsense", "$/nonsense", "$/cancelRequest"}
	for _, r := range requests {
		list = append(list, r.method)
	}
	for method := range notifications {
		list = append(list, method)
	}
	slices.Sort(list)
	return list
}()

const conversationURI = "untitled:x"

// value is any JSON, mostly one that the protocol knows by that name.
func (d *dice) value(key string) any {
	if d.upTo(5) == 4 {
		return pickOne(d, []any{nil, -1, 1e300, 0.5, "", "x", true, []any{}, []any{1}, map[string]any{}, strings.Repeat("[", 30)})
	}
	switch key {
	case "textDocument":
		return map[string]any{
			"uri": pickOne(d, []any{conversationURI, "file:///no/Dockerfile", "file:///no/requirements.txt", "%"}), "languageId": pickOne(d, []any{"dockerfile", "python"}),
			"version": d.upTo(4), "text": pickOne(d, []any{"FROM python:3.12\nARG A=1\nRUN pip install $A\n", "", "RUM\n", "\uFEFFFROM a AS 😀\r\nRUN <<E\r\n", "FROM a\nRUN \\\n"}),
		}
	case "position":
		return map[string]any{"line": pickOne(d, []any{0, 2, 1 << 40}), "character": pickOne(d, []any{0, 9, 18, -1})}
	case "range":
		return map[string]any{"start": d.value("position"), "end": d.value("position")}
	case "contentChanges":
		return []any{map[string]any{"range": d.value("range"), "text": pickOne(d, []any{"", "$", "\n", "😀", "FROM a\n"})}, map[string]any{"text": "FROM a\n"}}[:d.upTo(3)]
	case "context":
		return map[string]any{"only": pickOne(d, []any{nil, []any{"quickfix"}, []any{"source"}, []any{"refactor"}})}
	case "settings":
		return map[string]any{section: map[string]any{"select": d.value(""), "inlayHints": map[string]any{"stages": true, "variables": d.value("")}, "workspaceDiagnostics": d.value("")}}
	case "capabilities":
		return map[string]any{"textDocument": map[string]any{"diagnostic": d.value("")}, "workspace": map[string]any{"configuration": d.value("")}}
	}
	return pickOne(d, []any{"x", 1, map[string]any{}})
}

func (d *dice) params() any {
	if d.upTo(8) == 7 {
		return d.value("")
	}
	params := map[string]any{}
	for _, key := range []string{"textDocument", "position", "range", "contentChanges", "context", "settings", "capabilities", "newName", "id", "event"} {
		params[key] = d.value(key)
	}
	return params
}

// message is one of the client's, whole or broken; id is that of a request that must be answered, else 0.
func (d *dice) message(n int) (text string, id int) {
	body := map[string]any{"jsonrpc": "2.0", "method": pickOne(d, conversationMethods), "params": d.params()}
	switch d.upTo(8) {
	case 0:
		delete(body, "id")
	case 1: // an answer to a question that was never asked
		return framed(`{"jsonrpc":"2.0","id":"pylint-docker-1","result":[{}]}`), 0
	case 2: // truncated, and the sender begins anew
		whole, _ := json.Marshal(body)
		return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(whole), whole[:d.upTo(len(whole))]), 0
	case 3: // a length that is none
		return pickOne(d, []string{"Content-Length: 99999999999\r\n\r\n", "Content-Length: -1\r\n\r\n", "Content-Length: x\r\n\r\n", "Content-Length: 9\r\n\r\n{", "\r\n\r\n"}), 0
	case 4: // no message
		return framed(pickOne(d, []string{"[]", "null", "5", `{"id":[]}`, `{"method":5}`, `{"id":null,"method":"x"}`})), 0
	default:
		id = n
		body["id"] = n
	}
	whole, _ := json.Marshal(body)
	return framed(string(whole)), id
}

// FuzzConversation says things in any order, broken ones among them. Every request is answered exactly once, and the server
// still ends as it should.
func FuzzConversation(f *testing.F) {
	open := slices.Index(conversationMethods, "textDocument/didOpen")
	start := slices.Index(conversationMethods, "initialize")
	f.Add([]byte{})
	f.Add([]byte{byte(start), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, byte(open), 0, 0})
	for i := range conversationMethods {
		seed := slices.Repeat([]byte{byte(start), 5, byte(i), 0, 1, 0, 2, byte(open)}, 8)
		f.Add(append(seed, []byte(strings.Repeat(string(rune(i+1)), 40))...))
	}
	f.Fuzz(func(t *testing.T, choices []byte) {
		in, client := io.Pipe()
		server, out := io.Pipe()
		log := &lockedBuffer{}
		ended := make(chan int, 1)
		go func() {
			ended <- Serve(in, out, Options{Dir: t.TempDir(), Log: log})
			out.Close()
			in.Close()
		}()
		answered := make(chan string, 1000)
		go readAnswers(server, answered)
		d := &dice{choices[:min(len(choices), 2000)]}
		wanted := map[string]bool{}
		for n := 1; n <= 30 && len(d.rest) > 0; n++ {
			text, id := d.message(n)
			if id > 0 {
				wanted[strconv.Itoa(id)] = true
			}
			_, _ = io.WriteString(client, text)
		}
		_, _ = io.WriteString(client, framed(`{"jsonrpc":"2.0","id":1000,"method":"shutdown"}`))
		wanted["1000"] = true
		timeout := time.After(20 * time.Second)
		for len(wanted) > 0 {
			select {
			case id := <-answered:
				if id == "null" || id == "" { // what could not be read has no id
					continue
				}
				if !wanted[id] {
					t.Fatalf("%s is answered though nobody asked, or twice", id)
				}
				delete(wanted, id)
			case <-timeout:
				t.Fatalf("not answered: %v\n%s", wanted, log)
			}
		}
		_, _ = io.WriteString(client, framed(`{"jsonrpc":"2.0","method":"exit"}`))
		select {
		case <-ended:
		case <-timeout:
			t.Fatal("the server does not end")
		}
		client.Close()
		if text := log.String(); strings.Contains(text, "internal error") {
			t.Error(text)
		}
	})
}

// readAnswers gives the ids of responses.
func readAnswers(r io.Reader, ids chan<- string) {
	reader := textproto.NewReader(bufio.NewReader(r))
	for {
		header, err := reader.ReadMIMEHeader()
		if err != nil {
			return
		}
		size, _ := strconv.Atoi(header.Get("Content-Length"))
		body := make([]byte, size)
		if _, err := io.ReadFull(reader.R, body); err != nil {
			return
		}
		var m struct {
			ID     json.RawMessage
			Method string
		}
		if json.Unmarshal(body, &m) == nil && m.Method == "" {
			ids <- string(m.ID)
		}
	}
}
