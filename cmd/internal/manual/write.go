//go:build ignore

// Write puts the manual pages and the completions of shells into a folder, for those who package the program:
//
//	go run ./cmd/internal/manual/write.go [-version 1.2.3] [-date 2026-11-23] FOLDER
//
//	FOLDER/man1/*.1
//	FOLDER/completions/pylint-docker.bash, _pylint-docker, pylint-docker.fish, pylint-docker.ps1
//
// The same commands, version and date give the same bytes. Without -date it is the day of SOURCE_DATE_EPOCH, or of the last commit.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/pylint-docker/pylint-docker/cmd/internal/cli"
	"github.com/pylint-docker/pylint-docker/cmd/internal/manual"
)

func main() {
	version := flag.String("version", cli.Version(), "of the program")
	date := flag.String("date", "", "of the release")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: go run ./cmd/internal/manual/write.go [-version 1.2.3] [-date 2026-11-23] FOLDER")
		os.Exit(2)
	}
	if err := write(flag.Arg(0), *version, *date); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(folder, version, date string) error {
	day, err := dayOf(date)
	if err != nil {
		return err
	}
	files := map[string][]byte{}
	root := cli.Command()
	for _, cmd := range manual.Commands(root) {
		var page bytes.Buffer
		if err := manual.Page(&page, cmd, version, day); err != nil {
			return err
		}
		files[filepath.Join("man1", manual.Name(cmd))] = page.Bytes()
	}
	for shell, name := range map[string]string{"bash": "pylint-docker.bash", "zsh": "_pylint-docker", "fish": "pylint-docker.fish", "powershell": "pylint-docker.ps1"} {
		var script bytes.Buffer
		if code := cli.Main([]string{"completion", shell}, cli.Streams{In: strings.NewReader(""), Out: &script, Err: os.Stderr}); code != 0 {
			return fmt.Errorf("completion %s ended with %d", shell, code)
		}
		files[filepath.Join("completions", name)] = script.Bytes()
	}
	for name, content := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func dayOf(date string) (time.Time, error) {
	if date != "" {
		// goreleaser gives the time of day, too.
		return time.Parse(time.DateOnly, date[:min(len(date), len(time.DateOnly))])
	}
	seconds := os.Getenv("SOURCE_DATE_EPOCH")
	if seconds == "" {
		out, err := exec.Command("git", "log", "-1", "--format=%ct").Output()
		if err != nil {
			return time.Time{}, fmt.Errorf("no -date, and git does not know the last commit: %w", err)
		}
		seconds = strings.TrimSpace(string(out))
	}
	n, err := strconv.ParseInt(seconds, 10, 64)
	return time.Unix(n, 0), err
}
