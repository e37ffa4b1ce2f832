package llb

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/moby/buildkit/client/llb/sourceresolver"
	dockerspec "github.com/moby/docker-image-spec/specs-go/v1"
	"github.com/opencontainers/go-digest"

	"github.com/pylint-docker/pylint-docker/analyzer/image"
)

// tables stand in for the registry: every image is there, and sets what is known of it.
type tables struct{}

func (tables) ResolveImageConfig(_ context.Context, ref string, _ sourceresolver.Opt) (string, digest.Digest, []byte, error) {
	facts := image.Lookup(ref)
	var img dockerspec.DockerOCIImage
	img.Architecture, img.OS = "amd64", "linux"
	for _, name := range slices.Sorted(maps.Keys(facts.Env)) {
		img.Config.Env = append(img.Config.Env, name+"="+facts.Env[name])
	}
	if facts.User != "root" {
		img.Config.User = facts.User
	}
	// An image without layers would be scratch.
	img.RootFS.Type, img.RootFS.DiffIDs = "layers", []digest.Digest{digest.FromString(ref)}
	img.Config.WorkingDir = facts.Workdir
	img.Config.Entrypoint, img.Config.Cmd, img.Config.Shell = facts.Entrypoint, facts.Cmd, facts.Shell
	content, err := json.Marshal(img)
	return ref, digest.FromString(ref), content, err
}
