// Release builds what the registries get: wheels and a source distribution for PyPI, packages for npm, and the binaries
// with their bills of materials. It needs Go and git, and no network once the modules are there.
//
//	go run ./packaging/release [-only OS/ARCH] FOLDER    everything, into new folders bin, pypi and npm
//	go run ./packaging/release -build OS/ARCH -out FILE  the program alone, for any platform that Go knows
//	go run ./packaging/release -sbom BINARY [-out FILE]  the bill of materials of a binary
//	go run ./packaging/release -licenses [-out FILE]     the licences of what the program links
//	go run ./packaging/release -version                  the version of this commit
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/pylint-docker/pylint-docker/packaging"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("release: ")
	only := flag.String("only", "", "build for one platform, such as linux/amd64")
	program := flag.String("build", "", "build the program alone, for a platform such as linux/amd64")
	sbom := flag.String("sbom", "", "print the bill of materials of a binary")
	licenses := flag.Bool("licenses", false, "print the licences of what the program links")
	version := flag.Bool("version", false, "print the version of this commit")
	out := flag.String("out", "", "write to a file what would be printed")
	flag.Parse()
	source, err := open()
	if err != nil {
		log.Fatal(err)
	}
	var text []byte
	switch {
	case *version:
		text = []byte(source.Version + "\n")
	case *program != "" && *out != "":
		system, processor, _ := strings.Cut(*program, "/")
		err = source.Build(packaging.Platform{OS: system, Arch: processor}, *out)
	case *licenses:
		text, err = source.ThirdPartyLicenses()
	case *sbom != "":
		var binary []byte
		if binary, err = os.ReadFile(*sbom); err == nil {
			text, err = source.BillOfMaterials(binary)
		}
	case flag.NArg() == 1:
		err = build(source, *only, flag.Arg(0))
	default:
		err = errors.New("the folder to write to is missing; see -help")
	}
	switch {
	case err != nil:
	case *out != "" && text != nil:
		err = write(filepath.Dir(*out), packaging.Package{Name: filepath.Base(*out), Content: text})
	default:
		_, err = os.Stdout.Write(text)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// open finds the repository around the working directory.
func open() (packaging.Source, error) {
	mod, err := exec.Command("go", "env", "GOMOD").Output()
	if err != nil {
		return packaging.Source{}, err
	}
	return packaging.Open(filepath.Dir(strings.TrimSpace(string(mod))))
}

func build(source packaging.Source, only, folder string) error {
	built := 0
	for _, platform := range packaging.Platforms {
		if only != "" && only != platform.String() {
			continue
		}
		if err := buildPlatform(source, platform, folder); err != nil {
			return err
		}
		built++
	}
	if built == 0 {
		return fmt.Errorf("%s is no platform of a release", only)
	}
	sdist, err := source.SourceDistribution()
	if err != nil {
		return err
	}
	launcher, err := source.NPM()
	if err != nil {
		return err
	}
	return errors.Join(write(filepath.Join(folder, "pypi"), sdist), write(filepath.Join(folder, "npm"), launcher))
}

func buildPlatform(source packaging.Source, platform packaging.Platform, folder string) error {
	name := "pylint-docker-" + platform.OS + "-" + platform.Arch + filepath.Ext(platform.Program())
	file := filepath.Join(folder, "bin", name)
	if err := source.Build(platform, file); err != nil {
		return err
	}
	binary, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	sbom, err := source.BillOfMaterials(binary)
	if err != nil {
		return err
	}
	wheel, err := source.Wheel(platform, binary)
	if err != nil {
		return err
	}
	npm, err := source.NPMPlatform(platform, binary)
	if err != nil {
		return err
	}
	return errors.Join(
		write(filepath.Join(folder, "bin"), packaging.Package{Name: name + ".cdx.json", Content: sbom}),
		write(filepath.Join(folder, "pypi"), wheel),
		write(filepath.Join(folder, "npm"), npm),
	)
}

func write(folder string, p packaging.Package) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, p.Name), p.Content, 0o644)
}
