package e2e

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/pylint-docker/pylint-docker/analyzer"
	"github.com/pylint-docker/pylint-docker/analyzer/program"
	"github.com/pylint-docker/pylint-docker/internal/imagefs"
	"github.com/pylint-docker/pylint-docker/internal/inspect"
)

// Belief is what the model says: whether something is so.
type Belief int

// The beliefs. Only the definite ones can be wrong.
const (
	Maybe Belief = iota
	Yes
	No
)

// Packages is a directory that the model says holds installed packages.
type Packages struct {
	Dir, Place, Minor string
	Names             []string // normalized, of distributions that are certain to be there
}

// Tally counts the questions of one kind.
type Tally struct{ Asked, Yes, No, Wrong int }

// Proof is what became of the questions about one stage.
type Proof struct {
	Stage  string // PROJECT/FILE/STAGE
	Kinds  map[string]*Tally
	Errors []string // definite answers that are wrong
	Faults []string // why the image that was built can't start, as internal/inspect sees it
}

func (p *Proof) count(kind, thing string, said Belief, is bool) {
	t := p.Kinds[kind]
	if t == nil {
		t = &Tally{}
		p.Kinds[kind] = t
	}
	t.Asked++
	switch {
	case said == Maybe:
		return
	case said == Yes:
		t.Yes++
	default:
		t.No++
	}
	if (said == Yes) != is {
		t.Wrong++
		p.Errors = append(p.Errors, fmt.Sprintf("%s: %s: the model says %v, the image has it: %v", kind, thing, said == Yes, is))
	}
}

// prover asks about one stage.
type prover struct {
	Proof
	stage  *analyzer.Stage
	system *inspect.System
	base   int // number of layers of the base image
	random *rand.Rand
}

// Prove asks the model of a stage and the image that was built of it the same questions. Base is the number of layers that
// the base image has, text the Dockerfile.
func Prove(name string, stage *analyzer.Stage, text string, image *imagefs.Image, base int, target *analyzer.Build) *Proof {
	seed := fnv.New64a()
	_, _ = io.WriteString(seed, name) // a hash never fails
	p := &prover{
		Proof: Proof{Stage: name, Kinds: map[string]*Tally{}}, stage: stage, system: inspect.New(image), base: base,
		random: rand.New(rand.NewPCG(seed.Sum64(), 1)),
	}
	p.paths(text)
	p.programs()
	p.users(text)
	p.settings()
	p.packages()
	if target != nil {
		p.start(target)
	}
	return &p.Proof
}

var absolutePath = regexp.MustCompile(`/[A-Za-z0-9_.+@-]+(?:/[A-Za-z0-9_.+@-]+)*`)

// sample is how many paths are asked that the image has, and as many that it has not.
const sample = 100

// paths asks for those that the file names, those of installations, some that are there, and some that are invented.
func (p *prover) paths(text string) {
	asked := map[string]bool{}
	ask := func(kind, name string) {
		if name = path.Clean(name); asked[name] || name == "/" {
			return
		}
		asked[name] = true
		file, err := p.system.Image.Lstat(name)
		if err != nil {
			file, err = p.system.Image.Stat(name)
		}
		if err == nil && file.Layer < p.base {
			kind = "path of the base image"
		}
		p.count(kind, name, modelPath(p.stage, name), err == nil)
	}
	for _, name := range absolutePath.FindAllString(text, -1) {
		ask("path that the file names", name)
	}
	for _, packages := range modelPackages(p.stage) {
		for _, dir := range append(packages.site(), packages.Dir, path.Join(packages.Dir, "bin")) {
			ask("directory of packages", dir)
		}
	}
	var own, based []string
	by := map[string]string{} // the instruction that brought a path: what a RUN installs can't be known file by file
	for file := range p.system.Image.Root().All() {
		if file.Layer >= p.base {
			own = append(own, file.Path())
			by[file.Path()] = instruction(p.system.Image.Layers[file.Layer].CreatedBy)
		} else {
			based = append(based, file.Path())
		}
	}
	for _, name := range p.pick(own, sample) {
		ask("random path of "+by[name]+", real", name)
	}
	for _, name := range p.pick(based, sample/5) {
		ask("path of the base image", name)
	}
	for _, name := range p.pick(own, sample) {
		other := p.pick(own, 1)[0]
		for _, invented := range []string{
			name + "-x", path.Join(path.Dir(name), path.Base(other)), path.Join(path.Dir(name), "nothing.py"), path.Join(path.Dir(path.Dir(name)), path.Base(name)),
		}[p.random.IntN(4):] {
			if _, err := p.system.Image.Stat(invented); err != nil {
				ask("random path of "+by[name]+", invented", invented)
				break
			}
		}
	}
}

// instruction is the keyword of what BuildKit and Docker write down of a layer: "COPY . /app # buildkit", "RUN /bin/sh -c ...",
// "/bin/sh -c #(nop) COPY dir:...", "/bin/sh -c pip install ...".
func instruction(createdBy string) string {
	text := strings.TrimSpace(strings.TrimPrefix(createdBy, "/bin/sh -c #(nop) "))
	keyword, _, _ := strings.Cut(strings.TrimPrefix(text, "|0 "), " ")
	switch keyword {
	case "COPY", "ADD":
		return "COPY"
	case "WORKDIR":
		return keyword
	}
	return "RUN"
}

// pick takes n of the list at random, and all of a shorter one.
func (p *prover) pick(list []string, n int) []string {
	if len(list) == 0 {
		return nil
	}
	picked := make([]string, 0, n)
	for _, i := range p.random.Perm(len(list)) {
		if len(picked) == n {
			break
		}
		picked = append(picked, list[i])
	}
	return picked
}

// programs asks for those of the model's table, and for some that the image has on PATH.
func (p *prover) programs() {
	names := map[string]bool{}
	program.All(func(f program.Facts) {
		if f.Kind != program.Shell && f.Name != "." { // a part of the shell
			names[f.Name] = true
		}
	})
	for _, dir := range p.system.SearchPath() {
		folder, err := p.system.Image.Stat(dir)
		if err != nil {
			continue
		}
		var list []string
		for _, file := range folder.Children() {
			list = append(list, file.Name())
		}
		for _, name := range p.pick(list, sample/10) {
			names[name] = true
		}
	}
	root, _ := p.system.Identity("")
	for _, name := range slices.Sorted(maps.Keys(names)) {
		found, is := p.system.LookPath(root, name, "/")
		said := modelProgram(p.stage, name)
		kind := "program of the system"
		if f, _ := program.Lookup(name); !f.OfSystem() {
			kind = "program that packages may bring"
		}
		if file, err := p.system.Image.Lstat(found); is && err == nil && file.Layer < p.base {
			kind = "program of the base image"
		}
		p.count(kind, name+" on PATH, "+found, said, is)
	}
}

var word = regexp.MustCompile(`\b[a-z_][a-z0-9_-]{2,30}\b`)

// users asks for all of /etc/passwd, and for words of the file that are none.
func (p *prover) users(text string) {
	names := map[string]bool{}
	for name := range p.system.Users {
		names[name] = true
	}
	for _, name := range p.pick(word.FindAllString(text, -1), 20) {
		names[name] = true
	}
	for _, name := range slices.Sorted(maps.Keys(names)) {
		user, is := p.system.Users[name]
		said, home := modelUser(p.stage, name)
		p.count("user", name, said, is)
		if is && home != "" {
			p.count("home directory", name+" in "+home, Yes, user.Home == home)
		}
	}
}

// settings compares the configuration.
func (p *prover) settings() {
	config := p.system.Image.Config
	is := map[string]string{"user": config.User, "workdir": config.WorkingDir}
	if name, _, ok := strings.Cut(config.User, ":"); ok {
		is["user"] = name // the model keeps no group
	}
	if config.User == "" {
		is["user"] = "root"
	}
	if config.WorkingDir == "" {
		is["workdir"] = "/"
	}
	for name, value := range p.system.Env {
		is["env "+name] = value
	}
	said := modelSettings(p.stage)
	for _, name := range slices.Sorted(maps.Keys(said)) {
		kind, _, _ := strings.Cut(name, " ")
		belief := Yes
		if !said[name].IsKnown() && said[name].Kind != 0 {
			belief = Maybe
		}
		p.count(kind, fmt.Sprintf("%s is %q, not %q", name, is[name], said[name].Text), belief, is[name] == said[name].Text)
	}
}

// packages asks for distributions that are certain to be there, and whether what they bring can be imported.
func (p *prover) packages() {
	for _, packages := range modelPackages(p.stage) {
		dirs := packages.site()
		found := p.system.Distributions(dirs)
		for _, name := range packages.Names {
			d := found[name]
			p.count("distribution", name+" in "+packages.Dir, Yes, d != nil)
			if d != nil && len(d.Modules) > 0 {
				p.count("import", d.Modules[0]+" of "+name+" in "+packages.Dir, Yes, p.system.Imports(dirs, d.Modules[0]))
			}
		}
	}
}

// start asks whether the start command is certain not to be there.
func (p *prover) start(build *analyzer.Build) {
	absent, what := modelStart(build)
	start := p.system.Start()
	p.Faults = start.Problems()
	said := Maybe
	if absent {
		said = No
	}
	p.count("start command", what+" "+strings.Join(start.Problems(), "; "), said, len(start.Problems()) == 0)
	p.process(build.Target, start)
}

// process compares the program that is started, its environment, and where it looks for packages.
func (p *prover) process(stage *analyzer.Stage, start *inspect.Start) {
	said, ok := modelProcess(stage)
	if !ok || said.Program == "" {
		p.count("program that is started", "", Maybe, false)
		return
	}
	var chain []string
	for _, link := range start.Chain {
		chain = append(chain, link.Path)
	}
	p.count("program that is started", said.Program+", not "+strings.Join(chain, " -> "), Yes, slices.Contains(chain, said.Program))
	is := start.Environment
	if !said.Python || is == nil {
		return
	}
	dir := ""
	if is.Venv {
		dir = is.Prefix
	}
	p.count("environment that is started", fmt.Sprintf("%q, not %q", said.Environment, dir), Yes, said.Environment == dir)
	// The directory of a script comes first: the working directory stands for it, since that is where scripts are started.
	search := append(p.system.SearchOf(is, start.Identity), p.system.Image.Config.WorkingDir)
	for _, place := range slices.Sorted(maps.Keys(said.Sees)) {
		p.count("interpreter sees packages", place+" in "+strings.Join(search, ":"), said.Sees[place], slices.Contains(search, place))
	}
}

// Save writes the proof to a folder.
func (p *Proof) Save(dir string) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, strings.ReplaceAll(p.Stage, "/", "+")+".proof"), text, 0o644)
}

// Proofs reads what Save has written.
func Proofs(dir string) ([]Proof, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.proof"))
	if err != nil {
		return nil, err
	}
	proofs := make([]Proof, len(files))
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(text, &proofs[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return proofs, nil
}

// WriteProof writes what the proofs come to, a row for each kind of question, and below it what is wrong.
func WriteProof(w io.Writer, proofs []Proof) error {
	sum := map[string]*Tally{"all": {}}
	var b strings.Builder
	for _, proof := range proofs {
		for kind, t := range proof.Kinds {
			if sum[kind] == nil {
				sum[kind] = &Tally{}
			}
			for _, to := range []*Tally{sum[kind], sum["all"]} {
				to.Asked += t.Asked
				to.Yes += t.Yes
				to.No += t.No
				to.Wrong += t.Wrong
			}
		}
	}
	b.WriteString("| question | asked | yes | no | maybe | wrong |\n|---|--:|--:|--:|--:|--:|\n")
	all := sum["all"]
	delete(sum, "all")
	for _, kind := range append(slices.Sorted(maps.Keys(sum)), "all") {
		t := all
		if kind != "all" {
			t = sum[kind]
		}
		maybe := 0.0
		if t.Asked > 0 {
			maybe = 100 * float64(t.Asked-t.Yes-t.No) / float64(t.Asked)
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %.0f %% | %d |\n", kind, t.Asked, t.Yes, t.No, maybe, t.Wrong)
	}
	fmt.Fprintf(&b, "\n%d stages.\n", len(proofs))
	for _, proof := range proofs {
		for _, e := range proof.Errors {
			fmt.Fprintf(&b, "WRONG %s: %s\n", proof.Stage, e)
		}
		for _, fault := range proof.Faults {
			fmt.Fprintf(&b, "BROKEN %s: %s\n", proof.Stage, fault)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
