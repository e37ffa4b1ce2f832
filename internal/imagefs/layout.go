package imagefs

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"strings"
	"time"
)

// source is where the parts of one image are in a store.
type source struct {
	names  []string
	config *configFile
	layers []blob
}

// blob is a file of a store. Its digest is what the file must have; empty where nothing says.
type blob struct {
	name, digest string
}

// configFile is an image's configuration as stored.
type configFile struct {
	Architecture, OS, Variant string
	Config                    Config
	RootFS                    struct {
		DiffIDs []string `json:"diff_ids"`
	}
	History []history
}

type history struct {
	Created    time.Time
	CreatedBy  string `json:"created_by"`
	EmptyLayer bool   `json:"empty_layer"`
}

// steps are the history's entries that made a layer, as many as there are layers.
func (c *configFile) steps() []history {
	steps := make([]history, 0, len(c.RootFS.DiffIDs))
	for _, h := range c.History {
		if !h.EmptyLayer {
			steps = append(steps, h)
		}
	}
	if len(steps) != len(c.RootFS.DiffIDs) { // a history that does not tell the layers apart tells nothing
		return make([]history, len(c.RootFS.DiffIDs))
	}
	return steps
}

// record is the whole history with the layers that its entries made, nil where they don't match.
func (c *configFile) record() []Step {
	var all []Step
	layers := 0
	for _, h := range c.History {
		step := Step{CreatedBy: h.CreatedBy, Layer: -1}
		if !h.EmptyLayer {
			step.Layer = layers
			layers++
		}
		all = append(all, step)
	}
	if layers != len(c.RootFS.DiffIDs) {
		return nil
	}
	return all
}

func (s *source) platform() string {
	return strings.TrimSuffix(path.Join(s.config.OS, s.config.Architecture, s.config.Variant), "/")
}

// listBytes limits the JSON files of an image, which are a few kilobytes.
const listBytes = 8 << 20

var digestForm = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)

// choose finds the image in the store.
func choose(store store, options Options) (*source, error) {
	s, err := fromManifest(store, options)
	if errors.Is(err, fs.ErrNotExist) {
		s, err = fromIndex(store, options)
	}
	if errors.Is(err, fs.ErrNotExist) && s == nil {
		return nil, fmt.Errorf("this is no image: it has neither a manifest.json (docker save, podman save) nor an index.json (OCI)")
	}
	if err != nil {
		return nil, err
	}
	if len(s.layers) != len(s.config.RootFS.DiffIDs) {
		return nil, fmt.Errorf("the manifest has %d layers and the configuration %d", len(s.layers), len(s.config.RootFS.DiffIDs))
	}
	for _, digest := range s.config.RootFS.DiffIDs {
		if !digestForm.MatchString(digest) {
			return nil, fmt.Errorf("%q is no sha256 digest", shorten(digest))
		}
	}
	return s, nil
}

// fromManifest reads Docker's list.
func fromManifest(store store, options Options) (*source, error) {
	var manifests []struct {
		Config   string
		RepoTags []string
		Layers   []string
	}
	if err := readJSON(store, blob{name: "manifest.json"}, &manifests); err != nil {
		return nil, err
	}
	var names []string
	found := -1
	for i, m := range manifests {
		names = append(names, m.RepoTags...)
		for _, name := range m.RepoTags {
			if options.Name != "" && sameName(name, options.Name) {
				found = i
			}
		}
	}
	if found < 0 {
		if err := single(len(manifests), names, options.Name); err != nil {
			return nil, err
		}
		found = 0
	}
	m := manifests[found]
	s := &source{names: m.RepoTags}
	if err := s.readConfig(store, blob{m.Config, digestOfName(m.Config)}); err != nil {
		return nil, lacks(err)
	}
	for _, name := range m.Layers {
		digest := ""
		if strings.HasPrefix(name, "blobs/") {
			digest = digestOfName(name)
		}
		s.layers = append(s.layers, blob{name, digest})
	}
	return s, nil
}

// lacks says that a part is missing, which is another thing than a store without images.
func lacks(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("the image is incomplete: %s is missing", strings.TrimSuffix(err.Error(), ": "+fs.ErrNotExist.Error()))
	}
	return err
}

// single says why a store with several images, or none, needs a name.
func single(count int, names []string, wanted string) error {
	switch {
	case count == 0:
		return errors.New("the archive holds no image")
	case wanted != "" && len(names) > 0:
		return fmt.Errorf("the archive holds no image called %s, but %s", wanted, strings.Join(names, ", "))
	case count > 1:
		return fmt.Errorf("the archive holds %d images (%s), and nothing says which one to read", count, strings.Join(names, ", "))
	}
	return nil
}

// sameName compares names as users write them: docker.io/library/ and localhost/ are the engine's.
func sameName(a, b string) bool {
	bare := func(s string) string {
		for _, prefix := range []string{"docker.io/library/", "docker.io/", "localhost/"} {
			s = strings.TrimPrefix(s, prefix)
		}
		if !strings.Contains(path.Base(s), ":") {
			s += ":latest"
		}
		return s
	}
	return bare(a) == bare(b)
}

// digestOfName is the digest that a file is named for: HEX.json, blobs/sha256/HEX.
func digestOfName(name string) string {
	digest := "sha256:" + strings.TrimSuffix(path.Base(name), ".json")
	if !digestForm.MatchString(digest) {
		return ""
	}
	return digest
}

type descriptor struct {
	MediaType   string
	Digest      string
	Size        int64
	Annotations map[string]string
	Platform    *struct{ Architecture, OS, Variant string }
}

func (d *descriptor) platform() string {
	if d.Platform == nil {
		return ""
	}
	return path.Join(d.Platform.OS, d.Platform.Architecture, d.Platform.Variant)
}

// name is what the image is called: the full name where a builder wrote it, else the tag.
func (d *descriptor) name() string {
	if name := d.Annotations["io.containerd.image.name"]; name != "" {
		return name
	}
	return d.Annotations["org.opencontainers.image.ref.name"]
}

type manifest struct {
	MediaType string
	Manifests []descriptor // of an index
	Config    descriptor   // of a manifest
	Layers    []descriptor
}

// fromIndex reads an OCI layout.
func fromIndex(store store, options Options) (*source, error) {
	var index manifest
	if err := readJSON(store, blob{name: "index.json"}, &index); err != nil {
		return nil, err
	}
	candidates, err := byName(index.Manifests, options.Name)
	if err != nil {
		return nil, err
	}
	s := &source{}
	for range 4 { // an index may list indexes
		d, err := byPlatform(candidates, options.Platform)
		if err != nil {
			return nil, err
		}
		if name := d.name(); name != "" && s.names == nil {
			s.names = []string{name}
		}
		part, err := blobOf(d)
		if err != nil {
			return nil, err
		}
		var m manifest
		if err := readJSON(store, part, &m); err != nil {
			return nil, lacks(err)
		}
		if len(m.Manifests) > 0 {
			candidates = m.Manifests
			continue
		}
		return s, s.fromManifest(store, &m)
	}
	return nil, errors.New("its indexes are nested too deep")
}

func (s *source) fromManifest(store store, m *manifest) error {
	part, err := blobOf(&m.Config)
	if err != nil {
		return err
	}
	if err := s.readConfig(store, part); err != nil {
		return lacks(err)
	}
	for i := range m.Layers {
		part, err := blobOf(&m.Layers[i])
		if err != nil {
			return err
		}
		if strings.Contains(m.Layers[i].MediaType, "encrypted") {
			return fmt.Errorf("layer %d is encrypted", i+1)
		}
		s.layers = append(s.layers, part)
	}
	return nil
}

func blobOf(d *descriptor) (blob, error) {
	if !digestForm.MatchString(d.Digest) {
		return blob{}, fmt.Errorf("%q is no sha256 digest", shorten(d.Digest))
	}
	return blob{"blobs/sha256/" + strings.TrimPrefix(d.Digest, "sha256:"), d.Digest}, nil
}

// byName leaves the manifests that have the wanted name. Without one, all must be the same image.
func byName(list []descriptor, wanted string) ([]descriptor, error) {
	var names []string
	var named []descriptor
	digests := map[string]bool{} // of those with a name
	for _, d := range list {
		name := d.name()
		if name == "" {
			continue
		}
		names = append(names, name)
		digests[d.Digest] = true
		if wanted != "" && (name == wanted || sameName(name, wanted)) {
			named = append(named, d)
		}
	}
	if len(named) > 0 {
		return named, nil
	}
	// Manifests without names differ by platform.
	return list, single(max(len(digests), min(len(list), 1)), names, wanted)
}

// byPlatform chooses among the manifests of an index. Those without a system are attestations.
func byPlatform(list []descriptor, wanted string) (*descriptor, error) {
	var first *descriptor
	for i := range list {
		d := &list[i]
		if d.Platform != nil && d.Platform.OS == "unknown" || d.Annotations["vnd.docker.reference.type"] != "" {
			continue
		}
		if p := d.platform(); p == wanted || strings.HasPrefix(p, wanted+"/") {
			return d, nil
		}
		if first == nil {
			first = d
		}
	}
	if first == nil {
		return nil, errors.New("the archive holds no image")
	}
	return first, nil
}

func (s *source) readConfig(store store, part blob) error {
	s.config = &configFile{}
	return readJSON(store, part, s.config)
}

// readJSON reads a file of the store and compares its digest.
func readJSON(store store, part blob, into any) error {
	file, size, err := store.open(part.name)
	if err != nil {
		return err
	}
	defer file.Close()
	if size > listBytes {
		return fmt.Errorf("%s has %d bytes, more than %d", part.name, size, listBytes)
	}
	text, err := io.ReadAll(io.LimitReader(file, listBytes))
	if err != nil {
		return fmt.Errorf("%s: %w", part.name, err)
	}
	sum := sha256.Sum256(text)
	if got := "sha256:" + hex.EncodeToString(sum[:]); part.digest != "" && got != part.digest {
		return fmt.Errorf("%s has the digest %s", part.name, got)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s is not readable: %w", part.name, err)
	}
	return nil
}

// short is a digest as people compare it.
func short(digest string) string {
	return digest[:min(len(digest), len("sha256:")+12)]
}

// shorten keeps a text of the archive from filling a screen.
func shorten(text string) string {
	if len(text) > 80 {
		return text[:80] + "..."
	}
	return text
}
